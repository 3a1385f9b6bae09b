/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A disk's file, and what else holds a disk's bytes, beside the cpu's thread: a drive hands over a
 * request, and gets it back when it is done. The cpu's thread never waits for it.
 *
 *   disk_submit(drive->disk, &drive->request);
 *                                          later, on the cpu's thread: request.done(request.owner)
 */
#ifndef HW_HOST_DISK_H
#define HW_HOST_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct disk;

enum disk_operation {
    DISK_READ,
    DISK_WRITE,
    DISK_FLUSH /* what has been written so far is to outlive a power failure of the host */
};

struct disk_request {
    enum disk_operation operation;
    uint64_t offset; /* in bytes, and so is size */
    size_t size;
    uint8_t *data; /* the caller's; not to be touched until it is done */
    int error;     /* then: an errno of the host, or 0 */
    void (*done)(void *owner);
    void *owner;
    /* The disk's. */
    struct disk *disk;
    struct disk_request *next;
    bool pending;
};

uint64_t disk_size(const struct disk *d); /* bytes; a multiple of 512 */
bool disk_is_read_only(const struct disk *d);
const char *disk_name(const struct disk *d); /* as the user spelled it */
/*
 * From the cpu's thread; never calls `done` itself. A disk's requests are done in the order in
 * which they came. What lies beyond the end fails with EIO, a write of a read-only disk with EROFS.
 */
void disk_submit(struct disk *d, struct disk_request *r);
/* Waits for it, if it is pending; its `done` will not be called: for a drive's reset. */
void disk_withdraw(struct disk_request *r);

#endif
