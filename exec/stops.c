/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breakpoints and watchpoints: see stops.h. What comes of them is loop.c's. */
#include "exec/stops.h"

#include "exec/memory.h"

#include <stdlib.h>
#include <string.h>

void stops_destroy(struct stops *s)
{
    free(s->code);
    free(s->watch);
    *s = (struct stops){.code = NULL};
}

/* --- breakpoints --- */

/* The first that is not below an address: its place. */
static unsigned place(const struct stops *s, u32 linear)
{
    unsigned low = 0, high = s->codes;

    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (s->code[middle] < linear)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool stops_is_at(const struct stops *s, u32 linear)
{
    unsigned at;

    if (!s->codes)
        return false;
    at = place(s, linear);
    return at < s->codes && s->code[at] == linear;
}

u32 stops_distance(const struct stops *s, u32 linear)
{
    unsigned at = linear == UINT32_MAX ? s->codes : place(s, linear + 1);

    return at < s->codes ? s->code[at] - linear : UINT32_MAX;
}

bool stops_set_code(struct stops *s, u32 at, bool on)
{
    unsigned i = place(s, at);
    u32 *more;

    if (stops_is_at(s, at) == on)
        return true;
    if (!on) {
        memmove(s->code + i, s->code + i + 1, (--s->codes - i) * sizeof *s->code);
        return true;
    }
    more = realloc(s->code, (s->codes + 1) * sizeof *s->code);
    if (!more)
        return false;
    s->code = more;
    memmove(more + i + 1, more + i, (s->codes++ - i) * sizeof *more);
    more[i] = at;
    return true;
}

/* --- watchpoints --- */

static bool same(const struct watchpoint *a, const struct watchpoint *b)
{
    return a->at == b->at && a->size == b->size && a->on == b->on;
}

static unsigned find(const struct stops *s, const struct watchpoint *watch)
{
    unsigned i = 0;

    while (i < s->watches && !same(&s->watch[i], watch))
        i++;
    return i;
}

bool stops_set_watch(struct stops *s, struct watchpoint watch, bool on)
{
    unsigned i = find(s, &watch);
    struct watchpoint *more;

    if (!watch.size || watch.size - 1 > UINT32_MAX - watch.at)
        return false;
    if ((i < s->watches) == on)
        return true;
    if (!on) {
        s->watch[i] = s->watch[--s->watches];
        return true;
    }
    more = realloc(s->watch, (s->watches + 1) * sizeof *more);
    if (!more)
        return false;
    s->watch = more;
    more[s->watches++] = watch;
    return true;
}

bool stops_guards_page(const struct stops *s, u32 linear)
{
    u32 page = linear & ~(u32)PAGE_MASK;

    for (unsigned i = 0; i < s->watches; i++) {
        const struct watchpoint *w = &s->watch[i];
        if (w->at - page < PAGE_SIZE || page - w->at < w->size)
            return true;
    }
    return false;
}

const struct watchpoint *stops_find_watch(const struct stops *s, u32 linear, unsigned size,
                                          bool write)
{
    for (unsigned i = 0; i < s->watches; i++) {
        const struct watchpoint *w = &s->watch[i];
        bool overlap = w->at - linear < size || linear - w->at < w->size;
        if (overlap && w->on & (write ? WATCH_WRITE : WATCH_READ))
            return w;
    }
    return NULL;
}

void stops_note(struct stops *s, const struct watchpoint *watch, u32 linear)
{
    u32 inside = linear - watch->at;

    s->met = true;
    s->stop = (struct stop){STOP_WATCHPOINT, *watch, inside < watch->size ? linear : watch->at};
}
