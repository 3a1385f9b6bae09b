/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The passes over a stream: see uop.h. */
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
                (written_since || (reads & 1u << T0 && leaves_address(u))))
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

enum {
    TEMPORARIES = 1 << T0 | 1 << T1 | L_CARRY | L_KEPT,
    /* What may be written in part, or is looked at by whom the table does not name. */
    NEVER_DEAD = L_FLAGS | L_STATE,
    SEEN_OUTSIDE = (L_ALL | NEVER_DEAD) & ~TEMPORARIES,
};

/* What is live before a micro-op, of what is behind it. */
static u32 live_before(const struct uop *u, u32 live)
{
    enum uop_end end = (enum uop_end)uop_row(u)->end;

    if (end != END_NEXT && end != END_BRANCH)
        live = 0;
    live &= ~(uop_writes(u) & ~(u32)NEVER_DEAD);
    if (end != END_NEXT || uop_may_leave(u))
        live |= SEEN_OUTSIDE;
    return live | uop_reads(u) | NEVER_DEAD;
}

static bool does_nothing_else(const struct uop *u)
{
    return uop_row(u)->end == END_NEXT && !uop_may_leave(u) && !u->late;
}

void stream_drop_dead_writes(struct stream *s)
{
    u32 live = SEEN_OUTSIDE, kept = s->count;

    for (u32 i = s->count; i-- > 0;) {
        const struct uop *u = &s->uops[i];
        if (!uop_is_mark(u)) {
            if (does_nothing_else(u) && !(uop_writes(u) & live))
                continue;
            live = live_before(u, live);
        }
        s->uops[--kept] = *u;
    }
    memmove(s->uops, s->uops + kept, (s->count - kept) * sizeof *s->uops);
    s->count -= kept;
}
