/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ROM's C runs on its caller's stack, in real, virtual 8086 or 16-bit protected mode:
 *
 *   DS, ES, SS   the stack's segment, so that pointers to locals are plain pointers
 *   FS           the ROM's: constants are declared ROM (rom.h)
 *   GS           0: interrupt vectors and the BIOS data area
 *
 * ES is borrowed by those functions here that reach other segments. Constants that the compiler
 * would make up by itself would be looked for on the stack: rom.ld refuses them.
 */
#ifndef BIOS_VGA_MACHINE_H
#define BIOS_VGA_MACHINE_H

#include "bios/vga/rom.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The caller's registers, as entry.S pushes them. */
union reg {
    uint32_t e;
    uint16_t x;
    struct {
        uint8_t l, h;
    };
};
struct regs {
    union reg di, si, bp, sp, b, d, c, a;
    uint16_t gs, fs, es, ds;
};

struct far {
    uint16_t offset, segment;
};

/* The BIOS data area, from 40:00 on, as far as it is video's. */
struct bda {
    uint8_t before_equipment[0x10];
    uint16_t equipment;
    uint8_t before_mode[0x37];
    uint8_t mode;
    uint16_t columns, page_size, page_start;
    struct {
        uint8_t column, row;
    } cursor[8];
    uint8_t cursor_end, cursor_start;
    uint8_t page;
    uint16_t crtc;
    uint8_t cga_mode, cga_color;
    uint8_t before_rows[0x1d];
    uint8_t last_row;
    uint16_t char_height;
    uint8_t control, switches, flags, display;
    uint8_t before_save[0x1d];
    struct far save;
    uint8_t before_vbe_mode[0x0e];
    uint16_t vbe_mode; /* BX of 4F02h */
} __attribute__((packed));
_Static_assert(offsetof(struct bda, mode) == 0x49 && offsetof(struct bda, crtc) == 0x63 &&
                   offsetof(struct bda, last_row) == 0x84 && offsetof(struct bda, save) == 0xa8,
               "programs know this layout");
_Static_assert(offsetof(struct bda, vbe_mode) == 0xba, "where other BIOSes have it");

/* Bits of bda.control. */
enum { CONTROL_CURSOR_AS_IS = 0x01, CONTROL_NO_CLEAR = 0x80 };
/* Bits of bda.flags: also lines of text modes: 350 if neither of LINES is there. */
enum {
    FLAGS_VGA = 0x01,
    FLAGS_GRAY = 0x02,
    FLAGS_MONO = 0x04,
    FLAGS_KEEP_DAC = 0x08,
    FLAGS_LINES_400 = 0x10,
    FLAGS_LINES_200 = 0x80
};

#define BDA ((volatile __seg_gs struct bda *)0x400)

/*
 * VBE 3.0's protected mode information block. In real mode it holds segments; a protected mode
 * system puts selectors there, in its copy of the ROM.
 */
struct pm_info {
    uint8_t signature[4];
    uint16_t entry, initialize;
    uint16_t data, a0000, b0000, b8000, code;
    uint8_t in_protected_mode, checksum;
};
extern volatile ROM struct pm_info pm_info;

static inline void outb(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void outw(uint16_t port, uint16_t value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline void outl(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t inb(uint16_t port)
{
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint16_t inw(uint16_t port)
{
    uint16_t value;
    __asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint32_t inl(uint16_t port)
{
    uint32_t value;
    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

/* The segment that the ROM runs in, or its selector. */
static inline uint16_t rom_segment(void)
{
    uint16_t segment;
    __asm__("movw %%fs, %w0" : "=r"(segment));
    return segment;
}

static inline struct far far(uint16_t segment, uint16_t offset)
{
    return (struct far){offset, segment};
}

/* Of a constant. */
static inline struct far far_rom(ROM void *constant)
{
    return far(rom_segment(), (uint16_t)(uintptr_t)constant);
}

static inline struct far far_add(struct far p, uint16_t n)
{
    return far(p.segment, (uint16_t)(p.offset + n));
}

static inline uint8_t far_read8(struct far p)
{
    uint8_t value;
    __asm__ volatile("movw %w1, %%es\n\tmovb %%es:(%2), %0\n\tpushw %%ss\n\tpopw %%es"
                     : "=q"(value)
                     : "r"(p.segment), "r"((uint32_t)p.offset)
                     : "memory");
    return value;
}

static inline uint16_t far_read16(struct far p)
{
    uint16_t value;
    __asm__ volatile("movw %w1, %%es\n\tmovw %%es:(%2), %w0\n\tpushw %%ss\n\tpopw %%es"
                     : "=r"(value)
                     : "r"(p.segment), "r"((uint32_t)p.offset)
                     : "memory");
    return value;
}

static inline void far_write8(struct far p, uint8_t value)
{
    __asm__ volatile("movw %w1, %%es\n\tmovb %0, %%es:(%2)\n\tpushw %%ss\n\tpopw %%es"
                     :
                     : "q"(value), "r"(p.segment), "r"((uint32_t)p.offset)
                     : "memory");
}

static inline void far_write16(struct far p, uint16_t value)
{
    __asm__ volatile("movw %w1, %%es\n\tmovw %w0, %%es:(%2)\n\tpushw %%ss\n\tpopw %%es"
                     :
                     : "r"(value), "r"(p.segment), "r"((uint32_t)p.offset)
                     : "memory");
}

static inline void far_write32(struct far p, uint32_t value)
{
    far_write16(p, (uint16_t)value);
    far_write16(far_add(p, 2), (uint16_t)(value >> 16));
}

static inline struct far far_read_far(struct far p)
{
    return far(far_read16(far_add(p, 2)), far_read16(p));
}

static inline void far_write_far(struct far p, struct far value)
{
    far_write16(p, value.offset);
    far_write16(far_add(p, 2), value.segment);
}

/* Interrupt vectors. */
struct far vector_get(uint8_t number);
void vector_set(uint8_t number, struct far to);

/* `count` bytes, words; 0 is none. */
void far_fill8(struct far p, uint8_t value, uint16_t count);
void far_fill16(struct far p, uint16_t value, uint16_t count);
/*
 * `count` bytes; not across the end of a segment. One after the other, as latches want it; or, if
 * it does not matter, four at a time.
 */
void far_copy_bytes(struct far to, struct far from, uint16_t count);
void far_copy(struct far to, struct far from, uint16_t count);

#endif
