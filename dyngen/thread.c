/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * thread.c: from an op that keeps the contract, the code that is emitted.
 *
 * A compiler has one jump to __op_cold at the end and branches to that jump. Here every jump to a
 * jump goes to where the second one goes. Then instructions that cannot be reached are left out,
 * as are jumps to what comes next anyway, and a branch around a jump becomes one branch. What
 * is left is laid out anew, decoded again, and its holes are found a second time.
 */
#include "dyngen/model.h"
#include <string.h>

enum { MAX_HOPS = 16 };

/* An instruction of the body, as it will be. A direct jump has `out` or is `inside`. */
struct step {
    struct insn insn; /* with its new place */
    uint8_t bytes[MAX_INSN];
    bool kept, inside;
    uint32_t to;                  /* inside: the instruction that it goes to, by number */
    const struct hole *out;       /* a jump's hole, or that of the jump which it replaces */
    const struct hole *condition; /* a branch's, if it is a value */
};

struct body {
    struct op *op;
    const struct host *host;
    struct step *steps;
    uint32_t count; /* as a number of an instruction: what comes next */
    uint32_t size;
    size_t moved; /* holes of the op that are behind us */
};

static bool is_jump(const struct step *s)
{
    return s->insn.kind == INSN_JUMP || s->insn.kind == INSN_BRANCH;
}

static bool goes_next(const struct body *b, const struct step *s)
{
    return s->out ? s->out->kind == HOLE_NEXT : s->inside && s->to == b->count;
}

/* The first instruction that is left from number n on. */
static uint32_t land(const struct body *b, uint32_t n)
{
    while (n < b->count && !b->steps[n].kept)
        n++;
    return n;
}

static const struct hole *condition_of(const struct op *op, const struct insn *insn)
{
    for (size_t i = 0; i < op->hole_count; i++) {
        const struct hole *h = &op->holes[i];
        if (h->at >= insn->at && h->at < insn->at + insn->size && h->field.use == FIELD_CONDITION)
            return h;
    }
    return NULL;
}

static void take_apart(struct body *b, const int32_t *index, struct hole *const *bound)
{
    const struct op *op = b->op;
    for (uint32_t i = 0; i < b->count; i++) {
        struct step *s = &b->steps[i];
        *s = (struct step){.insn = op->insns[i]};
        memcpy(s->bytes, op->code + s->insn.at, s->insn.size);
        int64_t target = s->insn.target;
        if (!is_jump(s))
            continue;
        s->out = bound[i];
        s->condition = condition_of(op, &s->insn);
        s->inside = !s->out && target >= 0 && target < op->body && index[target] >= 0;
        if (s->inside)
            s->to = (uint32_t)index[target];
    }
}

/* Gives a jump room for any distance. */
static bool widen(const struct body *b, struct step *s)
{
    struct step wide = *s;
    uint8_t size = b->host->far_jump(s->bytes, &s->insn, wide.bytes);
    if (!size || !b->host->decode(wide.bytes, size, 0, &wide.insn))
        return false;
    wide.insn.at = s->insn.at;
    *s = wide;
    return true;
}

static void thread(struct body *b, struct step *s)
{
    for (int hops = 0; hops < MAX_HOPS && s->inside && s->to < b->count; hops++) {
        const struct step *via = &b->steps[s->to];
        if (via->insn.kind != INSN_JUMP)
            return;
        if (via->inside) {
            s->to = via->to;
        } else if (goes_next(b, via)) {
            s->to = b->count;
        } else if (via->out && widen(b, s)) {
            s->out = via->out;
            s->inside = false;
        } else {
            return;
        }
    }
}

static void keep_reached(struct body *b)
{
    uint32_t *queue = take(b->count, sizeof *queue), queued = 1;
    b->steps[0].kept = true;
    queue[0] = 0;
    while (queued) {
        uint32_t n = queue[--queued];
        const struct step *s = &b->steps[n];
        enum insn_kind kind = s->insn.kind;
        bool ends = kind == INSN_JUMP || kind == INSN_JUMP_INDIRECT || kind == INSN_STOP;
        const uint32_t after[2] = {s->inside ? s->to : b->count, ends ? b->count : n + 1};
        for (int i = 0; i < 2; i++)
            if (after[i] < b->count && !b->steps[after[i]].kept) {
                b->steps[after[i]].kept = true;
                queue[queued++] = after[i];
            }
    }
}

/* Leaves out jumps to where execution would be anyway. */
static void drop_idle_jumps(struct body *b)
{
    uint32_t following = b->count;
    for (uint32_t i = b->count; i--;) {
        struct step *s = &b->steps[i];
        if (!s->kept)
            continue;
        bool idle =
            goes_next(b, s) ? following == b->count : s->inside && land(b, s->to) == following;
        if (s->insn.kind == INSN_JUMP && idle)
            s->kept = false;
        else
            following = i;
    }
}

static bool is_target(const struct body *b, uint32_t n)
{
    for (uint32_t i = 0; i < b->count; i++) {
        const struct step *s = &b->steps[i];
        if (s->kept && s->inside && land(b, s->to) == n)
            return true;
    }
    return false;
}

/*
 *      jcc behind
 *      jmp X
 *  behind:
 * becomes one jump to X on the opposite condition, if that is known.
 */
