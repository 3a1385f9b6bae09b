/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The passes over a stream (see uop.h), and so the place where the life of a flag is told.
 *
 * Nearly every i386 instruction sets the arithmetic flags, and few are ever looked at. So nobody
 * computes them: what is stored is what they follow from, if anything is.
 *
 *   set       The decoder (translate/i386/arith.c and its like) appends micro-ops that store
 *             cc_dst, cc_src or inc_dst, each with `cc` set, and behind them a mark, UOP_cc,
 *             which says which flags these are (enum flag_part) and how they follow from the
 *             fields (enum cc, enum cc_inc in ops/i386/cpu.h). cc_op, where the same is told at
 *             run time, is not stored.
 *   asked     While the registers still hold what was compared, a condition is fused with the
 *             comparison and needs no flags; else it is a predicate over the fields, chosen by
 *             the mark (translate/i386/condition.c); what neither knows, a helper works out.
 *   dropped   stream_drop_dead_flags goes backwards and finds who reads each mark's flags.
 *             Nobody: STORE_NEVER, and the micro-ops go. Micro-ops of the hot code: STORE_HOT,
 *             they stay. Only cold code and ways out, and the locations they follow from are
 *             unchanged until there: STORE_LATE. A jump out of the block says which flags die at
 *             its target (to.dead), which flags_dead_at() has found by decoding a little of the
 *             code there.
 *   deferred  Going forward, the layout (generate.c) keeps what is late, and puts it into each
 *             cold part and way out that it meets. cc_op is a constant there; slow paths have it
 *             in their descriptor (ops/slow.h), helpers find it stored.
 *   needed    cc_get() in exec/i386/cc.c computes the flags from the fields for helpers, PUSHF,
 *             interrupts and faults.
 *
 * What must hold: wherever C code runs or the block is left, cc_op and the fields give the flags
 * as of the last instruction that was completed. A slow path that goes on in the block has seen
 * the flags of before its micro-op, and the store of a read-modify-write, behind some of the
 * micro-ops that store its flags, must not bring older ones back (forget_overwritten).
 *
 * The IR engine goes by the same marks, but the fields are values that snapshots name: all flags
 * are late there, whatever can_wait says (ir/lower_flags.c).
 */
#include "translate/uop.h"

#include <string.h>

/* --- flags --- */

/*
 * Flags that somebody behind reads: ops of the block's hot code, or others, which can store them
 * first: cold code, and the block's end.
 */
struct live {
    u32 hot, late;
};

/* May an op that stores flags run later, in cold code? Only if it reads nothing but locations. */
static bool can_be_deferred(const struct uop *u)
{
    return uop_row(u)->writes == L_FLAGS && !(uop_reads(u) & ~(u32)L_LOCATIONS);
}

static bool is_late_reader(const struct uop *u)
{
    return !uop_is_mark(u) && !u->cc && (uop_may_leave(u) || uop_row(u)->end != END_NEXT);
}

/* Has T0 changed by the time its cold code runs? */
static bool leaves_address(const struct uop *u)
{
    return uop_row(u)->access.kind != ACCESS_NONE;
}

/* The first op of the group that stores the flags of a mark. */
static u32 group_start(const struct stream *s, u32 mark)
{
    u32 first = mark;

    for (u32 i = mark; i-- > 0 && !uop_is_mark(&s->uops[i]);)
        if (s->uops[i].cc)
            first = i;
    return first;
}

/*
 * Could the flags of a mark be stored by each cold reader of them? Then no op of the group is
 * of the wrong kind, and no location they read is written before the last such reader.
 */
static bool can_wait(const struct stream *s, u32 mark)
{
    u32 reads = 0, written_since = 0, parts = s->uops[mark].flags.parts;

    for (u32 i = group_start(s, mark); i < s->count && parts; i++) {
        const struct uop *u = &s->uops[i];
        if (i < mark && u->cc) {
            if (!can_be_deferred(u) || (uop_reads(u) & written_since))
                return false;
            reads |= uop_reads(u);
        } else if (i > mark && u->op == UOP_cc) {
            parts &= ~(u32)u->flags.parts;
        } else if (!uop_is_mark(u)) {
            if (i > mark && is_late_reader(u) &&
                (written_since || (reads & 1u << s->table->t0 && leaves_address(u))))
                return false;
            written_since |= uop_writes(u) & reads;
        }
    }
    return true;
}

