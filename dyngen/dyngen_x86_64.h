/* SPDX-License-Identifier: 0BSD */
/*
 * Copyright (C) 2026 by the authors of Tessera
 *
 * Permission to use, copy, modify, and/or distribute this software for any purpose with or without
 * fee is hereby granted.
 *
 * THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS
 * SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE
 * AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
 * WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT,
 * NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE
 * OF THIS SOFTWARE.
 */
/* dyngen_x86_64.h: the part of dyngen.h that is x86-64's. */
#ifndef DYNGEN_X86_64_H
#define DYNGEN_X86_64_H

#include "dyngen.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The writers, for generated code: dyngen_fill for the fields that there are, told by what the host
 * makes of them and their bits. A unit is all field, but for a condition, which is the lower half
 * of its byte. Each returns nonzero if value + addend does not fit; to wrap, only the value must.
 */
static inline uint64_t dyngen_unsigned4(uint8_t *field, intptr_t exec, uint64_t value,
                                        uint64_t addend)
{
    (void)exec;
    *field = (uint8_t)((*field & 0xf0) | ((value + addend) & 0xf));
    return (value + addend) >> 4;
}

static inline uint64_t dyngen_signed8(uint8_t *field, intptr_t exec, uint64_t value,
                                      uint64_t addend)
{
    (void)exec;
    *field = (uint8_t)(value + addend);
    return (value + addend + 0x80) >> 8;
}

static inline uint64_t dyngen_signed16(uint8_t *field, intptr_t exec, uint64_t value,
                                       uint64_t addend)
{
    (void)exec;
    uint16_t bits = (uint16_t)(value + addend);
    memcpy(field, &bits, sizeof bits);
    return (value + addend + 0x8000) >> 16;
}

static inline uint64_t dyngen_signed32(uint8_t *field, intptr_t exec, uint64_t value,
                                       uint64_t addend)
{
    (void)exec;
    uint32_t bits = (uint32_t)(value + addend);
    memcpy(field, &bits, sizeof bits);
    return (value + addend + 0x80000000U) >> 32;
}

static inline uint64_t dyngen_unsigned32(uint8_t *field, intptr_t exec, uint64_t value,
                                         uint64_t addend)
{
    (void)exec;
    uint32_t bits = (uint32_t)(value + addend);
    memcpy(field, &bits, sizeof bits);
    return (value + addend) >> 32;
}

static inline uint64_t dyngen_wrap8(uint8_t *field, intptr_t exec, uint64_t value, uint64_t addend)
{
    (void)exec;
    *field = (uint8_t)(value + addend);
    return value + 0x80 > 0x17f;
}

static inline uint64_t dyngen_wrap16(uint8_t *field, intptr_t exec, uint64_t value, uint64_t addend)
{
    (void)exec;
    uint16_t bits = (uint16_t)(value + addend);
    memcpy(field, &bits, sizeof bits);
    return value + 0x8000 > 0x17fff;
}

static inline uint64_t dyngen_wrap32(uint8_t *field, intptr_t exec, uint64_t value, uint64_t addend)
{
    (void)exec;
    uint32_t bits = (uint32_t)(value + addend);
    memcpy(field, &bits, sizeof bits);
    return value + 0x80000000U > 0x17fffffffU;
}

static inline uint64_t dyngen_any64(uint8_t *field, intptr_t exec, uint64_t value, uint64_t addend)
{
    (void)exec;
    uint64_t bits = value + addend;
    memcpy(field, &bits, sizeof bits);
    return 0;
}

static inline uint64_t dyngen_relative32(uint8_t *field, intptr_t exec, uint64_t value,
                                         uint64_t addend)
{
    uint64_t place = (uintptr_t)field + (uintptr_t)exec;
    return dyngen_signed32(field, exec, value - place, addend);
}

/* For code at executable addresses, before it runs: an x86-64 needs nothing done. */
static inline void dyngen_flush(const void *code, size_t size)
{
    (void)code, (void)size;
}

/*
 * Gives t, which has been emitted at `code` (in the writable view), another value or target: all
 * fields that take it. DYNGEN_RANGE: it does not fit one of them, and all are as they were;
 * DYNGEN_NO_HOLE: t has none.
 *
 * Each field is written by one store. Another thread may run the code meanwhile if that store is
 * atomic (dyngen_is_atomic) and each field alone makes sense with the others' old values.
 */
static inline enum dyngen_status dyngen_patch(const struct dyngen_template *t, uint8_t *code,
                                              intptr_t exec, enum dyngen_source source,
                                              uint64_t value)
{
    return dyngen_patch_fields(t, code, exec, source, value);
}

/* Is a hole's field one that dyngen_patch_jump can be given? */
static inline int dyngen_is_jump(const struct dyngen_hole *h)
{
    return h->field.base == DYNGEN_RELATIVE && h->field.width == 32;
}

/* The same for one jump, or call, whose place (its field) is known. */
static inline enum dyngen_status dyngen_patch_jump(uint8_t *field, intptr_t exec, const void *to)
{
    enum { SIZE = 4 };
    uint64_t distance = (uintptr_t)to - ((uintptr_t)field + (uintptr_t)exec + SIZE);
    if ((distance + 0x80000000U) >> 32)
        return DYNGEN_RANGE;
    dyngen_store(field, SIZE, distance);
    return DYNGEN_OK;
}

/*
 * Can t's fields for a source be patched atomically, each for itself, if t is emitted at `at`? 0
 * if it has none. A store is atomic if its bytes are in one aligned quadword (AMD64 Architecture
 * Programmer's Manual vol. 2, 7.3.2; Intel SDM vol. 3, 9.1.1).
 */
static inline int dyngen_is_atomic(const struct dyngen_template *t, uintptr_t at,
                                   enum dyngen_source source)
{
    return dyngen_units_lie_in(t, at, source, 8);
}

/*
 * Emits no-ops, 7 bytes at most, so that t can be patched atomically if it is emitted next.
 * DYNGEN_NO_HOLE: it cannot wherever it is, its fields being too many.
 */
static inline enum dyngen_status
dyngen_align(struct dyngen_emit *e, const struct dyngen_template *t, enum dyngen_source source)
{
    /* SDM vol. 2, NOP: recommended multi-byte sequences */
    static const uint8_t nops[8][8] = {
        {0},
        {0x90},
        {0x66, 0x90},
        {0x0f, 0x1f, 0x00},
        {0x0f, 0x1f, 0x40, 0x00},
        {0x0f, 0x1f, 0x44, 0x00, 0x00},
        {0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00},
        {0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00},
    };
    int pad = 0;
    while (pad < 8 && !dyngen_is_atomic(t, (uintptr_t)e->at + (unsigned)pad, source))
        pad++;
    if (pad == 8)
        return DYNGEN_NO_HOLE;
    if (e->end - e->at < pad)
        return DYNGEN_NO_ROOM;
    memcpy(e->at, nops[pad], (size_t)pad);
    e->at += pad;
    return DYNGEN_OK;
}

#ifdef __cplusplus
}
#endif

#endif
