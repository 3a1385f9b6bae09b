/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames on their way from one thread to another, in order; neither waits for the other. */
#ifndef HW_HOST_NET_QUEUE_H
#define HW_HOST_NET_QUEUE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NET_QUEUE_SIZE = 2 << 20 };

/* On all zeros; positions count bytes for ever, the place in `bytes` is the rest. */
struct net_queue {
    uint8_t *bytes;
    _Atomic size_t head, tail; /* where the next frame is put, and taken */
};

/* False if the host has no room. */
bool net_queue_init(struct net_queue *q);
void net_queue_free(struct net_queue *q);

/* For the one thread that puts: false, and nothing is put, if there is no room. */
bool net_queue_put(struct net_queue *q, const void *frame, size_t size);
/* For that one, too: has all been taken, and dropped? */
bool net_queue_is_empty(struct net_queue *q);
/* For any thread: is there room for half of what there could be? */
bool net_queue_has_room(struct net_queue *q);

/* For the one that takes: the first frame, which stays until it is dropped; NULL: there is none. */
const uint8_t *net_queue_first(struct net_queue *q, size_t *size);
void net_queue_drop(struct net_queue *q);

#endif
