/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting how often the segments of a block run: see uop.h. */
#include "translate/uop.h"

u32 stream_segments(const struct stream *s)
{
    u32 segments = 1;

    for (u32 i = 0; i < s->count; i++)
        segments += uop_is_branch(&s->uops[i]);
    return segments;
}

static struct uop count_at(const struct stream *s, const struct uop *next, u32 address)
{
    struct uop u = uop_make(s->table, UOP_count, next->pc);

    u.imm[0] = address;
    return u;
}

bool stream_add_counts(struct stream *s, u32 counts)
{
    u32 segment = stream_segments(s), to = s->count + segment;

    if (!s->count || to > STREAM_UOPS)
        return false;
    s->count = to;
    /* From the end, so that each micro-op moves once. */
    for (u32 from = to - segment; from-- > 0;) {
        s->uops[--to] = s->uops[from];
        if (from == 0 || uop_is_branch(&s->uops[from - 1])) {
            u32 address = counts + --segment * (u32)sizeof(u64);
            s->uops[to - 1] = count_at(s, &s->uops[to], address);
            to--;
        }
    }
    return true;
}
