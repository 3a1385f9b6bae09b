/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See virtio_driver.h. */
#include "tests/hw/virtio_driver.h"

#include <string.h>

enum { MODERN_BAR = 4, MSIX_BAR = 1, LEGACY_BAR = 0 };
enum { LEGACY_SIZE = 256, LEGACY_ALIGN = 4096 };
enum { ACKNOWLEDGED = 3 };

static void configure(struct driver *d, unsigned offset, uint32_t value, unsigned size)
{
    struct ports *p = &d->stage.ports;
    ports_write(p, 0xcf8, 0x80000000u | STAGE_SLOT << 11 | (offset & 0xfc), 4);
    ports_write(p, (uint16_t)(0xcfc + (offset & 3)), value, size);
}

uint32_t driver_get(struct driver *d, uint32_t address, unsigned size)
{
    return memory_read(d->stage.memory, address, size);
}

void driver_set(struct driver *d, uint32_t address, uint32_t value, unsigned size)
{
    memory_write(d->stage.memory, address, value, size);
}

void driver_open(struct driver *d)
{
    memset(d, 0, sizeof *d);
    stage_open(&d->stage);
}

struct virtio_place driver_place(struct driver *d)
{
    return (struct virtio_place){d->stage.memory, &d->stage.bus, STAGE_SLOT, {false, false}};
}

void driver_map(struct driver *d, struct virtio *device)
{
    d->device = device;
    configure(d, 0x10 + 4 * LEGACY_BAR, DRIVER_PORTS, 4);
    configure(d, 0x10 + 4 * MSIX_BAR, (uint32_t)DRIVER_MSIX, 4);
    stage_enable(&d->stage, MODERN_BAR);
}

void driver_close(struct driver *d)
{
    stage_close(&d->stage);
}

uint8_t driver_status(struct driver *d)
{
    return (uint8_t)driver_get(d, DRIVER_COMMON + 20, 1);
}

/* --- setting up --- */

static void clear_rings(struct driver *d)
{
    static const uint8_t zeros[DRIVER_RING_ROOM];
    for (unsigned i = 0; i < VIRTIO_QUEUES; i++) {
        memory_copy_in(d->stage.memory, DRIVER_RINGS + i * DRIVER_RING_ROOM, zeros, sizeof zeros);
        d->queue[i].added = d->queue[i].seen = 0;
    }
}

static void start_queue(struct driver *d, unsigned number, unsigned size)
{
    struct driver_queue *q = &d->queue[number];
    uint32_t at = DRIVER_RINGS + number * DRIVER_RING_ROOM;
    *q = (struct driver_queue){size, at, at + 0x4000, at + 0x8000, 0, 0};
    driver_set(d, DRIVER_COMMON + 22, number, 2);
    driver_set(d, DRIVER_COMMON + 24, size, 2);
    driver_set(d, DRIVER_COMMON + 26, number + 1, 2);
    driver_set(d, DRIVER_COMMON + 32, q->descriptors, 4);
    driver_set(d, DRIVER_COMMON + 40, q->available, 4);
    driver_set(d, DRIVER_COMMON + 48, q->used, 4);
    driver_set(d, DRIVER_COMMON + 28, 1, 2);
}

void driver_start(struct driver *d, uint64_t features, unsigned size)
{
    driver_set(d, DRIVER_COMMON + 20, 0, 1);
    clear_rings(d);
    driver_set(d, DRIVER_COMMON + 20, ACKNOWLEDGED, 1);
    features |= VIRTIO_F_VERSION_1;
    for (unsigned i = 0; i < 2; i++) {
        driver_set(d, DRIVER_COMMON + 8, i, 4);
        driver_set(d, DRIVER_COMMON + 12, (uint32_t)(features >> 32 * i), 4);
    }
    driver_set(d, DRIVER_COMMON + 16, 0, 2);
    driver_set(d, DRIVER_COMMON + 20, ACKNOWLEDGED | VIRTIO_FEATURES_OK, 1);
    ck_assert(driver_status(d) & VIRTIO_FEATURES_OK);
    for (unsigned i = 0; i < d->device->kind->queues; i++)
        start_queue(d, i, size);
    driver_set(d, DRIVER_COMMON + 20, ACKNOWLEDGED | VIRTIO_FEATURES_OK | VIRTIO_DRIVER_OK, 1);
}

