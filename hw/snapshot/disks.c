/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A snapshot's disks: of each its size, its file's stamp, and whether it is an overlay; if so, the
 * blocks that have been written, each behind its number, in order; a number of all ones ends.
 */
#include "hw/host/disk_store.h"
#include "hw/host/surroundings.h"
#include "hw/snapshot/internal.h"

#include <string.h>

enum { WIDTH = 8 };
_Static_assert((int)DISK_OVERLAY_BLOCK == (int)SNAPSHOT_PAGE, "blocks are kept as pages are");

/* What a disk is in a snapshot. */
enum kind { DISK_FIXED, DISK_OVERLAY };
struct about {
    uint64_t size, stamp;
    unsigned kind;
};

static struct about about(struct disk_store *s)
{
    return (struct about){s->size, disk_store_stamp(s),
                          disk_store_is_overlay(s) ? DISK_OVERLAY : DISK_FIXED};
}

/* Of number *i or the next drive with something in it; NULL: there are no more. */
static struct disk_store *store(const struct surroundings *host, unsigned *i)
{
    for (; *i < host->disks; ++*i)
        if (disk_store(host->disk[*i]))
            return disk_store(host->disk[*i]);
    return NULL;
}

static unsigned count(const struct surroundings *host)
{
    unsigned n = 0;
    for (unsigned i = 0; store(host, &i); i++)
        n++;
    return n;
}

bool snapshot_check_disks(const struct surroundings *host, struct error *error)
{
    const struct disk_store *s;
    for (unsigned i = 0; (s = store(host, &i)); i++)
        if (!s->read_only && !disk_store_is_overlay(s))
            return error_set(error,
                             "%s: is written to itself, so that no snapshot could keep what is in "
                             "it now (-snapshot, or -drive file=...,snapshot=on)",
                             s->name);
    return true;
}

/* --- saving --- */

static void put_block(struct snapshot_writer *w, struct disk_store *s, uint64_t block)
{
    uint8_t bytes[DISK_OVERLAY_BLOCK];
    int error = disk_overlay_get(s, block, bytes);
    if (error)
        snapshot_writer_fail(w, "%s: %s", s->name, strerror(error));
    else
        snapshot_put_page(w, WIDTH, block, bytes);
}

static void put_blocks(struct snapshot_writer *w, struct disk_store *s, bool difference)
{
    uint64_t block = 0;
    for (; difference ? disk_overlay_next_changed(s, &block) : disk_overlay_next(s, &block);
         block++)
        put_block(w, s, block);
    snapshot_end_pages(w, WIDTH);
}

static void put_about(struct snapshot_writer *w, const struct about *a)
{
    snapshot_put_number(w, a->size, 8);
    snapshot_put_number(w, a->stamp, 8);
    snapshot_put_number(w, a->kind, 1);
}

void snapshot_put_disks(struct snapshot_writer *w, const struct surroundings *host, bool difference)
{
    struct disk_store *s;
    snapshot_put_part(w, PART_DISKS);
    snapshot_put_number(w, count(host), 4);
    for (unsigned i = 0; (s = store(host, &i)); i++) {
        struct about a = about(s);
        put_about(w, &a);
        if (a.kind == DISK_OVERLAY)
            put_blocks(w, s, difference);
    }
}

/* --- restoring --- */

/* The newest file's; a disk is of the same kind in those that it is a difference to. */
static struct about get_about(const struct snapshot_readers *r)
{
    struct about first = {0, 0, 0};
    for (unsigned i = 0; i < r->count; i++) {
        struct about a;
        a.size = snapshot_get_number(r->r[i], 8);
        a.stamp = snapshot_get_number(r->r[i], 8);
        a.kind = (unsigned)snapshot_get_number(r->r[i], 1);
        if (!i)
            first = a;
        else if (snapshot_readers_are_good(r) && (a.size != first.size || a.kind != first.kind))
            snapshot_reader_fail(r->r[i], "is damaged: a disk is not its child's");
    }
    return first;
}

static uint64_t get_count(const struct snapshot_readers *r)
{
    uint64_t first = 0;
    for (unsigned i = 0; i < r->count; i++) {
        uint64_t disks = snapshot_get_number(r->r[i], 4);
        if (!i)
            first = disks;
        else if (snapshot_readers_are_good(r) && disks != first)
            snapshot_reader_fail(r->r[i],
                                 "is damaged: %" PRIu64 " disks are not its child's %" PRIu64,
                                 disks, first);
    }
    return first;
}

