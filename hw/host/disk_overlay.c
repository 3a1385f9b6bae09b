/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A temporary file without a name, in front of a store that is only read: what is written goes
 * there, in blocks at the same offset, and each block that has been is read from there.
 */
#include "hw/host/disk_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BLOCK = 4096 };

struct overlay {
    struct disk_store store;
    struct disk_store *below;
    int fd;
    uint8_t *written; /* a bit for each block */
    size_t map_size;
};

static bool is_written(const struct overlay *o, uint64_t block)
{
    return o->written[block / 8] & 1u << block % 8;
}

/* The part of [offset, offset + size) that is in one block. */
static size_t part_of(uint64_t offset, size_t size)
{
    size_t left = BLOCK - offset % BLOCK;
    return left < size ? left : size;
}

/* How much of it, in whole blocks but for the ends, comes from the same place as its first byte. */
static size_t run_of(const struct overlay *o, uint64_t offset, size_t size)
{
    bool first = is_written(o, offset / BLOCK);
    size_t run = part_of(offset, size);
    while (run < size && is_written(o, (offset + run) / BLOCK) == first)
        run += part_of(offset + run, size - run);
    return run;
}

static int read_run(struct overlay *o, uint8_t *to, uint64_t offset, size_t size)
{
    if (!is_written(o, offset / BLOCK))
        return o->below->kind->read(o->below, to, offset, size);
    size_t done;
    int error = disk_file_read(o->fd, to, offset, size, &done);
    return error || done == size ? error : EIO;
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

static int write_blocks(struct overlay *o, const uint8_t *from, uint64_t offset, size_t size)
{
    int error = disk_file_write(o->fd, from, offset, size);
    for (uint64_t block = offset / BLOCK; !error && block * BLOCK < offset + size; block++)
        o->written[block / 8] |= (uint8_t)(1u << block % 8);
    return error;
}

/* A block that is written in part gets the rest from below; the disk's last one may be short. */
static int write_part(struct overlay *o, const uint8_t *from, uint64_t offset, size_t size)
{
    uint8_t block[BLOCK];
    uint64_t start = offset - offset % BLOCK;
    size_t whole = o->store.size - start < BLOCK ? (size_t)(o->store.size - start) : BLOCK;
    if (size == whole || is_written(o, start / BLOCK))
        return write_blocks(o, from, offset, size);
    int error = o->below->kind->read(o->below, block, start, whole);
    memcpy(block + offset % BLOCK, from, size);
    return error ? error : write_blocks(o, block, start, whole);
}

static int overlay_write(struct disk_store *s, const void *from, uint64_t offset, size_t size)
{
    struct overlay *o = (struct overlay *)s;
    const uint8_t *at = from;
    int error = 0;
    while (size && !error) {
        bool whole = offset % BLOCK == 0 && size >= BLOCK;
        size_t n = whole ? size - size % BLOCK : part_of(offset, size);
        error = whole ? write_blocks(o, at, offset, n) : write_part(o, at, offset, n);
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
    if (o->written)
        munmap(o->written, o->map_size);
}

static const struct disk_store_kind overlay_kind = {overlay_read, overlay_write, overlay_flush,
                                                    overlay_close};

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

static bool make_map(struct overlay *o, struct error *error)
{
    o->map_size = (size_t)(o->store.size / BLOCK / 8 + 1);
    void *map = mmap(NULL, o->map_size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map == MAP_FAILED)
        return error_set(error, "%s: too large for a snapshot: %s", o->store.name, strerror(errno));
    o->written = map;
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
    if (o->fd >= 0 && make_map(o, error))
        return &o->store;
    disk_store_close(&o->store);
    return NULL;
}
