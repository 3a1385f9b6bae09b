/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A disk beside the cpu's thread: a drive hands over a request, and gets it back when it is done.
 * The cpu's thread never waits for it.
 *
 *   disk_submit(drive->disk, &drive->request);
 *                                          later, on the cpu's thread: request.done(request.owner)
 *
 * media_open (hw/host/media.h) makes one of a file; tests have one in memory
 * (tests/hw/fake_disk.h).
 */
#ifndef HW_HOST_DISK_H
#define HW_HOST_DISK_H

#include "hw/host/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct disk;

enum disk_operation {
    DISK_READ,
    DISK_WRITE,
    DISK_FLUSH, /* what has been written so far is to outlive a power failure of the host */
    DISK_OPERATIONS
};

struct disk_request {
    enum disk_operation operation;
    uint64_t offset; /* in bytes, and so is size; multiples of 512 */
    size_t size;
    uint8_t *data; /* the caller's; read: filled just before `done` */
    int error;     /* then: an errno of the host, or 0 */
    void (*done)(void *owner);
    void *owner;
    /* The disk's. */
    struct disk *disk;
    uint64_t began; /* by the host's clock, in ns */
    struct disk_request *next;
    bool pending;
};

struct disk_kind {
    void (*submit)(struct disk *d, struct disk_request *r);
    void (*withdraw)(struct disk *d, struct disk_request *r);
};

/* What has been done, whatever was in the drive; by operations. */
struct disk_counts {
    struct {
        uint64_t done, failed, bytes, time_ns; /* of these the last two of what was done */
    } of[DISK_OPERATIONS];
    uint64_t highest; /* the end of what has been written farthest behind */
};

/* By which a drive counts cylinders: at most 16383, of at most 16 heads and 63 sectors. */
struct disk_geometry {
    uint16_t cylinders, heads, sectors;
    bool of_table; /* the disk's partition table counts by it: a BIOS is to count the same */
};

struct disk {
    const struct disk_kind *kind;
    const char *name; /* as the user spelled it */
    uint64_t size;    /* bytes; a multiple of 512 */
    bool read_only;
    struct disk_counts counts;
    struct disk_geometry geometry; /* that the partition table told of; no heads: none did */
};

static inline uint64_t disk_size(const struct disk *d)
{
    return d->size;
}

static inline bool disk_is_read_only(const struct disk *d)
{
    return d->read_only;
}

static inline const char *disk_name(const struct disk *d)
{
    return d->name;
}

/*
 * By its partition table, if that counts by at most 16 heads; or else what its size allows with 16
 * heads and 63 sectors.
 */
struct disk_geometry disk_geometry(const struct disk *d);
/* Whoever makes a disk looks at its first sector. */
void disk_find_geometry(struct disk *d, const uint8_t *sector);

/*
 * From the cpu's thread; never calls `done` itself. A disk's requests are done in the order in
 * which they came. What lies beyond the end fails with EIO, a write of a read-only disk with EROFS.
 */
void disk_submit(struct disk *d, struct disk_request *r);
/*
 * If it is pending, its `done` will not be called: for a drive's reset. What has been begun may
 * still get to the disk, before all that is submitted later.
 */
void disk_withdraw(struct disk_request *r);

/* For a kind of disk: the request is done, with that error of the host's or 0; counts it. */
void disk_complete(struct disk_request *r, int error);

/* --- for the surroundings --- */

struct disk_store;

/* Whoever is told that a request is done; `ready` is called from the disk's thread. */
struct disk_owner {
    void (*ready)(void *owner);
    void *owner;
};

/*
 * Takes the store over, on failure, too; NULL if the host has no room. Without a store it is an
 * empty drive: what is submitted fails with ENOMEDIUM.
 */
struct disk *disk_create(struct disk_store *store, const struct disk_owner *owner,
                         struct error *error);
/* Before that, requests wait. */
bool disk_start(struct disk *d, struct error *error);
/* Calls `done` of the requests that are. */
void disk_deliver(struct disk *d);
/* Waits until there is one, for a tenth of a second at most. */
void disk_wait(struct disk *d);
/* Nothing is submitted that is not done and delivered. Then what holds its bytes may be looked at.
 */
bool disk_is_idle(struct disk *d);
/* NULL: nothing is in it. */
struct disk_store *disk_store(struct disk *d);
/*
 * Another store, or none, in a drive whose requests have been withdrawn or are done: it has that
 * one's size from here on. What was in is closed by the disk's thread, behind all that it has yet
 * to do there. On failure the old one has gone or not, and the new one is closed.
 */
bool disk_insert(struct disk *d, struct disk_store *store, struct error *error);
bool disk_remove(struct disk *d, struct error *error);
/* Finishes what has been submitted, unless that takes some ten seconds: then it says so. */
void disk_close(struct disk *d);

#endif
