/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The i386's slow paths. */
#ifndef OPS_I386_SLOW_H
#define OPS_I386_SLOW_H

#include "ops/i386/cpu.h"
#include "ops/slow.h"

/* Does the access at linear address regs[T0] that core.slow describes; raises what it raises. */
void helper_slow_mem(struct cpu *cpu);

/*
 * An operand that its segment's inline bounds refuse: bits 0..2 segment register, bit 3 write, bits
 * 4..15 size in bytes, as slow_own() has it. T0 is the offset, then the linear address if no
 * exception is due after all.
 */
static inline u32 slow_segment(enum segment_register segment, bool write, unsigned size)
{
    return (u32)segment | (u32)write << 3 | size << 4;
}
void helper_slow_segment(struct cpu *cpu);

#endif
