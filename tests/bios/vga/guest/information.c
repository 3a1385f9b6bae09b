/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AH=12h, 1Ah, 1Bh, 1Ch; the data area and the tables after the start. */
#include "tests/bios/vga/guest/guest.h"

static uint8_t buffer[2048];

static struct regs with_buffer(uint16_t ax, uint16_t bx, uint16_t cx)
{
    struct regs r = {.eax = ax, .ebx = bx, .ecx = cx, .es = HERE};
    r.edi = (uint32_t)(uintptr_t)buffer;
    video_all(&r);
    return r;
}

static void data_area(void)
{
    video(3, 0, 0, 0);
    SAME(BDA16(0x10) & 0x30, 0x20);
    SAME(BDA8(0x49), 3);
    SAME(BDA16(0x4a), 80);
    SAME(BDA16(0x4c), 0x1000);
    SAME(BDA16(0x63), 0x3d4);
    SAME(BDA8(0x65), 0x29);
    SAME(BDA8(0x66), 0x30);
    SAME(BDA8(0x84), 24);
    SAME(BDA8(0x87), 0x60);
    SAME(BDA8(0x88), 0xf9);
    SAME(BDA8(0x89) & 0x11, 0x11);
}

static uint16_t table_segment, table_offset;

static void follow(uint16_t segment, uint16_t offset)
{
    table_offset = peek16(segment, offset);
    table_segment = peek16(segment, offset + 2);
}

static void save_pointers(void)
{
    follow(0x40, 0xa8);
    uint16_t segment = table_segment, offset = table_offset;
    follow(segment, offset);
    SAME(peek8(table_segment, table_offset + 0x18 * 64), 80);
    SAME(peek8(table_segment, table_offset + 0x18 * 64 + 2), 16);
    SAME(peek8(table_segment, table_offset + 0x1c * 64 + 2), 8);
    SAME(peek8(table_segment, table_offset + 0x1b * 64 + 9), 0xe3);
    follow(segment, offset + 16);
    SAME(peek16(table_segment, table_offset), 26);
    follow(table_segment, table_offset + 2);
    uint8_t index = BDA8(0x8a);
    SAME(index < peek8(table_segment, table_offset), 1);
    SAME(peek16(table_segment, table_offset + 4 + 2 * index), 0x0800);
}

/* A program's own parameters count. */
static void own_parameters(void)
{
    static uint8_t pointers[28], parameters[29 * 64];
    follow(0x40, 0xa8);
    uint16_t segment = table_segment, offset = table_offset;
    for (unsigned i = 0; i < sizeof pointers; i++)
        pointers[i] = peek8(segment, (uint16_t)(offset + i));
    follow(segment, offset);
    for (unsigned i = 0; i < sizeof parameters; i++)
        parameters[i] = peek8(table_segment, (uint16_t)(table_offset + i));
    parameters[0x18 * 64 + 10 + 0x0a] = 0x03;
    uint16_t address = (uint16_t)(uintptr_t)parameters;
    pointers[0] = (uint8_t)address;
    pointers[1] = (uint8_t)(address >> 8);
    pointers[2] = (uint8_t)HERE;
    pointers[3] = HERE >> 8;
    poke16(0x40, 0xa8, (uint16_t)(uintptr_t)pointers);
    poke16(0x40, 0xaa, HERE);
    video(3, 0, 0, 0);
    SAME(indexed(0x3d4, 0x0a), 0x03);
    poke16(0x40, 0xa8, offset);
    poke16(0x40, 0xaa, segment);
    video(3, 0, 0, 0);
    SAME(indexed(0x3d4, 0x0a), 0x0d);
}

static void ega_information(void)
{
    video(3, 0, 0, 0);
    video(0x1200, 0xff10, 0xffff, 0);
    SAME(W(after.ebx), 0x0003);
    SAME(CL(after), 0x09);
}

static void display_code(void)
{
    SAME(video(0x1a00, 0, 0, 0) & 0xff, 0x1a);
    SAME(W(after.ebx), 0x0008);
    SAME(video(0x1a01, 0x0007, 0, 0) & 0xff, 0x1a);
    video(0x1a00, 0, 0, 0);
    SAME(W(after.ebx), 0x0007);
    video(0x1a01, 0x0008, 0, 0);
    video(0x1a00, 0, 0, 0);
    SAME(W(after.ebx), 0x0008);
}