static void fold(struct body *b, struct step *branch)
{
    uint32_t n = land(b, (uint32_t)(branch - b->steps) + 1);
    if (branch->insn.kind != INSN_BRANCH || branch->condition || n == b->count)
        return;
    struct step *jump = &b->steps[n];
    if (jump->insn.kind != INSN_JUMP || is_target(b, n))
        return;
    uint32_t behind = land(b, n + 1);
    bool around =
        goes_next(b, branch) ? behind == b->count : branch->inside && land(b, branch->to) == behind;
    bool out = jump->out && !goes_next(b, jump);
    if (!around || branch->insn.condition < 0 || (out && !widen(b, branch)))
        return;
    branch->bytes[branch->insn.condition] ^= 1;
    branch->out = out ? jump->out : NULL;
    branch->inside = !out;
    branch->to = goes_next(b, jump) ? b->count : jump->to;
    jump->kept = false;
}

static uint32_t place_of(const struct body *b, uint32_t n)
{
    n = land(b, n);
    return n < b->count ? b->steps[n].insn.at : b->size;
}

/* Finds each instruction's place; false if a jump does not reach. */
static bool lay_out(struct body *b)
{
    for (bool again = true; again;) {
        again = false;
        b->size = 0;
        for (uint32_t i = land(b, 0); i < b->count; i = land(b, i + 1)) {
            b->steps[i].insn.at = b->size;
            b->size += b->steps[i].insn.size;
        }
        for (uint32_t i = land(b, 0); i < b->count; i = land(b, i + 1)) {
            struct step *s = &b->steps[i];
            if (!s->inside || b->host->set_target(s->bytes, &s->insn, place_of(b, s->to)))
                continue;
            if (!widen(b, s))
                return false;
            again = true;
        }
    }
    return b->size <= MAX_TEMPLATE;
}

/* A hole, in that field of a jump for which it is. */
static struct hole hole_in(const struct step *s, const struct hole *from, enum field_use use)
{
    struct hole h = *from;
    for (int i = 0; i < MAX_FIELDS; i++)
        if (s->insn.field[i].use == use)
            h.field = s->insn.field[i];
    h.at = s->insn.at + h.field.at;
    return h;
}

/* The holes of instruction n, at its new place. */
static void move_holes(struct body *b, uint32_t n, struct hole *to, size_t *count)
{
    const struct insn *old = &b->op->insns[n];
    const struct step *s = &b->steps[n];
    if (s->condition)
        to[(*count)++] = hole_in(s, s->condition, FIELD_CONDITION);
    if (s->out)
        to[(*count)++] = hole_in(s, s->out, FIELD_BRANCH);
    if (is_jump(s))
        return;
    const struct op *op = b->op;
    for (; b->moved < op->hole_count && op->holes[b->moved].at < old->at + old->size; b->moved++) {
        if (op->holes[b->moved].at < old->at)
            continue;
        to[*count] = op->holes[b->moved];
        to[(*count)++].at += s->insn.at - old->at;
    }
}

/* The distance to __op_next is known now. */
static void resolve_next(const struct op *op)
{
    for (size_t i = 0; i < op->hole_count; i++) {
        const struct hole *h = &op->holes[i];
        if (hole_is_resolved(h)) {
            int64_t distance = (int64_t)op->size - h->at + h->addend;
            op->object->host->set_distance(op->code + h->at, distance);
        }
    }
}

/* Is the new code what it was meant to be? */
static bool decode_again(const struct body *b, struct insn *insns)
{
    const struct op *op = b->op;
    size_t n = 0;
    for (uint32_t i = land(b, 0); i < b->count; i = land(b, i + 1)) {
        const struct step *s = &b->steps[i];
        struct insn *insn = &insns[n++];
        if (!b->host->decode(op->code, op->size, s->insn.at, insn) || insn->size != s->insn.size ||
            insn->kind != s->insn.kind || insn->stack != s->insn.stack ||
            (s->inside && insn->target != (int64_t)place_of(b, s->to)))
            return false;
    }
    return true;
}

static bool put_together(struct body *b)
{
    struct op *op = b->op;
    uint8_t *code = take(b->size, 1);
    struct hole *holes = take(op->hole_count + b->count, sizeof *holes);
    size_t insn_count = 0, hole_count = 0;
    for (uint32_t i = land(b, 0); i < b->count; i = land(b, i + 1)) {
        memcpy(code + b->steps[i].insn.at, b->steps[i].bytes, b->steps[i].insn.size);
        move_holes(b, i, holes, &hole_count);
        insn_count++;
    }
    op->code = code;
    op->size = b->size;
    op->holes = holes;
    op->hole_count = hole_count;
    resolve_next(op);
    op->insns = take(insn_count, sizeof *op->insns);
    op->insn_count = insn_count;
    return decode_again(b, op->insns);
}

void thread_op(struct op *op, const int32_t *index, struct hole *const *bound)
{
    struct body b = {.op = op, .host = op->object->host, .count = (uint32_t)op->insn_count};
    b.steps = take(b.count, sizeof *b.steps);
    bool done = false;
    for (int threading = 1; threading >= 0 && !done; threading--) {
        take_apart(&b, index, bound);
        for (uint32_t i = 0; threading && i < b.count; i++)
            thread(&b, &b.steps[i]);
        keep_reached(&b);
        drop_idle_jumps(&b);
        for (uint32_t i = 0; i < b.count; i++)
            if (b.steps[i].kept)
                fold(&b, &b.steps[i]);
        done = lay_out(&b);
    }
    if (!done || !put_together(&b))
        complain_op(op, 0, "cannot be laid out; its jumps do not reach where they go");
}
