/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a memory op asks for when its look-up misses: the layout puts a descriptor into the op's
 * cold part, which leaves it in core.slow for the guest's gate.
 *
 *   bits 0..2    enum slow_kind
 *   bits 3..5    log2 of the size in bytes
 *   bits 6..9    the location the value is loaded to or stored from; of 8 bytes the low half, the
 *                high half being in the location behind it
 *   bit  10      SLOW_IMMEDIATE: the value stored is core.slow_imm (of 8 bytes, the low half)
 *   bit  11      SLOW_ALIGNED: a fault if the address is not a multiple of the size
 *   bit  12      SLOW_WINDOW: accesses by the stack window follow (ops/window.h)
 *   bits 16..31  how the flags follow from their operands at this instruction (what the guest's
 *                store_kind stores), or SLOW_FLAGS_STORED
 */
#ifndef OPS_SLOW_H
#define OPS_SLOW_H

#include "ops/types.h"

enum slow_kind {
    SLOW_LOAD,        /* zero-extended */
    SLOW_LOAD_SIGNED, /* sign-extended to 32 bits */
    SLOW_LOAD_WRITE,  /* of a read-modify-write: what faults is a write */
    SLOW_LOAD_SIGNED_WRITE,
    SLOW_STORE,
    SLOW_LOAD_FIELD, /* 4, 8 or 16 bytes to the 16 of cpu's field at core.slow_imm, zeros above */
    SLOW_STORE_FIELD,
};

enum {
    SLOW_KIND = 7,
    SLOW_SIZE_SHIFT = 3,
    SLOW_LOCATION_SHIFT = 6,
    SLOW_IMMEDIATE = 1 << 10,
    SLOW_ALIGNED = 1 << 11,
    SLOW_WINDOW = 1 << 12,
    SLOW_FLAGS_SHIFT = 16,
    SLOW_FLAGS_STORED = 0xffff, /* they are right already */
};

static inline u32 slow_access(enum slow_kind kind, unsigned log2_size, unsigned location, u32 flags)
{
    return (u32)kind | log2_size << SLOW_SIZE_SHIFT | location << SLOW_LOCATION_SHIFT |
           flags << SLOW_FLAGS_SHIFT;
}

static inline u32 slow_store_immediate(unsigned log2_size, u32 flags)
{
    return (u32)SLOW_STORE | log2_size << SLOW_SIZE_SHIFT | SLOW_IMMEDIATE |
           flags << SLOW_FLAGS_SHIFT;
}

static inline u32 slow_access_field(enum slow_kind kind, unsigned log2_size, bool aligned,
                                    u32 flags)
{
    return (u32)kind | log2_size << SLOW_SIZE_SHIFT | (aligned ? SLOW_ALIGNED : 0) |
           flags << SLOW_FLAGS_SHIFT;
}

/* What a guest's own slow path is told, in bits 0 to 15; those above are as said. */
static inline u32 slow_own(u32 what, u32 flags)
{
    return what | flags << SLOW_FLAGS_SHIFT;
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

static inline u32 slow_flags(u32 slow)
{
    return slow >> SLOW_FLAGS_SHIFT;
}

#endif
