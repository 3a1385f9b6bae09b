/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What all of the guest's memory holds, as one row of pages, and the way back to what it was. Who
 * wants to go back watches all of it: the first store to each page comes by memory_mark_dirty,
 * which keeps a copy. A copy that has been used stays, as the page is what it is again.
 */
#include "exec/memory.h"
#include "exec/memory_map.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct memory_undo {
    uint8_t *copies;   /* a place for each page, empty unless it is kept */
    uint64_t *kept;    /* a bit for each page: what it was is in its place */
    uint64_t *changed; /* it may be another since */
    size_t size;       /* of the copies */
};

/* --- blocks --- */

struct memory_block {
    uint8_t *host;
    uint32_t pages;
};

/* The first is RAM, the others are regions' of their own. */
static struct memory_block block_of(const struct memory *m, unsigned number)
{
    if (number == 0)
        return (struct memory_block){m->ram, m->ram_size / PAGE_SIZE};
    for (unsigned i = 0; i < m->regions; i++) {
        const struct memory_region *r = m->region[i];
        if (r->mapped && --number == 0)
            return (struct memory_block){r->host, r->size / PAGE_SIZE};
    }
    return (struct memory_block){NULL, 0};
}

unsigned memory_blocks(const struct memory *m)
{
    unsigned count = 1;
    for (unsigned i = 0; i < m->regions; i++)
        count += m->region[i]->mapped;
    return count;
}

uint32_t memory_block_pages(const struct memory *m, unsigned block)
{
    return block_of(m, block).pages;
}

uint32_t memory_pages(const struct memory *m)
{
    return (uint32_t)(m->fd_size / PAGE_SIZE);
}

static uint8_t *page_host(const struct memory *m, uint32_t page)
{
    for (unsigned i = 0, count = memory_blocks(m); i < count; i++) {
        struct memory_block b = block_of(m, i);
        if (page < b.pages)
            return b.host + (size_t)page * PAGE_SIZE;
        page -= b.pages;
    }
    abort(); /* there is no such page */
}

const uint8_t *memory_page_bytes(const struct memory *m, uint32_t page)
{
    return page_host(m, page);
}

/* Where the host has never needed a page there are zeros, and to look there would make it one. */
bool memory_next_used(const struct memory *m, uint32_t *page, uint32_t *end)
{
    off_t from = lseek(m->fd, (off_t)*page * PAGE_SIZE, SEEK_DATA);
    off_t to = from < 0 ? -1 : lseek(m->fd, from, SEEK_HOLE);
    *page = (uint32_t)(from / PAGE_SIZE);
    *end = (uint32_t)(to / PAGE_SIZE);
    return to > from;
}

/* --- changing pages from outside --- */

static void tell_of_code(struct memory *m, const uint8_t *host)
{
    for (unsigned i = 0; i < m->regions; i++) {
        const struct memory_region *r = m->region[i];
        size_t offset = (uintptr_t)host - (uintptr_t)r->host;
        if (!r->visible || !r->host || offset >= r->size)
            continue;
        uint32_t address = r->base + (uint32_t)offset;
        if (memory_entry_host(memory_entry_of(m, address)) == host)
            memory_code_changes(m, address, PAGE_SIZE);
    }
}

static void put_page(struct memory *m, uint8_t *host, const uint8_t *bytes)
{
    if (memcmp(host, bytes, PAGE_SIZE) == 0)
        return;
    tell_of_code(m, host);
    memcpy(host, bytes, PAGE_SIZE);
}

void memory_put_page(struct memory *m, uint32_t page, const uint8_t *bytes)
{
    static const uint8_t zeros[PAGE_SIZE];
    uint8_t *host = page_host(m, page);
    memory_mark_dirty(m, host);
    put_page(m, host, bytes ? bytes : zeros);
}

/* --- going back --- */

static bool is_set(const uint64_t *bits, uint32_t page)
{
    return bits[page / 64] >> page % 64 & 1;
}

static void set(uint64_t *bits, uint32_t page)
{
    bits[page / 64] |= (uint64_t)1 << page % 64;
}

