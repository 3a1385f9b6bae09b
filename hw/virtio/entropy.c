/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See entropy.h. */
#include "hw/virtio/entropy.h"

#include <string.h>
#include <sys/random.h>

enum { QUEUE = 0, MOST = 256 /* of bytes at once: getrandom() does not stop in the middle */ };

/* SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators". */
static uint64_t next(uint64_t *number)
{
    uint64_t z = *number += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/* How many there are. */
static size_t fill(struct virtio_entropy *s, uint8_t bytes[MOST])
{
    if (!s->repeats) {
        ssize_t size = getrandom(bytes, MOST, GRND_NONBLOCK);
        return size > 0 ? (size_t)size : 0;
    }
    for (unsigned i = 0; i < MOST; i += 8) {
        uint64_t value = next(&s->number);
        memcpy(bytes + i, &value, sizeof value);
    }
    return MOST;
}

/* A buffer that is larger is filled in part (5.4.6.2). */
static void notified(void *device, unsigned queue)
{
    static struct virtio_chain chain;
    struct virtio_entropy *s = device;
    struct virtio *v = &s->virtio;
    uint8_t bytes[MOST];
    for (unsigned n = virtqueue_waiting(v, queue); n && virtqueue_take(v, queue, &chain); n--) {
        size_t written = virtio_chain_write(v, &chain, 0, bytes, fill(s, bytes));
        virtqueue_give_back(v, queue, chain.head, (uint32_t)written);
    }
    virtqueue_interrupt(v, queue);
}

static const struct virtio_kind kind = {
    .type = VIRTIO_ENTROPY, .class_code = 0x00ff00, .queues = 1, .notified = notified};

bool virtio_entropy_init(struct virtio_entropy *s, const struct virtio_place *place, bool repeats)
{
    s->repeats = repeats;
    s->number = 0;
    return virtio_init(&s->virtio, &kind, s, place);
}

static void reset(void *device)
{
    struct virtio_entropy *s = device;
    virtio_reset(&s->virtio);
    s->number = 0;
}

static void restored(void *device)
{
    struct virtio_entropy *s = device;
    virtio_restored(&s->virtio);
}

static const struct state_field fields[] = {
    {STATE_OF(virtio_entropy, virtio, &virtio_state)},
    {NOT_STATE(virtio_entropy, repeats)},
    {STATE(virtio_entropy, number)},
    {0},
};
static const struct state_table state = STATE_TABLE(virtio_entropy, 1, fields);
const struct device virtio_entropy_device = {
    .name = "virtio-entropy", .reset = reset, .state = &state, .restored = restored};
