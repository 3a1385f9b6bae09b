/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which pages hold code that has been translated, see memory.h. A block is known by the physical
 * address that it was fetched from. Where that is one of several of the same memory (an alias, and
 * what it shows), a store at any of them changes the code: so all of them have ENTRY_CODE as long
 * as one of them has ENTRY_MADE.
 */
#include "exec/memory.h"
#include "exec/memory_map.h"

/* --- addresses of the same memory --- */

static bool shows(const struct memory *m, const struct memory_region *r, const uint8_t *page,
                  uint32_t *at)
{
    size_t offset = (uintptr_t)page - (uintptr_t)r->host;
    if (!r->visible || !r->host || offset >= r->size)
        return false;
    *at = r->base + (uint32_t)offset;
    return memory_entry_host(memory_entry_of(m, *at)) == page;
}

bool memory_next_address(const struct memory *m, uint32_t address, unsigned *next, uint32_t *at)
{
    memory_entry entry = memory_entry_of(m, address);
    uint32_t page;
    if (!(entry & ENTRY_SHARED)) {
        *at = address;
        return ++*next == 1;
    }
    while (*next < m->regions)
        if (shows(m, m->region[(*next)++], memory_entry_host(entry), &page)) {
            *at = page | (address & PAGE_MASK);
            return true;
        }
    return false;
}

/* --- code there --- */

static void set_flag(memory_entry *entry, memory_entry flag, bool value)
{
    *entry = value ? *entry | flag : *entry & ~flag;
}

static bool is_made(const struct memory *m, uint32_t address)
{
    uint32_t at;
    for (unsigned i = 0; memory_next_address(m, address, &i, &at);)
        if (memory_entry_of(m, at) & ENTRY_MADE)
            return true;
    return false;
}

void memory_mark_code(struct memory *m, uint32_t address, bool code)
{
    uint32_t at;
    memory_entry *entry = memory_entry_at(m, address);
    if (!entry || !memory_entry_host(*entry))
        return;
    set_flag(entry, ENTRY_CODE, code);
    if (!(*entry & ENTRY_SHARED))
        return;
    set_flag(entry, ENTRY_MADE, code);
    m->has_made |= code;
    code = is_made(m, address);
    for (unsigned i = 0; memory_next_address(m, address, &i, &at);)
        set_flag(memory_entry_at(m, at), ENTRY_CODE, code);
}

void memory_find_code(struct memory *m, uint32_t page)
{
    memory_entry *entry = memory_entry_at(m, page);
    if (*entry & ENTRY_SHARED)
        set_flag(entry, ENTRY_CODE, is_made(m, page));
}

bool memory_has_code(const struct memory *m, uint32_t address)
{
    return memory_entry_of(m, address) & ENTRY_CODE;
}

/* --- changes --- */

void memory_tell_of_code(const struct memory *m, uint32_t address, unsigned size)
{
    for (const struct memory_listener *l = m->listeners; l; l = l->next)
        if (l->code_written)
            l->code_written(l->owner, address, size);
}

void memory_code_changes(struct memory *m, uint32_t address, unsigned size)
{
    uint32_t at;
    if (!memory_has_code(m, address))
        return;
    for (unsigned i = 0; memory_next_address(m, address, &i, &at);)
        memory_tell_of_code(m, at, size);
}

static void page_changes(struct memory *m, const uint8_t *page, uint32_t from, uint32_t size)
{
    uint32_t at;
    for (unsigned i = 0; i < m->regions; i++)
        if (shows(m, m->region[i], page, &at)) {
            memory_code_changes(m, at + from, size);
            return;
        }
}

void memory_region_changes(struct memory *m, const struct memory_region *region, uint32_t offset,
                           uint32_t size)
{
    while (size) {
        uint32_t from = offset & PAGE_MASK, rest = PAGE_SIZE - from;
        uint32_t here = size < rest ? size : rest;
        page_changes(m, region->host + (offset - from), from, here);
        offset += here;
        size -= here;
    }
}
