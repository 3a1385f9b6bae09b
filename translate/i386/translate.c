/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block: one instruction after the other, up to what ends it. */
#include "translate/i386/decode.h"

static bool stops_here(const struct decoder *d)
{
    const struct breakpoints *b = d->breakpoints;

    for (unsigned i = 0; b && i < b->count; i++)
        if (b->address[i] == d->source->base + d->pc)
            return true;
    return false;
}

static void translate_insn(struct decoder *d)
{
    bool defined = decode_insn(d);

    struct uop *mark = emit_uop(d, UOP_insn);
    mark->pc = d->pc;
    move_shadow(d);
    if (stops_here(d))
        emit_call(d, UOP_call_breakpoint, 0, 0);
    if (d->bad)
        raise_in_block(d, EXC_GP);
    else if (!defined)
        t_undefined(d);
    else
        d->insn->translate(d);
    end_after_helper(d);
}

/* Where instructions are counted, there are no exit checks within a block. */
static bool shadow_ends_block(const struct decoder *d)
{
    return d->shadow == IN_SHADOW && d->source->counts;
}

/* Must the next instruction be the first of a block? */
static bool begins_another(const struct decoder *d)
{
    const struct stream *s = d->s;
    return s->insns > 0 &&
           (page_of(d, d->pc) != page_of(d, s->pc) || stops_here(d) || shadow_ends_block(d));
}

/* Is it not for this block after all? */
static bool is_for_another(const struct decoder *d, u32 first)
{
    return d->crosses || branches_in_shadow(d, first);
}

/* Does the block go on with another instruction? */
static bool goes_on(const struct decoder *d)
{
    const struct stream *s = d->s;
    return !d->end && s->insns < d->source->max_insns && s->size < d->source->max_size &&
           s->count < STREAM_UOPS - 96;
}

/* To the instruction behind, or to the first one again. */
static void go_on(struct decoder *d)
{
    struct stream *s = d->s;

    if (!s->repeats)
        s->size = d->next - s->pc;
    s->repeats |= d->again;
    d->pc = d->again ? s->pc : d->next;
    d->again = false;
}

void decode_undefined(struct stream *s, const struct i386_code *code, u32 pc, u32 mode)
{
    struct decoder d = {.s = s, .source = code->source, .mode = mode, .pc = pc};

    stream_start(s, &i386_uops, pc, mode, code->source->base);
    emit_uop(&d, UOP_insn);
    t_undefined(&d);
    end_after_helper(&d);
    s->insns = s->size = 1;
}

void decode_i386(struct stream *s, const struct i386_code *code, u32 pc, u32 mode)
{
    struct decoder d = {
        .s = s,
        .source = code->source,
        .features = code->features,
        .breakpoints = code->breakpoints,
        .mode = mode,
        .pc = pc,
        .most = MAX_BLOCK,
        .cc = CC_UNKNOWN,
        .inc = CC_UNKNOWN,
        .shadow = code->shadowed && !(mode & MODE_STEP) ? SHADOW_AHEAD : UNSHADOWED,
    };

    stream_start(s, &i386_uops, pc, mode, code->source->base);
    while (!d.end) {
        struct decoder before = d;
        u32 count = s->count;
        if (begins_another(&d)) {
            end_before(&d);
            break;
        }
        translate_insn(&d);
        if (is_for_another(&d, count)) {
            d = before;
            s->count = count;
            end_before(&d);
            break;
        }
        s->insns++;
        go_on(&d);
        if (!goes_on(&d) && !d.end)
            end_before(&d);
    }
}
