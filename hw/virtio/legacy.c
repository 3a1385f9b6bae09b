/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The legacy interface, by ports (4.1.4.10): a queue is one piece of memory, of which the driver
 * sets the page (2.7.2).
 */
#include "hw/virtio/virtio.h"

#include "exec/exec.h"

enum { BASE_LEGACY = 0, PORTS = 128, PAGE_SHIFT = 12, ALIGNMENT = 1 << PAGE_SHIFT };

enum legacy_register {
    OFFERED = 0,
    FEATURES = 4,
    QUEUE_PAGE = 8,
    QUEUE_SIZE = 12,
    QUEUE_SELECT = 14,
    QUEUE_NOTIFY = 16,
    STATUS = 18,
    ISR = 19,
    CONFIG_VECTOR = 20, /* with MSI-X on, else the configuration begins here */
    QUEUE_VECTOR = 22,
    AFTER_VECTORS = 24
};

static uint32_t config_start(const struct virtio *v)
{
    return pci_msix_is_on(&v->msix) ? AFTER_VECTORS : CONFIG_VECTOR;
}

/* Of the first 32. */
static uint32_t offered(const struct virtio *v)
{
    return (uint32_t)(v->offered | VIRTIO_F_ANY_LAYOUT);
}

static void set_page(struct virtqueue *q, uint32_t page)
{
    q->size = VIRTIO_QUEUE_SIZE;
    q->enabled = page;
    q->descriptors = (uint64_t)page << PAGE_SHIFT;
    q->available = q->descriptors + 16ull * q->size;
    q->used = (q->available + 2ull * (3 + q->size) + ALIGNMENT - 1) & -(uint64_t)ALIGNMENT;
    q->taken = q->given = q->signalled = 0;
}

static uint32_t read_queue(struct virtio *v, uint32_t offset)
{
    const struct virtqueue *q = virtio_selected(v);
    if (!q)
        return offset == QUEUE_VECTOR ? VIRTIO_NO_VECTOR : 0;
    return offset == QUEUE_PAGE   ? (uint32_t)(q->descriptors >> PAGE_SHIFT)
           : offset == QUEUE_SIZE ? VIRTIO_QUEUE_SIZE
                                  : q->vector;
}

static uint32_t read_register(struct virtio *v, uint32_t offset)
{
    switch (offset) {
    case OFFERED:
        return offered(v);
    case FEATURES:
        return (uint32_t)v->features;
    case QUEUE_SELECT:
        return v->queue_select;
    case STATUS:
        return v->status;
    case ISR:
        return virtio_take_isr(v);
    case CONFIG_VECTOR:
        return v->config_vector;
    case QUEUE_PAGE:
    case QUEUE_SIZE:
    case QUEUE_VECTOR:
        return read_queue(v, offset);
    default:
        return 0;
    }
}

static uint32_t read(void *device, uint32_t offset, unsigned size)
{
    struct virtio *v = device;
    uint32_t start = config_start(v);
    return offset >= start ? virtio_config_read(v, offset - start, size)
                           : read_register(v, offset) & UINT32_MAX >> (32 - 8 * size);
}

static void write_queue(struct virtio *v, uint32_t offset, uint32_t value)
{
    struct virtqueue *q = virtio_selected(v);
    if (!q)
        log_if(LOG_GUEST_ERRORS, "virtio: there is no queue %u\n", v->queue_select);
    else if (offset == QUEUE_PAGE)
        set_page(q, value);
    else
        virtio_set_vector(v, &q->vector, (uint16_t)value);
}

static void write_register(struct virtio *v, uint32_t offset, uint32_t value)
{
    switch (offset) {
    case FEATURES:
        v->features = value & offered(v);
        break;
    case QUEUE_SELECT:
        v->queue_select = (uint16_t)value;
        break;
    case QUEUE_NOTIFY:
        virtio_notify(v, value & 0xffff);
        break;
    case STATUS:
        virtio_set_status(v, (uint8_t)value);
        break;
    case CONFIG_VECTOR:
        virtio_set_vector(v, &v->config_vector, (uint16_t)value);
        break;
    case QUEUE_PAGE:
    case QUEUE_VECTOR:
        write_queue(v, offset, value);
        break;
    default:
        log_if(LOG_GUEST_ERRORS, "virtio: port %u of it cannot be written\n", offset);
    }
}

static void write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct virtio *v = device;
    uint32_t start = config_start(v);
    if (offset >= start)
        virtio_config_write(v, offset - start, value, size);
    else
        write_register(v, offset, value);
}

bool virtio_add_legacy(struct virtio *v)
{
    return pci_base_io(&v->pci, BASE_LEGACY, PORTS, 4, read, write, v);
}
