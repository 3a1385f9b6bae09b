/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * x87 micro-ops on memory at D + P1, done by the host's instruction on the host's memory. A miss
 * leaves the linear address in T0 for helper_x87.
 */
#define X87_MEMORY(type) (*(type *)(FIELD(u64, A3 + index) + address))
#define X87_LOAD(name, escape, reg, type, insn)                                                    \
    OP(x87_##name)                                                                                 \
    {                                                                                              \
        TLB_HIT_OR_COLD(type, D);                                                                  \
        asm volatile(insn " %0" : : "m"(X87_MEMORY(const type)));                                  \
        NEXT;                                                                                      \
    }
#define X87_STORE(name, escape, reg, type, insn)                                                   \
    OP(x87_##name)                                                                                 \
    {                                                                                              \
        TLB_HIT_OR_COLD(type, D);                                                                  \
        asm volatile(insn " %0" : "=m"(X87_MEMORY(type)));                                         \
        NEXT;                                                                                      \
    }
#include "ops/i386/x87.def"
#undef X87_MEMORY
