/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guest's physical memory, see memory.h; memory_map.h says how pages are looked up. */
#include "exec/memory.h"
#include "exec/memory_map.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const uint32_t ram_limit = 3u << 30;

static bool page_aligned(uint32_t base, uint32_t size)
{
    return ((base | size) & PAGE_MASK) == 0;
}

static bool fits(const struct memory_region *r, uint32_t base)
{
    return (uint64_t)base + r->size <= (uint64_t)1 << 32 && (!r->host || page_aligned(base, 0));
}

static bool covers(const struct memory_region *r, uint32_t address)
{
    return r->visible && address - r->base < r->size;
}

/* A page of a device may be shared with what lies under it, one of RAM or ROM is whole. */
static bool touches(const struct memory_region *r, uint32_t page)
{
    uint64_t end = (uint64_t)r->base + r->size;
    return r->visible && r->base <= (page | PAGE_MASK) && end > page;
}

/* --- the page map --- */

static unsigned flags_of(const struct memory *m, const struct memory_region *r)
{
    return (r->writable ? ENTRY_WRITABLE : 0) | (memory_is_watched(m, r) ? ENTRY_WATCHED : 0) |
           (r->of || r->has_alias ? ENTRY_SHARED : 0);
}

static memory_entry entry_for(const struct memory *m, uint32_t page)
{
    for (unsigned i = m->regions; i-- > 0;) {
        const struct memory_region *r = m->region[i];
        if (!touches(r, page))
            continue;
        if (!r->host)
            return (memory_entry)i << 12 | ENTRY_DEVICE;
        return (uintptr_t)(r->host + (page - r->base)) | flags_of(m, r);
    }
    return 0;
}

static bool make_leaf(struct memory *m, uint32_t page)
{
    memory_entry **leaf = &m->leaf[page >> (12 + LEAF_BITS)];
    if (!*leaf)
        *leaf = calloc(LEAF_PAGES, sizeof **leaf);
    return *leaf;
}

static bool make_leaves(struct memory *m, uint32_t base, uint32_t size)
{
    uint64_t step = (uint64_t)PAGE_SIZE * LEAF_PAGES;
    uint64_t end = (uint64_t)base + size;
    for (uint64_t page = base & ~(step - 1); page < end; page += step)
        if (!make_leaf(m, (uint32_t)page))
            return false;
    return true;
}

/* Recomputes the entries of a range; leaves are there already, but for what is shown again. */
static void remap(struct memory *m, uint32_t base, uint32_t size)
{
    uint64_t end = (uint64_t)base + size;
    for (uint64_t page = base & ~(uint32_t)PAGE_MASK; page < end; page += PAGE_SIZE) {
        memory_entry *entry = memory_entry_at(m, (uint32_t)page);
        if (!entry)
            continue;
        memory_tell_of_code(m, (uint32_t)page, PAGE_SIZE); /* it may be of what is no memory, too */
        *entry = entry_for(m, (uint32_t)page);
        memory_find_code(m, (uint32_t)page);
    }
    m->remaps++;
    for (const struct memory_listener *l = m->listeners; l; l = l->next)
        if (l->remapped)
            l->remapped(l->owner);
}

/* --- regions --- */

static struct memory_region *add_region(struct memory *m, const struct memory_region *like)
{
    struct memory_region **list =
        realloc(m->region, (m->regions + 1) * sizeof *list); // NOLINT(bugprone-sizeof-expression)
    if (!list)
        return NULL;
    m->region = list;
    if (!like->size || !fits(like, like->base) || !make_leaves(m, like->base, like->size))
        return NULL;
    struct memory_region *r = malloc(sizeof *r);
    if (!r)
        return NULL;
    *r = *like;
    m->region[m->regions++] = r;
    remap(m, r->base, r->size);
    return r;
}

/* Zeroed host memory, from the one memfd. */
static uint8_t *allocate(struct memory *m, uint32_t size)
{
    if (ftruncate(m->fd, (off_t)(m->fd_size + size)) != 0)
        return NULL;
    void *host = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, m->fd,
                      (off_t)m->fd_size);
    if (host == MAP_FAILED)
        return NULL;
    madvise(host, size, MADV_HUGEPAGE); /* a hint, refused by some hosts */
    m->fd_size += size;
    return host;
}

static struct memory_region *map_host(struct memory *m, uint32_t base, uint32_t size,
                                      const void *image)
{
    if (!size || !page_aligned(base, size))
        return NULL;
    uint8_t *host = allocate(m, size);
    if (!host)
        return NULL;
    if (image)
        memcpy(host, image, size);
    struct memory_region r = {.base = base,
                              .size = size,
                              .visible = true,
                              .writable = !image,
                              .is_image = image,
                              .host = host,
                              .mapped = true};
    struct memory_region *added = add_region(m, &r);
    if (!added)
        munmap(host, size);
    return added;
}

