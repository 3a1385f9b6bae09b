/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A temporary file without a name, in front of a store that is only read: what is written goes
 * there, in blocks at the same offset, and each block that has been is read from there. Behind the
 * first such layer the file has room for a second, which takes what is written since a mark.
 */
#include "hw/host/disk_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BLOCK = DISK_OVERLAY_BLOCK, LAYERS = 2 };

struct overlay {
    struct disk_store store;
    struct disk_store *below;
    int fd;
    unsigned top;             /* the layer that is written to: 1 behind a mark */
    uint8_t *written[LAYERS]; /* a bit for each block */
    size_t map_size;
};

static uint64_t blocks_of(const struct overlay *o)
{
    return (o->store.size + BLOCK - 1) / BLOCK;
}

static bool is_written(const struct overlay *o, unsigned layer, uint64_t block)
{
    return o->written[layer][block / 8] & 1u << block % 8;
}

static void set_written(struct overlay *o, unsigned layer, uint64_t block, bool is)
{
    uint8_t bit = (uint8_t)(1u << block % 8), *byte = &o->written[layer][block / 8];
    *byte = is ? *byte | bit : *byte & (uint8_t)~bit;
}

/* Where a layer has the byte that the disk has at an offset. */
static uint64_t place(const struct overlay *o, unsigned layer, uint64_t offset)
{
    return layer * blocks_of(o) * BLOCK + offset;
}

/* The layer that a block is read from; LAYERS: what is below all of them. */
static unsigned layer_of(const struct overlay *o, uint64_t block)
{
    for (unsigned layer = LAYERS; layer-- > 0;)
        if (is_written(o, layer, block))
            return layer;
    return LAYERS;
}

/* The part of [offset, offset + size) that is in one block. */
static size_t part_of(uint64_t offset, size_t size)
{
    size_t left = BLOCK - offset % BLOCK;
    return left < size ? left : size;
}

/* How much of it, in whole blocks but for the ends, comes from the same layer as its first byte. */
static size_t run_of(const struct overlay *o, uint64_t offset, size_t size)
{
    unsigned first = layer_of(o, offset / BLOCK);
    size_t run = part_of(offset, size);
    while (run < size && layer_of(o, (offset + run) / BLOCK) == first)
        run += part_of(offset + run, size - run);
    return run;
}

static int read_layer(const struct overlay *o, unsigned layer, uint8_t *to, uint64_t offset,
                      size_t size)
{
    size_t done;
    int error = disk_file_read(o->fd, to, place(o, layer, offset), size, &done);
    return error || done == size ? error : EIO;
}

static int read_run(struct overlay *o, uint8_t *to, uint64_t offset, size_t size)
{
    unsigned layer = layer_of(o, offset / BLOCK);
    if (layer == LAYERS)
        return o->below->kind->read(o->below, to, offset, size);
    return read_layer(o, layer, to, offset, size);
}

static int overlay_read(struct disk_store *s, void *to, uint64_t offset, size_t size)
{
    struct overlay *o = (struct overlay *)s;
    uint8_t *at = to;
    int error = 0;
    while (size && !error) {
        size_t run = run_of(o, offset, size);
        error = read_run(o, at, offset, run);
        at += run;
        offset += run;
        size -= run;
    }
    return error;
}

static int write_layer(struct overlay *o, unsigned layer, const uint8_t *from, uint64_t offset,
                       size_t size)
{
    int error = disk_file_write(o->fd, from, place(o, layer, offset), size);
    for (uint64_t block = offset / BLOCK; !error && block * BLOCK < offset + size; block++)
        set_written(o, layer, block, true);
    return error;
}

static size_t size_of_block(const struct overlay *o, uint64_t block)
{
    uint64_t left = o->store.size - block * BLOCK;
    return left < BLOCK ? (size_t)left : BLOCK;
}

/* A block that is written in part gets the rest from where it was; the disk's last may be short. */
static int write_part(struct overlay *o, const uint8_t *from, uint64_t offset, size_t size)
{
    uint8_t block[BLOCK];
    uint64_t start = offset - offset % BLOCK;
    size_t whole = size_of_block(o, start / BLOCK);
    if (size == whole || is_written(o, o->top, start / BLOCK))
        return write_layer(o, o->top, from, offset, size);
    int error = read_run(o, block, start, whole);
    memcpy(block + offset % BLOCK, from, size);
    return error ? error : write_layer(o, o->top, block, start, whole);
}

static int overlay_write(struct disk_store *s, const void *from, uint64_t offset, size_t size)
{
    struct overlay *o = (struct overlay *)s;
    const uint8_t *at = from;
    int error = 0;
    while (size && !error) {
        bool whole = offset % BLOCK == 0 && size >= BLOCK;
        size_t n = whole ? size - size % BLOCK : part_of(offset, size);
        error = whole ? write_layer(o, o->top, at, offset, n) : write_part(o, at, offset, n);
        at += n;
        offset += n;
        size -= n;
    }
    return error;
}

/* It is gone with us, anyhow. */
static int overlay_flush(struct disk_store *s)
{
    (void)s;
    return 0;
}

static void overlay_close(struct disk_store *s)
{
    struct overlay *o = (struct overlay *)s;
    disk_store_close(o->below);
    if (o->fd >= 0)
        close(o->fd);
    for (unsigned layer = 0; layer < LAYERS; layer++)
        if (o->written[layer])
            munmap(o->written[layer], o->map_size);
}

