/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * x87 micro-ops on memory at D + P1, done by the host's instruction on the host's memory. A miss
 * leaves the linear address in T0 for helper_x87.
 */
#define X87_LOAD(name, escape, reg, type, insn)                                                    \
    OP(x87_##name)                                                                                 \
    {                                                                                              \
        ADDRESS(type, D);                                                                          \
        X87_DO_LOAD(escape, reg, insn, MEMORY(const type));                                        \
        NEXT;                                                                                      \
    }
#define X87_STORE(name, escape, reg, type, insn)                                                   \
    OP(x87_##name)                                                                                 \
    {                                                                                              \
        ADDRESS(type, D);                                                                          \
        X87_DO_STORE(escape, reg, insn, MEMORY(type));                                             \
        NEXT;                                                                                      \
    }
#include "ops/i386/x87.def"
