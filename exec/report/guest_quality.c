/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See guest_quality.h. */
#include "exec/report/guest_quality.h"

#include "exec/report/profile.h"

static void weigh_flags(struct guest_quality *q, enum flag_storing storing, u64 runs)
{
    q->flags_set += runs;
    q->flags_stored += storing == STORE_HOT ? runs : 0;
    q->flags_late += storing == STORE_LATE ? runs : 0;
    q->flags_dead += storing == STORE_NEVER ? runs : 0;
}

/* Jumps to a known address are chained within a page, and looked up beyond it. */
static void weigh_jump(struct guest_quality *q, const struct profile_block *b, u32 to, u64 runs)
{
    bool same_page = (b->base + to) >> 12 == (b->base + b->pc) >> 12;

    if (same_page)
        q->direct_jumps += runs;
    else if (b->mode & MODE_LINEAR)
        q->lookups += runs;
}

static void weigh_uop(struct guest_quality *q, const struct profile_block *b, const struct uop *u,
                      u32 segment)
{
    u64 runs = b->runs[segment];

    if (u->op == UOP_insn)
        q->insns += runs;
    else if (u->op == UOP_cc)
        weigh_flags(q, (enum flag_storing)u->flags.storing, runs);
    if (uop_is_mark(u))
        return;
    q->loads += uop_row(u)->access.kind == ACCESS_LOAD ? runs : 0;
    q->stores += uop_row(u)->access.kind == ACCESS_STORE ? runs : 0;
    if (uop_has_target(u))
        weigh_jump(q, b, u->to.target, uop_is_branch(u) ? profile_taken(b, segment) : runs);
    else if (uop_row(u)->end == END_LOOKUP)
        q->lookups += runs;
}

void guest_quality_add(struct guest_quality *q, const struct profile_block *b)
{
    u32 segment = 0;

    q->blocks++;
    q->bytes += b->size;
    q->static_insns += b->insns;
    q->runs += b->runs[0];
    for (u32 i = 0; i < b->uop_count; i++) {
        const struct uop *u = &b->uops[i];
        weigh_uop(q, b, u, segment);
        segment += uop_is_branch(u);
    }
}
