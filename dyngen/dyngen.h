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
 * dyngen.h: what a program that uses generated templates needs, C or C++. What depends on the host
 * is in a second header, dyngen_x86_64.h, which the generated one includes. Both stand alone.
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
 *     dyngen_emit_template(&e, t);
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

/* What of a value a field takes. With it goes how it is checked: nothing is cut off in silence. */
enum dyngen_range {
    DYNGEN_SIGNED,   /* the host sign-extends the field */
    DYNGEN_UNSIGNED, /* the host zero-extends it, or what it makes of it */
    DYNGEN_WRAP,     /* the host does nothing wider, so that a value may be meant either way, and is
                      * taken modulo what the field holds */
    DYNGEN_ANY       /* its bits of any value: all 64, or those that other fields leave */
};

/* What a value is counted from. */
enum dyngen_base {
    DYNGEN_ABSOLUTE,
    DYNGEN_RELATIVE, /* the address of the field's own unit */
    DYNGEN_PAGES     /* the page of that: both are rounded down to 4096 first */
};

/*
 * Bits of an instruction. They are in a unit of `size` bytes, 1, 2, 4 or 8, which is read and
 * written at once, in the byte order that the host has for numbers. Where an instruction has a
 * value's bits in several places, each is a field, and they have one unit.
 */
struct dyngen_field {
    uint8_t bit;       /* the lowest, in the unit */
    uint8_t width;     /* how many */
    uint8_t shift;     /* the lowest is this one of the value */
    uint8_t size : 4;  /* of the unit */
    uint8_t zeros : 4; /* so many low bits of the value must be zero */
    uint8_t base : 4;  /* enum dyngen_base */
    uint8_t range : 4; /* enum dyngen_range */
};

enum dyngen_status {
    DYNGEN_OK,
    DYNGEN_NO_ROOM, /* the template does not fit before end; nothing was written */
    DYNGEN_RANGE,   /* a value does not fit its field */
    DYNGEN_NO_HOLE  /* there is no hole to patch, or none that can be aligned */
};

/* A field of a template, and what goes into it. Those of one unit are side by side. */
struct dyngen_hole {
    const char *symbol; /* as the op names it */
    uintptr_t address;  /* DYNGEN_FIXED: what it is filled with */
    int64_t addend;     /* added to that */
    uint16_t at;        /* of its unit, in the template */
    uint8_t source;     /* enum dyngen_source */
    struct dyngen_field field;
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
    enum dyngen_status (*emit)(struct dyngen_emit *, const struct dyngen_template *);
    const uint8_t *code;             /* with its holes empty */
    const struct dyngen_hole *holes; /* in their order in the code */
    uint16_t hole_count;
    uint16_t size;   /* bytes emitted */
    uint8_t params;  /* bit n: uses __op_param(n+1) */
    uint8_t targets; /* bit n: uses target n */
};

/* Copies a template's code to e->at, fills its holes, and advances e->at. */
static inline enum dyngen_status dyngen_emit_template(struct dyngen_emit *e,
                                                      const struct dyngen_template *t)
{
    return t->emit(e, t);
}

/* A unit as a number, and back. */
static inline uint64_t dyngen_get_unit(const uint8_t *unit, unsigned size)
{
    uint8_t one;
    uint16_t two;
    uint32_t four;
    uint64_t eight;
    switch (size) {
    case 1:
        memcpy(&one, unit, sizeof one);
        return one;
    case 2:
        memcpy(&two, unit, sizeof two);
        return two;
    case 4:
        memcpy(&four, unit, sizeof four);
        return four;
    default:
        memcpy(&eight, unit, sizeof eight);
        return eight;
    }
}

static inline void dyngen_set_unit(uint8_t *unit, unsigned size, uint64_t value)
{
    uint8_t one = (uint8_t)value;
    uint16_t two = (uint16_t)value;
    uint32_t four = (uint32_t)value;
    switch (size) {
    case 1:
        memcpy(unit, &one, sizeof one);
        break;
    case 2:
        memcpy(unit, &two, sizeof two);
        break;
    case 4:
        memcpy(unit, &four, sizeof four);
        break;
    default:
        memcpy(unit, &value, sizeof value);
        break;
    }
}

/* 2^n - 1, n up to 64 */
static inline uint64_t dyngen_ones(unsigned n)
{
    return n < 64 ? ((uint64_t)1 << n) - 1 : ~(uint64_t)0;
}

/* What goes into a field whose unit is at `place`: `value` and the hole's addend, from its base. */
static inline uint64_t dyngen_sum(const struct dyngen_hole *h, uint64_t place, uint64_t value)
{
    uint64_t page = 4096, sum = value + (uint64_t)h->addend;
    switch (h->field.base) {
    case DYNGEN_RELATIVE:
        return sum - place;
    case DYNGEN_PAGES:
        return sum / page * page - place / page * page;
    default:
        return sum;
    }
}

/* Does a sum not fit its field? Nonzero if so. To wrap, only what it is made of must fit. */
static inline uint64_t dyngen_does_not_fit(const struct dyngen_hole *h, uint64_t value,
                                           uint64_t sum)
{
    unsigned bits = (unsigned)h->field.width + h->field.shift;
    uint64_t ones = dyngen_ones(bits), half = ones / 2 + 1;
    uint64_t lost = sum & dyngen_ones(h->field.zeros);
    switch (h->field.range) {
    case DYNGEN_SIGNED:
        return lost | ((sum + half) & ~ones);
    case DYNGEN_UNSIGNED:
        return lost | (sum & ~ones);
    case DYNGEN_WRAP:
        return lost | (bits < 64 && value + half > ones + half);
    default:
        return lost;
    }
}