/* Its memory does not answer; or nothing of it does, where there is the port 3C3h. */
static bool is_off(void)
{
    uint8_t misc = inb(0x3cc);
    return misc == 0xff || !(misc & 2);
}

/* BL=32h, 36h. */
static void video_off(void)
{
    video(3, 0, 0, 0);
    SAME(video(0x1201, 0x36, 0, 0) & 0xff, 0x12);
    SAME(indexed(SEQUENCER, 1) & 0x20, 0x20);
    video(0x1200, 0x36, 0, 0);
    SAME(indexed(SEQUENCER, 1) & 0x20, 0);
    SAME(video(0x1201, 0x32, 0, 0) & 0xff, 0x12);
    SAME(is_off(), true);
    video(0x1200, 0x32, 0, 0);
    SAME(is_off(), false);
}

static uint16_t word(unsigned offset)
{
    return (uint16_t)(buffer[offset] | buffer[offset + 1] << 8);
}

static void state_information(void)
{
    video(3, 0, 0, 0);
    video(0x0200, 0, 0, 0x0506);
    struct regs r = with_buffer(0x1b00, 0, 0);
    SAME(AL(r), 0x1b);
    SAME(peek8(word(2), word(0)), 0xff);
    SAME(peek8(word(2), word(0) + 1), 0xe0);
    SAME(peek8(word(2), word(0) + 2), 0x0f);
    SAME(peek8(word(2), word(0) + 7), 0x07);
    SAME(peek8(word(2), word(0) + 8), 8);
    SAME(buffer[4], 3);
    SAME(word(5), 80);
    SAME(word(7), 0x1000);
    SAME(word(0x0b), 0x0506);
    SAME(word(0x1b), 0x0607);
    SAME(buffer[0x1d], 0);
    SAME(word(0x1e), 0x3d4);
    SAME(buffer[0x22], 25);
    SAME(word(0x23), 16);
    SAME(word(0x25), 0x0008);
    SAME(word(0x27), 16);
    SAME(buffer[0x29], 8);
    SAME(buffer[0x2a], 2);
    SAME(buffer[0x31], 3);
    video(0x12, 0, 0, 0);
    with_buffer(0x1b00, 0, 0);
    SAME(buffer[0x2a], 3);
    SAME(buffer[0x29], 1);
    video(0x13, 0, 0, 0);
    with_buffer(0x1b00, 0, 0);
    SAME(word(0x27), 256);
    SAME(buffer[0x2a], 0);
}

static void state_call(uint8_t function, uint16_t parts)
{
    struct regs r = {.eax = 0x1c00u | function, .ecx = parts, .es = HERE};
    r.ebx = (uint32_t)(uintptr_t)buffer;
    video_all(&r);
    SAME(AL(r), 0x1c);
}

static void state_kept(void)
{
    video(0x1c00, 0, 7, 0);
    SAME(AL(after), 0x1c);
    SAME(W(after.ebx) * 64 <= sizeof buffer, 1);
    video(0x10, 0, 0, 0);
    video(0x1010, 33, 0x1112, 0x1300);
    video(0x0200, 0, 0, 0x0304);
    state_call(1, 7);
    video(3, 0, 0, 0);
    state_call(2, 7);
    SAME(BDA8(0x49), 0x10);
    SAME(BDA16(0x50), 0x0304);
    SAME(BDA16(0x85), 14);
    SAME(indexed(0x3d4, 0x12), 0x5d);
    SAME(indexed(GRAPHICS, 6), 5);
    SAME(indexed(SEQUENCER, 2), 0x0f);
    SAME(attribute(0x10), 1);
    SAME(attribute(6), 0x14);
    video(0x1015, 33, 0, 0);
    SAME(DH(after), 0x13);
    SAME(W(after.ecx), 0x1112);
}

