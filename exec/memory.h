/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guest's physical memory: RAM, ROM and device regions, and which RAM pages hold code that
 * has been translated. Knows nothing of linear addresses; those are the softmmu's.
 *
 *   struct memory *m = memory_create(256u << 20, &error);
 *   memory_map_rom(m, 0xfffe0000, image, 0x20000);
 *   memory_map_io(m, 0xfee00000, 0x1000, read, write, device);
 */
#ifndef EXEC_MEMORY_H
#define EXEC_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct memory;
struct memory_region;

enum { PAGE_SIZE = 4096, PAGE_MASK = PAGE_SIZE - 1 };

/* A device's registers: offset from the region's base, size 1, 2 or 4 bytes. */
typedef uint32_t memory_read_fn(void *device, uint32_t offset, unsigned size);
typedef void memory_write_fn(void *device, uint32_t offset, uint32_t value, unsigned size);

/*
 * RAM of `size` bytes (a multiple of 4 KiB, at most 3 GiB) at physical 0. NULL and *error (a static
 * or strdup'd text) if the host has no room.
 */
struct memory *memory_create(uint32_t size, const char **error);
/*
 * RAM in [base, end), multiples of 4 KiB, is not to be seen: a hole for other regions, as of a PC's
 * video memory and ROMs. Once at most; false if the host has no room.
 */
bool memory_leave_out(struct memory *m, uint32_t base, uint32_t end);
void memory_destroy(struct memory *m);
uint32_t memory_ram_size(const struct memory *m);

/*
 * Regions; where they overlap, later ones win. NULL if the host has no room, or if a region does
 * not fit: it must end below 4 GiB, and base and size of RAM and ROM be multiples of 4 KiB.
 * memory_map_rom copies the image; memory_map_ram is for a hole or above RAM: shadowed BIOS
 * areas and video memory.
 */
struct memory_region *memory_map_rom(struct memory *m, uint32_t base, const void *image,
                                     uint32_t size);
struct memory_region *memory_map_ram(struct memory *m, uint32_t base, uint32_t size);
struct memory_region *memory_map_io(struct memory *m, uint32_t base, uint32_t size,
                                    memory_read_fn *read, memory_write_fn *write, void *device);
/*
 * Moves a region, takes it out of sight or brings it back, write-protects it: what a guest does
 * by PCI base addresses and by shadowing. At a base where it does not fit it is out of sight.
 */
void memory_place(struct memory *m, struct memory_region *region, uint32_t base, bool visible);
void memory_protect(struct memory *m, struct memory_region *region, bool writable);
uint32_t memory_region_size(const struct memory_region *region);
/* What people call it; the text stays the caller's. */
void memory_call(struct memory_region *region, const char *name);
/*
 * A part of a RAM region that is also at another address. What is there is one memory; the part may
 * be another one later. NULL if the host has no room, or if bases, sizes or the offset do not fit.
 */
struct memory_region *memory_map_alias(struct memory *m, uint32_t base, uint32_t size,
                                       struct memory_region *of, uint32_t offset);
/* An offset that does not fit changes nothing. */
void memory_show_part(struct memory *m, struct memory_region *alias, uint32_t offset);
/* All of a RAM or ROM region in one piece, wherever it is placed; NULL for devices. */
uint8_t *memory_region_host(const struct memory_region *region);
/*
 * Copies into a RAM region what is at the addresses where it would be placed, out of sight or not:
 * a BIOS's shadow. What is not memory there is copied as ones.
 */
void memory_copy_beneath(struct memory *m, struct memory_region *region);

/*
 * Where all regions are and which may be written, in the order in which they were made: so that
 * what a guest did to that can be taken back. The array is of memory_regions(m).
 */
struct memory_placement {
    uint32_t base, offset; /* offset: of an alias */
    bool visible, writable;
};
unsigned memory_regions(const struct memory *m);
void memory_get_map(const struct memory *m, struct memory_placement *map);
void memory_set_map(struct memory *m, const struct memory_placement *map);
/* One of them, for who lists them; later ones are in front of earlier ones. */
struct memory_view {
    uint32_t base, size;
    bool visible, writable;
    bool is_image;      /* made by memory_map_rom */
    const char *name;   /* NULL: it has none */
    const void *device; /* whose registers these are; NULL: it is memory */
};
struct memory_view memory_view(const struct memory *m, unsigned region);
/* How often pages have become others. */
uint64_t memory_remaps(const struct memory *m);

/* What a physical page is. `host` is NULL for device pages and for pages with nothing there. */
struct memory_page {
    uint8_t *host;
    bool writable;
};
struct memory_page memory_page(struct memory *m, uint32_t address);

