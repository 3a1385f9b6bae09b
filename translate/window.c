/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which accesses of a block go by the stack window (ops/window.h): those at a known distance from
 * where the stack pointer is when the block begins. Locations are followed for that through the
 * micro-ops that move it by immediates and copy it, into a frame pointer and back. Not behind a
 * helper that may reach a device, which may change what is where; nor where somebody wants an
 * access's address in T0.
 *
 * The stream then begins with the check that all of them lie in the window. An address is
 * a sum in 64 bits, and a location that was moved has been cut to 32: so what the location itself
 * is at each access must lie there, too.
 */
#include "translate/window.h"

#include <string.h>

struct walk {
    const struct uop_table *table;
    u32 known;         /* locations that are so far from where the stack pointer was: */
    s32 distance[16];  /* by location */
    s32 low, high;     /* what is used, of [low, high) */
    u32 count, behind; /* accesses; behind the last of them, and of ways out that rely on them */
};

/* Farther away nothing can be in the same page. */
static bool is_near(s64 distance)
{
    return distance > -WINDOW_SIZE && distance < WINDOW_SIZE;
}

/* --- where locations are --- */

static bool is_known(const struct walk *w, u8 location)
{
    return w->known >> location & 1;
}

/* What a micro-op that moves d makes of it: a known location and a sum. */
static bool moves(const struct uop *u, u8 *from, u32 *by)
{
    *from = u->op == UOP_addi ? u->d : u->b;
    *by = u->op == UOP_addi ? u->imm[0] : u->op == UOP_lea ? u->disp : 0;
    return u->op == UOP_addi || u->op == UOP_mov || u->op == UOP_lea;
}

static void follow(struct walk *w, const struct uop *u)
{
    u32 by;
    u8 from;
    bool known = moves(u, &from, &by) && is_known(w, from);
    s64 distance = known ? (s64)w->distance[from] + (s32)by : 0;

    w->known &= ~uop_writes(u);
    if (!known || !is_near(distance))
        return;
    w->known |= 1u << u->d;
    w->distance[u->d] = (s32)distance;
}

/* --- what is used --- */

/* Takes [low, high) in, if all then is no more than a page. */
static bool take_in(struct walk *w, s32 low, s32 high)
{
    if (w->count) {
        low = low < w->low ? low : w->low;
        high = high > w->high ? high : w->high;
    }
    if (high - low > WINDOW_SIZE)
        return false;
    w->low = low;
    w->high = high;
    w->count++;
    return true;
}

/* The location that an access is at, and the offset there. */
static u8 base_of(const struct walk *w, const struct uop *u, s32 *offset)
{
    bool at_t0 = uop_row(u)->params == PARAMS_AT_T0;

    *offset = at_t0 ? 0 : (s32)u->disp;
    return at_t0 ? w->table->t0 : uop_row(u)->access.kind == ACCESS_LOAD ? u->b : u->d;
}

static bool use(struct walk *w, const struct uop *u)
{
    s32 offset;
    u8 location = base_of(w, u, &offset);
    s32 base = w->distance[location];
    s64 first = (s64)base + offset;

    if (!is_known(w, location) || !is_near(first) || u->t0_wanted)
        return false;
    s32 end = (s32)first + uop_row(u)->access.size;
    return take_in(w, first < base ? (s32)first : base, end > base + 1 ? end : base + 1);
}

/* A way out: where the stack pointer is there. */
static void note_moved(struct walk *w, struct uop *u, u32 at)
{
    bool known = is_known(w, w->table->window.stack);

    u->moved = known ? (s16)w->distance[w->table->window.stack] : WINDOW_LOST;
    if (known)
        w->behind = at + 1;
}

static void walk(struct walk *w, struct stream *s, u32 first)
{
    for (u32 i = first; i < s->count; i++) {
        struct uop *u = &s->uops[i];
        if (uop_is_mark(u))
            continue;
        if (uop_has_target(u))
            note_moved(w, u, i);
        u16 form = w->table->window.form[u->op];
        if (form && use(w, u)) {
            u->op = form;
            u->row = &w->table->rows[form];
            w->behind = i + 1;
        }
        follow(w, u);
    }
}

/* In front of the block, as its micro-op `at`; slow paths are told that the window is relied on. */
static void insert_check(struct stream *s, u32 at, const struct walk *w, u32 failures)
{
    struct uop check = uop_make(s->table, UOP_window, s->pc);

    for (u32 i = at; i < w->behind - 1; i++)
        s->uops[i].before_window = true;
    check.d = s->table->window.stack;
    check.check.low = (u32)w->low;
    check.check.size = (u32)(w->high - w->low);
    check.check.failures = failures;
    memmove(s->uops + at + 1, s->uops + at, (s->count++ - at) * sizeof *s->uops);
    s->uops[at] = check;
}

bool stream_use_window(struct stream *s, u32 failures)
{
    const struct uop_table *t = s->table;
    struct walk w = {.table = t, .known = 1u << t->window.stack};
    /* Behind what counts the block's runs, which is to happen whether the check fails or not. */
    u32 first = s->count && s->uops[0].op == UOP_count_down;

    if (!t->window.form || s->mode & (MODE_STEP | MODE_NO_WINDOW) || s->count >= STREAM_UOPS)
        return false;
    walk(&w, s, first);
    if (!w.count)
        return false;
    insert_check(s, first, &w, failures);
    return true;
}
