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

/* A location is so far from where the stack pointer was; or nobody knows. */
struct follow {
    bool known;
    s32 distance;
};

struct walk {
    const struct stream *s;
    struct follow at[16];
    bool address_wanted[STREAM_UOPS]; /* behind a micro-op, in T0 */
    s32 low, high;                    /* what is used, of [low, high) */
    u32 count;                        /* accesses */
};

/* Farther away nothing can be in the same page. */
static bool is_near(s64 distance)
{
    return distance > -WINDOW_SIZE && distance < WINDOW_SIZE;
}

static bool is_access(const struct stream *s, const struct uop *u)
{
    return !uop_is_mark(u) && s->table->window.form[u->op];
}

static u8 base_of(const struct uop *u)
{
    return uop_row(u)->access.kind == ACCESS_LOAD ? u->b : u->d;
}

/* --- who wants addresses --- */

static void find_wanted(struct walk *w)
{
    const struct stream *s = w->s;
    u32 t0 = 1u << s->table->t0;
    bool wanted = false;

    for (u32 i = s->count; i-- > 0;) {
        const struct uop *u = &s->uops[i];
        w->address_wanted[i] = wanted;
        if (uop_is_mark(u))
            continue;
        if (uop_writes(u) & t0)
            wanted = false;
        if (uop_reads(u) & t0)
            wanted = true;
    }
}

/* --- where locations are --- */

static struct follow moved(struct follow from, u32 by)
{
    s64 distance = (s64)from.distance + (s32)by;

    return (struct follow){from.known && is_near(distance), (s32)distance};
}

/* Does it reach memory by a helper, for which there is no telling that the window is in use? */
static bool accesses_by_helper(const struct uop *u)
{
    return uop_row(u)->access.kind && uop_row(u)->cold == COLD_HELPER;
}

static void follow(struct walk *w, const struct uop *u)
{
    const struct uop_table *t = w->s->table;
    struct follow to = {0};

    if (accesses_by_helper(u))
        memset(w->at, 0, sizeof w->at);
    else if (u->op == t->window.add)
        to = moved(w->at[u->d], u->imm[0]);
    else if (u->op == t->window.move)
        to = w->at[u->b];
    else if (u->op == t->window.lea)
        to = moved(w->at[u->b], u->disp);
    for (u32 n = 0; n < t->locations; n++)
        if (uop_writes(u) & 1u << n)
            w->at[n] = n == u->d ? to : (struct follow){0};
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

static bool use(struct walk *w, const struct uop *u, bool address_wanted)
{
    struct follow base = w->at[base_of(u)], first = moved(base, u->disp);
    s32 end = first.distance + uop_row(u)->access.size;

    if (!first.known || address_wanted)
        return false;
    return take_in(w, first.distance < base.distance ? first.distance : base.distance,
                   end > base.distance + 1 ? end : base.distance + 1);
}

static void walk(struct walk *w, u32 first, struct stream *to)
{
    const struct stream *s = w->s;

    for (u32 i = first; i < s->count; i++) {
        const struct uop *from = &s->uops[i];
        struct uop *u = &to->uops[to->count++];
        *u = *from;
        if (uop_is_mark(from))
            continue;
        if (is_access(s, from) && use(w, from, w->address_wanted[i])) {
            u->op = s->table->window.form[from->op];
            u->row = &s->table->rows[u->op];
        }
        follow(w, from);
    }
}

/* Slow paths are told whether the window is still relied on. */
static void mark_those_before(struct stream *to)
{
    bool follows = false;

    for (u32 i = to->count; i-- > 0;) {
        struct uop *u = &to->uops[i];
        u->before_window = follows;
        follows |= !uop_is_mark(u) && uop_row(u)->params == PARAMS_WINDOW;
    }
}

static struct uop make_check(const struct walk *w, u32 failures)
{
    const struct stream *s = w->s;
    struct uop check = uop_make(s->table, s->table->window.check, s->eip);

    check.d = s->table->window.stack;
    check.imm[0] = (u32)w->low;
    check.imm[1] = (u32)(w->high - w->low);
    check.imm[2] = failures;
    return check;
}

bool stream_use_window(const struct stream *s, u32 failures, struct stream *to)
{
    static struct walk w;
    /* Behind what counts the block's runs, which is to happen whether the check fails or not. */
    u32 first = s->count && s->uops[0].op == UOP_count_down;

    if (!s->table->window.form || s->mode & (MODE_STEP | MODE_NO_WINDOW) || s->count >= STREAM_UOPS)
        return false;
    w = (struct walk){.s = s};
    w.at[s->table->window.stack].known = true;
    find_wanted(&w);
    memcpy(to, s, offsetof(struct stream, uops) + first * sizeof *s->uops);
    to->count = first + 1;
    walk(&w, first, to);
    if (!w.count)
        return false;
    mark_those_before(to);
    to->uops[first] = make_check(&w, failures);
    return true;
}
