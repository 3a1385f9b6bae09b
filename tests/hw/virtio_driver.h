/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A driver of a virtio device on a stage, which puts into rings what a test wants, good or bad. */
#ifndef TESTS_HW_VIRTIO_DRIVER_H
#define TESTS_HW_VIRTIO_DRIVER_H

#include "hw/virtio/virtio.h"
#include "tests/hw/card_stage.h"

/* Of the modern interface, behind the base address. */
enum { DRIVER_COMMON = STAGE_REGISTERS, DRIVER_ISR = DRIVER_COMMON + 0x1000 };
enum { DRIVER_CONFIG = DRIVER_COMMON + 0x2000, DRIVER_NOTIFY = DRIVER_COMMON + 0x3000 };
enum { DRIVER_MSIX = (int)0xf2000000, DRIVER_PORTS = 0xc000 };
/* Where queue 0 is in memory, and what is free. */
enum { DRIVER_RINGS = 0x10000, DRIVER_RING_ROOM = 0x10000, DRIVER_DATA = 0x100000 };
enum { DESCRIPTOR_NEXT = 1, DESCRIPTOR_WRITE = 2, DESCRIPTOR_INDIRECT = 4 };

struct driver_queue {
    unsigned size;
    uint32_t descriptors, available, used;
    uint16_t added, seen;
};

struct driver {
    struct card_stage stage;
    struct virtio *device;
    struct driver_queue queue[VIRTIO_QUEUES];
};

/* For a device that is made at driver_place; then it is brought to where its driver begins. */
void driver_open(struct driver *d);
struct virtio_place driver_place(struct driver *d);
void driver_map(struct driver *d, struct virtio *device);
void driver_close(struct driver *d);

/* Negotiates those features, and sets queues of that size up. */
void driver_start(struct driver *d, uint64_t features, unsigned size);
/* The same by the legacy interface, whose queues have 256 entries. */
void driver_start_legacy(struct driver *d, uint32_t features);

uint32_t driver_get(struct driver *d, uint32_t address, unsigned size);
void driver_set(struct driver *d, uint32_t address, uint32_t value, unsigned size);

/* A descriptor of a queue's table, or of one that is elsewhere. */
void driver_describe(struct driver *d, uint32_t table, unsigned number, uint32_t address,
                     uint32_t size, unsigned flags, unsigned next);
/* Makes a buffer available, without telling of it; tells of it; both. */
void driver_add(struct driver *d, unsigned queue, uint16_t head);
void driver_notify(struct driver *d, unsigned queue);
void driver_give(struct driver *d, unsigned queue, uint16_t head);
/* The next that has been used, and how much of it was written; false: none is. */
bool driver_used(struct driver *d, unsigned queue, uint32_t *head, uint32_t *written);
uint8_t driver_status(struct driver *d);

/* MSI-X: on or off, and all vectors masked or not; a vector whose message is a number in memory. */
void driver_set_msix(struct driver *d, unsigned control);
enum { MSIX_ON = 0x8000, MSIX_MASK_ALL = 0x4000 };
void driver_set_vector(struct driver *d, unsigned vector, uint32_t address, uint32_t data,
                       bool masked);

#endif
