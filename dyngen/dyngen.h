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
/*
 * dyngen.h: what a program that uses generated templates needs, C or C++. It stands alone.
 *
 * For every op_NAME in its input dyngen writes emit_NAME, which copies the op's machine code to
 * e->at and fills its holes:
 *
 *     struct dyngen_emit e = {.at = buf, .end = buf + size, .exec = 0};
 *     e.param[0] = 42;                          // __op_param1
 *     e.target[DYNGEN_COLD] = slow_path;        // __op_cold
 *     if (emit_NAME(&e) == DYNGEN_NO_ROOM)
 *         ...                                   // nothing was written
 *
 * Code can be written through one mapping and run in another: exec is the distance from the
 * first to the second. Every value is checked against the range of the field it goes to, in
 * every build; nothing is ever truncated silently.
 */
#ifndef DYNGEN_H
#define DYNGEN_H

#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { DYNGEN_PARAMS = 8 };
enum dyngen_target { DYNGEN_TAKEN, DYNGEN_COLD, DYNGEN_TARGETS };
enum dyngen_status {
    DYNGEN_OK,
    DYNGEN_NO_ROOM, /* the template does not fit before end; nothing was written */
    DYNGEN_RANGE    /* a value does not fit its field; at is where it was */
};

/* Where an emitter writes and what it puts in the holes. */
struct dyngen_emit {
    uint8_t *at;                        /* writable view: the next byte; an emitter advances it */
    uint8_t *end;                       /* writable view: the first byte not to be written */
    intptr_t exec;                      /* executable address of a byte less its writable address */
    uint64_t param[DYNGEN_PARAMS];      /* param[0] is __op_param1 */
    const void *target[DYNGEN_TARGETS]; /* executable addresses for __op_taken, __op_cold */
    /* Out, for the targets that the template has: the writable address of the last PC-relative
     * 32-bit field that refers to it, which dyngen_patch can redirect; NULL if it only refers to
     * it by value. Others are left alone. */
    uint8_t *site[DYNGEN_TARGETS];
};

struct dyngen_template {
    const char *name; /* without op_ */
    enum dyngen_status (*emit)(struct dyngen_emit *);
    uint16_t size;                 /* bytes emitted */
    uint8_t params;                /* bit n: uses __op_param(n+1) */
    uint8_t targets;               /* bit n: uses target n */
    uint8_t sites[DYNGEN_TARGETS]; /* PC-relative 32-bit fields that refer to the target */
};

/*
 * The field writers, for generated code. Each returns nonzero if the value does not fit.
 * signed: the host sign-extends the field, so value + addend must survive that. wrap: the
 * operation is no wider than the field, so the value may be meant either way, and the sum is
 * taken modulo the field's width.
 */
static inline uint64_t dyngen_signed8(uint8_t *field, uint64_t value)
{
    *field = (uint8_t)value;
    return (value + 0x80) >> 8;
}

static inline uint64_t dyngen_signed16(uint8_t *field, uint64_t value)
{
    uint16_t bits = (uint16_t)value;
    memcpy(field, &bits, sizeof bits);
    return (value + 0x8000) >> 16;
}

static inline uint64_t dyngen_signed32(uint8_t *field, uint64_t value)
{
    uint32_t bits = (uint32_t)value;
    memcpy(field, &bits, sizeof bits);
    return (value + 0x80000000U) >> 32;
}

static inline uint64_t dyngen_wrap8(uint8_t *field, uint64_t value, uint64_t addend)
{
    *field = (uint8_t)(value + addend);
    return value + 0x80 > 0x17f;
}

static inline uint64_t dyngen_wrap16(uint8_t *field, uint64_t value, uint64_t addend)
{
    uint16_t bits = (uint16_t)(value + addend);
    memcpy(field, &bits, sizeof bits);
    return value + 0x8000 > 0x17fff;
}

static inline uint64_t dyngen_wrap32(uint8_t *field, uint64_t value, uint64_t addend)
{
    uint32_t bits = (uint32_t)(value + addend);
    memcpy(field, &bits, sizeof bits);
    return value + 0x80000000U > 0x17fffffffU;
}

static inline uint64_t dyngen_whole64(uint8_t *field, uint64_t value)
{
    memcpy(field, &value, sizeof value);
    return 0;
}

static inline uint64_t dyngen_relative32(uint8_t *field, intptr_t exec, uint64_t value)
{
    return dyngen_signed32(field, value - (uint64_t)((uintptr_t)field + (uintptr_t)exec));
}

/*
 * Redirects a PC-relative site (a field of emitted code) to `to`; DYNGEN_RANGE if that is out of
 * reach, and then the field is as it was. The field is written by one 32-bit store, but it need
 * not be aligned: whether another thread may be running the code is the caller's question.
 */
static inline enum dyngen_status dyngen_patch(uint8_t *site, intptr_t exec, const void *to)
{
    uint8_t field[4];
    uintptr_t next = (uintptr_t)site + (uintptr_t)exec + sizeof field;
    if (dyngen_signed32(field, (uint64_t)((uintptr_t)to - next)))
        return DYNGEN_RANGE;
    memcpy(site, field, sizeof field);
    return DYNGEN_OK;
}

#ifdef __cplusplus
}
#endif

#endif
