/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The jump cache: where generated code finds the code of an indirect jump's target without leaving.
 * A key is the target's mode << 32 | pc; while
 * the exec loop is asked for (exit_request), what is looked for is no entry's. It is filled and
 * emptied by the softmmu alone, since a linear address means something else when mappings change.
 */
#ifndef OPS_JUMP_CACHE_H
#define OPS_JUMP_CACHE_H

#include "ops/types.h"

struct jump_cache_entry {
    u64 key;
    const void *code;
};

enum {
    JUMP_CACHE_BITS = 14,
    JUMP_CACHE_SIZE = 1 << JUMP_CACHE_BITS,
    JUMP_CACHE_ENTRY_BITS = 4, /* log2 of an entry's size */
};
#define JUMP_CACHE_NO_KEY (~(u64)0) /* no mode has all bits set */
_Static_assert(sizeof(void *) != 8 || sizeof(struct jump_cache_entry) == 1 << JUMP_CACHE_ENTRY_BITS,
               "generated code multiplies by it");

static inline u32 jump_cache_index(u32 pc)
{
    u32 hash = pc * 0x9e3779b1u; /* Fibonacci hashing */

    return hash >> (32 - JUMP_CACHE_BITS);
}

/* The same in bytes. */
static inline u64 jump_cache_offset(u32 pc)
{
    return (u64)jump_cache_index(pc) << JUMP_CACHE_ENTRY_BITS;
}

#endif
