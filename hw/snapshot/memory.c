/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A snapshot's memory: pages of which the number goes before, in order; a number of all ones ends.
 */
#include "exec/memory.h"

#include "hw/snapshot/internal.h"

#include <string.h>

static bool is_zero(const uint8_t *page)
{
    return *page == 0 && memcmp(page, page + 1, PAGE_SIZE - 1) == 0;
}

/* --- how it is made up --- */

void snapshot_put_layout(struct snapshot_writer *w, const struct memory *m)
{
    unsigned blocks = memory_blocks(m);
    snapshot_put_number(w, blocks, 4);
    for (unsigned i = 0; i < blocks; i++)
        snapshot_put_number(w, memory_block_pages(m, i), 4);
}

static void check_ram(struct snapshot_reader *r, uint32_t pages, uint32_t ours)
{
    if (pages != ours)
        snapshot_reader_fail(r, "is of a machine with %s of memory, not %s (-m %" PRIu64 "K)",
                             size_text((uint64_t)pages * PAGE_SIZE).text,
                             size_text((uint64_t)ours * PAGE_SIZE).text,
                             (uint64_t)pages * (PAGE_SIZE / 1024));
}

void snapshot_check_layout(struct snapshot_reader *r, const struct memory *m)
{
    uint64_t blocks = snapshot_get_number(r, 4);
    uint32_t ram = (uint32_t)snapshot_get_number(r, 4);
    bool same = blocks == memory_blocks(m);
    check_ram(r, ram, memory_block_pages(m, 0));
    for (unsigned i = 1; i < blocks && same; i++)
        same = snapshot_get_number(r, 4) == memory_block_pages(m, i);
    if (!same)
        snapshot_reader_fail(r, "is of a machine with other ROMs or video memory (-bios, -vga, "
                                "-global VGA.vgamem_mb, or another version of Tessera)");
}

/* --- what it holds --- */

static void put_page(struct snapshot_writer *w, const struct memory *m, uint32_t page)
{
    const uint8_t *bytes = memory_page_bytes(m, page);
    if (is_zero(bytes))
        return;
    snapshot_put_number(w, page, 4);
    snapshot_put(w, bytes, PAGE_SIZE);
}

void snapshot_put_memory(struct snapshot_writer *w, const struct memory *m)
{
    uint32_t page = 0, end;
    while (memory_next_used(m, &page, &end))
        for (; page < end; page++)
            put_page(w, m, page);
    snapshot_put_number(w, UINT32_MAX, 4);
}

/* Pages that the file has not, up to one that it has. */
static void clear_up_to(struct memory *m, uint32_t page, uint32_t last)
{
    uint32_t end;
    while (page < last && memory_next_used(m, &page, &end))
        for (; page < end && page < last; page++)
            memory_put_page(m, page, NULL);
}

void snapshot_get_memory(struct snapshot_reader *r, struct memory *m, bool apply)
{
    uint8_t bytes[PAGE_SIZE];
    uint32_t end = memory_pages(m), next = 0, page;
    while ((page = (uint32_t)snapshot_get_number(r, 4)) != UINT32_MAX) {
        if (snapshot_reader_is_good(r) && (page < next || page >= end))
            snapshot_reader_fail(r, "is damaged: page %" PRIx32 " of its memory", page);
        if (!snapshot_get(r, bytes, sizeof bytes))
            return;
        if (apply) {
            clear_up_to(m, next, page);
            memory_put_page(m, page, bytes);
        }
        next = page + 1;
    }
    if (apply)
        clear_up_to(m, next, end);
}
