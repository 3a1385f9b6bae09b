/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A snapshot's disks: of each its size, its file's stamp, and whether it is an overlay; if so, the
 * blocks that have been written, each behind its number, in order; a number of all ones ends.
 */
#include "hw/host/disk_store.h"
#include "hw/host/surroundings.h"
#include "hw/snapshot/internal.h"

#include <string.h>

/* What a disk is in a snapshot. */
enum kind { DISK_FIXED, DISK_OVERLAY };

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

static void put_blocks(struct snapshot_writer *w, struct disk_store *s)
{
    uint8_t bytes[DISK_OVERLAY_BLOCK];
    for (uint64_t block = 0; disk_overlay_next(s, &block); block++) {
        int error = disk_overlay_get(s, block, bytes);
        if (error) {
            snapshot_writer_fail(w, "%s: %s", s->name, strerror(error));
            return;
        }
        snapshot_put_number(w, block, 8);
        snapshot_put(w, bytes, sizeof bytes);
    }
    snapshot_put_number(w, UINT64_MAX, 8);
}

void snapshot_put_disks(struct snapshot_writer *w, const struct surroundings *host)
{
    struct disk_store *s;
    snapshot_put_number(w, count(host), 4);
    for (unsigned i = 0; (s = store(host, &i)); i++) {
        bool overlay = disk_store_is_overlay(s);
        snapshot_put_number(w, s->size, 8);
        snapshot_put_number(w, disk_store_stamp(s), 8);
        snapshot_put_number(w, overlay ? DISK_OVERLAY : DISK_FIXED, 1);
        if (overlay)
            put_blocks(w, s);
    }
}

/* --- restoring --- */

static void get_blocks(struct snapshot_reader *r, struct disk_store *s, bool apply)
{
    uint8_t bytes[DISK_OVERLAY_BLOCK];
    uint64_t next = 0, block;
    if (apply)
        disk_overlay_clear(s);
    while ((block = snapshot_get_number(r, 8)) != UINT64_MAX) {
        if (snapshot_reader_is_good(r) && (block < next || block >= disk_overlay_blocks(s)))
            snapshot_reader_fail(r, "is damaged: block %" PRIx64 " of %s", block, s->name);
        if (!snapshot_get(r, bytes, sizeof bytes))
            return;
        int error = apply ? disk_overlay_put(s, block, bytes) : 0;
        if (error)
            snapshot_reader_fail(r, "%s: %s", s->name, strerror(error));
        next = block + 1;
    }
}

static void check_disk(struct snapshot_reader *r, struct disk_store *s)
{
    uint64_t size = snapshot_get_number(r, 8), stamp = snapshot_get_number(r, 8);
    uint64_t kind = snapshot_get_number(r, 1);
    if (!snapshot_reader_is_good(r))
        return;
    if (size != s->size)
        snapshot_reader_fail(r, "has a disk of %" PRIu64 " bytes, where %s has %" PRIu64, size,
                             s->name, s->size);
    else if (kind != (disk_store_is_overlay(s) ? DISK_OVERLAY : DISK_FIXED))
        snapshot_reader_fail(r,
                             kind ? "has what was written to a disk, where %s is none of those "
                                    "with snapshot=on"
                                  : "has a disk that was only read, where %s can be written to",
                             s->name);
    else if (stamp != disk_store_stamp(s))
        snapshot_reader_fail(r, "fits the file %s as it was, which has been written to since",
                             s->name);
}

void snapshot_get_disks(struct snapshot_reader *r, struct surroundings *host, bool apply)
{
    uint64_t disks = snapshot_get_number(r, 4);
    struct disk_store *s;
    if (snapshot_reader_is_good(r) && disks != count(host))
        snapshot_reader_fail(r, "is of a machine with %" PRIu64 " disks, not %u", disks,
                             count(host));
    for (unsigned i = 0; (s = store(host, &i)) && snapshot_reader_is_good(r); i++) {
        check_disk(r, s);
        if (snapshot_reader_is_good(r) && disk_store_is_overlay(s))
            get_blocks(r, s, apply);
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
