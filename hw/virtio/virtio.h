/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What virtio devices have in common: their PCI function and their queues. Sections are those of
 * OASIS's "Virtual I/O Device (VIRTIO) Version 1.2".
 *
 *   virtio_init(&s->virtio, &kind, s, &place);
 *
 *   static void notified(void *device, unsigned queue)
 *   {
 *       for (unsigned n = virtqueue_waiting(v, queue); n && virtqueue_take(v, queue, &chain); n--)
 * { virtio_chain_read(v, &chain, 0, &header, sizeof header); virtqueue_give_back(v, queue,
 * chain.head, 0);
 *       }
 *       virtqueue_interrupt(v, queue);
 *   }
 *
 * The device is there by two interfaces: that of version 1.0, in memory, and the legacy one, by
 * ports (4.1.4.10). The driver chooses by using one of them; features say which (4.1.4.3).
 *
 * A driver's mistake, in a ring or a descriptor, stops the device until it is reset: it says so by
 * DEVICE_NEEDS_RESET (2.1.2). All of it happens on the cpu's thread, so that no ring changes while
 * it is looked at but by the device's own stores.
 */
#ifndef HW_VIRTIO_VIRTIO_H
#define HW_VIRTIO_VIRTIO_H

#include "hw/bus/pci_msix.h"
#include "hw/options.h"

enum { VIRTIO_QUEUES = 2, VIRTIO_QUEUE_SIZE = 256, VIRTIO_CONFIG_SIZE = 64 };

/* Features of the transport and the queues (6). */
#define VIRTIO_F_ANY_LAYOUT    (1ull << 27) /* the legacy interface's */
#define VIRTIO_F_INDIRECT_DESC (1ull << 28)
#define VIRTIO_F_EVENT_IDX     (1ull << 29)
#define VIRTIO_F_VERSION_1     (1ull << 32)

enum virtio_type { VIRTIO_NET = 1, VIRTIO_BLOCK = 2, VIRTIO_ENTROPY = 4 };

/* What a type of device is; the functions get the device. */
struct virtio_kind {
    enum virtio_type type;
    uint32_t class_code; /* 24 bits */
    unsigned queues, config_size;
    /* There may be something in a queue. */
    void (*notified)(void *device, unsigned queue);
    /* All queues are gone; may be NULL. */
    void (*reset)(void *device);
    /* The driver writes to its configuration; NULL: it cannot. */
    void (*configure)(void *device, unsigned offset, uint8_t value);
};

struct virtio_place {
    struct memory *memory;
    struct pci *pci;
    unsigned slot;
    struct virtio_interfaces interfaces;
};

/* A split virtqueue (2.7): addresses of its three parts, and how far it is. */
struct virtqueue {
    uint16_t size; /* the driver's choice, up to VIRTIO_QUEUE_SIZE */
    uint16_t vector;
    bool enabled;
    uint64_t descriptors, available, used;
    uint16_t taken;     /* of the available ring: the next entry's number, */
    uint16_t given;     /* ... of the used ring's */
    uint16_t signalled; /* `given` at the last interrupt */
};

struct virtio {
    struct pci_function pci;
    struct pci_msix msix;
    const struct virtio_kind *kind;
    void *device;
    struct memory *memory;
    struct virtio_interfaces interfaces;
    unsigned window;  /* offset of the capability that reads and writes registers (4.1.4.9) */
    uint64_t offered; /* features */
    uint64_t features;
    uint32_t offered_select, features_select;
    uint8_t status, isr;
    uint16_t queue_select, config_vector;
    uint8_t config[VIRTIO_CONFIG_SIZE];
    struct virtqueue queue[VIRTIO_QUEUES];
};

/*
 * Adds the function to the bus. Features and configuration are the device's to fill in. False if
 * the host has no room.
 */
bool virtio_init(struct virtio *v, const struct virtio_kind *kind, void *device,
                 const struct virtio_place *place);
/* For a device's reset and `restored`, and its table. */
void virtio_reset(struct virtio *v);
void virtio_restored(struct virtio *v);
extern const struct state_table virtio_state;

static inline bool virtio_has(const struct virtio *v, uint64_t feature)
{
    return v->features & feature;
}

static inline bool virtio_is_modern(const struct virtio *v)
{
    return virtio_has(v, VIRTIO_F_VERSION_1);
}

/* The driver has done something that it must not: nothing more is done until a reset. */
void virtio_break(struct virtio *v, const char *why);

/* --- queues: virtqueue.c --- */

/* A buffer: parts that the device reads, then those that it writes (2.7.4). */
struct virtio_chain {
    uint16_t head;
    unsigned parts, readable_parts;
    uint64_t readable, writable; /* in bytes */
    struct virtio_part {
        uint32_t address, size;
    } part[VIRTIO_QUEUE_SIZE];
};

/* May the device use it? */
bool virtqueue_is_ready(const struct virtio *v, unsigned queue);
/* How many buffers the driver has put there; 0 for a queue that is not ready. */
unsigned virtqueue_waiting(struct virtio *v, unsigned queue);
/* The nth of those that wait; false: it is malformed, and the device has stopped. */
bool virtqueue_look(struct virtio *v, unsigned queue, unsigned n, struct virtio_chain *c);
/* The first of them, which the device has then. */
bool virtqueue_take(struct virtio *v, unsigned queue, struct virtio_chain *c);
/* One that the device has had since before it was saved, by its head. */
bool virtqueue_find(struct virtio *v, unsigned queue, uint16_t head, struct virtio_chain *c);
/* It is the driver's again, its writable parts filled up to there. */
void virtqueue_give_back(struct virtio *v, unsigned queue, uint16_t head, uint32_t written);
/* Interrupts if there is something new, and the driver wants to know; who is to notify of the next
 * buffer that is put into an empty queue. */
void virtqueue_interrupt(struct virtio *v, unsigned queue);

/* What waits is not enough: the driver is to say when there is more. */
void virtqueue_await_more(struct virtio *v, unsigned queue, unsigned waiting);

/* From an offset of the readable parts, or into the writable ones; how much there was of it. */
size_t virtio_chain_read(struct virtio *v, const struct virtio_chain *c, uint64_t offset, void *to,
                         size_t size);
size_t virtio_chain_write(struct virtio *v, const struct virtio_chain *c, uint64_t offset,
                          const void *from, size_t size);

/* --- between the transport's files --- */

enum virtio_status {
    VIRTIO_DRIVER_OK = 4,
    VIRTIO_FEATURES_OK = 8,
    VIRTIO_NEEDS_RESET = 64,
};
enum { VIRTIO_NO_VECTOR = 0xffff };
enum { VIRTIO_ISR_QUEUE = 1, VIRTIO_ISR_CONFIG = 2 };

/* An interrupt of a queue's, or of the configuration's, by its vector or the pin. */
void virtio_interrupt(struct virtio *v, uint8_t cause, uint16_t vector);
void virtio_notify(struct virtio *v, unsigned queue);
void virtio_set_status(struct virtio *v, uint8_t status);
uint8_t virtio_take_isr(struct virtio *v);
void virtio_set_vector(struct virtio *v, uint16_t *vector, uint16_t value);
/* The one that is selected; NULL: there is none of that number. */
struct virtqueue *virtio_selected(struct virtio *v);
uint32_t virtio_config_read(const struct virtio *v, uint32_t offset, unsigned size);
void virtio_config_write(struct virtio *v, uint32_t offset, uint32_t value, unsigned size);

/* The interfaces: each adds a base address. False if the host has no room. */
bool virtio_add_legacy(struct virtio *v);
bool virtio_add_modern(struct virtio *v);

#endif
