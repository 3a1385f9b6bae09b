/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passes after folding: addresses, and what is computed where or not at all. */
#include "translate/ir/ir.h"

#include <string.h>

/* --- addresses --- */

/*
 * Two accesses near each other, from the same registers, are mostly in the same page. The second
 * one can look at the TLB entry of the first: it is the right one if it is for the page of the
 * second one's byte that is further away. This holds whatever has happened in between, since it
 * is the entry as it is then that is looked at. If the entry is another page's, cold code looks up
 * the right one.
 */
enum { NEAR = 128, LEADERS = 16 };

/* An address as registers and a displacement. */
struct place {
    ir_ref base, index;
    u8 scale;
    u32 disp;
};

struct leader {
    struct place at;
    ir_ref entry;
};

static struct place place_of(const struct ir *ir, ir_ref v)
{
    struct place at = {v, IR_NONE, 0, 0};

    while (at.base && !ir_is_const(at.base)) {
        const struct ir_insn *i = &ir->insn[at.base];
        if (i->op == IR_add && ir_is_const(i->operand[1])) {
            at.disp += ir_value(ir, i->operand[1]);
        } else if (i->op == IR_lea && !(i->operand[1] && at.index)) {
            at.disp += i->imm;
            if (i->operand[1]) {
                at.index = i->operand[1];
                at.scale = i->size;
            }
        } else {
            return at;
        }
        at.base = i->operand[0];
    }
    return at;
}

static bool same_registers(const struct place *a, const struct place *b)
{
    return a->base == b->base && a->index == b->index && a->scale == b->scale;
}

static void follow(struct ir_insn *access, struct ir_insn *page, const struct leader *leader,
                   bool backward)
{
    access->operand[1] = leader->entry;
    access->near = true;
    if (backward)
        page->imm = 0;
}

/* Is the page of an access looked at by nobody else? */
static bool is_only_use(const struct ir *ir, ir_ref v, u32 user)
{
    for (u32 n = v + 1u; n <= ir->count; n++)
        if (n != user && ir->insn[n].operand[2] == v)
            return false;
    return true;
}

static void visit_access(struct ir *ir, u32 n, struct leader *leaders, u32 *count)
{
    struct ir_insn *i = &ir->insn[n];
    struct place at = place_of(ir, i->operand[0]);

    if (ir_is_const(i->operand[1]) || ir_is_const(i->operand[2]))
        return;
    for (u32 k = 0; k < *count && k < LEADERS; k++) {
        const struct leader *l = &leaders[k];
        s32 ahead = (s32)(at.disp - l->at.disp);
        if (!same_registers(&at, &l->at) || ahead < -NEAR || ahead > NEAR)
            continue;
        if (l->entry == i->operand[1])
            return; /* the same address */
        /* Backwards its first byte is looked at, and its last must not reach the leader's. */
        if (ahead > 0 || (ahead + i->size <= 1 && is_only_use(ir, i->operand[2], n))) {
            follow(i, &ir->insn[i->operand[2]], l, ahead < 0);
            return;
        }
    }
    leaders[(*count)++ % LEADERS] = (struct leader){at, i->operand[1]};
}

static bool is_access(const struct ir_insn *i)
{
    return i->op == IR_load || i->op == IR_store || i->op == IR_native_load ||
           i->op == IR_native_store;
}

void ir_addresses(struct ir *ir)
{
    struct leader leaders[LEADERS];
    u32 count = 0;

    for (u32 n = 1; n <= ir->count; n++) {
        const struct ir_insn *i = &ir->insn[n];
        if (is_access(i))
            visit_access(ir, n, leaders, &count);
        else if (i->op == IR_opaque && uop_is_call(&ir->stream->uops[i->imm]))
            count = 0; /* nothing is kept in registers over a call */
    }
}

/* --- what is not needed, or only in cold code --- */

enum { SUNK_LEVELS = 6 };
enum use { HOT = 1, COLD = 2 };

static struct sinking {
    u8 use[IR_INSNS];
    u8 level[IR_INSNS]; /* of those that are sunk into each other */
    u8 kind, depth;     /* of the uses being noted */
    u64 fresh;          /* places where the snapshot behind does not have the same value */
} sinking;

static void note_use(void *context, ir_ref v)
{
    struct sinking *s = context;

    s->use[v] |= s->kind;
    if (s->depth > s->level[v])
        s->level[v] = s->depth;
}

static bool has_effect(const struct ir_insn *i)
{
    return i->op >= IR_load;
}

static bool can_sink(const struct ir_insn *i)
{
    bool shift = i->op == IR_shl || i->op == IR_shr || i->op == IR_sar;

    return ir_op_info[i->op].traits & SINKS && !(shift && !ir_is_const(i->operand[1]));
}

static void note_snapshot(struct sinking *s, const struct ir *ir, const struct ir_insn *i)
{
    const struct ir_snapshot *looks = &ir->snapshot[i->snapshot - 1];
    bool cold = ir_is_cold((enum ir_op)i->op);

    s->kind = cold ? COLD : HOT;
    s->depth = 0;
    ir_each_seen(looks, looks->has & (cold ? s->fresh : ~(u64)0), note_use, s);
    s->fresh = looks->changed | ~looks->has;
}

void ir_sink(struct ir *ir)
{
    struct sinking *s = &sinking;

    memset(s->use, 0, ir->count + 1);
    memset(s->level, 0, ir->count + 1);
    s->fresh = ~(u64)0;
    for (u32 n = ir->count; n >= 1; n--) {
        struct ir_insn *i = &ir->insn[n];
        if (i->op == IR_none)
            continue;
        if (!has_effect(i) && !s->use[n]) {
            i->op = IR_none;
            continue;
        }
        i->sunk = s->use[n] == COLD && can_sink(i) && s->level[n] < SUNK_LEVELS;
        if (i->snapshot)
            note_snapshot(s, ir, i);
        s->kind = i->sunk ? COLD : HOT;
        s->depth = i->sunk ? s->level[n] + 1 : 0;
        ir_each_operand(i, note_use, s);
    }
}