/*
 * Reads and writes of 1, 2 or 4 bytes anywhere; what crosses a page is done byte by byte. Nothing
 * there reads as all ones; ROM and nothing ignore writes. Writes tell the owner of translated code.
 */
uint32_t memory_read(struct memory *m, uint32_t address, unsigned size);
void memory_write(struct memory *m, uint32_t address, uint32_t value, unsigned size);
/* Blocks, across pages and regions: for loaders and DMA. Returns false if part of it is not RAM. */
bool memory_copy_in(struct memory *m, uint32_t address, const void *from, size_t size);
bool memory_copy_out(struct memory *m, void *to, uint32_t address, size_t size);
/* How often the functions above have written to RAM: the cpu's own stores do not come by here. */
uint64_t memory_writes(const struct memory *m);
/* One more: for who writes to a region's host memory by itself, where no translated code is. */
void memory_count_write(struct memory *m);

/*
 * Dirty pages of a RAM region that is watched: those that anybody but its owner has written to
 * since they were taken, and at first all. A page is a bit; those that are set are added to
 * `pages`, and are clean again. False if there are none. Without being watched all are dirty,
 * always, and nobody pays for it.
 */
bool memory_watch(struct memory *m, struct memory_region *region);
bool memory_take_dirty(struct memory *m, struct memory_region *region, uint64_t *pages);

/*
 * For the owner of a RAM region who stores to its host memory by itself, before it does: such pages
 * are not dirty, but memory_undo_begin's; and code that they hold goes.
 */
void memory_owner_stores(struct memory *m, const struct memory_region *region, uint32_t offset,
                         uint32_t size);

/* --- what all of it holds, wherever it is placed --- */

/*
 * RAM, ROM and devices' memory one behind the other, in the order in which they were made: pages
 * numbered from 0.
 */
unsigned memory_blocks(const struct memory *m);
uint32_t memory_block_pages(const struct memory *m, unsigned block);
uint32_t memory_pages(const struct memory *m);
const uint8_t *memory_page_bytes(const struct memory *m, uint32_t page);
/*
 * The first pages from *page on that may hold anything but zeros, as far as they are in a row, up
 * to *end; false if there are none.
 */
bool memory_next_used(const struct memory *m, uint32_t *page, uint32_t *end);
/* Changes a page whatever it is to the guest; NULL: to zeros. Tells of translated code and of dirt.
 */
void memory_put_page(struct memory *m, uint32_t page, const uint8_t *bytes);

/*
 * From now on pages are kept as they are before anybody stores to them, until the end; to begin
 * again is to keep what is there then. Until then the first store to a page costs a copy of it.
 * False if the host has no room.
 */
bool memory_undo_begin(struct memory *m);
/* All pages are again what they were at the beginning, which it is again; how many had changed. */
uint32_t memory_undo(struct memory *m);
/*
 * Each page that may have changed since the beginning, and what it was then; in the order of their
 * numbers.
 */
typedef void memory_changed_fn(void *owner, uint32_t page, const uint8_t *was);
void memory_changed(const struct memory *m, memory_changed_fn *each, void *owner);
void memory_undo_end(struct memory *m);

/*
 * Translated code: a page is marked when it holds some. For who changes a page's host memory by
 * itself: tells the listeners if the page is marked.
 */
void memory_code_changes(struct memory *m, uint32_t address, unsigned size);
void memory_mark_code(struct memory *m, uint32_t address, bool code);
bool memory_has_code(const struct memory *m, uint32_t address);
/*
 * Memory may be at several addresses, of which translated code knows its own. All of them, one
 * after the other, beginning with 0 for `next`:
 *
 *   for (unsigned i = 0; memory_next_address(m, address, &i, &at);)
 */
bool memory_next_address(const struct memory *m, uint32_t address, unsigned *next, uint32_t *at);

/* Somebody who is told of changes, each by its own function, or none (NULL). */
struct memory_listener {
    struct memory_listener *next;
    /* What pages are has changed, by memory_place and the like. */
    void (*remapped)(void *owner);
    /* A page that is marked to hold code is about to be written to; or any page becomes another. */
    void (*code_written)(void *owner, uint32_t address, unsigned size);
    /* Pages in this host memory are clean: who stores to one must come by here first. */
    void (*cleaned)(void *owner, const uint8_t *host, size_t size);
    void *owner;
};
/* The listener stays the caller's, who takes it out again before it goes. In the order of coming.
 */
void memory_listen(struct memory *m, struct memory_listener *listener);
/* One that does not listen may be given, too. */
void memory_unlisten(struct memory *m, struct memory_listener *listener);

#endif
