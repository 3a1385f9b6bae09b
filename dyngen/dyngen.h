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
 *
 * What has been emitted can be given another value or target; NAME's template is
 * dyngen_templates[DYNGEN_OP_NAME]:
 *
 *     const struct dyngen_template *t = &dyngen_templates[DYNGEN_OP_NAME];
 *     uint8_t *code = e.at;
 *     t->emit(&e);
 *     dyngen_patch(t, code, e.exec, DYNGEN_TAKEN, (uintptr_t)elsewhere);
 */
#ifndef DYNGEN_H
#define DYNGEN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { DYNGEN_TARGETS = 2, DYNGEN_PARAMS = 8 };

/* What holes are filled with. All before DYNGEN_NEXT can be patched. */
enum dyngen_source {
    DYNGEN_TAKEN, /* __op_taken */
    DYNGEN_COLD,  /* __op_cold */
    DYNGEN_PARAM1,
    DYNGEN_PARAM2,
    DYNGEN_PARAM3,
    DYNGEN_PARAM4,
    DYNGEN_PARAM5,
    DYNGEN_PARAM6,
    DYNGEN_PARAM7,
    DYNGEN_PARAM8,
    DYNGEN_NEXT, /* the code behind the template */
    DYNGEN_FIXED /* a helper, or constants that the object brought */
};

/*
 * Fields of instructions, by their bits and by what the host makes of them. signed: sign-extends
 * them; unsigned: zero-extends them, or what it makes of them; wrap: does nothing that is wider,
 * so that a value may be meant either way, and is taken modulo the field's width.
 */
enum dyngen_field {
    DYNGEN_SIGNED8,
    DYNGEN_SIGNED16,
    DYNGEN_SIGNED32,
    DYNGEN_UNSIGNED32,
    DYNGEN_WRAP8,
    DYNGEN_WRAP16,
    DYNGEN_WRAP32,
    DYNGEN_WHOLE64,
    DYNGEN_RELATIVE32 /* the distance from the field itself */
};

enum dyngen_status {
    DYNGEN_OK,
    DYNGEN_NO_ROOM, /* the template does not fit before end; nothing was written */
    DYNGEN_RANGE,   /* a value does not fit its field */
    DYNGEN_NO_HOLE  /* there is no hole to patch, or none that can be aligned */
};

/* A field of a template, and what goes into it. */
struct dyngen_hole {
    const char *symbol; /* as the op names it */
    uintptr_t address;  /* DYNGEN_FIXED: what it is filled with */
    int64_t addend;     /* added to that */
    uint16_t at;        /* in the template */
    uint8_t source;     /* enum dyngen_source */
    uint8_t field;      /* enum dyngen_field */
};

/* Where an emitter writes and what it puts in the holes. */
struct dyngen_emit {
    uint8_t *at;                        /* writable view: the next byte; an emitter advances it */
    uint8_t *end;                       /* writable view: the first byte not to be written */
    intptr_t exec;                      /* executable address of a byte less its writable address */
    uint64_t param[DYNGEN_PARAMS];      /* param[0] is __op_param1 */
    const void *target[DYNGEN_TARGETS]; /* executable addresses for __op_taken, __op_cold */
    const struct dyngen_hole *misfit;   /* out, after DYNGEN_RANGE: which hole it was; at is where
                                         * it was */
};

struct dyngen_template {
    const char *name; /* without op_ */
    enum dyngen_status (*emit)(struct dyngen_emit *);
    const struct dyngen_hole *holes; /* in their order in the code */
    uint16_t hole_count;
    uint16_t size;   /* bytes emitted */
    uint8_t params;  /* bit n: uses __op_param(n+1) */
    uint8_t targets; /* bit n: uses target n */
};

/*
 * The field writers, for generated code. Each returns nonzero if the value, which includes the
 * addend, does not fit. To wrap, only what the sum is made of must fit.
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

static inline uint64_t dyngen_unsigned32(uint8_t *field, uint64_t value)
{
    uint32_t bits = (uint32_t)value;
    memcpy(field, &bits, sizeof bits);
    return value >> 32;
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
 * Any of them: what is to be in a hole that runs at `place`, written to `field`, which has 8
 * bytes. Nonzero if it does not fit.
 */
static inline uint64_t dyngen_fill(const struct dyngen_hole *h, uint8_t *field, uint64_t place,
                                   uint64_t value)
{
    uint64_t addend = (uint64_t)h->addend, sum = value + addend;
    switch (h->field) {
    case DYNGEN_SIGNED8:
        return dyngen_signed8(field, sum);
    case DYNGEN_SIGNED16:
        return dyngen_signed16(field, sum);
    case DYNGEN_SIGNED32:
        return dyngen_signed32(field, sum);
    case DYNGEN_UNSIGNED32:
        return dyngen_unsigned32(field, sum);
    case DYNGEN_WRAP8:
        return dyngen_wrap8(field, value, addend);
    case DYNGEN_WRAP16:
        return dyngen_wrap16(field, value, addend);
    case DYNGEN_WRAP32:
        return dyngen_wrap32(field, value, addend);
    case DYNGEN_RELATIVE32:
        return dyngen_signed32(field, sum - place);
    default:
        return dyngen_whole64(field, sum);
    }
}

