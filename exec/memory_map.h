/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of struct memory, for memory.c and for the softmmu, which looks pages up inline.
 *
 * Each physical page has an entry: the host page behind it or'd with flags, 0 where nothing is,
 * and for devices the number of the topmost region above the flags. Entries come in leaves of
 * 1024, allocated where there is something.
 */
#ifndef EXEC_MEMORY_MAP_H
#define EXEC_MEMORY_MAP_H

#include "exec/memory.h"

enum {
    ENTRY_WRITABLE = 1,
    ENTRY_CODE = 2,     /* translated code was made from this page, at this address or another */
    ENTRY_DEVICE = 4,   /* no host page, but a region's number */
    ENTRY_STORED = 8,   /* a TLB may hold a write tag for it; set and cleared by the softmmu */
    ENTRY_WATCHED = 16, /* who gets to store to it must say so: memory_note_store */
    ENTRY_SHARED = 32,  /* the host page may be at another address, too */
    ENTRY_MADE = 64,    /* of a shared page: code was made from it at this address */
    ENTRY_FLAGS = PAGE_MASK,
    LEAF_BITS = 10,
    LEAF_PAGES = 1 << LEAF_BITS,
    LEAVES = 1 << (32 - 12 - LEAF_BITS),
};

typedef uint64_t memory_entry;

struct memory_region {
    uint32_t base, size;
    bool visible, writable;
    uint8_t *host; /* NULL for a device */
    bool mapped;   /* host is a mapping of its own, not part of RAM or of another region */
    struct memory_region *of; /* of an alias: the region that it shows a part of, */
    uint32_t offset;          /* from here on */
    bool has_alias;
    uint64_t *dirty; /* of one that is watched: its pages, a bit each */
    memory_read_fn *read;
    memory_write_fn *write;
    void *device;
    const char *name; /* or NULL */
    bool is_image;    /* its bytes came with it */
};

struct memory {
    memory_entry *leaf[LEAVES];
    struct memory_region **region; /* later ones win */
    unsigned regions;
    uint8_t *ram;
    uint32_t ram_size;
    int fd; /* the memfd that all RAM and ROM is mapped from, one behind the other */
    uint64_t fd_size;
    uint64_t writes, remaps;
    struct memory_undo *undo; /* NULL: nobody wants to go back */
    bool has_made;            /* there has been a page with ENTRY_MADE */
    struct memory_listener *listeners;
};

/* The entry of a page in place, NULL where there is no leaf. */
static inline memory_entry *memory_entry_at(const struct memory *m, uint32_t address)
{
    memory_entry *leaf = m->leaf[address >> (12 + LEAF_BITS)];
    return leaf ? &leaf[address >> 12 & (LEAF_PAGES - 1)] : NULL;
}

static inline memory_entry memory_entry_of(const struct memory *m, uint32_t address)
{
    const memory_entry *entry = memory_entry_at(m, address);
    return entry ? *entry : 0;
}

/* The host page of an entry, NULL for devices and for nothing. */
static inline uint8_t *memory_entry_host(memory_entry entry)
{
    if (entry & ENTRY_DEVICE)
        return NULL;
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): packed with its flags on purpose */
    return (uint8_t *)(uintptr_t)(entry & ~(memory_entry)ENTRY_FLAGS);
}

/* Listeners are told that code there is none any more. */
void memory_tell_of_code(const struct memory *m, uint32_t address, unsigned size);
/* A page has become what it is: is there code from its memory at another address? */
void memory_find_code(struct memory *m, uint32_t page);
/* As memory_code_changes, of a part of a region that has an alias. */
void memory_region_changes(struct memory *m, const struct memory_region *region, uint32_t offset,
                           uint32_t size);

/* The page of host memory is about to be dirty, if it is watched. */
void memory_mark_dirty(struct memory *m, const uint8_t *host);
/* Somebody wants to know of stores to a region, before they are done. */
static inline bool memory_is_watched(const struct memory *m, const struct memory_region *r)
{
    return m->undo || r->dirty || (r->of && r->of->dirty);
}
/* Tells those who listen that pages in this host memory are clean. */
void memory_tell_cleaned(const struct memory *m, const uint8_t *host, size_t size);

/* --- memory_undo.c --- */

/* Pages of host memory, somewhere in a block, are about to be stored to. */
void memory_undo_note(struct memory *m, const uint8_t *host, size_t size);

/* A page is stored to, or may be from now on until it is cleaned (struct memory_listener). */
static inline void memory_note_store(struct memory *m, memory_entry entry)
{
    if (__builtin_expect(entry & ENTRY_WATCHED, 0))
        memory_mark_dirty(m, memory_entry_host(entry));
}

/* What follows is little-endian, as the guest and the hosts that translated code runs on are. */
static inline uint32_t load_host(const uint8_t *host, unsigned size)
{
    uint32_t value = 0;
    switch (size) {
    case 1:
        return *host;
    case 2:
        __builtin_memcpy(&value, host, 2);
        return value;
    default:
        __builtin_memcpy(&value, host, 4);
        return value;
    }
}

static inline void store_host(uint8_t *host, uint32_t value, unsigned size)
{
    switch (size) {
    case 1:
        *host = (uint8_t)value;
        break;
    case 2:
        __builtin_memcpy(host, &value, 2);
        break;
    default:
        __builtin_memcpy(host, &value, 4);
        break;
    }
}

#endif