static void get_blocks(const struct snapshot_readers *r, struct disk_store *s, bool apply)
{
    struct snapshot_pages p;
    uint8_t bytes[DISK_OVERLAY_BLOCK];
    uint64_t block;
    bool zeros;
    if (apply)
        disk_overlay_clear(s);
    snapshot_pages_begin(&p, r, s->name, WIDTH, disk_overlay_blocks(s));
    while (snapshot_pages_next(&p, &block, bytes, &zeros)) {
        if (zeros)
            memset(bytes, 0, sizeof bytes);
        int error = apply ? disk_overlay_put(s, block, bytes) : 0;
        if (error)
            snapshot_reader_fail(r->r[0], "%s: %s", s->name, strerror(error));
    }
}

static void check_disk(struct snapshot_reader *r, const struct about *a, struct disk_store *s)
{
    struct about ours = about(s);
    if (a->size != ours.size)
        snapshot_reader_fail(r, "has a disk of %" PRIu64 " bytes, where %s has %" PRIu64, a->size,
                             s->name, ours.size);
    else if (a->kind != ours.kind)
        snapshot_reader_fail(r,
                             a->kind ? "has what was written to a disk, where %s is none of those "
                                       "with snapshot=on"
                                     : "has a disk that was only read, where %s can be written to",
                             s->name);
    else if (a->stamp != ours.stamp)
        snapshot_reader_fail(r, "fits the file %s as it was, which has been written to since",
                             s->name);
}

void snapshot_get_disks(const struct snapshot_readers *r, struct surroundings *host, bool apply)
{
    uint64_t disks = get_count(r);
    struct disk_store *s;
    if (snapshot_readers_are_good(r) && disks != count(host))
        snapshot_reader_fail(r->r[0], "is of a machine with %" PRIu64 " disks, not %u", disks,
                             count(host));
    for (unsigned i = 0; (s = store(host, &i)) && snapshot_readers_are_good(r); i++) {
        struct about a = get_about(r);
        if (snapshot_readers_are_good(r))
            check_disk(r->r[0], &a, s);
        if (snapshot_readers_are_good(r) && a.kind == DISK_OVERLAY)
            get_blocks(r, s, apply);
    }
}

/* --- from file to file --- */

static void copy_blocks(struct snapshot_writer *w, const struct snapshot_readers *r)
{
    struct snapshot_pages p;
    uint8_t bytes[SNAPSHOT_PAGE];
    uint64_t block;
    bool zeros;
    snapshot_pages_begin(&p, r, "a disk", WIDTH, UINT64_MAX);
    while (snapshot_pages_next(&p, &block, bytes, &zeros))
        snapshot_put_page(w, WIDTH, block, zeros ? NULL : bytes);
    snapshot_end_pages(w, WIDTH);
}

void snapshot_copy_disks(struct snapshot_writer *w, const struct snapshot_readers *r)
{
    uint64_t disks = get_count(r);
    snapshot_put_part(w, PART_DISKS);
    snapshot_put_number(w, disks, 4);
    for (uint64_t i = 0; i < disks && snapshot_readers_are_good(r); i++) {
        struct about a = get_about(r);
        put_about(w, &a);
        if (a.kind == DISK_OVERLAY)
            copy_blocks(w, r);
    }
}

/* --- the way back --- */

bool snapshot_mark_disks(const struct surroundings *host, struct error *error)
{
    struct disk_store *s;
    for (unsigned i = 0; (s = store(host, &i)); i++) {
        int failed = disk_store_is_overlay(s) ? disk_overlay_mark(s) : 0;
        if (failed)
            return error_set(error, "%s: %s", s->name, strerror(failed));
    }
    return true;
}

void snapshot_revert_disks(const struct surroundings *host)
{
    struct disk_store *s;
    for (unsigned i = 0; (s = store(host, &i)); i++)
        if (disk_store_is_overlay(s))
            disk_overlay_revert(s);
}

struct snapshot_drives snapshot_drives(const struct surroundings *host)
{
    struct snapshot_drives d = {0, 0};
    const struct disk_store *s;
    for (unsigned i = 0; (s = store(host, &i)); i++) {
        d.filled |= (uint64_t)1 << i;
        if (disk_store_is_overlay(s) && disk_overlay_is_marked(s))
            d.marked |= (uint64_t)1 << i;
    }
    return d;
}