static void mark_group(struct stream *s, u32 mark)
{
    for (u32 i = group_start(s, mark); i < mark; i++)
        s->uops[i].late = s->uops[i].cc;
}

static void see_mark(struct stream *s, u32 at, struct live *live)
{
    struct uop *u = &s->uops[at];
    u32 parts = u->flags.parts;

    if (live->hot & parts)
        u->flags.storing = STORE_HOT;
    else if (!(live->late & parts))
        u->flags.storing = STORE_NEVER;
    else
        u->flags.storing = can_wait(s, at) ? STORE_LATE : STORE_HOT;
    if (u->flags.storing == STORE_LATE)
        mark_group(s, at);
    live->hot &= ~parts;
    live->late &= ~parts;
}

static void see_op(const struct uop *u, struct live *live)
{
    enum uop_end end = (enum uop_end)uop_row(u)->end;

    if (end != END_NEXT && end != END_BRANCH) /* nothing comes behind it */
        *live = (struct live){0, FLAGS_ALL & ~(end == END_JUMP ? u->to.dead : 0)};
    else if (uop_row(u)->reads & L_FLAGS)
        live->hot = FLAGS_ALL;
    if (end == END_BRANCH)
        live->late |= FLAGS_ALL & ~u->to.dead;
    if (uop_may_leave(u))
        live->late = FLAGS_ALL;
}

void stream_drop_dead_flags(struct stream *s)
{
    struct live live = {0, FLAGS_ALL};
    u32 storing = STORE_HOT, kept = 0;

    for (u32 i = s->count; i-- > 0;) {
        struct uop *u = &s->uops[i];
        if (u->op == UOP_cc) {
            see_mark(s, i, &live);
            storing = u->flags.storing;
        } else if (!uop_is_mark(u) && (!u->cc || storing == STORE_HOT)) {
            see_op(u, &live);
        }
    }
    /* Forwards again, to close the gaps. */
    for (u32 i = 0, mark = 0; i < s->count; i++) {
        const struct uop *u = &s->uops[i];
        for (; mark < s->count && (mark < i || s->uops[mark].op != UOP_cc); mark++)
            ;
        if (!uop_is_mark(u) && u->cc && mark < s->count &&
            s->uops[mark].flags.storing == STORE_NEVER)
            continue;
        s->uops[kept++] = *u;
    }
    s->count = kept;
}

u32 stream_dead_flags(const struct stream *s, u32 target)
{
    u32 dead = 0;

    for (u32 i = 0; i < s->count; i++)
        if (uop_has_target(&s->uops[i]) && s->uops[i].to.target == target)
            dead |= s->uops[i].to.dead;
    return dead;
}

/* --- writes --- */

/* What may be written in part, or is looked at by whom the table does not name. */
enum { NEVER_DEAD = L_FLAGS | L_STATE | L_NOTES };

/* All but temporaries. */
static u32 seen_outside(const struct stream *s)
{
    return (L_ALL | NEVER_DEAD) & ~(s->table->temporaries | L_CARRY | L_KEPT);
}

/* What is live before a micro-op, of what is behind it. */
static u32 live_before(const struct stream *s, const struct uop *u, u32 live)
{
    enum uop_end end = (enum uop_end)uop_row(u)->end;

    if (end != END_NEXT && end != END_BRANCH)
        live = 0;
    live &= ~(uop_writes(u) & ~(u32)NEVER_DEAD);
    if (end != END_NEXT || uop_may_leave(u))
        live |= seen_outside(s);
    return live | uop_reads(u) | NEVER_DEAD;
}

static bool does_nothing_else(const struct uop *u)
{
    return uop_row(u)->end == END_NEXT && !uop_may_leave(u) && !u->late;
}

void stream_drop_dead_writes(struct stream *s)
{
    u32 live = seen_outside(s), kept = s->count;

    for (u32 i = s->count; i-- > 0;) {
        const struct uop *u = &s->uops[i];
        if (!uop_is_mark(u)) {
            if (does_nothing_else(u) && !(uop_writes(u) & live))
                continue;
            live = live_before(s, u, live);
        }
        s->uops[--kept] = *u;
    }
    memmove(s->uops, s->uops + kept, (s->count - kept) * sizeof *s->uops);
    s->count -= kept;
}
