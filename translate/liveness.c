/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The passes over a stream (see uop.h), and so the place where the life of a flag is told.
 *
 * Where nearly every instruction sets the arithmetic flags, few are ever looked at. So nobody
 * computes them: what is stored is what they follow from, if anything is. The guest's decoder and
 * its cpu have their part in that; the i386's is named here.
 *
 *   set       The decoder (translate/i386/arith.c and its like) appends micro-ops that store the
 *             operands in fields of cpu, each with `cc` set, and behind them a mark, UOP_cc, which
 *             says which flags these are (enum flag_part) and of what kind: how they follow from
 *             the fields (enum cc, enum cc_inc in ops/i386/cpu.h). The field where the kind is told
 *             at run time (what the table's store_kind stores) is not stored.
 *   asked     While the registers still hold what was compared, a condition is fused with the
 *             comparison and needs no flags; else it is a predicate over the fields, chosen by
 *             the mark (translate/i386/condition.c); what neither knows, a helper works out.
 *   dropped   stream_drop_dead goes backwards and finds who reads each mark's flags.
 *             Nobody: STORE_NEVER, and the micro-ops go. Micro-ops of the hot code: STORE_HOT,
 *             they stay. Only cold code and ways out, and the locations they follow from are
 *             unchanged until there: STORE_LATE. A jump out of the block says which flags die at
 *             its target (to.dead), which the decoder has found by decoding a little of the code
 *             there (translate/i386/lookahead.c).
 *   deferred  Going forward, the layout (late.c) keeps what is late, and puts it into each cold
 *             part and way out that it meets. The kind is a constant there; slow paths have it in
 *             their descriptor (ops/slow.h), helpers find it stored.
 *   needed    The guest computes the flags from the fields for helpers, interrupts, faults and
 *             instructions that want them all (cc_get() in exec/i386/cc.c).
 *
 * What must hold: wherever C code runs or the block is left, kind and fields give the flags as of
 * the last instruction that was completed. A slow path that goes on in the block has seen
 * the flags of before its micro-op, and the store of a read-modify-write, behind some of the
 * micro-ops that store its flags, must not bring older ones back (forget_overwritten).
 *
 * The IR engine goes by the same marks, but the fields are values that snapshots name: all flags
 * are late there, whatever can_wait says (i386/lower_flags.c).
 */
#include "translate/uop.h"

/*
 * What somebody behind reads. Of flags: ops of the block's hot code, or others, which can store
 * them first: cold code, and the block's end.
 */
struct live {
    u32 hot, late; /* flags */
    u32 all;       /* enum uop_set */
    /*
     * Of the carry, of the others: the locations that have changed when those who read them late
     * come to store them, and READ_LATE, if there is such a reader.
     */
    u32 spoiled[2];
};
enum { READ_LATE = L_STATE };

/* --- flags --- */

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
    return uop_row(u)->params == PARAMS_ACCESS;
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
 * Could the flags of a mark, whose group begins at `first`, be stored by each cold reader of them?
 * Then no op of the group is of the wrong kind, and no location they read is written before the
 * last such reader.
 */
static bool can_wait(const struct stream *s, u32 first, u32 mark, u32 spoiled)
{
    u32 reads = 0, written_since = 0;

    for (u32 i = first; i < mark; i++) {
        const struct uop *u = &s->uops[i];
        if (u->cc) {
            if (!can_be_deferred(u) || (uop_reads(u) & written_since))
                return false;
            reads |= uop_reads(u);
        } else {
            written_since |= uop_writes(u) & reads;
        }
    }
    return !written_since && !(reads & spoiled);
}

static void mark_group(struct stream *s, u32 first, u32 mark)
{
    for (u32 i = first; i < mark; i++)
        s->uops[i].late = s->uops[i].cc;
}

static enum flag_storing storing_of(struct stream *s, u32 at, const struct live *live)
{
    u32 parts = s->uops[at].flags.parts, first;
    u32 spoiled = (parts & FLAGS_CARRY ? live->spoiled[0] : 0) |
                  (parts & FLAGS_OTHERS ? live->spoiled[1] : 0);

    if (live->hot & parts)
        return STORE_HOT;
    if (!(live->late & parts))
        return STORE_NEVER;
    first = group_start(s, at);
    if (!can_wait(s, first, at, spoiled))
        return STORE_HOT;
    mark_group(s, first, at);
    return STORE_LATE;
}

static enum flag_storing see_mark(struct stream *s, u32 at, struct live *live)
{
    struct uop *u = &s->uops[at];
    u32 parts = u->flags.parts;
    enum flag_storing storing = storing_of(s, at, live);

    u->flags.storing = (u8)storing;
    live->hot &= ~parts;
    live->late &= ~parts;
    if (parts & FLAGS_CARRY)
        live->spoiled[0] = 0;
    if (parts & FLAGS_OTHERS)
        live->spoiled[1] = 0;
    return storing;
}

/* Cold code runs before what its micro-op writes, but for T0. */
static void spoil(const struct stream *s, const struct uop *u, struct live *live)
{
    u32 by_reader = is_late_reader(u) ? READ_LATE | (u32)leaves_address(u) << s->table->t0 : 0;

    for (unsigned part = 0; part < 2; part++) {
        if (live->spoiled[part])
            live->spoiled[part] |= uop_writes(u) & L_LOCATIONS;
        live->spoiled[part] |= by_reader;
    }
}

static void see_flags_of(const struct uop *u, struct live *live)
{
    enum uop_end end = (enum uop_end)uop_row(u)->end;

    if (end != END_NEXT && end != END_BRANCH) { /* nothing comes behind it */
        live->hot = 0;
        live->late = FLAGS_ALL & ~(end == END_JUMP ? u->to.dead : 0);
        live->spoiled[0] = live->spoiled[1] = 0;
    } else if (uop_row(u)->reads & L_FLAGS) {
        live->hot = FLAGS_ALL;
    }
    if (end == END_BRANCH)
        live->late |= FLAGS_ALL & ~u->to.dead;
    if (uop_may_leave(u))
        live->late = FLAGS_ALL;
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
    return (L_ALL | NEVER_DEAD) & ~s->table->temporaries;
}

static void see_sets_of(const struct stream *s, const struct uop *u, struct live *live)
{
    enum uop_end end = (enum uop_end)uop_row(u)->end;

    if (end != END_NEXT && end != END_BRANCH)
        live->all = 0;
    live->all &= ~(uop_writes(u) & ~(u32)NEVER_DEAD);
    if (end != END_NEXT || uop_may_leave(u))
        live->all |= seen_outside(s);
    live->all |= uop_reads(u) | NEVER_DEAD;
}

/* Nobody but what is behind it sees what it does. */
static bool is_plain(const struct uop *u)
{
    return uop_row(u)->end == END_NEXT && !uop_may_leave(u);
}

/* Is the address that an access leaves in T0 read? Not where it loads into T0. */
static bool wants_address(const struct stream *s, const struct uop *u, u32 live)
{
    u8 t0 = s->table->t0;

    return leaves_address(u) && live >> t0 & 1 && !(uop_row(u)->writes & L_D && u->d == t0);
}

/* --- both --- */

/* Compilers fill gaps with such. A `lea` to T0 may be for what is at T0 (ops/memory/tlb.h). */
static bool does_nothing(const struct stream *s, const struct uop *u)
{
    bool moves = u->op == UOP_mov || (u->op == UOP_lea && !u->disp && u->d != s->table->t0);

    return moves && u->d == u->b;
}

/* Is it dropped? `storing` is what becomes of the flags of the mark behind it. */
static bool is_dead(const struct stream *s, const struct uop *u, enum flag_storing storing,
                    const struct live *live)
{
    return (u->cc && storing == STORE_NEVER) || does_nothing(s, u) ||
           (is_plain(u) && !u->late && !(uop_writes(u) & live->all));
}

/* What the others do, for most micro-ops. */
static void see_plain(const struct uop *u, struct live *live)
{
    u32 writes = uop_writes(u), reads = uop_reads(u);

    if (reads & L_FLAGS)
        live->hot = FLAGS_ALL;
    for (unsigned part = 0; part < 2; part++)
        if (live->spoiled[part])
            live->spoiled[part] |= writes & L_LOCATIONS;
    live->all = (live->all & ~(writes & ~(u32)NEVER_DEAD)) | reads | NEVER_DEAD;
}

static void see(const struct stream *s, const struct uop *u, struct live *live)
{
    if (is_plain(u)) {
        see_plain(u, live);
        return;
    }
    see_flags_of(u, live);
    spoil(s, u, live);
    see_sets_of(s, u, live);
}

static void close_gaps(struct stream *s)
{
    u32 kept = 0;

    for (u32 i = 0; i < s->count; i++) {
        if (s->uops[i].op == UOP_dropped)
            continue;
        if (kept != i)
            s->uops[kept] = s->uops[i];
        kept++;
    }
    s->count = kept;
}

void stream_drop_dead(struct stream *s)
{
    struct live live = {.late = FLAGS_ALL, .all = seen_outside(s)};
    enum flag_storing storing = STORE_HOT;

    for (u32 i = s->count; i-- > 0;) {
        struct uop *u = &s->uops[i];
        if (u->op == UOP_cc)
            storing = see_mark(s, i, &live);
        if (uop_is_mark(u))
            continue;
        if (is_dead(s, u, storing, &live)) {
            *u = uop_make(s->table, UOP_dropped, u->pc);
            continue;
        }
        u->t0_wanted = wants_address(s, u, live.all);
        see(s, u, &live);
    }
    close_gaps(s);
}