struct memory_region *memory_map_rom(struct memory *m, uint32_t base, const void *image,
                                     uint32_t size)
{
    return map_host(m, base, size, image);
}

struct memory_region *memory_map_ram(struct memory *m, uint32_t base, uint32_t size)
{
    return map_host(m, base, size, NULL);
}

struct memory_region *memory_map_io(struct memory *m, uint32_t base, uint32_t size,
                                    memory_read_fn *read, memory_write_fn *write, void *device)
{
    struct memory_region r = {.base = base,
                              .size = size,
                              .visible = true,
                              .read = read,
                              .write = write,
                              .device = device};
    return add_region(m, &r);
}

static bool is_part(const struct memory_region *of, uint32_t size, uint32_t offset)
{
    return page_aligned(offset, size) && (uint64_t)offset + size <= of->size;
}

struct memory_region *memory_map_alias(struct memory *m, uint32_t base, uint32_t size,
                                       struct memory_region *of, uint32_t offset)
{
    if (!page_aligned(base, 0) || !is_part(of, size, offset))
        return NULL;
    const struct memory_region r = {.base = base,
                                    .size = size,
                                    .visible = true,
                                    .writable = true,
                                    .host = of->host + offset,
                                    .of = of,
                                    .offset = offset};
    of->has_alias = true;
    if (of->visible)
        remap(m, of->base, of->size);
    return add_region(m, &r);
}

void memory_show_part(struct memory *m, struct memory_region *alias, uint32_t offset)
{
    if (alias->offset == offset || !is_part(alias->of, alias->size, offset))
        return;
    alias->offset = offset;
    alias->host = alias->of->host + offset;
    if (alias->visible)
        remap(m, alias->base, alias->size);
}

void memory_place(struct memory *m, struct memory_region *region, uint32_t base, bool visible)
{
    visible = visible && fits(region, base) && make_leaves(m, base, region->size);
    if (region->visible == visible && (region->base == base || !visible))
        return;
    bool was_visible = region->visible;
    region->visible = false;
    if (was_visible)
        remap(m, region->base, region->size);
    region->visible = visible;
    if (visible) {
        region->base = base;
        remap(m, base, region->size);
    }
}

void memory_protect(struct memory *m, struct memory_region *region, bool writable)
{
    if (region->writable == writable)
        return;
    region->writable = writable;
    if (region->visible)
        remap(m, region->base, region->size);
}

uint32_t memory_region_size(const struct memory_region *region)
{
    return region->size;
}

void memory_call(struct memory_region *region, const char *name)
{
    region->name = name;
}

struct memory_view memory_view(const struct memory *m, unsigned region)
{
    const struct memory_region *r = m->region[region];
    return (struct memory_view){.base = r->base,
                                .size = r->size,
                                .visible = r->visible,
                                .writable = r->writable,
                                .is_image = r->is_image,
                                .name = r->name,
                                .device = r->device};
}

uint8_t *memory_region_host(const struct memory_region *region)
{
    return region->host;
}

unsigned memory_regions(const struct memory *m)
{
    return m->regions;
}

void memory_get_map(const struct memory *m, struct memory_placement *map)
{
    for (unsigned i = 0; i < m->regions; i++) {
        const struct memory_region *r = m->region[i];
        map[i] = (struct memory_placement){r->base, r->offset, r->visible, r->writable};
    }
}

void memory_set_map(struct memory *m, const struct memory_placement *map)
{
    for (unsigned i = 0; i < m->regions; i++) {
        memory_protect(m, m->region[i], map[i].writable);
        if (m->region[i]->of)
            memory_show_part(m, m->region[i], map[i].offset);
        memory_place(m, m->region[i], map[i].base, map[i].visible);
    }
}

uint64_t memory_remaps(const struct memory *m)
{
    return m->remaps;
}

void memory_listen(struct memory *m, struct memory_listener *listener)
{
    struct memory_listener **at = &m->listeners;
    while (*at)
        at = &(*at)->next;
    listener->next = NULL;
    *at = listener;
}

void memory_unlisten(struct memory *m, struct memory_listener *listener)
{
    struct memory_listener **at = &m->listeners;
    while (*at && *at != listener)
        at = &(*at)->next;
    if (*at)
        *at = listener->next;
}

/* --- RAM --- */

static bool map_ram(struct memory *m, uint32_t base, uint32_t size)
{
    struct memory_region r = {.base = base,
                              .size = size,
                              .visible = true,
                              .writable = true,
                              .host = m->ram + base,
                              .name = "ram"};
    return add_region(m, &r);
}

static bool create_ram(struct memory *m, uint32_t size)
{
    m->fd = memfd_create("guest", MFD_CLOEXEC);
    if (m->fd < 0)
        return false;
    m->ram = allocate(m, size);
    m->ram_size = size;
    return m->ram && map_ram(m, 0, size);
}

