/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notes that are put off to whoever might look at them: see uop.h. */
#include "translate/uop.h"

/* What happens to a note behind it. */
enum fate { SEEN, SEEN_BY_COLD_CODE, NEVER_SEEN };

static u32 note_of(const struct uop *u)
{
    return uop_is_mark(u) ? 0 : uop_row(u)->writes & L_NOTES;
}

static bool is_note(const struct uop *u)
{
    return note_of(u) && !uop_is_call(u);
}

static bool code_behind_sees(const struct uop *u)
{
    return uop_is_call(u) || uop_row(u)->end != END_NEXT;
}

/* Has a micro-op changed what a note is made from, by the time its cold code runs? */
static bool spoils(const struct stream *s, const struct uop *u, u32 reads, u32 written)
{
    bool address = uop_row(u)->access.kind != ACCESS_NONE;

    return (written | (address ? 1u << s->table->t0 : 0)) & reads;
}

static enum fate fate_of(const struct stream *s, u32 at)
{
    const struct uop *note = &s->uops[at];
    u32 written = 0;
    bool cold = false;

    for (u32 i = at + 1; i < s->count; i++) {
        const struct uop *u = &s->uops[i];
        if (uop_is_mark(u))
            continue;
        if (code_behind_sees(u))
            return SEEN;
        if (note_of(u) & note_of(note))
            return cold ? SEEN_BY_COLD_CODE : NEVER_SEEN;
        if (uop_may_leave(u)) {
            cold = true;
            if (spoils(s, u, uop_reads(note), written))
                return SEEN;
        }
        written |= uop_writes(u);
    }
    return SEEN;
}

void stream_put_off_notes(struct stream *s)
{
    u32 kept = 0;

    if (!(s->writes & L_NOTES))
        return;
    for (u32 i = 0; i < s->count; i++) {
        struct uop *u = &s->uops[i];
        if (is_note(u)) {
            enum fate fate = fate_of(s, i);
            if (fate == NEVER_SEEN)
                continue;
            u->late = fate == SEEN_BY_COLD_CODE;
            if (!u->late && (note_of(u) & L_NOTE2))
                *u = uop_make(s->table, s->table->note_at_t0, u->pc);
        }
        if (kept != i)
            s->uops[kept] = *u;
        kept++;
    }
    s->count = kept;
}
