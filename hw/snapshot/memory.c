/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A snapshot's memory: pages by their number. */
#include "exec/memory.h"

#include "hw/snapshot/internal.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

enum { WIDTH = 4 };
_Static_assert((int)PAGE_SIZE == (int)SNAPSHOT_PAGE, "pages are kept as they are");

static bool is_zero(const uint8_t *page)
{
    return *page == 0 && memcmp(page, page + 1, PAGE_SIZE - 1) == 0;
}

static void put_all(struct snapshot_writer *w, const struct memory *m)
{
    uint32_t page = 0, end;
    while (memory_next_used(m, &page, &end))
        for (; page < end; page++)
            if (!is_zero(memory_page_bytes(m, page)))
                snapshot_put_page(w, WIDTH, page, memory_page_bytes(m, page));
}

struct changes {
    struct snapshot_writer *w;
    const struct memory *m;
};

static void put_changed(void *changes, uint32_t page, const uint8_t *was)
{
    const struct changes *c = changes;
    const uint8_t *bytes = memory_page_bytes(c->m, page);
    if (memcmp(was, bytes, PAGE_SIZE) != 0)
        snapshot_put_page(c->w, WIDTH, page, is_zero(bytes) ? NULL : bytes);
}

void snapshot_put_memory(struct snapshot_writer *w, const struct memory *m, bool difference)
{
    struct changes c = {w, m};
    snapshot_put_part(w, PART_MEMORY);
    if (difference)
        memory_changed(m, put_changed, &c);
    else
        put_all(w, m);
    snapshot_end_pages(w, WIDTH);
}

/* --- loading: what is to change is held until all of the file is known to be good --- */

#define BECOMES_ZEROS ((uint32_t)1 << 31)

/* A mapping of its own, so that the host has it back as soon as its pages are in place. */
struct snapshot_held {
    struct snapshot_held *next;
    uint32_t count, number[(PAGE_SIZE - sizeof(void *)) / sizeof(uint32_t) - 1];
    uint8_t bytes[(PAGE_SIZE - sizeof(void *)) / sizeof(uint32_t) - 1][PAGE_SIZE];
};
enum { HELD = sizeof((struct snapshot_held *)NULL)->number / sizeof(uint32_t) };
_Static_assert(offsetof(struct snapshot_held, bytes) == PAGE_SIZE, "pages are the host's, too");

static bool make_room(struct snapshot_held **held)
{
    if (*held && (*held)->count < HELD)
        return true;
    struct snapshot_held *h = mmap(NULL, sizeof *h, PROT_READ | PROT_WRITE,
                                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (h == MAP_FAILED)
        return false;
    h->next = *held;
    *held = h;
    return true;
}

/* NULL: zeros. False if the host has no room. */
static bool hold(struct snapshot_held **held, uint32_t page, const uint8_t *bytes)
{
    if (!make_room(held))
        return false;
    struct snapshot_held *h = *held;
    if (bytes)
        memcpy(h->bytes[h->count], bytes, PAGE_SIZE);
    h->number[h->count++] = bytes ? page : page | BECOMES_ZEROS;
    return true;
}

static void let_go(struct snapshot_held **held)
{
    struct snapshot_held *h = *held;
    *held = h->next;
    munmap(h, sizeof *h);
}

void snapshot_put_held(struct snapshot_held **held, struct memory *m)
{
    for (; *held; let_go(held))
        for (struct snapshot_held *h = *held; h->count; h->count--) {
            uint32_t number = h->number[h->count - 1];
            bool zeros = number & BECOMES_ZEROS;
            memory_put_page(m, number & ~BECOMES_ZEROS, zeros ? NULL : h->bytes[h->count - 1]);
        }
}

void snapshot_free_held(struct snapshot_held **held)
{
    while (*held)
        let_go(held);
}

/* Pages that the file has not, up to one that it has. */
static bool hold_zeros(struct snapshot_held **held, const struct memory *m, uint32_t page,
                       uint32_t last)
{
    uint32_t end;
    bool good = true;
    while (good && page < last && memory_next_used(m, &page, &end))
        for (; good && page < end && page < last; page++)
            good = is_zero(memory_page_bytes(m, page)) || hold(held, page, NULL);
    return good;
}

/* `bytes` is NULL if it is to be zeros. */
static bool hold_change(struct snapshot_held **held, const struct memory *m, uint32_t page,
                        const uint8_t *bytes)
{
    const uint8_t *now = memory_page_bytes(m, page);
    bool is_same = bytes ? memcmp(now, bytes, PAGE_SIZE) == 0 : is_zero(now);
    return is_same || hold(held, page, bytes);
}

void snapshot_get_memory(const struct snapshot_readers *r, const struct memory *m,
                         struct snapshot_held **held)
{
    struct snapshot_pages p;
    uint8_t bytes[PAGE_SIZE];
    uint32_t end = memory_pages(m), next = 0;
    uint64_t number;
    bool zeros, good = true;
    snapshot_pages_begin(&p, r, "its memory", WIDTH, end);
    while (good && snapshot_pages_next(&p, &number, bytes, &zeros)) {
        uint32_t page = (uint32_t)number;
        good = hold_zeros(held, m, next, page) && hold_change(held, m, page, zeros ? NULL : bytes);
        next = page + 1;
    }
    if (good && snapshot_readers_are_good(r))
        good = hold_zeros(held, m, next, end);
    if (!good)
        snapshot_reader_fail(r->r[0], "the host is out of memory");
}
