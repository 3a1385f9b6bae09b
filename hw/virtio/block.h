/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A disk (virtio 1.2, 5.2) with one queue: reads, writes, flushes, zeroes; a cache that is written
 * back, if the driver knows how to flush it. Nothing is discarded, which stores cannot do.
 *
 * Some buffers are under way at a time, each in a slot, whose request goes to the disk chunk by
 * chunk. A request is nothing that could be saved: restored, what was under way is done again.
 */
#ifndef HW_VIRTIO_BLOCK_H
#define HW_VIRTIO_BLOCK_H

#include "hw/host/disk.h"
#include "hw/virtio/virtio.h"

enum { VIRTIO_BLOCK_SLOTS = 4, VIRTIO_BLOCK_CHUNK = 128 * 1024, VIRTIO_BLOCK_ID = 20 };

struct virtio_block_slot {
    struct virtio_block *block;
    bool busy;
    uint16_t head;
    /* What follows from the buffer. */
    struct virtio_chain chain;
    uint32_t type;
    uint64_t offset; /* on the disk, of the first byte */
    uint64_t size, done;
    bool flushing; /* behind a write that is to be written through */
    struct disk_request request;
    uint8_t chunk[VIRTIO_BLOCK_CHUNK];
};

struct virtio_block {
    struct virtio virtio;
    struct disk *disk;
    const char *id; /* NULL: it has none */
    struct virtio_block_slot slot[VIRTIO_BLOCK_SLOTS];
};

/* What a driver reads by "get id", and Linux shows as serial; or NULL. */
struct virtio_block_setup {
    struct disk *disk; /* NULL: there is no such device */
    const char *id;
    struct virtio_interfaces interfaces;
};

/* False if the host has no room. */
bool virtio_block_init(struct virtio_block *s, const struct virtio_place *place, struct disk *disk,
                       const char *id);
extern const struct device virtio_block_device;

#endif
