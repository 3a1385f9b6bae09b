/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AH=4Fh. */
#include "tests/bios/vga/guest/guest.h"

static uint8_t block[512], mode_block[256];
static uint8_t state[2048];

enum { OK = 0x004f, FAILED = 0x014f, NOT_HERE = 0x024f, WRONG_MODE = 0x034f };
enum { XRES = 1, YRES, BPP, ENABLE, BANK, VIRT_WIDTH, VIRT_HEIGHT, X_OFFSET, Y_OFFSET, MEMORY };

static uint16_t word(const uint8_t *bytes, unsigned offset)
{
    return (uint16_t)(bytes[offset] | bytes[offset + 1] << 8);
}

static uint16_t with(void *buffer, uint16_t ax, uint16_t bx, uint16_t cx, uint16_t dx)
{
    after = (struct regs){.eax = ax, .ebx = bx, .ecx = cx, .edx = dx, .es = HERE};
    after.edi = (uint32_t)(uintptr_t)buffer;
    video_all(&after);
    return W(after.eax);
}

static uint16_t information(uint32_t signature)
{
    for (unsigned i = 0; i < sizeof block; i++)
        block[i] = 0xcc;
    block[0] = (uint8_t)signature;
    block[1] = (uint8_t)(signature >> 8);
    block[2] = (uint8_t)(signature >> 16);
    block[3] = (uint8_t)(signature >> 24);
    return with(block, 0x4f00, 0, 0, 0);
}

static void vbe_information(void)
{
    SAME(information(0x32454256), OK);
    SAME(block[0] | block[1] << 8 | block[2] << 16 | (uint32_t)block[3] << 24, 0x41534556);
    SAME(word(block, 4), 0x0300);
    SAME(block[10] & 1, 1);
    SAME(word(block, 18), dispi(MEMORY));
    SAME(peek8(word(block, 8), word(block, 6)) >= ' ', 1);
    SAME(peek8(word(block, 0x1c), word(block, 0x1a)) >= ' ', 1);
    SAME(information(0), OK);
    SAME(block[256], 0xcc);
}

/* The list's n-th mode. */
static uint16_t listed(unsigned n)
{
    return peek16(word(block, 16), (uint16_t)(word(block, 14) + 2 * n));
}

static bool in_list(uint16_t mode)
{
    for (unsigned n = 0; n < 128 && listed(n) != 0xffff; n++)
        if (listed(n) == mode)
            return true;
    return false;
}

/* What the adapter's pictures are limited to: Bochs's depends on its window. */
static uint16_t widest(void)
{
    outw(0x1ce, ENABLE);
    outw(0x1cf, 2);
    uint16_t most = dispi(XRES);
    outw(0x1ce, ENABLE);
    outw(0x1cf, 0);
    return most;
}