bool memory_leave_out(struct memory *m, uint32_t base, uint32_t end)
{
    struct memory_region *ram = m->region[0];
    if (m->ram_size <= base)
        return true;
    ram->size = base;
    remap(m, base, (m->ram_size < end ? m->ram_size : end) - base);
    return m->ram_size <= end || map_ram(m, end, m->ram_size - end);
}

struct memory *memory_create(uint32_t size, const char **error)
{
    if (!size || size & PAGE_MASK || size > ram_limit) {
        *error = "the size of RAM must be a multiple of 4 KiB, at most 3 GiB";
        return NULL;
    }
    struct memory *m = calloc(1, sizeof *m);
    if (m && create_ram(m, size))
        return m;
    *error = errno == EFBIG
                 ? "files, which the guest's RAM is one of, may not be so large (ulimit -f)"
                 : "not enough memory for the guest's RAM";
    if (m)
        memory_destroy(m);
    return NULL;
}

void memory_destroy(struct memory *m)
{
    if (!m)
        return;
    memory_undo_end(m);
    for (unsigned i = 0; i < m->regions; i++) {
        if (m->region[i]->mapped)
            munmap(m->region[i]->host, m->region[i]->size);
        free(m->region[i]->dirty);
        free(m->region[i]);
    }
    if (m->ram)
        munmap(m->ram, m->ram_size);
    for (unsigned i = 0; i < LEAVES; i++)
        free(m->leaf[i]);
    free(m->region);
    if (m->fd >= 0)
        close(m->fd);
    free(m);
}

uint32_t memory_ram_size(const struct memory *m)
{
    return m->ram_size;
}

struct memory_page memory_page(struct memory *m, uint32_t address)
{
    memory_entry entry = memory_entry_of(m, address);
    return (struct memory_page){.host = memory_entry_host(entry),
                                .writable = entry & ENTRY_WRITABLE};
}

/* --- reads and writes --- */

/* The topmost region at an address in a page whose topmost region is number `from`. */
static const struct memory_region *region_at(const struct memory *m, memory_entry from,
                                             uint32_t address)
{
    for (unsigned i = (unsigned)(from >> 12) + 1; i-- > 0;)
        if (covers(m->region[i], address))
            return m->region[i];
    return NULL;
}

static uint32_t ones(unsigned size)
{
    return size == 4 ? 0xffffffffu : (1u << 8 * size) - 1;
}

static uint32_t read_bytes(struct memory *m, uint32_t address, unsigned size)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= memory_read(m, address + i, 1) << 8 * i;
    return value;
}

static void write_bytes(struct memory *m, uint32_t address, uint32_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        memory_write(m, address + i, value >> 8 * i & 0xff, 1);
}

static uint32_t read_device(struct memory *m, memory_entry entry, uint32_t address, unsigned size)
{
    const struct memory_region *r = region_at(m, entry, address);
    if (!r)
        return ones(size);
    uint32_t offset = address - r->base;
    if (r->size - offset < size)
        return read_bytes(m, address, size);
    if (r->host)
        return load_host(r->host + offset, size);
    return r->read(r->device, offset, size) & ones(size);
}

/* To RAM in a page that a device has a part of. */
static void store_partly(struct memory *m, const struct memory_region *r, uint32_t offset,
                         uint32_t value, unsigned size)
{
    if (memory_is_watched(m, r))
        memory_mark_dirty(m, r->host + offset);
    store_host(r->host + offset, value, size);
}

static void write_device(struct memory *m, memory_entry entry, uint32_t address, uint32_t value,
                         unsigned size)
{
    const struct memory_region *r = region_at(m, entry, address);
    if (!r)
        return;
    uint32_t offset = address - r->base;
    if (r->size - offset < size)
        write_bytes(m, address, value, size);
    else if (!r->host)
        r->write(r->device, offset, value & ones(size), size);
    else if (r->writable)
        store_partly(m, r, offset, value, size);
}

static bool crosses_page(uint32_t address, unsigned size)
{
    return (address & PAGE_MASK) + size > PAGE_SIZE;
}

uint32_t memory_read(struct memory *m, uint32_t address, unsigned size)
{
    if (crosses_page(address, size))
        return read_bytes(m, address, size);
    memory_entry entry = memory_entry_of(m, address);
    const uint8_t *host = memory_entry_host(entry);
    if (host)
        return load_host(host + (address & PAGE_MASK), size);
    return entry ? read_device(m, entry, address, size) : ones(size);
}

