/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program in real mode, all segments 0, that calls BIOS functions and reports by port E9h. */
#ifndef TESTS_BIOS_PROGRAM_H
#define TESTS_BIOS_PROGRAM_H

#include "bios/lib/bda.h"
#include "bios/lib/io.h"
#include "bios/lib/string.h"

/* Where tests may read to and write; as much behind that is free, too. */
#define BUFFER ((u8 *)0x1000)
enum { BUFFER_SIZE = 2048 };

void call(struct regs *r, unsigned vector);

void say(const char *text);
void check(const char *name, bool good, int line);
#define CHECK(name, condition) check(name, (condition), __LINE__)

/* Words, by linear addresses (INT 15h, 87h); false: it failed. */
bool move_memory(u32 from, u32 to, u16 words);
/* INT 15h, 24h: 0 turns A20 off, 1 on; AX. */
u16 a20(u8 function);

/* Sections: what can be told of any machine; and of the drive that has been booted. */
void test_data(void);
void test_memory(void);
void test_keyboard(void);
void test_clock(void);
void test_system(void);
void test_pci(void);
void test_pci32(u32 directory, u32 routes); /* linear addresses: an entry; a table */
void test_mouse(void);
void test_ports(void);
void test_drive(u8 drive);

/* What is at a real-mode or linear address below 1 MiB. */
static inline u8 peek8(u32 linear)
{
    u8 value;
    u16 segment = (u16)(linear >> 4);
    __asm__ volatile("movw %w1, %%fs\n\tmovb %%fs:(%2), %0"
                     : "=q"(value)
                     : "r"(segment), "r"(linear & 15)
                     : "memory");
    return value;
}

static inline u32 peek32(u32 linear)
{
    return peek8(linear) | (u32)peek8(linear + 1) << 8 | (u32)peek8(linear + 2) << 16 |
           (u32)peek8(linear + 3) << 24;
}

#define the_bda ((volatile struct bda *)0x400)

#endif
