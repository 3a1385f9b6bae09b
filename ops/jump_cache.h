/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The jump cache: where generated code finds the code of an indirect jump's target without leaving.
 * A key is the target's mode << 32 | pc; while
 * the exec loop is asked for (exit_request), what is looked for is no entry's. It is filled and
 * emptied by the softmmu alone, since a linear address means something else when mappings change.
 *
 * Keys and codes are arrays of their own: a processor reaches an element of 8 bytes by its index.
 */
#ifndef OPS_JUMP_CACHE_H
#define OPS_JUMP_CACHE_H

#include "ops/types.h"

enum { JUMP_CACHE_BITS = 14, JUMP_CACHE_SIZE = 1 << JUMP_CACHE_BITS };

struct jump_cache {
    u64 key[JUMP_CACHE_SIZE];
    const void *code[JUMP_CACHE_SIZE];
};
#define JUMP_CACHE_NO_KEY (~(u64)0) /* no mode has all bits set */

static inline u32 jump_cache_index(u32 pc)
{
    u32 hash = pc * 0x9e3779b1u; /* Fibonacci hashing */

    return hash >> (32 - JUMP_CACHE_BITS);
}

#endif