/* Functions that there are not, and registers that are not a result, are left alone. */
static void registers_kept(void)
{
    video(3, 0, 0, 0);
    struct regs r = {0xdead9977, 0x11112222, 0x33334444, 0x55556666,
                     0x77778888, 0x9999aaaa, 0xbbbbcccc, 0x1234};
    video_all(&r);
    SAME(r.eax, 0xdead9977);
    SAME(r.es, 0x1234);
    r.eax = 0xdead0e58;
    video_all(&r);
    SAME(r.eax, 0xdead0e58);
    SAME(r.ebx, 0x11112222);
    SAME(r.ecx, 0x33334444);
    SAME(r.edx, 0x55556666);
    SAME(r.esi, 0x77778888);
    SAME(r.edi, 0x9999aaaa);
    SAME(r.ebp, 0xbbbbcccc);
    SAME(r.es, 0x1234);
}

static volatile unsigned printed;
uint8_t page[32];
volatile uint8_t trouble;

/* A printer, as INT 17h, that keeps the first characters. */
void printer(void);
__asm__("printer:\n\t"
        "pushal\n\tpushw %ds\n\tpushw $0x1000\n\tpopw %ds\n\t"
        "movl printed, %ebx\n\tcmpl $32, %ebx\n\tjae 1f\n\tmovb %al, page(%ebx)\n\t"
        "1: incl printed\n\tpopw %ds\n\tpopal\n\tmovb %cs:trouble, %ah\n\tiretw");

static uint16_t print_screen(void)
{
    struct regs r = {0};
    printed = 0;
    interrupt(&r, 5);
    return peek8(0x50, 0);
}

/* AH=12h, BL=20h: INT 05h that knows of other numbers of rows than 25. */
static void print_screens(void)
{
    uint32_t old_5 = peek32(0, 5 * 4), old_17 = peek32(0, 0x17 * 4);
    video(3, 0, 0, 0);
    video(0x1112, 0, 0, 0);
    poke16(0xb800, 2, 0x0741);
    video(0x1200, 0x20, 0, 0);
    SAME(peek32(0, 5 * 4) != old_5, 1);
    if (peek32(0, 5 * 4) == old_5)
        return;
    poke16(0, 0x17 * 4, (uint16_t)(uintptr_t)printer);
    poke16(0, 0x17 * 4 + 2, HERE);
    SAME(print_screen(), 0);
    SAME(printed, 50 * 82);
    SAME(page[1], 'A');
    trouble = 0x08;
    SAME(print_screen(), 0xff);
    SAME(printed, 1);
    trouble = 0;
    poke8(0x50, 0, 1);
    SAME(print_screen(), 1);
    SAME(printed, 0);
    poke8(0x50, 0, 0);
    poke16(0, 5 * 4, (uint16_t)old_5);
    poke16(0, 5 * 4 + 2, (uint16_t)(old_5 >> 16));
    poke16(0, 0x17 * 4, (uint16_t)old_17);
    poke16(0, 0x17 * 4 + 2, (uint16_t)(old_17 >> 16));
}

static void light_pen(void)
{
    SAME(video(0x0477, 0, 0, 0) >> 8, 0);
}

static void vectors(void)
{
    /* INT 10h itself may be a BIOS's that puts text on a serial line, too. */
    SAME(peek16(0, 0x6d * 4 + 2), 0xc000);
}

static void rom_header(void)
{
    uint8_t sum = 0;
    uint16_t size = (uint16_t)(peek8(0xc000, 2) * 512);
    SAME(peek16(0xc000, 0), 0xaa55);
    for (uint16_t i = 0; i < size; i++)
        sum += peek8(0xc000, i);
    SAME(sum, 0);
    uint16_t pci = peek16(0xc000, 0x18);
    SAME(peek32(0xc000, pci), 0x52494350);
    SAME(peek32(0xc000, pci + 4), 0x11111234);
    SAME(peek32(0xc000, pci + 0x0c) >> 8, 0x030000);
    SAME(peek16(0xc000, pci + 0x10) * 512u, size);
}

void check_information(void)
{
    check("print_screens", print_screens);
    check("light_pen", light_pen);
    check("vectors", vectors);
    check("rom_header", rom_header);
    check("data_area", data_area);
    check("save_pointers", save_pointers);
    check("own_parameters", own_parameters);
    check("ega_information", ega_information);
    check("display_code", display_code);
    check("video_off", video_off);
    check("state_information", state_information);
    check("state_kept", state_kept);
    check("registers_kept", registers_kept);
}
