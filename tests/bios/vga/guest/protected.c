/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VBE from protected mode: VBE 3.0's entry point in a copy of the ROM, and VBE 2.0's 4F0Ah. */
#include "tests/bios/vga/guest/guest.h"
#include "tests/bios/vga/guest/selectors.h"

void protected_call(struct regs *r, unsigned offset);
void protected_call32(struct regs *r, unsigned offset);

enum { OK = 0x004f, FAILED = 0x014f };
enum { XRES = 1, YRES, BPP, ENABLE, BANK, VIRT_WIDTH, VIRT_HEIGHT, X_OFFSET, Y_OFFSET };
enum { ROM_SEGMENT = 0xc000, COPY = ROM_COPY >> 4, AREA = DATA_AREA >> 4 };

static uint8_t real_block[256], protected_block[256];

/* The information block: "PMID", two offsets, selectors; 20 bytes whose sum is 0. */
static uint16_t find_block(void)
{
    for (uint16_t at = 0; at < 0x7fe0; at++) {
        uint8_t sum = 0;
        if (peek32(COPY, at) != 0x44494d50)
            continue;
        for (uint16_t i = 0; i < 20; i++)
            sum += peek8(COPY, at + i);
        if (sum == 0)
            return at;
    }
    return 0;
}

static void copy_rom(void)
{
    for (uint32_t i = 0; i < 0x10000; i++)
        poke8(COPY, (uint16_t)i, peek8(ROM_SEGMENT, (uint16_t)i));
    for (uint16_t i = 0; i < 0x600; i++)
        poke8(AREA, i, 0);
}

static uint16_t entry;

static void initialize(uint16_t at)
{
    static const uint16_t selectors[] = {SELECTOR_BDA, SELECTOR_A0000, SELECTOR_B0000,
                                         SELECTOR_B8000, SELECTOR_ROM_DATA};
    entry = peek16(COPY, at + 4);
    for (uint16_t i = 0; i < 5; i++)
        poke16(COPY, (uint16_t)(at + 8 + 2 * i), selectors[i]);
    poke8(COPY, at + 18, 1);
    after = (struct regs){.es = SELECTOR_DATA};
    protected_call(&after, peek16(COPY, at + 6));
}

static uint16_t call(uint16_t ax, uint16_t bx, uint16_t cx, uint16_t dx, const void *buffer)
{
    after = (struct regs){.eax = ax, .ebx = bx, .ecx = cx, .edx = dx, .es = SELECTOR_DATA};
    after.edi = (uint32_t)(uintptr_t)buffer;
    protected_call(&after, entry);
    return W(after.eax);
}

static void same_mode_block(uint16_t mode)
{
    struct regs r = {.eax = 0x4f01, .ecx = mode, .es = HERE};
    r.edi = (uint32_t)(uintptr_t)real_block;
    video_all(&r);
    SAME(call(0x4f01, 0, mode, 0, protected_block), OK);
    for (unsigned i = 0; i < sizeof real_block; i++)
        if (i < 0x0c || i > 0x0f) /* the window function's segment */
            SAME(protected_block[i], real_block[i]);
}

static void set_in_protected_mode(void)
{
    SAME(call(0x4f02, 0x111, 0, 0, NULL), OK);
    SAME(dispi(XRES) << 16 | dispi(BPP), 640 << 16 | 16);
    SAME(call(0x4f03, 0, 0, 0, NULL), OK);
    SAME(W(after.ebx), 0x111);
    SAME(call(0x4f05, 0, 0, 6, NULL), OK);
    SAME(dispi(BANK), 6);
    SAME(call(0x4f06, 0, 1024, 0, NULL), OK);
    SAME(W(after.ebx), 2048);
    SAME(call(0x4f07, 0, 3, 5, NULL), OK);
    SAME(dispi(X_OFFSET) << 16 | dispi(Y_OFFSET), 3 << 16 | 5);
    SAME(call(0x4f02, 3, 0, 0, NULL), OK);
    SAME(dispi(ENABLE) & 1, 0);
    SAME(peek16(0xb800, 0), 0x0720);
}

static const uint8_t color[4] = {0x01, 0x02, 0x03};

static void set_colors(void)
{
    SAME(call(0x4f02, 0x101, 0, 0, NULL), OK);
    SAME(call(0x4f09, 0, 1, 7, color), OK);
    outb(0x3c7, 7);
    SAME(inb(0x3c9), 3);
    SAME(inb(0x3c9), 2);
    SAME(inb(0x3c9), 1);
}

static void protected_entry(void)
{
    video(3, 0, 0, 0);
    copy_rom();
    uint16_t at = find_block();
    SAME(at != 0, 1);
    if (at == 0)
        return;
    initialize(at);
    same_mode_block(0x101);
    same_mode_block(0x118);
    set_in_protected_mode();
    set_colors();
    SAME(call(0x1234, 0, 0, 0, NULL), 0x1234);
    video(3, 0, 0, 0);
}

static uint8_t code[1024] __attribute__((aligned(16)));

static uint16_t call32(unsigned function, uint16_t bx, uint16_t cx, uint16_t dx, const void *buffer)
{
    uint16_t offset = (uint16_t)(code[2 * function] | code[2 * function + 1] << 8);
    after = (struct regs){.ebx = bx, .ecx = cx, .edx = dx, .es = SELECTOR_DATA};
    after.edi = (uint32_t)(uintptr_t)buffer;
    protected_call32(&after, (unsigned)(uintptr_t)code + offset);
    return W(after.eax);
}

enum { SET_WINDOW, SET_DISPLAY_START, SET_PALETTE };

static void protected_interface(void)
{
    SAME(video(0x4f0a, 0, 0, 0), OK);
    uint16_t size = W(after.ecx);
    SAME(size > 8 && size <= sizeof code, 1);
    if (W(after.eax) != OK || size > sizeof code)
        return;
    for (uint16_t i = 0; i < size; i++)
        code[i] = peek8(after.es, (uint16_t)(after.edi + i));
    SAME(video(0x4f02, 0x112, 0, 0), OK);
    SAME(call32(SET_WINDOW, 0, 0, 9, NULL), OK);
    SAME(dispi(BANK), 9);
    SAME(call32(SET_WINDOW, 1, 0, 8, NULL), FAILED);
    SAME(dispi(BANK), 9);
    /* Line 100, pixel 12: in units of four bytes. */
    uint32_t start = (100u * 640 + 12) * 3 / 4;
    SAME(call32(SET_DISPLAY_START, 0, (uint16_t)start, (uint16_t)(start >> 16), NULL), OK);
    SAME(dispi(X_OFFSET) << 16 | dispi(Y_OFFSET), 12 << 16 | 100);
    SAME(video(0x4f02, 0x101, 0, 0), OK);
    SAME(call32(SET_PALETTE, 0, 1, 200, color), OK);
    outb(0x3c7, 200);
    SAME(inb(0x3c9), 3);
    SAME(inb(0x3c9), 2);
    SAME(inb(0x3c9), 1);
    video(3, 0, 0, 0);
}

void check_protected(void)
{
    check("protected_entry", protected_entry);
    check("protected_interface", protected_interface);
}