void memory_write(struct memory *m, uint32_t address, uint32_t value, unsigned size)
{
    if (crosses_page(address, size)) {
        write_bytes(m, address, value, size);
        return;
    }
    memory_entry entry = memory_entry_of(m, address);
    if (entry & ENTRY_DEVICE) {
        write_device(m, entry, address, value, size);
    } else if (entry & ENTRY_WRITABLE) {
        memory_code_changes(m, address, size);
        memory_note_store(m, entry);
        m->writes++;
        store_host(memory_entry_host(entry) + (address & PAGE_MASK), value, size);
    }
}

static size_t rest_of_page(uint32_t address, size_t size)
{
    size_t rest = PAGE_SIZE - (address & PAGE_MASK);
    return size < rest ? size : rest;
}

static bool copy_page_in(struct memory *m, uint32_t address, const uint8_t *from, size_t size)
{
    memory_entry entry = memory_entry_of(m, address);
    if (!memory_entry_host(entry) || !(entry & ENTRY_WRITABLE))
        return false;
    memory_code_changes(m, address, (unsigned)size);
    memory_note_store(m, entry);
    m->writes++;
    memcpy(memory_entry_host(entry) + (address & PAGE_MASK), from, size);
    return true;
}

bool memory_copy_in(struct memory *m, uint32_t address, const void *from, size_t size)
{
    const uint8_t *bytes = from;
    bool all = true;
    while (size) {
        size_t n = rest_of_page(address, size);
        all &= copy_page_in(m, address, bytes, n);
        address += (uint32_t)n, bytes += n, size -= n;
    }
    return all;
}

static bool copy_page_out(struct memory *m, uint8_t *to, uint32_t address, size_t size)
{
    const uint8_t *host = memory_entry_host(memory_entry_of(m, address));
    if (host)
        memcpy(to, host + (address & PAGE_MASK), size);
    else
        memset(to, 0xff, size);
    return host;
}

bool memory_copy_out(struct memory *m, void *to, uint32_t address, size_t size)
{
    uint8_t *bytes = to;
    bool all = true;
    while (size) {
        size_t n = rest_of_page(address, size);
        all &= copy_page_out(m, bytes, address, n);
        address += (uint32_t)n, bytes += n, size -= n;
    }
    return all;
}

void memory_copy_beneath(struct memory *m, struct memory_region *region)
{
    memory_owner_stores(m, region, 0, region->size);
    memory_copy_out(m, region->host, region->base, region->size);
    m->writes++;
}

uint64_t memory_writes(const struct memory *m)
{
    return m->writes;
}

void memory_count_write(struct memory *m)
{
    m->writes++;
}

/* --- dirty pages --- */

static unsigned dirty_words(const struct memory_region *r)
{
    return (r->size / PAGE_SIZE + 63) / 64;
}

static void make_all_dirty(const struct memory_region *r, uint64_t *pages)
{
    for (unsigned page = 0; page < r->size / PAGE_SIZE; page++)
        pages[page / 64] |= (uint64_t)1 << page % 64;
}

void memory_mark_dirty(struct memory *m, const uint8_t *host)
{
    if (m->undo)
        memory_undo_note(m, host, 1);
    for (unsigned i = 0; i < m->regions; i++) {
        struct memory_region *r = m->region[i];
        size_t offset = (uintptr_t)host - (uintptr_t)r->host;
        if (r->dirty && offset < r->size)
            r->dirty[offset / PAGE_SIZE / 64] |= (uint64_t)1 << offset / PAGE_SIZE % 64;
    }
}

bool memory_watch(struct memory *m, struct memory_region *region)
{
    if (region->dirty)
        return true;
    region->dirty = calloc(dirty_words(region), sizeof *region->dirty);
    if (!region->dirty)
        return false;
    make_all_dirty(region, region->dirty);
    for (unsigned i = 0; i < m->regions; i++) {
        const struct memory_region *r = m->region[i];
        if (r->visible && (r == region || r->of == region))
            remap(m, r->base, r->size);
    }
    return true;
}

bool memory_take_dirty(struct memory *m, struct memory_region *region, uint64_t *pages)
{
    uint64_t any = 0;
    if (!region->dirty) {
        make_all_dirty(region, pages);
        return true;
    }
    for (unsigned i = 0; i < dirty_words(region); i++) {
        any |= region->dirty[i];
        pages[i] |= region->dirty[i];
        region->dirty[i] = 0;
    }
    if (any)
        memory_tell_cleaned(m, region->host, region->size);
    return any;
}

void memory_tell_cleaned(const struct memory *m, const uint8_t *host, size_t size)
{
    for (const struct memory_listener *l = m->listeners; l; l = l->next)
        if (l->cleaned)
            l->cleaned(l->owner, host, size);
}

void memory_owner_stores(struct memory *m, const struct memory_region *region, uint32_t offset,
                         uint32_t size)
{
    if (m->undo)
        memory_undo_note(m, region->host + offset, size);
    if (m->has_made)
        memory_region_changes(m, region, offset, size);
}
