/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The interface of version 1.0: four structures in memory at one base address, to which
 * capabilities of the PCI function lead, and a fifth that reaches them by configuration space
 * (4.1.4).
 */
#include "hw/virtio/virtio.h"

#include "exec/exec.h"
#include "exec/memory.h"

#include <string.h>

enum { BASE_MODERN = 4, PART = PAGE_SIZE, REGION = 4 * PART };
enum { COMMON, INTERRUPTS, DEVICE, NOTIFY };
enum { NOTIFY_EACH = 4, COMMON_SIZE = 56 };

/* The common configuration (4.1.4.3). */
enum common_register {
    OFFERED_SELECT = 0,
    OFFERED = 4,
    FEATURES_SELECT = 8,
    FEATURES = 12,
    CONFIG_VECTOR = 16,
    QUEUES = 18,
    STATUS = 20,
    GENERATION = 21,
    QUEUE_SELECT = 22,
    QUEUE_SIZE = 24,
    QUEUE_VECTOR = 26,
    QUEUE_ENABLE = 28,
    QUEUE_NOTIFY = 30,
    QUEUE_DESCRIPTORS = 32, /* low, then high half */
    QUEUE_AVAILABLE = 40,
    QUEUE_USED = 48,
};

/* --- the common configuration --- */

static uint32_t half(uint64_t value, uint32_t select)
{
    return select < 2 ? (uint32_t)(value >> 32 * select) : 0;
}

static void set_half(uint64_t *value, uint32_t select, uint32_t part)
{
    if (select < 2)
        *value = (*value & ~((uint64_t)UINT32_MAX << 32 * select)) | (uint64_t)part << 32 * select;
}

/* One of the three parts' addresses, and which half an offset is. */
static uint64_t *address_of(struct virtqueue *q, uint32_t offset, uint32_t *which)
{
    *which = offset >> 2 & 1;
    return offset < QUEUE_AVAILABLE ? &q->descriptors
           : offset < QUEUE_USED    ? &q->available
                                    : &q->used;
}

/* Of a queue that is not there all is 0 (4.1.4.3.1), but there is no vector. */
static uint32_t read_queue(struct virtio *v, uint32_t offset)
{
    struct virtqueue *q = virtio_selected(v);
    uint32_t which;
    if (!q)
        return offset == QUEUE_VECTOR ? VIRTIO_NO_VECTOR : 0;
    switch (offset) {
    case QUEUE_SIZE:
        return q->size;
    case QUEUE_VECTOR:
        return q->vector;
    case QUEUE_ENABLE:
        return q->enabled;
    case QUEUE_NOTIFY:
        return v->queue_select;
    default:
        return half(*address_of(q, offset, &which), offset >> 2 & 1);
    }
}

static uint32_t read_common(struct virtio *v, uint32_t offset)
{
    switch (offset) {
    case OFFERED_SELECT:
        return v->offered_select;
    case OFFERED:
        return half(v->offered, v->offered_select);
    case FEATURES_SELECT:
        return v->features_select;
    case FEATURES:
        return half(v->features, v->features_select);
    case CONFIG_VECTOR:
        return v->config_vector;
    case QUEUES:
        return v->kind->queues;
    case STATUS:
        return v->status;
    case GENERATION:
        return 0;
    case QUEUE_SELECT:
        return v->queue_select;
    default:
        return offset >= QUEUE_SIZE && offset < COMMON_SIZE ? read_queue(v, offset) : 0;
    }
}

static bool is_size(uint32_t size)
{
    return size && size <= VIRTIO_QUEUE_SIZE && !(size & (size - 1));
}

static void write_size(struct virtqueue *q, uint32_t size)
{
    if (is_size(size))
        q->size = (uint16_t)size;
    else
        log_if(LOG_GUEST_ERRORS, "virtio: a queue cannot have %u entries\n", size);
}

/* What is in use does not change. */
static void write_queue(struct virtio *v, uint32_t offset, uint32_t value)
{
    struct virtqueue *q = virtio_selected(v);
    uint32_t which;
    if (!q || q->enabled) {
        log_if(LOG_GUEST_ERRORS, "virtio: queue %u: %s\n", v->queue_select,
               q ? "is in use already" : "there is none");
        return;
    }
    switch (offset) {
    case QUEUE_SIZE:
        write_size(q, value);
        break;
    case QUEUE_VECTOR:
        virtio_set_vector(v, &q->vector, (uint16_t)value);
        break;
    case QUEUE_ENABLE:
        q->enabled = value == 1;
        break;
    default:
        if (offset >= QUEUE_DESCRIPTORS && offset < COMMON_SIZE) {
            uint64_t *address = address_of(q, offset, &which);
            set_half(address, which, value);
        }
    }
}

static void write_common(struct virtio *v, uint32_t offset, uint32_t value)
{
    switch (offset) {
    case OFFERED_SELECT:
        v->offered_select = value;
        break;
    case FEATURES_SELECT:
        v->features_select = value;
        break;
    case FEATURES:
        if (!(v->status & VIRTIO_FEATURES_OK))
            set_half(&v->features, v->features_select, value);
        break;
    case CONFIG_VECTOR:
        virtio_set_vector(v, &v->config_vector, (uint16_t)value);
        break;
    case STATUS:
        virtio_set_status(v, (uint8_t)value);
        break;
    case QUEUE_SELECT:
        v->queue_select = (uint16_t)value;
        break;
    default:
        write_queue(v, offset, value);
    }
}

