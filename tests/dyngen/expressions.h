/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expressions.h: what expressions.def is made of. */
#ifndef TEST_EXPRESSIONS_H
#define TEST_EXPRESSIONS_H

#include <stdint.h>
#include <string.h>

typedef uint64_t vector __attribute__((vector_size(16)));

static inline __attribute__((always_inline)) uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline __attribute__((always_inline)) double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

#endif
