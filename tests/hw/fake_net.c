/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See fake_net.h. */
#include "tests/hw/fake_net.h"

#include <string.h>

static bool ready(struct net *n)
{
    return !((struct fake_net *)n)->full;
}

static void send_frame(struct net *n, const uint8_t *frame, size_t size)
{
    struct fake_net *f = (struct fake_net *)n;
    struct fake_frame *to = &f->frame[f->sent++ % FAKE_NET_FRAMES];
    to->size = size;
    memcpy(to->bytes, frame, size);
}

static void deliver(struct net *n)
{
    struct fake_net *f = (struct fake_net *)n;
    size_t size = f->waiting_size;
    if (!size || !n->card.ready(n->card.card, size))
        return;
    f->waiting_size = 0;
    n->card.receive(n->card.card, f->waiting, size);
}

void fake_net_init(struct fake_net *f)
{
    static const struct net_kind kind = {ready, send_frame, deliver};
    memset(f, 0, sizeof *f);
    f->net.kind = &kind;
}

bool fake_net_give(struct fake_net *f, const uint8_t *frame, size_t size)
{
    f->waiting = frame;
    f->waiting_size = size;
    net_deliver(&f->net);
    return !f->waiting_size;
}

const struct fake_frame *fake_net_last(const struct fake_net *f)
{
    static const struct fake_frame none;
    return f->sent ? &f->frame[(f->sent - 1) % FAKE_NET_FRAMES] : &none;
}