/* --- the region --- */

static uint32_t read(void *device, uint32_t offset, unsigned size)
{
    struct virtio *v = device;
    uint32_t at = offset % PART, value = 0;
    if (offset / PART == COMMON)
        value = read_common(v, at);
    else if (offset / PART == INTERRUPTS && at == 0)
        value = virtio_take_isr(v);
    else if (offset / PART == DEVICE)
        value = virtio_config_read(v, at, size);
    return value & UINT32_MAX >> (32 - 8 * size);
}

static void write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct virtio *v = device;
    uint32_t at = offset % PART;
    if (offset / PART == COMMON)
        write_common(v, at, value);
    else if (offset / PART == DEVICE)
        virtio_config_write(v, at, value, size);
    else if (offset / PART == NOTIFY)
        virtio_notify(v, at / NOTIFY_EACH);
}

/* --- capabilities --- */

enum { CAPABILITY = 0x09, CAPABILITY_SIZE = 16, WINDOW_TYPE = 5 };
/* Offsets within one (4.1.4). */
enum { LENGTH_OF_IT = 2, TYPE = 3, BASE = 4, OFFSET = 8, LENGTH = 12, MORE = 16 };

static unsigned add_capability(struct virtio *v, unsigned type, unsigned extra)
{
    unsigned size = CAPABILITY_SIZE + extra;
    unsigned at = pci_add_capability(&v->pci, CAPABILITY, size);
    pci_set(&v->pci, at + LENGTH_OF_IT, 1, size, 0);
    pci_set(&v->pci, at + TYPE, 1, type, 0);
    return at;
}

static void add_part(struct virtio *v, unsigned type, unsigned part, uint32_t size, unsigned extra)
{
    unsigned at = add_capability(v, type, extra);
    pci_set(&v->pci, at + BASE, 1, BASE_MODERN, 0);
    pci_set(&v->pci, at + OFFSET, 4, part * PART, 0);
    pci_set(&v->pci, at + LENGTH, 4, size, 0);
    if (extra)
        pci_set(&v->pci, at + MORE, 4, NOTIFY_EACH, 0);
}

static uint32_t window_field(const struct virtio *v, unsigned field)
{
    uint32_t value;
    memcpy(&value, v->pci.config + v->window + field, sizeof value);
    return value;
}

/* Is it an access to the window's data, and to something that can be reached by it (4.1.4.9.1)? */
static bool is_window(const struct virtio *v, unsigned offset)
{
    uint32_t length = window_field(v, LENGTH), at = window_field(v, OFFSET);
    return offset >= v->window + MORE && offset < v->window + MORE + 4 &&
           v->pci.config[v->window + BASE] == BASE_MODERN &&
           (length == 1 || length == 2 || length == 4) && !(at & (length - 1)) && at < REGION;
}

static void read_window(void *device, unsigned offset, unsigned size)
{
    struct virtio *v = device;
    (void)size;
    if (!is_window(v, offset))
        return;
    uint32_t value = read(v, window_field(v, OFFSET), window_field(v, LENGTH));
    memcpy(v->pci.config + v->window + MORE, &value, sizeof value);
}

static void write_window(void *device, unsigned offset, unsigned size)
{
    struct virtio *v = device;
    (void)size;
    if (is_window(v, offset))
        write(v, window_field(v, OFFSET), window_field(v, MORE), window_field(v, LENGTH));
}

static void add_window(struct virtio *v)
{
    v->window = add_capability(v, WINDOW_TYPE, 4);
    pci_set(&v->pci, v->window + BASE, 1, 0, 0xff);
    pci_set(&v->pci, v->window + OFFSET, 4, 0, UINT32_MAX);
    pci_set(&v->pci, v->window + LENGTH, 4, 0, UINT32_MAX);
    pci_set(&v->pci, v->window + MORE, 4, 0, UINT32_MAX);
    v->pci.read = read_window;
    v->pci.written = write_window;
}

bool virtio_add_modern(struct virtio *v)
{
    enum { HIDDEN = 0xf0000000u, TYPE_COMMON = 1, TYPE_NOTIFY, TYPE_ISR, TYPE_DEVICE };
    struct memory_region *region = memory_map_io(v->memory, HIDDEN, REGION, read, write, v);
    if (!region)
        return false;
    pci_base_memory(&v->pci, BASE_MODERN, region, false);
    add_part(v, TYPE_COMMON, COMMON, COMMON_SIZE, 0);
    add_part(v, TYPE_ISR, INTERRUPTS, 1, 0);
    if (v->kind->config_size)
        add_part(v, TYPE_DEVICE, DEVICE, v->kind->config_size, 0);
    add_part(v, TYPE_NOTIFY, NOTIFY, NOTIFY_EACH * v->kind->queues, 4);
    add_window(v);
    return true;
}
