/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See difference.h. A key is a disk's number + 1, or 0 for memory, above 48 bits of page number. */
#include "hw/snapshot/difference.h"

#include "exec/memory.h"
#include "hw/host/disk_store.h"
#include "hw/host/surroundings.h"

#include <stdlib.h>
#include <string.h>

enum { DISK_SHIFT = 48 };
_Static_assert((int)PAGE_SIZE == (int)DISK_OVERLAY_BLOCK, "blocks are kept as pages are");

static uint64_t number_of(const struct difference_page *p)
{
    return p->key & (((uint64_t)1 << DISK_SHIFT) - 1);
}

static bool is_zero(const uint8_t *page)
{
    return *page == 0 && memcmp(page, page + 1, PAGE_SIZE - 1) == 0;
}

static bool make_room(struct difference *d)
{
    enum { FIRST = 256 };
    size_t room = d->room ? 2 * d->room : FIRST;
    if (d->pages < d->room)
        return true;
    struct difference_page *page = realloc(d->page, room * sizeof *page);
    if (!page)
        return false;
    d->page = page;
    d->room = room;
    return true;
}

/* Takes the bytes over. */
static bool append(struct difference *d, struct difference_page p)
{
    if (!make_room(d)) {
        free(p.bytes);
        return false;
    }
    d->page[d->pages++] = p;
    d->bytes += sizeof p + (p.bytes ? PAGE_SIZE : 0);
    return true;
}

static bool append_copy(struct difference *d, uint64_t key, const uint8_t *bytes)
{
    struct difference_page p = {.key = key};
    if (!is_zero(bytes)) {
        p.bytes = malloc(PAGE_SIZE);
        if (!p.bytes)
            return false;
        memcpy(p.bytes, bytes, PAGE_SIZE);
    }
    return append(d, p);
}

void difference_free(struct difference *d)
{
    for (size_t i = 0; i < d->pages; i++)
        free(d->page[i].bytes);
    free(d->page);
    *d = (struct difference){.page = NULL};
}

/* --- from the machine, and back --- */

struct taking {
    struct difference *to;
    const struct memory *memory;
    bool good;
};

static void take_page(void *taking, uint32_t page, const uint8_t *was)
{
    struct taking *t = taking;
    if (t->good && memcmp(was, memory_page_bytes(t->memory, page), PAGE_SIZE) != 0)
        t->good = append_copy(t->to, page, was);
}

static bool take_disk(struct difference *d, unsigned number, struct disk_store *s)
{
    uint8_t bytes[DISK_OVERLAY_BLOCK];
    bool good = true;
    for (uint64_t block = 0; good && disk_overlay_next_changed(s, &block); block++)
        good = disk_overlay_get_marked(s, block, bytes) == 0 &&
               append_copy(d, (uint64_t)(number + 1) << DISK_SHIFT | block, bytes);
    return good;
}

bool difference_take(struct difference *d, const struct snapshot_machine *m)
{
    struct taking t = {d, m->memory, true};
    memory_changed(m->memory, take_page, &t);
    for (unsigned i = 0; t.good && i < m->host->disks; i++) {
        struct disk_store *s = disk_store(m->host->disk[i]);
        t.good = !s || !disk_store_is_overlay(s) || take_disk(d, i, s);
    }
    if (!t.good)
        difference_free(d);
    return t.good;
}

void difference_put(const struct difference *d, const struct snapshot_machine *m)
{
    static const uint8_t zeros[PAGE_SIZE];
    for (size_t i = 0; i < d->pages; i++) {
        const struct difference_page *p = &d->page[i];
        unsigned disk = (unsigned)(p->key >> DISK_SHIFT);
        if (!disk)
            memory_put_page(m->memory, (uint32_t)p->key, p->bytes);
        else
            disk_overlay_put(disk_store(m->host->disk[disk - 1]), number_of(p),
                             p->bytes ? p->bytes : zeros);
    }
}

/* --- two in a row --- */

/* The next page of either, in the order of keys; of both, it is the earlier one's. */
static struct difference_page take_next(struct difference *d, size_t *i, struct difference *later,
                                        size_t *j)
{
    bool in_first = *i < d->pages && (*j == later->pages || d->page[*i].key <= later->page[*j].key);
    if (!in_first)
        return later->page[(*j)++];
    if (*j < later->pages && later->page[*j].key == d->page[*i].key)
        free(later->page[(*j)++].bytes);
    return d->page[(*i)++];
}

bool difference_merge(struct difference *d, struct difference *later)
{
    size_t i = 0, j = 0, most = d->pages + later->pages;
    struct difference both = {.page = malloc((most + 1) * sizeof *both.page), .room = most + 1};
    if (!both.page)
        return false;
    while (i < d->pages || j < later->pages)
        append(&both, take_next(d, &i, later, &j));
    free(d->page);
    free(later->page);
    *d = both;
    *later = (struct difference){.page = NULL};
    return true;
}
