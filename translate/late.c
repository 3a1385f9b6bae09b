/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * State that is stored late: flags that are computed but not stored (liveness.c says why), and
 * notes (notes.c). While the layout goes along the stream, what the cpu lacks of them is kept here;
 * it is no code until cold code or a way out needs it, and is put in front of it there.
 *
 * Their kind is stored only where somebody looks at it: a slow path is told it by its descriptor
 * (ops/slow.h).
 */
#include "ops/slow.h"
#include "translate/layout.h"

void late_start(struct late_state *f)
{
    f->kind_known = false;
    f->kind_stored = true;
    f->collected.count = f->pending.count = f->pending_others.count = f->others = 0;
    f->notes[0] = f->notes[1] = NULL;
}

/* --- stored --- */

bool late_has_flags(const struct layout *l)
{
    const struct late_state *f = &l->late;

    return f->pending.count || f->pending_others.count || f->others ||
           (f->kind_known && !f->kind_stored);
}

u32 late_slow_path_kind(const struct layout *l)
{
    const struct late_state *f = &l->late;

    return f->kind_known && !f->kind_stored ? f->kind : SLOW_FLAGS_STORED;
}

void late_store_kind(struct layout *l, bool cold)
{
    if (l->late.kind_known && !l->late.kind_stored)
        layout_add_param(l, cold, l->s->table->store_kind, l->late.kind);
}

static void store_group(struct layout *l, bool cold, const struct flag_group *g)
{
    for (u32 i = 0; i < g->count; i++)
        layout_add_uop(l, cold, g->ops[i]);
}

static void store_operands(struct layout *l, bool cold, const struct flag_group *all)
{
    const struct late_state *f = &l->late;

    for (unsigned n = 0; n < 2; n++)
        if (f->notes[n])
            layout_add_uop(l, cold, f->notes[n]);
    store_group(l, cold, all);
    store_group(l, cold, &f->pending_others);
    if (f->others)
        layout_add_param(l, cold, l->s->table->store_others_kind, f->others);
}

void late_store_operands(struct layout *l, bool cold)
{
    store_operands(l, cold, &l->late.pending);
}

/* Do the flags that are not stored follow from a comparison? */
static bool is_comparison(const struct layout *l)
{
    const struct late_state *f = &l->late;
    const struct uop_table *t = l->s->table;

    if (!t->compare.kind || !f->pending.count || !f->kind_known || f->kind_stored)
        return false;
    u16 last = f->pending.ops[f->pending.count - 1]->op;
    return last == t->compare.op[0] || last == t->compare.op[1];
}

/* A comparison by its operands, no difference: who reads them behind here asks for the kind. */
static void store_comparison(struct layout *l, bool cold)
{
    const struct uop_table *t = l->s->table;
    struct flag_group group = l->late.pending;
    const struct uop *last = group.ops[group.count - 1];
    struct uop left = uop_make(t, t->compare.left, last->pc);

    left.d = last->d;
    group.ops[group.count - 1] = &left;
    store_operands(l, cold, &group);
    layout_add_param(l, cold, t->store_kind, l->late.kind + t->compare.kind);
}

void late_store(struct layout *l, bool cold)
{
    if (is_comparison(l)) {
        store_comparison(l, cold);
        return;
    }
    late_store_operands(l, cold);
    late_store_kind(l, cold);
}

/* --- marks --- */

static void mark_all(struct layout *l, const struct uop *u)
{
    struct late_state *f = &l->late;

    f->pending.count = f->pending_others.count = f->others = 0;
    f->kind = u->flags.kind;
    f->kind_known = u->flags.storing != STORE_NEVER;
    f->kind_stored = !f->kind_known || !l->s->table->store_kind;
    if (u->flags.storing == STORE_LATE)
        f->pending = f->collected;
}

/* FLAGS_OTHERS alone: the rest of the kind stays as it is, known or not. */
static void mark_others(struct layout *l, const struct uop *u)
{
    struct late_state *f = &l->late;

    if (u->flags.storing == STORE_NEVER)
        return;
    f->pending_others.count = f->others = 0;
    if (u->flags.storing == STORE_LATE)
        f->pending_others = f->collected;
    if (f->kind_known) {
        f->kind = flags_kind(f->kind, u->flags.others);
        f->kind_stored = false;
    } else if (u->flags.storing == STORE_LATE) {
        f->others = u->flags.others;
    } else {
        layout_add_param(l, false, l->s->table->store_others_kind, u->flags.others);
    }
}

void late_mark(struct layout *l, const struct uop *u)
{
    if (u->flags.parts == FLAGS_ALL)
        mark_all(l, u);
    else
        mark_others(l, u);
    l->late.collected.count = 0;
}

/* --- other micro-ops --- */

/* The note that holds from here on, if it is not made here; NULL: one is. */
static void take_note(struct late_state *f, u32 kind, const struct uop *u)
{
    f->notes[kind == L_NOTE2] = u;
}

void late_collect(struct layout *l, const struct uop *u)
{
    struct flag_group *g = &l->late.collected;

    if (uop_row(u)->writes & L_NOTES)
        take_note(&l->late, uop_row(u)->writes, u);
    else if (g->count < GROUP_OPS)
        g->ops[g->count++] = u;
    else
        l->full = true;
}

/*
 * The store of a read-modify-write comes behind some of the ops that store its flags: its slow
 * path, where nothing can fault any more, must not bring those before back.
 */
static void forget_overwritten(struct layout *l, const struct uop *u)
{
    struct late_state *f = &l->late;

    if (uop_row(u)->writes == L_FLAGS && u->op != l->s->table->store_others)
        f->pending.count = f->pending_others.count = f->others = 0;
}

void late_overwrite(struct layout *l, const struct uop *u)
{
    forget_overwritten(l, u);
    if (uop_row(u)->writes & L_NOTES)
        take_note(&l->late, uop_row(u)->writes, NULL);
}

void late_called(struct layout *l, const struct uop *u)
{
    struct late_state *f = &l->late;

    f->kind_stored = true;
    if (!uop_call_changes_flags(u))
        return;
    f->kind = l->s->table->kind_after_call;
    f->kind_known = true;
}