static void vbe_list(void)
{
    static const uint16_t wanted[] = {0x100, 0x101, 0x102, 0x103, 0x104, 0x105, 0x10d,
                                      0x10e, 0x10f, 0x110, 0x111, 0x112, 0x113, 0x114,
                                      0x115, 0x116, 0x117, 0x118, 0x142, 0x144};
    video(3, 0, 0, 0);
    information(0x32454256);
    for (unsigned i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        SAME(in_list(wanted[i]) ? wanted[i] : 0, wanted[i]);
    SAME(in_list(0x107), widest() >= 1280);
    SAME(in_list(0x18c), widest() >= 2560 && dispi(MEMORY) >= 256);
    SAME(with(mode_block, 0x4f01, 0, 0x1ff, 0), FAILED);
}

static uint16_t width, height;
static uint8_t bits;

static void mode_information(uint16_t mode)
{
    SAME(with(mode_block, 0x4f01, 0, mode, 0), OK);
    width = word(mode_block, 0x12);
    height = word(mode_block, 0x14);
    bits = mode_block[0x19];
}

static bool is_text(void)
{
    return mode_block[0x1b] == 0;
}

static uint32_t mode_pitch(void)
{
    if (is_text())
        return width * 2u;
    return bits == 4 ? width / 8u : width * ((bits + 7u) / 8);
}

static void check_block(uint16_t mode)
{
    mode_information(mode);
    SAME(word(mode_block, 0) & 0x1b, is_text() ? 0x0b : 0x1b);
    SAME(word(mode_block, 0) & 0x80, bits > 4 ? 0x80 : 0);
    SAME(mode_block[2], 7);
    SAME(word(mode_block, 8), is_text() ? 0xb800 : 0xa000);
    SAME(word(mode_block, 0x10), mode_pitch());
    if (is_text())
        return;
    SAME(word(mode_block, 4), 64);
    SAME(mode_block[0x1b], bits == 4 ? 3 : bits == 8 ? 4 : 6);
    SAME(word(mode_block, 0x32), mode_pitch());
    uint32_t size = mode_pitch() * height * (bits == 4 ? 4 : 1);
    SAME(size <= (uint32_t)dispi(MEMORY) << 16, 1);
    if (bits > 8)
        SAME(mode_block[0x1f] + mode_block[0x21] + mode_block[0x23] + mode_block[0x25],
             bits == 15 ? 16 : bits);
}

static void vbe_mode_blocks(void)
{
    information(0x32454256);
    for (unsigned n = 0; listed(n) != 0xffff && n < 128; n++)
        check_block(listed(n));
}

static void write_at(uint32_t address, uint8_t value)
{
    SAME(video(0x4f05, 0, 0, (uint16_t)(address >> 16)), OK);
    poke8(0xa000, (uint16_t)address, value);
}

static uint8_t read_at(uint32_t address)
{
    SAME(video(0x4f05, 0, 0, (uint16_t)(address >> 16)), OK);
    return peek8(0xa000, (uint16_t)address);
}

/* The first and the last byte of the picture through the window. */
static void check_window(void)
{
    uint32_t last = mode_pitch() * height - 1;
    write_at(0, 0x5a);
    write_at(last, 0xa5);
    SAME(read_at(0), 0x5a);
    SAME(read_at(last), 0xa5);
    video(0x4f05, 0x0100, 0, 0xffff);
    SAME(W(after.edx), last >> 16);
}

static void check_set(uint16_t mode)
{
    mode_information(mode);
    if (is_text())
        return;
    SAME(video(0x4f02, mode, 0, 0), OK);
    SAME(dispi(XRES), width);
    SAME(dispi(YRES), height);
    SAME(dispi(BPP), bits);
    SAME(dispi(ENABLE) & 1, 1);
    SAME(video(0x4f03, 0, 0, 0), OK);
    SAME(W(after.ebx), mode);
    SAME(BDA16(0x4a), width / 8);
    SAME(read_at(0), 0);
    check_window();
    SAME(video(0x4f02, mode | 0x8000, 0, 0), OK);
    SAME(read_at(0), 0x5a);
    SAME(video(0x4f03, 0, 0, 0), OK);
    SAME(W(after.ebx), mode | 0x8000);
}

static void vbe_modes(void)
{
    information(0x32454256);
    for (unsigned n = 0; listed(n) != 0xffff && n < 128; n++)
        check_set(listed(n));
    video(3, 0, 0, 0);
    SAME(dispi(ENABLE) & 1, 0);
}

static void text_mode(uint16_t mode, uint16_t columns, uint8_t rows)
{
    uint16_t last = (uint16_t)((rows * columns - 1) * 2);
    mode_information(mode);
    SAME(width << 16 | height, columns << 16 | rows);
    SAME(video(0x4f02, mode, 0, 0), OK);
    SAME(video(0x4f03, 0, 0, 0), OK);
    SAME(W(after.ebx), mode);
    SAME(BDA16(0x4a), columns);
    SAME(BDA8(0x84), rows - 1);
    SAME(BDA16(0x85), mode_block[0x17]);
    SAME(indexed(0x3d4, 1) + 1, columns);
    uint16_t end = (uint16_t)(indexed(0x3d4, 0x12) | (indexed(0x3d4, 7) & 2) << 7);
    SAME((end | (indexed(0x3d4, 7) & 0x40) << 3) + 1, rows * BDA16(0x85));
    video(0x0200, 0, 0, (uint16_t)((rows - 1) << 8 | (columns - 1)));
    video(0x0941, 0x1e, 1, 0);
    SAME(peek16(0xb800, last), 0x1e41);
    video(0x0e0a, 7, 0, 0);
    SAME(peek16(0xb800, (uint16_t)(last - columns * 2)), 0x1e41);
    SAME(peek16(0xb800, last), 0x1e20);
}

static void vbe_text_modes(void)
{
    text_mode(0x108, 80, 60);
    text_mode(0x109, 132, 25);
    text_mode(0x10a, 132, 43);
    text_mode(0x10b, 132, 50);
    text_mode(0x10c, 132, 60);
    video(3, 0, 0, 0);
    SAME(video(0x4f03, 0, 0, 0), OK);
    SAME(W(after.ebx), 3);
    SAME(video(0x4f02, 0x4109, 0, 0), FAILED);
}

static void vbe_bad_modes(void)
{
    video(3, 0, 0, 0);
    SAME(video(0x4f02, 0x1ff, 0, 0), FAILED);
    SAME(BDA8(0x49), 3);
    SAME(video(0x4f02, 0x0003, 0, 0), OK);
    SAME(video(0x4f03, 0, 0, 0), OK);
    SAME(W(after.ebx), 3);
    SAME(video(0x4f02, 0x8013, 0, 0), OK);
    SAME(BDA8(0x49), 0x13);
    SAME(video(0x4f20, 0, 0, 0) & 0xff, 0);
}

static void vbe_linear(void)
{
    SAME(video(0x4f02, 0x4101, 0, 0), OK);
    SAME(dispi(ENABLE) & 1, 1);
    SAME(video(0x4f03, 0, 0, 0), OK);
    SAME(W(after.ebx), 0x4101);
    SAME(video(0x4f05, 0, 0, 1), WRONG_MODE);
}

static void vbe_windows(void)
{
    SAME(video(0x4f02, 0x103, 0, 0), OK);
    SAME(video(0x4f05, 0x0000, 0, 3), OK);
    SAME(dispi(BANK), 3);
    SAME(video(0x4f05, 0x0001, 0, 3), FAILED);
    SAME(video(0x4f05, 0x0000, 0, 0xfff0), FAILED);
    SAME(dispi(BANK), 3);
    video(3, 0, 0, 0);
    SAME(video(0x4f05, 0, 0, 0), WRONG_MODE);
}

/* The mode's window function, called far. */
static void vbe_window_function(void)
{
    mode_information(0x103);
    SAME(video(0x4f02, 0x103, 0, 0), OK);
    static struct {
        uint16_t offset, segment;
    } function;
    function.offset = word(mode_block, 0x0c);
    function.segment = word(mode_block, 0x0e);
    __asm__ volatile("lcallw *%0" : : "m"(function), "b"(0), "d"(2) : "eax", "ecx", "memory", "cc");
    SAME(dispi(BANK), 2);
}

static void vbe_line_lengths(void)
{
    SAME(video(0x4f02, 0x103, 0, 0), OK);
    SAME(video(0x4f06, 1, 0, 0), OK);
    SAME(W(after.ebx), 800);
    SAME(W(after.ecx), 800);
    SAME(W(after.edx), ((uint32_t)dispi(MEMORY) << 16) / 800);
    SAME(video(0x4f06, 0, 1024, 0), OK);
    SAME(W(after.ebx), 1024);
    SAME(dispi(VIRT_WIDTH), 1024);
    SAME(video(0x4f06, 0, 400, 0), NOT_HERE);
    SAME(video(0x4f02, 0x114, 0, 0), OK);
    SAME(video(0x4f06, 2, 2048, 0), OK);
    SAME(W(after.ecx), 1024);
    SAME(W(after.ebx), 2048);
    SAME(video(0x4f06, 3, 0, 0), OK);
    SAME(W(after.ecx) >= 2048, 1);
    video(3, 0, 0, 0);
    SAME(video(0x4f06, 1, 0, 0), WRONG_MODE);
}

static void vbe_display_starts(void)
{
    SAME(video(0x4f02, 0x101, 0, 0), OK);
    SAME(video(0x4f07, 0, 8, 480), OK);
    SAME(dispi(X_OFFSET), 8);
    SAME(dispi(Y_OFFSET), 480);
    SAME(video(0x4f07, 1, 0, 0), OK);
    SAME(W(after.ecx), 8);
    SAME(W(after.edx), 480);
    SAME(video(0x4f07, 0x80, 0, 100), OK);
    SAME(dispi(Y_OFFSET), 100);
    SAME(video(0x4f07, 0, 0, 0xfff0), FAILED);
    SAME(dispi(Y_OFFSET), 100);
}

static void vbe_dac_width(void)
{
    SAME(video(0x4f02, 0x101, 0, 0), OK);
    SAME(video(0x4f08, 0x0001, 0, 0), OK);
    SAME(BH(after), 6);
    SAME(video(0x4f08, 0x0800, 0, 0), OK);
    SAME(BH(after), 8);
    SAME(dispi(ENABLE) & 0x20, 0x20);
    SAME(video(0x4f08, 0x0600, 0, 0), OK);
    SAME(BH(after), 6);
    SAME(video(0x4f02, 0x111, 0, 0), OK);
    SAME(video(0x4f08, 0x0001, 0, 0), WRONG_MODE);
}

static void vbe_palette(void)
{
    static uint8_t colors[8] = {0x11, 0x22, 0x33, 0, 0x04, 0x05, 0x06, 0};
    static uint8_t back[8];
    SAME(video(0x4f02, 0x101, 0, 0), OK);
    SAME(with(colors, 0x4f09, 0, 2, 100), OK);
    outb(0x3c7, 100);
    SAME(inb(0x3c9), 0x33);
    SAME(inb(0x3c9), 0x22);
    SAME(inb(0x3c9), 0x11);
    SAME(with(back, 0x4f09, 1, 2, 100), OK);
    SAME(word(back, 0), 0x2211);
    SAME(back[6], 6);
    SAME(with(back, 0x4f09, 0, 2, 255), FAILED);
    SAME(with(back, 0x4f09, 2, 2, 0), NOT_HERE);
}

static void vbe_state(void)
{
    SAME(video(0x4f04, 0, 0x0f, 0), OK);
    SAME(W(after.ebx) * 64 <= sizeof state, 1);
    SAME(video(0x4f02, 0x115, 0, 0), OK);
    SAME(video(0x4f06, 0, 1024, 0), OK);
    SAME(video(0x4f07, 0, 16, 32), OK);
    SAME(video(0x4f05, 0, 0, 5), OK);
    struct regs r = {.eax = 0x4f04, .ecx = 0x0f, .edx = 1, .es = HERE};
    r.ebx = (uint32_t)(uintptr_t)state;
    video_all(&r);
    SAME(W(r.eax), OK);
    video(3, 0, 0, 0);
    r = (struct regs){.eax = 0x4f04, .ecx = 0x0f, .edx = 2, .es = HERE};
    r.ebx = (uint32_t)(uintptr_t)state;
    video_all(&r);
    SAME(W(r.eax), OK);
    SAME(video(0x4f03, 0, 0, 0), OK);
    SAME(W(after.ebx) & 0x1ff, 0x115);
    SAME(dispi(VIRT_WIDTH), 1024);
    SAME(dispi(X_OFFSET), 16);
    SAME(dispi(Y_OFFSET), 32);
    SAME(dispi(BANK), 5);
}

/* Text in VBE's modes, over a bank's end, too. */
static void text_of(uint16_t mode)
{
    SAME(video(0x4f02, mode, 0, 0), OK);
    unsigned last = BDA8(0x84), columns = BDA16(0x4a);
    video(0x0200, 0, 0, (uint16_t)((last - 1) << 8 | (columns - 2)));
    video(0x0ec1, 15, 0, 0);
    video(0x0e58, 15, 0, 0);
    SAME(BDA16(0x50), last << 8);
    video(0x0200, 0, 0, (uint16_t)((last - 1) << 8 | (columns - 1)));
    SAME(video(0x0800, 0, 0, 0) & 0xff, 'X');
    video(0x0200, 0, 0, (uint16_t)(last << 8));
    video(0x0e0a, 15, 0, 0);
    video(0x0200, 0, 0, (uint16_t)((last - 2) << 8 | (columns - 1)));
    SAME(video(0x0800, 0, 0, 0) & 0xff, 'X');
    video(0x0200, 0, 0, (uint16_t)((last - 2) << 8 | (columns - 2)));
    SAME(video(0x0800, 0, 0, 0) & 0xff, 0xc1);
    video(0x0200, 0, 0, (uint16_t)((last - 1) << 8 | (columns - 1)));
    SAME(video(0x0800, 0, 0, 0) & 0xff, 0);
}

static void vbe_text(void)
{
    static const uint16_t modes[] = {0x101, 0x10d, 0x111, 0x112, 0x118, 0x144};
    for (unsigned i = 0; i < sizeof modes / sizeof modes[0]; i++)
        text_of(modes[i]);
}

static void vbe_pixels(void)
{
    SAME(video(0x4f02, 0x105, 0, 0), OK);
    video(0x0c63, 0, 1023, 767);
    SAME(video(0x0d00, 0, 1023, 767) & 0xff, 0x63);
    SAME(read_at(1024u * 768 - 1), 0x63);
}

static void vbe_planes(void)
{
    SAME(video(0x4f02, 0x104, 0, 0), OK);
    video(0x0c05, 0, 1023, 767);
    SAME(video(0x0d00, 0, 1023, 767) & 0xff, 5);
    SAME(video(0x0d00, 0, 1022, 767) & 0xff, 0);
    text_of(0x102);
    text_of(0x104);
}

static void vbe_power(void)
{
    video(3, 0, 0, 0);
    SAME(video(0x4f10, 0, 0, 0), OK);
    SAME(BL(after), 0x10);
    SAME(BH(after) & 4, 4);
    SAME(video(0x4f10, 0x0401, 0, 0), OK);
    SAME(video(0x4f10, 0x0002, 0, 0), OK);
    SAME(BH(after), 4);
    SAME(video(0x4f10, 0x0001, 0, 0), OK);
    SAME(video(0x4f10, 0x0002, 0, 0), OK);
    SAME(BH(after), 0);
    SAME(indexed(0x3d4, 0x17), 0xa3);
}

static void vbe_edid(void)
{
    uint8_t sum = 0;
    SAME(video(0x4f15, 0, 0, 0), OK);
    SAME(BL(after) & 2, 2);
    SAME(with(block, 0x4f15, 1, 0, 0), OK);
    for (unsigned i = 0; i < 128; i++)
        sum += block[i];
    SAME(sum, 0);
    SAME(word(block, 0), 0xff00);
    SAME(word(block, 6), 0x00ff);
    SAME(block[18], 1);
    SAME(block[19], 4);
    SAME(block[54] != 0 || block[55] != 0, 1);
}

static void vbe_clock(void)
{
    SAME(video(0x4f0b, 0, 0, 0x117), OK);
}

void check_vbe(void)
{
    check("vbe_information", vbe_information);
    check("vbe_list", vbe_list);
    check("vbe_mode_blocks", vbe_mode_blocks);
    check("vbe_modes", vbe_modes);
    check("vbe_text_modes", vbe_text_modes);
    check("vbe_bad_modes", vbe_bad_modes);
    check("vbe_linear", vbe_linear);
    check("vbe_windows", vbe_windows);
    check("vbe_window_function", vbe_window_function);
    check("vbe_line_lengths", vbe_line_lengths);
    check("vbe_display_starts", vbe_display_starts);
    check("vbe_dac_width", vbe_dac_width);
    check("vbe_palette", vbe_palette);
    check("vbe_state", vbe_state);
    check("vbe_text", vbe_text);
    check("vbe_pixels", vbe_pixels);
    check("vbe_planes", vbe_planes);
    check("vbe_power", vbe_power);
    check("vbe_edid", vbe_edid);
    check("vbe_clock", vbe_clock);
}
