/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Split virtqueues (2.7): a table of descriptors, a ring of buffers that the driver makes available
 * and one of those that the device has used. All of it is the guest's memory, and believed in
 * nothing: numbers are checked, chains end, and what leads outside memory stops the device.
 */
#include "hw/virtio/virtio.h"

#include "exec/memory.h"

#include <string.h>

/* Descriptors (2.7.5), and the rings' parts (2.7.6, 2.7.8). */
enum { NEXT = 1, WRITE = 2, INDIRECT = 4, DESCRIPTOR = 16 };
enum { RING_FLAGS = 0, RING_INDEX = 2, RING = 4, AVAILABLE_ENTRY = 2, USED_ENTRY = 8 };
enum { NO_INTERRUPT = 1 };

struct descriptor {
    uint64_t address;
    uint32_t size;
    uint16_t flags, next;
};
_Static_assert(sizeof(struct descriptor) == DESCRIPTOR, "2.7.5");

struct table {
    uint64_t at;
    uint32_t entries;
};

/* --- memory --- */

static bool is_below_4g(uint64_t address, uint64_t size)
{
    return address <= UINT32_MAX && size <= (uint64_t)UINT32_MAX + 1 - address;
}

static bool get(struct virtio *v, uint64_t address, void *to, size_t size)
{
    if (is_below_4g(address, size) && memory_copy_out(v->memory, to, (uint32_t)address, size))
        return true;
    virtio_break(v, "a ring or table is not in memory");
    return false;
}

static void put(struct virtio *v, uint64_t address, const void *from, size_t size)
{
    if (!is_below_4g(address, size) || !memory_copy_in(v->memory, (uint32_t)address, from, size))
        virtio_break(v, "a used ring is not in memory");
}

static uint16_t get16(struct virtio *v, uint64_t address)
{
    uint16_t value = 0;
    get(v, address, &value, sizeof value);
    return value;
}

static void put16(struct virtio *v, uint64_t address, uint16_t value)
{
    put(v, address, &value, sizeof value);
}

/* --- chains of descriptors --- */

/* What the device reads comes before what it writes (2.7.4.2). */
static bool add_part(struct virtio *v, struct virtio_chain *c, const struct descriptor *d,
                     unsigned most)
{
    bool writes = d->flags & WRITE;
    if (c->parts == most) {
        virtio_break(v, "a chain that is longer than its queue");
        return false;
    }
    if (!is_below_4g(d->address, d->size)) {
        virtio_break(v, "a buffer beyond 4 GiB");
        return false;
    }
    if (!writes && c->parts > c->readable_parts) {
        virtio_break(v, "a buffer to be read behind one to be written");
        return false;
    }
    c->part[c->parts++] = (struct virtio_part){(uint32_t)d->address, d->size};
    c->readable_parts += !writes;
    *(writes ? &c->writable : &c->readable) += d->size;
    return true;
}

static bool read_descriptor(struct virtio *v, const struct table *t, uint32_t number,
                            struct descriptor *d)
{
    if (number >= t->entries) {
        virtio_break(v, "a descriptor that there is not");
        return false;
    }
    return get(v, t->at + (uint64_t)number * DESCRIPTOR, d, sizeof *d);
}

/* Of an indirect descriptor (2.7.5.3). */
static bool enter_table(struct virtio *v, const struct descriptor *d, struct table *t)
{
    if (!virtio_has(v, VIRTIO_F_INDIRECT_DESC) || d->flags & NEXT || !d->size ||
        d->size % DESCRIPTOR) {
        virtio_break(v, "a bad indirect descriptor");
        return false;
    }
    *t = (struct table){d->address, d->size / DESCRIPTOR};
    return true;
}

/* A chain that leads back to itself ends by its length. */
static bool walk(struct virtio *v, const struct virtqueue *q, struct virtio_chain *c)
{
    struct table t = {q->descriptors, q->size};
    bool is_indirect = false;
    uint32_t number = c->head;
    for (;;) {
        struct descriptor d;
        if (!read_descriptor(v, &t, number, &d))
            return false;
        if (d.flags & INDIRECT) {
            if (is_indirect) {
                virtio_break(v, "an indirect descriptor in an indirect table");
                return false;
            }
            if (!enter_table(v, &d, &t))
                return false;
            is_indirect = true;
            number = 0;
            continue;
        }
        if (!add_part(v, c, &d, is_indirect ? VIRTIO_QUEUE_SIZE : q->size))
            return false;
        if (!(d.flags & NEXT))
            return true;
        number = d.next;
    }
}

/* --- what is available --- */

bool virtqueue_is_ready(const struct virtio *v, unsigned queue)
{
    const struct virtqueue *q = &v->queue[queue];
    bool driver_ok = v->status & VIRTIO_DRIVER_OK || !virtio_is_modern(v);
    return q->enabled && q->size && driver_ok && !(v->status & VIRTIO_NEEDS_RESET) &&
           pci_is_master(&v->pci);
}

