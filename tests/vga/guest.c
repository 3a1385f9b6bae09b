/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest that shows a picture in a mode of the VGA, the same on any emulator. Its command line
 * ends in "show=NAME", or in "fill=NAME" for one that fills video memory some hundred times and
 * says when it begins. Then it says that it has ended, to port E9h, and writes a byte to port 501h,
 * at which there may be a device that ends the emulator, and waits.
 */
#include "bios/vga/font.h"
#include "bios/vga/parameters.h"

#include <stdbool.h>
#include <stdint.h>

enum { SEQ = 0x3c4, GRAPHICS = 0x3ce, CRTC = 0x3d4 };
enum { VBE_WIDTH = 1, VBE_HEIGHT, VBE_DEPTH, VBE_ENABLE, VBE_BANK, VBE_VIRTUAL, VBE_X = 8, VBE_Y };
enum { COMMAND = 4, BASE_0 = 0x10, SLOT_2 = 0x80001000 };

void guest_main(const char *line);

static uint8_t in8(uint16_t port)
{
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static void out8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static void out16(uint16_t port, uint16_t value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static void out32(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static uint32_t in32(uint16_t port)
{
    uint32_t value;
    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static volatile uint8_t *at(uint32_t address)
{
    return (volatile uint8_t *)address;
}

static uint32_t state;

static uint8_t noise(void)
{
    state = state * 1664525 + 1013904223;
    return (uint8_t)(state >> 24);
}

/* --- registers --- */

static void reg(uint16_t port, uint8_t index, uint8_t value)
{
    out8(port, index);
    out8(port + 1, value);
}

static void attribute(uint8_t index, uint8_t value)
{
    in8(0x3da);
    out8(0x3c0, index);
    out8(0x3c0, value);
}

static void set_palette(void)
{
    out8(0x3c8, 0);
    for (unsigned i = 0; i < 256; i++) {
        out8(0x3c9, (uint8_t)(i >> 2));
        out8(0x3c9, (uint8_t)(i * 21));
        out8(0x3c9, (uint8_t)(i ^ 0x3f));
    }
}

static void set_mode(enum vga_parameters_row row)
{
    const struct vga_parameters *p = &vga_parameters[row];
    out8(0x3c2, p->misc);
    reg(SEQ, 0, 3);
    for (unsigned i = 0; i < 4; i++)
        reg(SEQ, (uint8_t)(i + 1), p->sequencer[i]);
    reg(CRTC, 0x11, 0);
    for (unsigned i = 0; i < VGA_CRTC_REGISTERS; i++)
        reg(CRTC, (uint8_t)i, p->crtc[i]);
    for (unsigned i = 0; i < VGA_GRAPHICS_REGISTERS; i++)
        reg(GRAPHICS, (uint8_t)i, p->graphics[i]);
    for (unsigned i = 0; i < VGA_ATTRIBUTE_REGISTERS; i++)
        attribute((uint8_t)i, p->attribute[i]);
    attribute(0x14, 0);
    set_palette();
    out8(0x3c6, 0xff);
    in8(0x3da);
    out8(0x3c0, 0x20);
}

static void fill(uint32_t base, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        at(base)[i] = noise();
}

static void fill_planes(unsigned planes)
{
    for (uint8_t plane = 0; plane < 4; plane++) {
        if (!(planes >> plane & 1))
            continue;
        reg(SEQ, 2, (uint8_t)(1 << plane));
        fill(0xa0000, 0x10000);
    }
    reg(SEQ, 2, 0xf);
}

/* --- text --- */

static void load_font(uint32_t base)
{
    reg(SEQ, 2, 4);
    reg(SEQ, 4, 7);
    reg(GRAPHICS, 5, 0);
    reg(GRAPHICS, 6, 4);
    for (unsigned c = 0; c < 256; c++)
        for (unsigned y = 0; y < 16; y++)
            at(0xa0000 + base)[c * 32 + y] = vga_font_8x16[c * 16 + y];
    reg(SEQ, 2, 3);
    reg(SEQ, 4, 3);
    reg(GRAPHICS, 5, 0x10);
    reg(GRAPHICS, 6, 0xe);
}

/* Of B0h to BFh QEMU doubles the eighth dot, too. */
static uint8_t character(unsigned i)
{
    uint8_t c = (uint8_t)i;
    return c >= 0xb0 && c < 0xc0 ? c & 0x7f : c;
}

static void text(enum vga_parameters_row row)
{
    set_mode(row);
    load_font(0);
    reg(CRTC, 0x0a, 0x20);
    attribute(0x10 | 0x20, 0x04); /* nothing blinks */
    for (unsigned i = 0; i < 4000; i++)
        at(0xb8000)[i] = i & 1 ? (uint8_t)(i * 7) : character(i / 2);
}

static void text_80(void)
{
    text(VGA_ROW_MODE_2_9X16);
}

static void text_8_dots(void)
{
    text(VGA_ROW_MODE_2_9X16);
    reg(SEQ, 1, 1);
}

/* --- graphics --- */

static void cga_4(void)
{
    set_mode(VGA_ROW_MODE_4);
    fill(0xb8000, 0x4000);
}

static void cga_2(void)
{
    set_mode(VGA_ROW_MODE_6);
    fill(0xb8000, 0x4000);
}

static void planes_0d(void)
{
    set_mode(VGA_ROW_MODE_0D);
    fill_planes(0xf);
}

static void planes_0e(void)
{
    set_mode(VGA_ROW_MODE_0E);
    fill_planes(0xf);
}

static void planes_10(void)
{
    set_mode(VGA_ROW_MODE_10);
    fill_planes(0xf);
}

static void planes_12(void)
{
    set_mode(VGA_ROW_MODE_12);
    fill_planes(0xf);
}

static void planes_11(void)
{
    set_mode(VGA_ROW_MODE_11);
    fill_planes(0xf);
}

static void mode_13(void)
{
    set_mode(VGA_ROW_MODE_13);
    fill(0xa0000, 0x10000);
}

static void mode_x(void)
{
    set_mode(VGA_ROW_MODE_13);
    reg(SEQ, 4, 6);
    reg(CRTC, 0x14, 0);
    reg(CRTC, 0x17, 0xe3);
    fill_planes(0xf);
    reg(CRTC, 0x0c, 0x40);
}

static void split(void)
{
    planes_12();
    reg(CRTC, 0x0c, 0x10);
    reg(CRTC, 0x11, 0);
    reg(CRTC, 0x07, 0x2e);
    reg(CRTC, 0x09, 0x00);
    reg(CRTC, 0x18, 200);
}

/* --- Bochs's extension --- */

static void vbe(uint16_t index, uint16_t value)
{
    out16(0x1ce, index);
    out16(0x1d0, value);
}

static uint32_t frame_buffer(void)
{
    out32(0xcf8, SLOT_2 | COMMAND);
    out32(0xcfc, in32(0xcfc) | 3);
    out32(0xcf8, SLOT_2 | BASE_0);
    uint32_t base = in32(0xcfc) & ~0xfu;
    if (!base) /* no BIOS has been here */
        out32(0xcfc, base = 0xe0000000);
    return base;
}

static void linear(uint16_t depth, bool offset)
{
    set_mode(VGA_ROW_MODE_13);
    vbe(VBE_ENABLE, 0);
    vbe(VBE_WIDTH, 640);
    vbe(VBE_HEIGHT, 480);
    vbe(VBE_DEPTH, depth);
    vbe(VBE_ENABLE, 0x41);
    if (offset) {
        vbe(VBE_VIRTUAL, 800);
        vbe(VBE_X, 16);
        vbe(VBE_Y, 7);
    }
    fill(frame_buffer(), 800 * 500 * ((depth + 7u) / 8));
}

static void vbe_8(void)
{
    linear(8, false);
}

static void vbe_15(void)
{
    linear(15, false);
}

static void vbe_16(void)
{
    linear(16, true);
}

static void vbe_24(void)
{
    linear(24, true);
}

static void vbe_32(void)
{
    linear(32, true);
}

static void vbe_banked(void)
{
    linear(8, false);
    for (uint16_t bank = 0; bank < 5; bank++) {
        vbe(VBE_BANK, bank);
        fill(0xa0000, 0x10000);
    }
}

static void vbe_4(void)
{
    set_mode(VGA_ROW_MODE_12);
    vbe(VBE_ENABLE, 0);
    vbe(VBE_WIDTH, 800);
    vbe(VBE_HEIGHT, 600);
    vbe(VBE_DEPTH, 4);
    vbe(VBE_ENABLE, 0x41);
    fill_planes(0xf);
}

/* --- code in video memory, which is changed by another address than it runs at --- */

enum { CODE_SIZE = 4 };

static void make_code(uint8_t code[CODE_SIZE], uint8_t result)
{
    code[0] = 0xb0; /* mov $result, %al; ret */
    code[1] = result;
    code[2] = code[3] = 0xc3;
}

static uint8_t run_code(uint32_t address)
{
    return ((uint8_t(*)(void))address)();
}

static void store_code(uint32_t address, uint8_t result)
{
    uint8_t code[CODE_SIZE];
    make_code(code, result);
    for (unsigned i = 0; i < CODE_SIZE; i++)
        at(address)[i] = code[i];
}

static void show_code(void)
{
    enum { BANK = 5, RUNS = 640, PLACE = 0x1234 };
    static uint8_t results[2][RUNS];
    linear(8, false);
    vbe(VBE_BANK, BANK);
    uint32_t frame = frame_buffer(), window = 0xa0000 + PLACE;
    uint32_t place = frame + (BANK << 16) + PLACE;
    for (unsigned i = 0; i < RUNS; i++) {
        store_code(window, noise());
        results[0][i] = run_code(place);
        store_code(place, noise());
        results[1][i] = run_code(window);
    }
    for (unsigned row = 0; row < 2; row++)
        for (unsigned i = 0; i < RUNS; i++)
            at(frame)[row * 640 + i] = results[row][i];
}

/* --- fills, for time --- */

static void stores_32(uint32_t base, uint32_t size, unsigned times)
{
    for (unsigned n = 0; n < times; n++)
        for (uint32_t i = 0; i < size; i += 4)
            *(volatile uint32_t *)(base + i) = n * 0x01010101;
}

static void stores_8(uint32_t base, uint32_t size, unsigned times)
{
    for (unsigned n = 0; n < times; n++)
        for (uint32_t i = 0; i < size; i++)
            at(base)[i] = (uint8_t)n;
}

static void string_stores(uint32_t base, uint32_t size, unsigned times)
{
    for (unsigned n = 0; n < times; n++) {
        uint32_t to = base, count = size;
        __asm__ volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(n) : "memory");
    }
}

static void fill_12(void)
{
    set_mode(VGA_ROW_MODE_12);
    stores_8(0xa0000, 38400, 200);
}

static void fill_12_32(void)
{
    set_mode(VGA_ROW_MODE_12);
    stores_32(0xa0000, 38400, 200);
}

static void fill_12_string(void)
{
    set_mode(VGA_ROW_MODE_12);
    string_stores(0xa0000, 38400, 200);
}

/* Pixels by the bit mask, as lines are drawn. */
static void fill_12_pixels(void)
{
    set_mode(VGA_ROW_MODE_12);
    reg(GRAPHICS, 5, 2);
    for (unsigned n = 0; n < 10; n++)
        for (uint32_t i = 0; i < 38400 * 8; i++) {
            out16(GRAPHICS, (uint16_t)(0x8000 >> (i & 7) | 8));
            (void)at(0xa0000)[i / 8];
            at(0xa0000)[i / 8] = (uint8_t)n;
        }
}

/* A scroll by latches. */
static void fill_12_copy(void)
{
    set_mode(VGA_ROW_MODE_12);
    reg(GRAPHICS, 5, 1);
    for (unsigned n = 0; n < 100; n++) {
        uint32_t to = 0xa0000, from = 0xa0000 + 80, count = 38400 - 80;
        __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
    }
}

static void fill_x(void)
{
    set_mode(VGA_ROW_MODE_13);
    reg(SEQ, 4, 6);
    reg(SEQ, 2, 0xf);
    stores_8(0xa0000, 0x10000, 100);
}

static void fill_13(void)
{
    set_mode(VGA_ROW_MODE_13);
    stores_32(0xa0000, 64000, 20000);
}

static void fill_text(void)
{
    text(VGA_ROW_MODE_2_9X16);
    for (unsigned n = 0; n < 2000; n++) {
        uint32_t to = 0xb8000, from = 0xb8000 + 160, count = 24 * 40;
        __asm__ volatile("rep movsl" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
        for (unsigned i = 0; i < 80; i++)
            *(volatile uint16_t *)(0xb8000 + 24 * 160 + 2 * i) = (uint16_t)(0x0700 + n + i);
    }
}

static void fill_linear(void)
{
    linear(32, false);
    stores_32(frame_buffer(), 640 * 480 * 4, 600);
}

static void fill_linear_string(void)
{
    linear(32, false);
    string_stores(frame_buffer(), 640 * 480 * 4, 600);
}

/* --- which --- */

static const struct {
    const char *name;
    void (*make)(void);
} pictures[] = {
    {"show=text", text_80},
    {"show=text8", text_8_dots},
    {"show=04", cga_4},
    {"show=06", cga_2},
    {"show=0d", planes_0d},
    {"show=0e", planes_0e},
    {"show=10", planes_10},
    {"show=11", planes_11},
    {"show=12", planes_12},
    {"show=13", mode_13},
    {"show=x", mode_x},
    {"show=split", split},
    {"show=vbe4", vbe_4},
    {"show=vbe8", vbe_8},
    {"show=vbe15", vbe_15},
    {"show=vbe16", vbe_16},
    {"show=vbe24", vbe_24},
    {"show=vbe32", vbe_32},
    {"show=banked", vbe_banked},
    {"show=code", show_code},
    {"fill=12", fill_12},
    {"fill=12x4", fill_12_32},
    {"fill=12rep", fill_12_string},
    {"fill=pixels", fill_12_pixels},
    {"fill=copy", fill_12_copy},
    {"fill=x", fill_x},
    {"fill=13", fill_13},
    {"fill=text", fill_text},
    {"fill=linear", fill_linear},
    {"fill=linear-rep", fill_linear_string},
};

static bool ends_in(const char *line, const char *word)
{
    const char *l = line, *w = word;
    while (*l)
        l++;
    while (*w)
        w++;
    while (w > word && l > line && l[-1] == w[-1])
        l--, w--;
    return w == word;
}

static void say(const char *text)
{
    while (*text)
        out8(0xe9, (uint8_t)*text++);
}

void guest_main(const char *line)
{
    for (unsigned i = 0; i < sizeof pictures / sizeof *pictures; i++)
        if (ends_in(line, pictures[i].name)) {
            if (pictures[i].name[0] == 'f')
                say("begin\n");
            pictures[i].make();
            say("end\n");
            out8(0x501, 0);
        }
}
