/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting the instructions that a block runs: see uop.h. */
#include "translate/uop.h"

static bool is_insn(const struct uop *u)
{
    return u->op == UOP_insn;
}

/* Is it the first instruction of a segment? `behind`: an instruction has come since the branch. */
static bool begins(const struct uop *u, bool *behind)
{
    bool first = is_insn(u) && !*behind;

    if (is_insn(u))
        *behind = true;
    if (uop_is_branch(u))
        *behind = false;
    return first;
}

static u32 charges(const struct stream *s)
{
    bool behind = false;
    u32 count = 0;

    for (u32 i = 0; i < s->count; i++)
        count += begins(&s->uops[i], &behind);
    return count;
}

/* Moves the stream up by `count` and copies it back, with as many charges in between. */
static void insert_charges(struct stream *s, u32 count)
{
    u32 end = s->count + count, to = 0;
    bool behind = false;

    for (u32 i = s->count; i-- > 0;)
        s->uops[i + count] = s->uops[i];
    for (u32 i = count; i < end; i++) {
        if (begins(&s->uops[i], &behind))
            s->uops[to++] = uop_make(s->table, UOP_spend, s->uops[i].pc);
        s->uops[to++] = s->uops[i];
    }
    s->count = to;
    s->writes |= s->table->rows[UOP_spend].writes;
}

bool stream_count_insns(struct stream *s)
{
    u32 count = charges(s);
    u8 ahead = 0; /* instructions behind the micro-op, in its segment */

    if (s->count + count > STREAM_UOPS)
        return false;
    insert_charges(s, count);
    for (u32 i = s->count; i-- > 0;) {
        struct uop *u = &s->uops[i];
        u->unrun = (u8)(ahead + 1);
        ahead += is_insn(u);
        if (u->op == UOP_spend) {
            u->imm[0] = u->unrun = ahead;
            ahead = 0;
        }
    }
    return true;
}
