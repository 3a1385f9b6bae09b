/* SPDX-License-Identifier: 0BSD */
/* dyngen_a64.h: the part of dyngen.h that is A64's. All fields are dyngen_fill's. */
#ifndef DYNGEN_A64_H
#define DYNGEN_A64_H

#include "dyngen.h"

/* Here the test looks on: this is not the machine whose cache is to be flushed. */
extern const void *a64_flushed;
extern size_t a64_flushed_size;

static inline void dyngen_flush(const void *code, size_t size)
{
    a64_flushed = code;
    a64_flushed_size = size;
}

static inline enum dyngen_status dyngen_patch(const struct dyngen_template *t, uint8_t *code,
                                              intptr_t exec, enum dyngen_source source,
                                              uint64_t value)
{
    enum dyngen_status status = dyngen_patch_fields(t, code, exec, source, value);
    if (status == DYNGEN_OK)
        dyngen_flush((const void *)((uintptr_t)code + (uintptr_t)exec), t->size);
    return status;
}

/* A store of an aligned word is atomic (Arm ARM, B2.2.1), and each instruction is one. */
static inline int dyngen_is_atomic(const struct dyngen_template *t, uintptr_t at,
                                   enum dyngen_source source)
{
    return dyngen_units_lie_in(t, at, source, 4);
}

#endif