unsigned virtqueue_waiting(struct virtio *v, unsigned queue)
{
    const struct virtqueue *q = &v->queue[queue];
    if (!virtqueue_is_ready(v, queue))
        return 0;
    uint16_t count = (uint16_t)(get16(v, q->available + RING_INDEX) - q->taken);
    if (count > q->size)
        virtio_break(v, "more is available than its queue can hold");
    return v->status & VIRTIO_NEEDS_RESET ? 0 : count;
}

bool virtqueue_find(struct virtio *v, unsigned queue, uint16_t head, struct virtio_chain *c)
{
    c->head = head;
    c->parts = c->readable_parts = 0;
    c->readable = c->writable = 0;
    return virtqueue_is_ready(v, queue) && walk(v, &v->queue[queue], c);
}

bool virtqueue_look(struct virtio *v, unsigned queue, unsigned n, struct virtio_chain *c)
{
    const struct virtqueue *q = &v->queue[queue];
    uint16_t head;
    if (!virtqueue_is_ready(v, queue))
        return false;
    uint64_t entry = (q->taken + n) % q->size;
    return get(v, q->available + RING + AVAILABLE_ENTRY * entry, &head, sizeof head) &&
           virtqueue_find(v, queue, head, c);
}

bool virtqueue_take(struct virtio *v, unsigned queue, struct virtio_chain *c)
{
    if (!virtqueue_look(v, queue, 0, c))
        return false;
    v->queue[queue].taken++;
    return true;
}

/* --- what has been used --- */

void virtqueue_give_back(struct virtio *v, unsigned queue, uint16_t head, uint32_t written)
{
    struct virtqueue *q = &v->queue[queue];
    const struct {
        uint32_t head, written;
    } entry = {head, written};
    if (!virtqueue_is_ready(v, queue))
        return;
    put(v, q->used + RING + USED_ENTRY * (uint64_t)(q->given % q->size), &entry, sizeof entry);
    q->given++;
    put16(v, q->used + RING_INDEX, q->given);
}

/* With event indices the driver says of which entry it wants to hear (2.7.7, 2.7.10). */
static bool is_awaited(struct virtio *v, const struct virtqueue *q)
{
    if (!virtio_has(v, VIRTIO_F_EVENT_IDX))
        return !(get16(v, q->available + RING_FLAGS) & NO_INTERRUPT);
    uint16_t event = get16(v, q->available + RING + AVAILABLE_ENTRY * (uint64_t)q->size);
    return (uint16_t)(q->given - event - 1) < (uint16_t)(q->given - q->signalled);
}

void virtqueue_await_more(struct virtio *v, unsigned queue, unsigned waiting)
{
    const struct virtqueue *q = &v->queue[queue];
    uint64_t at = q->used + RING + USED_ENTRY * (uint64_t)q->size;
    if (virtio_has(v, VIRTIO_F_EVENT_IDX) && virtqueue_is_ready(v, queue))
        put16(v, at, (uint16_t)(q->taken + waiting));
}

void virtqueue_interrupt(struct virtio *v, unsigned queue)
{
    struct virtqueue *q = &v->queue[queue];
    if (!virtqueue_is_ready(v, queue))
        return;
    virtqueue_await_more(v, queue, 0);
    if (q->given != q->signalled && is_awaited(v, q))
        virtio_interrupt(v, VIRTIO_ISR_QUEUE, q->vector);
    q->signalled = q->given;
}

/* --- bytes of a chain --- */

struct span {
    const struct virtio_part *part, *end;
    uint64_t offset;
};

/* The next piece, of at most `size` bytes; 0: there is no more. */
static size_t next_piece(struct span *s, size_t size, uint32_t *address)
{
    while (s->part < s->end && s->offset >= s->part->size)
        s->offset -= s->part++->size;
    if (s->part == s->end)
        return 0;
    size_t rest = s->part->size - s->offset;
    size_t piece = size < rest ? size : rest;
    *address = s->part->address + (uint32_t)s->offset;
    s->offset += piece;
    return piece;
}

size_t virtio_chain_read(struct virtio *v, const struct virtio_chain *c, uint64_t offset, void *to,
                         size_t size)
{
    struct span s = {c->part, c->part + c->readable_parts, offset};
    uint32_t address;
    size_t done = 0, piece;
    while (done < size && (piece = next_piece(&s, size - done, &address))) {
        memory_copy_out(v->memory, (uint8_t *)to + done, address, piece);
        done += piece;
    }
    return done;
}

size_t virtio_chain_write(struct virtio *v, const struct virtio_chain *c, uint64_t offset,
                          const void *from, size_t size)
{
    struct span s = {c->part + c->readable_parts, c->part + c->parts, offset};
    uint32_t address;
    size_t done = 0, piece;
    while (done < size && (piece = next_piece(&s, size - done, &address))) {
        memory_copy_in(v->memory, address, (const uint8_t *)from + done, piece);
        done += piece;
    }
    return done;
}
