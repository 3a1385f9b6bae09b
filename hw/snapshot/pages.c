/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of pages in snapshots' files: each behind its number, in order; a number of all ones ends.
 * The number's highest bit says that the page became zeros, which are not in the file.
 */
#include "hw/snapshot/internal.h"

#define NONE UINT64_MAX

static uint64_t all_ones(size_t width)
{
    return UINT64_MAX >> (64 - 8 * width);
}

static uint64_t highest_bit(size_t width)
{
    return (uint64_t)1 << (8 * width - 1);
}

void snapshot_put_page(struct snapshot_writer *w, size_t width, uint64_t number,
                       const uint8_t *bytes)
{
    snapshot_put_number(w, bytes ? number : number | highest_bit(width), width);
    if (bytes)
        snapshot_put(w, bytes, SNAPSHOT_PAGE);
}

void snapshot_end_pages(struct snapshot_writer *w, size_t width)
{
    snapshot_put_number(w, all_ones(width), width);
}

bool snapshot_readers_are_good(const struct snapshot_readers *r)
{
    for (unsigned i = 0; i < r->count; i++)
        if (!snapshot_reader_is_good(r->r[i]))
            return false;
    return true;
}

void snapshot_readers_destroy(struct snapshot_readers *r)
{
    for (unsigned i = 0; i < r->count; i++)
        snapshot_reader_destroy(r->r[i]);
    r->count = 0;
}

/* Behind the page that has been read, or at first, 0. */
static void read_number(struct snapshot_pages *p, unsigned file, uint64_t least)
{
    struct snapshot_reader *r = p->from->r[file];
    uint64_t value = snapshot_get_number(r, p->width);
    bool any = snapshot_reader_is_good(r) && value != all_ones(p->width);
    uint64_t number = value & ~highest_bit(p->width);
    p->next[file].number = any ? number : NONE;
    p->next[file].zeros = any && value != number;
    if (any && (number < least || number >= p->end))
        snapshot_reader_fail(r, "is damaged: page %" PRIx64 " of %s", number, p->of);
}

void snapshot_pages_begin(struct snapshot_pages *p, const struct snapshot_readers *from,
                          const char *of, size_t width, uint64_t end)
{
    *p = (struct snapshot_pages){.from = from, .of = of, .width = width, .end = end};
    for (unsigned i = 0; i < from->count; i++)
        read_number(p, i, 0);
}

/* The file that has the lowest number, the newest of them; `count` if there is none. */
static unsigned first_of(const struct snapshot_pages *p)
{
    unsigned best = p->from->count;
    uint64_t least = NONE;
    for (unsigned i = 0; i < p->from->count; i++)
        if (p->next[i].number < least) {
            least = p->next[i].number;
            best = i;
        }
    return best;
}

bool snapshot_pages_next(struct snapshot_pages *p, uint64_t *number, uint8_t *bytes, bool *zeros)
{
    uint8_t older[SNAPSHOT_PAGE];
    unsigned newest = first_of(p);
    if (newest == p->from->count || !snapshot_readers_are_good(p->from))
        return false;
    *number = p->next[newest].number;
    *zeros = p->next[newest].zeros;
    for (unsigned i = newest; i < p->from->count; i++)
        if (p->next[i].number == *number) {
            if (i == newest && !p->next[i].zeros)
                snapshot_get(p->from->r[i], bytes, SNAPSHOT_PAGE);
            else if (!p->next[i].zeros)
                snapshot_get(p->from->r[i], older, SNAPSHOT_PAGE);
            read_number(p, i, *number + 1);
        }
    return snapshot_readers_are_good(p->from);
}