static void keep(struct memory_undo *u, uint32_t page, const uint8_t *host)
{
    if (!is_set(u->kept, page))
        memcpy(u->copies + (size_t)page * PAGE_SIZE, host, PAGE_SIZE);
    set(u->kept, page);
    set(u->changed, page);
}

void memory_undo_note(struct memory *m, const uint8_t *host, size_t size)
{
    uint32_t before = 0;
    for (unsigned i = 0, count = memory_blocks(m); i < count; i++) {
        struct memory_block b = block_of(m, i);
        size_t offset = (uintptr_t)host - (uintptr_t)b.host;
        if (offset < (size_t)b.pages * PAGE_SIZE) {
            size_t end = (offset + size + PAGE_MASK) / PAGE_SIZE;
            for (size_t page = offset / PAGE_SIZE; page < end; page++)
                keep(m->undo, before + (uint32_t)page, b.host + page * PAGE_SIZE);
            return;
        }
        before += b.pages;
    }
}

static uint32_t words(const struct memory *m)
{
    return (memory_pages(m) + 63) / 64;
}

static bool create(struct memory *m)
{
    struct memory_undo *u = calloc(1, sizeof *u);
    if (!u)
        return false;
    u->size = m->fd_size;
    u->copies = mmap(NULL, u->size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    u->kept = calloc(words(m), sizeof *u->kept);
    u->changed = calloc(words(m), sizeof *u->changed);
    m->undo = u;
    if (u->copies != MAP_FAILED && u->kept && u->changed)
        return true;
    memory_undo_end(m);
    return false;
}

/* Entries of the page map say that stores are to be noted; what they lead to stays. */
static void watch_all(const struct memory *m)
{
    for (unsigned i = 0; i < LEAVES; i++)
        for (unsigned j = 0; m->leaf[i] && j < LEAF_PAGES; j++)
            if (memory_entry_host(m->leaf[i][j]))
                m->leaf[i][j] |= ENTRY_WATCHED;
}

static void protect_all(const struct memory *m)
{
    for (unsigned i = 0, count = memory_blocks(m); i < count; i++) {
        struct memory_block b = block_of(m, i);
        memory_tell_cleaned(m, b.host, (size_t)b.pages * PAGE_SIZE);
    }
}

bool memory_undo_begin(struct memory *m)
{
    if (m->undo) {
        memset(m->undo->kept, 0, words(m) * sizeof *m->undo->kept);
        memset(m->undo->changed, 0, words(m) * sizeof *m->undo->changed);
        madvise(m->undo->copies, m->undo->size, MADV_DONTNEED);
    } else if (!create(m)) {
        return false;
    } else {
        watch_all(m);
    }
    protect_all(m);
    return true;
}

uint32_t memory_undo(struct memory *m)
{
    struct memory_undo *u = m->undo;
    uint32_t count = 0;
    for (uint32_t word = 0; word < words(m); word++)
        for (; u->changed[word]; u->changed[word] &= u->changed[word] - 1, count++) {
            uint32_t page = word * 64 + (uint32_t)__builtin_ctzll(u->changed[word]);
            uint8_t *host = page_host(m, page);
            memory_mark_dirty(m, host);
            put_page(m, host, u->copies + (size_t)page * PAGE_SIZE);
        }
    protect_all(m);
    return count;
}

void memory_changed(const struct memory *m, memory_changed_fn *each, void *owner)
{
    const struct memory_undo *u = m->undo;
    for (uint32_t word = 0; u && word < words(m); word++)
        for (uint64_t left = u->changed[word]; left; left &= left - 1) {
            uint32_t page = word * 64 + (uint32_t)__builtin_ctzll(left);
            each(owner, page, u->copies + (size_t)page * PAGE_SIZE);
        }
}

void memory_undo_end(struct memory *m)
{
    struct memory_undo *u = m->undo;
    if (!u)
        return;
    if (u->copies != MAP_FAILED)
        munmap(u->copies, u->size);
    free(u->kept);
    free(u->changed);
    free(u);
    m->undo = NULL;
}