static inline unsigned dyngen_field_size(const struct dyngen_hole *h)
{
    switch (h->field) {
    case DYNGEN_SIGNED8:
    case DYNGEN_WRAP8:
        return 1;
    case DYNGEN_SIGNED16:
    case DYNGEN_WRAP16:
        return 2;
    case DYNGEN_WHOLE64:
        return 8;
    default:
        return 4;
    }
}

/* What a source's value is for code at e->at, without the addend. For generated code. */
static inline uint64_t dyngen_value(const struct dyngen_emit *e, const struct dyngen_template *t,
                                    const struct dyngen_hole *h)
{
    if (h->source < DYNGEN_TARGETS)
        return (uintptr_t)e->target[h->source];
    if (h->source < DYNGEN_NEXT)
        return e->param[h->source - DYNGEN_PARAM1];
    if (h->source == DYNGEN_FIXED)
        return h->address;
    return (uintptr_t)e->at + t->size + (uintptr_t)e->exec;
}

/* Sets e->misfit. For generated code, which has found that there is one. */
static inline enum dyngen_status dyngen_find_misfit(struct dyngen_emit *e,
                                                    const struct dyngen_template *t)
{
    uint8_t field[8];
    uint64_t start = (uintptr_t)e->at + (uintptr_t)e->exec;
    for (unsigned i = 0; i < t->hole_count; i++) {
        const struct dyngen_hole *h = &t->holes[i];
        if (!dyngen_fill(h, field, start + h->at, dyngen_value(e, t, h)))
            continue;
        e->misfit = h;
        break;
    }
    return DYNGEN_RANGE;
}

/*
 * One store instruction, behind all stores before it. It is atomic if its bytes are in one
 * aligned quadword (AMD64 Architecture Programmer's Manual vol. 2, 7.3.2; Intel SDM vol. 3,
 * 9.1.1).
 */
typedef uint16_t dyngen_word __attribute__((aligned(1), may_alias));
typedef uint32_t dyngen_long __attribute__((aligned(1), may_alias));
typedef uint64_t dyngen_quad __attribute__((aligned(1), may_alias));

static inline void dyngen_store(uint8_t *field, const uint8_t *bytes, unsigned size)
{
    __atomic_thread_fence(__ATOMIC_RELEASE);
    switch (size) {
    case 1:
        *(volatile uint8_t *)field = *bytes;
        break;
    case 2:
        *(volatile dyngen_word *)field = *(const dyngen_word *)bytes;
        break;
    case 4:
        *(volatile dyngen_long *)field = *(const dyngen_long *)bytes;
        break;
    default:
        *(volatile dyngen_quad *)field = *(const dyngen_quad *)bytes;
        break;
    }
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
    enum dyngen_status status = DYNGEN_NO_HOLE;
    if (source >= DYNGEN_NEXT)
        return status;
    for (int writing = 0; writing < 2; writing++)
        for (unsigned i = 0; i < t->hole_count; i++) {
            const struct dyngen_hole *h = &t->holes[i];
            uint8_t bytes[8], *field = code + h->at;
            if (h->source != source)
                continue;
            if (dyngen_fill(h, bytes, (uintptr_t)field + (uintptr_t)exec, value))
                return DYNGEN_RANGE;
            if (writing)
                dyngen_store(field, bytes, dyngen_field_size(h));
            status = DYNGEN_OK;
        }
    return status;
}

/* The same for one jump whose place (its DYNGEN_RELATIVE32 field) is known. */
static inline enum dyngen_status dyngen_patch_jump(uint8_t *field, intptr_t exec, const void *to)
{
    uint8_t bytes[4];
    uintptr_t next = (uintptr_t)field + (uintptr_t)exec + sizeof bytes;
    if (dyngen_signed32(bytes, (uint64_t)((uintptr_t)to - next)))
        return DYNGEN_RANGE;
    dyngen_store(field, bytes, sizeof bytes);
    return DYNGEN_OK;
}

/*
 * Can t's fields for a source be patched atomically, each for itself, if t is emitted at `at`? 0
 * if it has none.
 */
static inline int dyngen_is_atomic(const struct dyngen_template *t, uintptr_t at,
                                   enum dyngen_source source)
{
    int any = 0;
    for (unsigned i = 0; i < t->hole_count; i++) {
        const struct dyngen_hole *h = &t->holes[i];
        if (h->source != source)
            continue;
        any = 1;
        if (((at + h->at) & 7) + dyngen_field_size(h) > 8)
            return 0;
    }
    return any;
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