/* Puts a value, without the addend, into a unit that will run at `place`: see dyngen_fill. */
static inline uint64_t dyngen_fill_word(const struct dyngen_hole *h, uint64_t *word, uint64_t place,
                                        uint64_t value)
{
    const struct dyngen_field *f = &h->field;
    uint64_t sum = dyngen_sum(h, place, value), mask = dyngen_ones(f->width);
    *word = (*word & ~(mask << f->bit)) | (sum >> f->shift & mask) << f->bit;
    return dyngen_does_not_fit(h, value, sum);
}

/*
 * Writes what is to be in a hole, `value` without the addend, to its unit, which is at `unit` and
 * will run at `place`; the unit's other bits stay. Nonzero if it does not fit.
 */
static inline uint64_t dyngen_fill(const struct dyngen_hole *h, uint8_t *unit, uint64_t place,
                                   uint64_t value)
{
    uint64_t word = dyngen_get_unit(unit, h->field.size);
    uint64_t bad = dyngen_fill_word(h, &word, place, value);
    dyngen_set_unit(unit, h->field.size, word);
    return bad;
}

/* How many bytes are written when it is patched. */
static inline unsigned dyngen_field_size(const struct dyngen_hole *h)
{
    return h->field.size;
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
    uint8_t unit[8] = {0};
    uint64_t start = (uintptr_t)e->at + (uintptr_t)e->exec;
    for (unsigned i = 0; i < t->hole_count; i++) {
        const struct dyngen_hole *h = &t->holes[i];
        if (!dyngen_fill(h, unit, start + h->at, dyngen_value(e, t, h)))
            continue;
        e->misfit = h;
        break;
    }
    return DYNGEN_RANGE;
}

/* One store instruction, behind all stores before it. */
typedef uint16_t dyngen_word __attribute__((aligned(1), may_alias));
typedef uint32_t dyngen_long __attribute__((aligned(1), may_alias));
typedef uint64_t dyngen_quad __attribute__((aligned(1), may_alias));

static inline void dyngen_store(uint8_t *unit, unsigned size, uint64_t word)
{
    __atomic_thread_fence(__ATOMIC_RELEASE);
    switch (size) {
    case 1:
        *(volatile uint8_t *)unit = (uint8_t)word;
        break;
    case 2:
        *(volatile dyngen_word *)unit = (dyngen_word)word;
        break;
    case 4:
        *(volatile dyngen_long *)unit = (dyngen_long)word;
        break;
    default:
        *(volatile dyngen_quad *)unit = word;
        break;
    }
}

/*
 * What follows is for the host's header, which makes of it
 *
 *     dyngen_flush(code, size)                          code at an executable address has changed
 *     dyngen_patch(t, code, exec, source, value)
 *     dyngen_is_atomic(t, at, source)
 *     dyngen_align(e, t, source)
 *     dyngen_patch_jump(field, exec, to)
 *     dyngen_is_jump(hole)
 *
 * and the writers for generated code, of those fields that it does not leave to dyngen_fill.
 */

/* The unit of t's hole `first` with a value in all of its fields for that hole's source. Nonzero if
 * it does not fit one of them. */
static inline uint64_t dyngen_patched_word(const struct dyngen_template *t, unsigned first,
                                           const uint8_t *code, intptr_t exec, uint64_t value,
                                           uint64_t *word)
{
    const struct dyngen_hole *h = &t->holes[first];
    uint64_t place = (uintptr_t)code + (uintptr_t)exec + h->at, bad;
    *word = dyngen_get_unit(code + h->at, h->field.size);
    bad = dyngen_fill_word(h, word, place, value);
    for (unsigned i = first + 1; i < t->hole_count && t->holes[i].at == h->at; i++)
        if (t->holes[i].source == h->source)
            bad |= dyngen_fill_word(&t->holes[i], word, place, value);
    return bad;
}

/* dyngen_patch, but for the flush. What fits one unit may not fit another, so all are tried before
 * any but a single one is written. */
static inline enum dyngen_status dyngen_patch_fields(const struct dyngen_template *t, uint8_t *code,
                                                     intptr_t exec, enum dyngen_source source,
                                                     uint64_t value)
{
    const struct dyngen_hole *h = NULL;
    unsigned holes = 0;
    uint64_t word = 0;
    if (source >= DYNGEN_NEXT)
        return DYNGEN_NO_HOLE;
    for (unsigned i = 0; i < t->hole_count; i++)
        if (t->holes[i].source == source) {
            h = holes ? h : &t->holes[i];
            holes++;
            if (dyngen_patched_word(t, i, code, exec, value, &word))
                return DYNGEN_RANGE;
        }
    if (holes == 1)
        dyngen_store(code + h->at, h->field.size, word);
    for (unsigned i = 0; holes > 1 && i < t->hole_count; i++)
        if (t->holes[i].source == source) {
            dyngen_patched_word(t, i, code, exec, value, &word);
            dyngen_store(code + t->holes[i].at, t->holes[i].field.size, word);
        }
    return holes ? DYNGEN_OK : DYNGEN_NO_HOLE;
}

/* Does each of t's units for a source lie in one aligned block of `bytes`, if t is at `at`? 0 if it
 * has none. */
static inline int dyngen_units_lie_in(const struct dyngen_template *t, uintptr_t at,
                                      enum dyngen_source source, unsigned bytes)
{
    int any = 0;
    for (unsigned i = 0; i < t->hole_count; i++) {
        const struct dyngen_hole *h = &t->holes[i];
        if (h->source != source)
            continue;
        any = 1;
        if ((at + h->at) % bytes + h->field.size > bytes)
            return 0;
    }
    return any;
}

#ifdef __cplusplus
}
#endif

#endif
