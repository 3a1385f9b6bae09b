/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flow.c: every way through an op. It must lead out by a jump to a hole or a helper, with the
 * stack as it was.
 */
#include "dyngen/walk.h"

static void reach(struct walk *w, const struct insn *from, int64_t to, int32_t depth)
{
    struct op *op = w->op;
    if (to < 0 || to > op->body) {
        complain_op(op, from->at,
                    "`%s` leaves the op without a hole; every way out is a tail call to a hole or "
                    "a helper",
                    from->text);
    } else if (to == op->body) {
        complain_op(op, from->at,
                    "execution falls off the end after `%s`; end every path in a tail call, and "
                    "do not declare helpers noreturn",
                    from->text);
    } else if (w->index[to] < 0) {
        complain_op(op, from->at, "`%s` jumps into the middle of an instruction", from->text);
    } else {
        int32_t n = w->index[to];
        if (w->depth[n] == NOT_REACHED) {
            w->depth[n] = depth;
            w->queue[w->queued++] = (uint32_t)n;
        } else if (w->depth[n] != depth) {
            complain_op(op, op->insns[n].at,
                        "the stack is %d bytes deep on one way to here and %d on another",
                        w->depth[n], depth);
        }
    }
}

static void leave(struct walk *w, const struct insn *insn, int32_t depth)
{
    if (depth)
        complain_op(w->op, insn->at,
                    "leaves with %d bytes on the stack; every way out must find the stack as the "
                    "op found it",
                    depth);
}

static void unpatched_fields(struct walk *w, const struct insn *insn, const bool *patched)
{
    for (int i = 0; i < MAX_FIELDS; i++) {
        enum field_use use = insn->field[i].use;
        if ((use == FIELD_ADDRESS || use == FIELD_MEMORY) && !patched[i])
            complain_op(w->op, insn->at,
                        "`%s` refers to its own code; an op moves: keep constants in .rodata",
                        insn->text);
    }
}

static bool is_direct(const struct insn *insn)
{
    bool direct = false;
    for (int i = 0; i < MAX_FIELDS; i++)
        direct |= insn->field[i].use == FIELD_BRANCH;
    return direct;
}

static void follow(struct walk *w, uint32_t n)
{
    struct op *op = w->op;
    const struct insn *insn = &op->insns[n];
    int32_t depth = w->depth[n];
    bool hole = w->bound[n];
    if (insn->stack == STACK_UNKNOWN) {
        complain_op(op, insn->at,
                    "`%s` changes %s in a way that cannot be followed; compile with "
                    "-fomit-frame-pointer, and keep large or over-aligned locals out of an op",
                    insn->text, op->object->host->stack_pointer);
        return;
    }
    depth += insn->stack;
    if (depth < 0 || depth > 0x1000000) {
        complain_op(op, insn->at,
                    depth < 0 ? "`%s` takes off the stack what the op did not put there"
                              : "`%s` makes the stack too deep",
                    insn->text);
        return;
    }
    switch (insn->kind) {
    case INSN_JUMP:
    case INSN_BRANCH:
        if (hole)
            leave(w, insn, depth);
        else
            reach(w, insn, insn->target, depth);
        if (insn->kind == INSN_JUMP)
            return;
        break;
    case INSN_JUMP_INDIRECT:
        for (size_t i = 0; i < op->hole_count; i++)
            if (op->holes[i].kind == HOLE_CONST && op->holes[i].at >= insn->at &&
                op->holes[i].at < insn->at + insn->size)
                complain_op(op, insn->at,
                            "jumps through a table in %s; compile with -fno-jump-tables",
                            op->holes[i].consts->name);
        leave(w, insn, depth);
        return;
    case INSN_CALL:
        if (!hole && is_direct(insn)) {
            complain_op(op, insn->at, "`%s` calls code that is not a helper", insn->text);
            return;
        }
        break;
    case INSN_RETURN:
        complain_op(op, insn->at,
                    "`%s` is no way out; every way out is a tail call (musttail return) to a hole "
                    "or a helper",
                    insn->text);
        return;
    case INSN_STOP:
        return;
    default:
        break;
    }
    if (!op->failed)
        reach(w, insn, (int64_t)insn->at + insn->size, depth);
}

static bool reaches(const struct walk *w, int64_t to, const bool *leaves)
{
    return to >= 0 && to < w->op->body && leaves[w->index[to]];
}

/* Does instruction n lead out of the op, given what is known of those behind it? */
static bool leads_out(const struct walk *w, size_t n, const bool *leaves)
{
    const struct insn *insn = &w->op->insns[n];
    bool behind = reaches(w, (int64_t)insn->at + insn->size, leaves);
    switch (insn->kind) {
    case INSN_JUMP:
        return w->bound[n] || reaches(w, insn->target, leaves);
    case INSN_BRANCH:
        return w->bound[n] || reaches(w, insn->target, leaves) || behind;
    case INSN_JUMP_INDIRECT:
    case INSN_STOP:
        return true;
    default:
        return behind;
    }
}

/* Nothing goes round for ever, and not every way ends in a trap. */
static void check_ways_out(struct walk *w)
{
    struct op *op = w->op;
    bool *leaves = take(op->insn_count, sizeof *leaves), any = false;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = op->insn_count; i--;)
            if (!leaves[i] && leads_out(w, i, leaves))
                leaves[i] = more = true;
    }
    for (size_t i = 0; i < op->insn_count; i++) {
        if (w->depth[i] == NOT_REACHED)
            continue;
        const struct insn *insn = &op->insns[i];
        any |= w->bound[i] ? insn->kind != INSN_CALL : insn->kind == INSN_JUMP_INDIRECT;
        if (!leaves[i])
            complain_op(op, insn->at,
                        "no way leads out of the op from `%s` on; end every loop, and every path "
                        "in a tail call to a hole or a helper",
                        insn->text);
    }
    if (!any)
        complain_op(op, 0,
                    "has no way out, only traps; end it in a tail call to a hole or a helper, and "
                    "look for undefined behaviour");
}

bool check_flow(struct walk *w)
{
    struct op *op = w->op;
    for (size_t i = 0; i < op->insn_count; i++)
        w->depth[i] = NOT_REACHED;
    w->depth[0] = 0;
    w->queue[w->queued++] = 0;
    while (w->queued && !op->failed)
        follow(w, w->queue[--w->queued]);
    if (!op->failed)
        check_ways_out(w);
    for (size_t i = 0, h = 0; i < op->insn_count && !op->failed; i++) {
        const struct insn *insn = &op->insns[i];
        bool patched[MAX_FIELDS] = {false};
        for (; h < op->hole_count && op->holes[h].at < insn->at + insn->size; h++)
            for (int f = 0; f < MAX_FIELDS; f++)
                patched[f] |= insn->at + insn->field[f].at == op->holes[h].at;
        unpatched_fields(w, insn, patched);
    }
    return !op->failed;
}
