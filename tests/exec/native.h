/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The host CPU as an oracle: runs one 32-bit instruction in compatibility mode.
 *
 *   struct native_state s = {.regs = {...}, .flags = FLAG_CF};
 *   bool done = native_run(bytes, size, &s);      false if the instruction raised an exception
 */
#ifndef TESTS_EXEC_NATIVE_H
#define TESTS_EXEC_NATIVE_H

#include "ops/i386/cpu.h"

struct native_state {
    u32 regs[8];
    u32 flags; /* FLAGS_ARITH */
};

/* Memory that both the instruction and the test see, at an address that guest RAM has, too. */
enum { NATIVE_DATA = 0x200000, NATIVE_DATA_SIZE = 0x2000 };

/* What the last instruction that raised an exception left: the signal, and FXSAVE's image. */
enum { FXSAVE_SIZE = 512 };
extern struct native_fault {
    int signal;
    u8 fxsave[FXSAVE_SIZE];
} native_fault;

bool native_run(const u8 *instruction, size_t size, struct native_state *s);

#endif
