/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A snapshot's memory: pages by their number. */
#include "exec/memory.h"

#include "hw/snapshot/internal.h"

#include <string.h>

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

/* Pages that the file has not, up to one that it has. */
static void clear_up_to(struct memory *m, uint32_t page, uint32_t last)
{
    uint32_t end;
    while (page < last && memory_next_used(m, &page, &end))
        for (; page < end && page < last; page++)
            memory_put_page(m, page, NULL);
}

void snapshot_get_memory(const struct snapshot_readers *r, struct memory *m, bool apply)
{
    struct snapshot_pages p;
    uint8_t bytes[PAGE_SIZE];
    uint32_t end = memory_pages(m), next = 0;
    uint64_t page;
    bool zeros;
    snapshot_pages_begin(&p, r, "its memory", WIDTH, end);
    while (snapshot_pages_next(&p, &page, bytes, &zeros)) {
        if (apply) {
            clear_up_to(m, next, (uint32_t)page);
            memory_put_page(m, (uint32_t)page, zeros ? NULL : bytes);
        }
        next = (uint32_t)page + 1;
    }
    if (apply && snapshot_readers_are_good(r))
        clear_up_to(m, next, end);
}