/* It is what is below that somebody else may change. */
static uint64_t overlay_stamp(struct disk_store *s)
{
    return disk_store_stamp(((struct overlay *)s)->below);
}

static const struct disk_store_kind overlay_kind = {overlay_read, overlay_write, overlay_flush,
                                                    overlay_close, overlay_stamp};

/* In $TMPDIR or /var/tmp, as the bytes may be many. */
static int open_temporary(struct error *error)
{
    const char *folder = getenv("TMPDIR");
    char name[4096];
    if (!folder || !*folder)
        folder = "/var/tmp";
    snprintf(name, sizeof name, "%s/tessera-XXXXXX", folder);
    int fd = mkostemp(name, O_CLOEXEC);
    if (fd >= 0)
        unlink(name);
    else
        error_set(error, "%s: no temporary file for a snapshot: %s (TMPDIR names another folder)",
                  folder, strerror(errno));
    return fd;
}

static bool make_map(struct overlay *o, unsigned layer, struct error *error)
{
    o->map_size = (size_t)(o->store.size / BLOCK / 8 + 1);
    void *map = mmap(NULL, o->map_size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map == MAP_FAILED)
        return error_set(error, "%s: too large for a snapshot: %s", o->store.name, strerror(errno));
    o->written[layer] = map;
    return true;
}

struct disk_store *disk_overlay_open(struct disk_store *below, struct error *error)
{
    struct overlay *o = disk_store_allocate(sizeof *o, &overlay_kind, below->name, error);
    if (!o) {
        disk_store_close(below);
        return NULL;
    }
    o->below = below;
    o->store.size = below->size;
    o->fd = open_temporary(error);
    if (o->fd >= 0 && make_map(o, 0, error) && make_map(o, 1, error))
        return &o->store;
    disk_store_close(&o->store);
    return NULL;
}

/* --- for snapshots --- */

bool disk_store_is_overlay(const struct disk_store *s)
{
    return s->kind == &overlay_kind;
}

static void clear(struct overlay *o, unsigned layer)
{
    madvise(o->written[layer], o->map_size, MADV_DONTNEED); /* zeros again */
}

/* Moves a block down; it is in one of the layers at any time. */
static int merge_block(struct overlay *o, uint64_t block)
{
    uint8_t bytes[BLOCK];
    size_t size = size_of_block(o, block);
    int error = read_layer(o, 1, bytes, block * BLOCK, size);
    if (!error)
        error = write_layer(o, 0, bytes, block * BLOCK, size);
    if (!error)
        set_written(o, 1, block, false);
    return error;
}

/* The first block from `block` on that one of these layers has, down to `last`. */
static bool next_written(const struct overlay *o, unsigned last, uint64_t *block)
{
    uint64_t end = blocks_of(o);
    for (; *block < end; ++*block) {
        uint64_t byte = *block / 8;
        unsigned any = o->written[1][byte] | (last ? 0 : o->written[0][byte]);
        if (!any)
            *block |= 7;
        else if (any & 1u << *block % 8)
            return true;
    }
    return false;
}

int disk_overlay_mark(struct disk_store *s)
{
    struct overlay *o = (struct overlay *)s;
    uint64_t block = 0;
    int error = 0;
    for (; !error && next_written(o, 1, &block); block++)
        error = merge_block(o, block);
    o->top = 1;
    return error;
}

bool disk_overlay_is_marked(const struct disk_store *s)
{
    return ((const struct overlay *)s)->top == 1;
}

void disk_overlay_revert(struct disk_store *s)
{
    struct overlay *o = (struct overlay *)s;
    clear(o, 1);
    o->top = 1;
}

void disk_overlay_clear(struct disk_store *s)
{
    struct overlay *o = (struct overlay *)s;
    clear(o, 0);
    clear(o, 1);
    o->top = 0;
}

bool disk_overlay_next(const struct disk_store *s, uint64_t *block)
{
    return next_written((const struct overlay *)s, 0, block);
}

bool disk_overlay_next_changed(const struct disk_store *s, uint64_t *block)
{
    return next_written((const struct overlay *)s, 1, block);
}

int disk_overlay_get_marked(struct disk_store *s, uint64_t block, uint8_t *bytes)
{
    struct overlay *o = (struct overlay *)s;
    size_t size = size_of_block(o, block);
    memset(bytes + size, 0, BLOCK - size);
    if (is_written(o, 0, block))
        return read_layer(o, 0, bytes, block * BLOCK, size);
    return o->below->kind->read(o->below, bytes, block * BLOCK, size);
}

uint64_t disk_overlay_blocks(const struct disk_store *s)
{
    return blocks_of((const struct overlay *)s);
}

int disk_overlay_get(struct disk_store *s, uint64_t block, uint8_t *bytes)
{
    const struct overlay *o = (struct overlay *)s;
    size_t size = size_of_block(o, block);
    memset(bytes + size, 0, BLOCK - size);
    return overlay_read(s, bytes, block * BLOCK, size);
}

int disk_overlay_put(struct disk_store *s, uint64_t block, const uint8_t *bytes)
{
    struct overlay *o = (struct overlay *)s;
    return write_layer(o, o->top, bytes, block * BLOCK, size_of_block(o, block));
}
