/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random numbers and values with edges (splitmix64). */
#ifndef TESTS_NATIVE_RANDOM_H
#define TESTS_NATIVE_RANDOM_H

#include "ops/types.h"

struct random {
    u64 state;
};

static inline u64 mix64(u64 z)
{
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static inline struct random random_of(u64 seed, u64 n)
{
    return (struct random){mix64(seed * 0x9e3779b97f4a7c15u + 1) ^ mix64(n + 0x51ed270b)};
}

static inline u32 next_random(struct random *r)
{
    return (u32)(mix64(r->state += 0x9e3779b97f4a7c15u) >> 32);
}

static inline u32 below(struct random *r, u32 limit)
{
    return (u32)((u64)next_random(r) * limit >> 32);
}

/* True once in n. */
static inline bool one_in(struct random *r, u32 n)
{
    return below(r, n) == 0;
}

/* Half of the time at an edge of 8, 16 or 32 bits. */
static inline u32 random_value(struct random *r)
{
    static const u32 edges[] = {0,          1,          2,          0x7f,       0x80,
                                0xff,       0x100,      0x7fff,     0x8000,     0xffff,
                                0x10000,    0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe,
                                0xffffffff, 0xffffff80, 0xffff8000};
    u32 value = next_random(r);

    switch (below(r, 6)) {
    case 0:
    case 1:
        return edges[value % (sizeof edges / sizeof *edges)];
    case 2:
        return edges[value % (sizeof edges / sizeof *edges)] + (value >> 28) - 8;
    case 3:
        return value & 0x3f;
    default:
        return value;
    }
}

#endif
