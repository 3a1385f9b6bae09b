/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A network of a test: keeps what a card sends, and gives it what the test wants. */
#ifndef TESTS_HW_FAKE_NET_H
#define TESTS_HW_FAKE_NET_H

#include "hw/host/net.h"

enum { FAKE_NET_FRAMES = 64 };

struct fake_net {
    struct net net;
    bool full; /* takes nothing */
    unsigned sent;
    struct fake_frame {
        size_t size;
        uint8_t bytes[NET_FRAME_MOST];
    } frame[FAKE_NET_FRAMES]; /* the last that were sent: number n at n % FAKE_NET_FRAMES */
    const uint8_t *waiting;   /* one that comes */
    size_t waiting_size;      /* 0: none does */
};

void fake_net_init(struct fake_net *f);
/* A frame comes; it waits until the card is ready. True: it has been taken. */
bool fake_net_give(struct fake_net *f, const uint8_t *frame, size_t size);
/* The last that was sent, or an empty one. */
const struct fake_frame *fake_net_last(const struct fake_net *f);

#endif
