/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fixture for tests of paging: the cpu of fake_cpu.h, and names for its page tables. */
#ifndef TESTS_EXEC_PAGES_H
#define TESTS_EXEC_PAGES_H

#include "tests/exec/fake_cpu.h"

enum { P = 1, W = 2, U = 4, A = 0x20, D = 0x40, PS = 0x80, G = 0x100 };
enum {
    PAGE = 0x40000000, /* a linear page that tests map */
    FRAME = 0x200000,  /* and what it is mapped to */
};

static struct cpu *cpu;
static struct memory *m;

static inline void setup(void)
{
    fake_setup();
    cpu = fake.cpu;
    m = fake.memory;
}

static inline void setup_paging(void)
{
    setup();
    fake_paging();
}

static inline void set_entry(u32 linear, u32 value)
{
    memory_write(m, fake_entry_address(linear), value, 4);
}

static inline void set_directory(u32 linear, u32 value)
{
    memory_write(m, FAKE_DIRECTORY + (linear >> 22) * 4, value, 4);
}

static inline u32 directory(u32 linear)
{
    return memory_read(m, FAKE_DIRECTORY + (linear >> 22) * 4, 4);
}

#endif