void driver_start_legacy(struct driver *d, uint32_t features)
{
    struct ports *p = &d->stage.ports;
    ports_write(p, DRIVER_PORTS + 18, 0, 1);
    clear_rings(d);
    ports_write(p, DRIVER_PORTS + 18, ACKNOWLEDGED, 1);
    ports_write(p, DRIVER_PORTS + 4, features, 4);
    for (unsigned i = 0; i < d->device->kind->queues; i++) {
        uint32_t at = DRIVER_RINGS + i * DRIVER_RING_ROOM;
        uint32_t available = at + 16 * LEGACY_SIZE, end = available + 2 * (3 + LEGACY_SIZE);
        ports_write(p, DRIVER_PORTS + 14, i, 2);
        ck_assert_uint_eq(ports_read(p, DRIVER_PORTS + 12, 2), LEGACY_SIZE);
        ports_write(p, DRIVER_PORTS + 8, at >> 12, 4);
        d->queue[i] = (struct driver_queue){
            LEGACY_SIZE, at, available, (end + LEGACY_ALIGN - 1) & -(uint32_t)LEGACY_ALIGN, 0, 0};
    }
    ports_write(p, DRIVER_PORTS + 18, ACKNOWLEDGED | VIRTIO_DRIVER_OK, 1);
}

/* --- rings --- */

void driver_describe(struct driver *d, uint32_t table, unsigned number, uint32_t address,
                     uint32_t size, unsigned flags, unsigned next)
{
    uint32_t at = table + 16 * number;
    driver_set(d, at, address, 4);
    driver_set(d, at + 4, 0, 4);
    driver_set(d, at + 8, size, 4);
    driver_set(d, at + 12, flags, 2);
    driver_set(d, at + 14, next, 2);
}

void driver_add(struct driver *d, unsigned queue, uint16_t head)
{
    struct driver_queue *q = &d->queue[queue];
    driver_set(d, q->available + 4 + 2 * (q->added % q->size), head, 2);
    driver_set(d, q->available + 2, ++q->added, 2);
}

void driver_notify(struct driver *d, unsigned queue)
{
    if (virtio_is_modern(d->device))
        driver_set(d, DRIVER_NOTIFY + 4 * queue, queue, 2);
    else
        ports_write(&d->stage.ports, DRIVER_PORTS + 16, queue, 2);
}

void driver_give(struct driver *d, unsigned queue, uint16_t head)
{
    driver_add(d, queue, head);
    driver_notify(d, queue);
}

bool driver_used(struct driver *d, unsigned queue, uint32_t *head, uint32_t *written)
{
    struct driver_queue *q = &d->queue[queue];
    if (driver_get(d, q->used + 2, 2) == q->seen)
        return false;
    uint32_t at = q->used + 4 + 8 * (q->seen++ % q->size);
    *head = driver_get(d, at, 4);
    *written = driver_get(d, at + 4, 4);
    return true;
}

/* --- MSI-X --- */

void driver_set_msix(struct driver *d, unsigned control)
{
    configure(d, d->device->msix.capability + 2, control, 2);
}

void driver_set_vector(struct driver *d, unsigned vector, uint32_t address, uint32_t data,
                       bool masked)
{
    uint32_t at = (uint32_t)DRIVER_MSIX + 16 * vector;
    driver_set(d, at, address, 4);
    driver_set(d, at + 4, 0, 4);
    driver_set(d, at + 8, data, 4);
    driver_set(d, at + 12, masked, 4);
}
