/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a helper of ops/i386/helpers.def is defined: `DEFINE_HELPER(name) { ... a ... b ... }`. */
#ifndef EXEC_I386_HELPER_H
#define EXEC_I386_HELPER_H

#include "exec/i386/i386.h"

#define MAYBE_UNUSED __attribute__((unused))
#define DEFINE_HELPER(name)                                                                        \
    void helper_##name(MAYBE_UNUSED struct cpu *cpu, MAYBE_UNUSED u32 a, MAYBE_UNUSED u32 b)

/*
 * Around what a helper accesses for a micro-op, which may be of a block that relies on the stack
 * window (softmmu_rely_on_window): core_leave_window() finds the block by where the helper returns.
 */
#define RELY_ON_WINDOW(yes)                                                                        \
    do {                                                                                           \
        if (yes)                                                                                   \
            cpu->core.resume = __builtin_return_address(0);                                        \
        softmmu_rely_on_window(&cpu->core, yes);                                                   \
    } while (0)

#endif
