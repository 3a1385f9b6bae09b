/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a memory op asks for when its TLB lookup misses: the translator puts a descriptor into
 * the op's cold part, which leaves it in cpu->core.slow; helper_slow_mem reads it.
 *
 *   bits 0..2    enum slow_kind
 *   bits 3..5    log2 of the size in bytes
 *   bits 6..9    enum location the value is loaded to or stored from; of 8 bytes the low half,
 *                the high half being in the location behind it
 *   bit  10      SLOW_IMMEDIATE: the value stored is cpu->core.slow_imm (of 8 bytes, the low half)
 *   bit  11      SLOW_ALIGNED: #GP if the address is not a multiple of the size
 *   bits 16..31  cpu->cc_op at this instruction as the translator knows it, or SLOW_CC_STORED
 */
#ifndef OPS_I386_SLOW_H
#define OPS_I386_SLOW_H

#include "ops/i386/cpu.h"

enum slow_kind {
    SLOW_LOAD,        /* zero-extended */
    SLOW_LOAD_SIGNED, /* sign-extended to 32 bits */
    SLOW_LOAD_WRITE,  /* of a read-modify-write: what faults is a write */
    SLOW_LOAD_SIGNED_WRITE,
    SLOW_STORE,
    SLOW_LOAD_FIELD, /* 4, 8 or 16 bytes to the XMM register at cpu->core.slow_imm, with zeros above
                      */
    SLOW_STORE_FIELD,
};

enum {
    SLOW_KIND = 7,
    SLOW_SIZE_SHIFT = 3,
    SLOW_LOCATION_SHIFT = 6,
    SLOW_IMMEDIATE = 1 << 10,
    SLOW_ALIGNED = 1 << 11,
    SLOW_CC_SHIFT = 16,
    SLOW_CC_STORED = 0xffff, /* cpu->cc_op is right already */
};

/* cc: a value of cpu->cc_op, or SLOW_CC_STORED. */
static inline u32 slow_access(enum slow_kind kind, unsigned log2_size, enum location location,
                              u32 cc)
{
    return (u32)kind | log2_size << SLOW_SIZE_SHIFT | (u32)location << SLOW_LOCATION_SHIFT |
           cc << SLOW_CC_SHIFT;
}

static inline u32 slow_store_immediate(unsigned log2_size, u32 cc)
{
    return (u32)SLOW_STORE | log2_size << SLOW_SIZE_SHIFT | SLOW_IMMEDIATE | cc << SLOW_CC_SHIFT;
}

static inline u32 slow_access_field(enum slow_kind kind, unsigned log2_size, bool aligned, u32 cc)
{
    return (u32)kind | log2_size << SLOW_SIZE_SHIFT | (aligned ? SLOW_ALIGNED : 0) |
           cc << SLOW_CC_SHIFT;
}

static inline enum slow_kind slow_kind(u32 slow)
{
    return (enum slow_kind)(slow & SLOW_KIND);
}

static inline unsigned slow_size(u32 slow)
{
    return 1u << (slow >> SLOW_SIZE_SHIFT & 7);
}

static inline unsigned slow_location(u32 slow)
{
    return slow >> SLOW_LOCATION_SHIFT & 15;
}

static inline u32 slow_cc(u32 slow)
{
    return slow >> SLOW_CC_SHIFT;
}

/*
 * The same for an operand that its segment's inline bounds refuse: bits 0..2 segment register,
 * bit 3 write, bits 4..15 size in bytes, bits 16..31 as above. T0 is the offset, then the linear
 * address if no exception is due after all.
 */
static inline u32 slow_segment(enum segment_register segment, bool write, unsigned size, u32 cc)
{
    return (u32)segment | (u32)write << 3 | size << 4 | cc << SLOW_CC_SHIFT;
}
void helper_slow_segment(struct cpu *cpu);

/* Does the access at linear address regs[T0] that cpu->core.slow describes; raises what it raises.
 */
void helper_slow_mem(struct cpu *cpu);

#endif
