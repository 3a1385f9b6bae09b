/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ring of bytes. Each frame lies in one piece behind its size, in units of UNIT bytes; one that
 * would go beyond the end of the ring begins at its start, and GAP stands where it would have been.
 */
#include "hw/host/net_queue.h"

#include <stdlib.h>
#include <string.h>

enum { UNIT = 8 };
#define GAP UINT64_MAX

static size_t space(size_t size)
{
    return UNIT + (size + UNIT - 1) / UNIT * UNIT;
}

static uint8_t *at(const struct net_queue *q, size_t position)
{
    return q->bytes + position % NET_QUEUE_SIZE;
}

static size_t before_end(size_t position)
{
    return NET_QUEUE_SIZE - position % NET_QUEUE_SIZE;
}

bool net_queue_init(struct net_queue *q)
{
    q->bytes = malloc(NET_QUEUE_SIZE);
    return q->bytes;
}

void net_queue_free(struct net_queue *q)
{
    free(q->bytes);
}

static void put_word(const struct net_queue *q, size_t position, uint64_t word)
{
    memcpy(at(q, position), &word, sizeof word);
}

bool net_queue_put(struct net_queue *q, const void *frame, size_t size)
{
    size_t head = atomic_load(&q->head), used = head - atomic_load(&q->tail);
    size_t gap = before_end(head) < space(size) ? before_end(head) : 0;
    if (used + gap + space(size) > NET_QUEUE_SIZE)
        return false;
    if (gap)
        put_word(q, head, GAP);
    put_word(q, head + gap, size);
    memcpy(at(q, head + gap) + UNIT, frame, size);
    atomic_store(&q->head, head + gap + space(size));
    return true;
}

bool net_queue_is_empty(struct net_queue *q)
{
    return atomic_load(&q->head) == atomic_load(&q->tail);
}

bool net_queue_has_room(struct net_queue *q)
{
    size_t tail = atomic_load(&q->tail);
    return atomic_load(&q->head) - tail <= NET_QUEUE_SIZE / 2;
}

const uint8_t *net_queue_first(struct net_queue *q, size_t *size)
{
    uint64_t word;
    size_t tail = atomic_load(&q->tail);
    if (tail == atomic_load(&q->head))
        return NULL;
    memcpy(&word, at(q, tail), sizeof word);
    if (word == GAP) {
        tail += before_end(tail);
        atomic_store(&q->tail, tail);
        memcpy(&word, at(q, tail), sizeof word);
    }
    *size = word;
    return at(q, tail) + UNIT;
}

void net_queue_drop(struct net_queue *q)
{
    size_t size = 0;
    if (net_queue_first(q, &size))
        atomic_store(&q->tail, atomic_load(&q->tail) + space(size));
}
