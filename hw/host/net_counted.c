/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See net_counted.h. */
#include "hw/host/net_counted.h"

#include "exec/exec.h"

#include <string.h>

_Static_assert(1 + NET_FRAME_MOST <= REPLAY_MOST, "a frame fits into an event");

/* --- what the card sees --- */

static bool ready(struct net *n)
{
    (void)n;
    return true;
}

static void send(struct net *net, const uint8_t *frame, size_t size)
{
    const struct net_counted *n = (const struct net_counted *)net;
    net_send(n->below, frame, size);
}

/* The card has room again: it gets what has come at the next look. */
static void deliver(struct net *n)
{
    (void)n;
}

/* --- what the network sees --- */

static bool card_is_ready(void *counted, size_t size)
{
    const struct net_counted *n = counted;
    return !n->net.card.ready || n->net.card.ready(n->net.card.card, size);
}

/* Nobody need have been connected. */
static void hand_over(const struct net_counted *n, const uint8_t *frame, size_t size)
{
    if (n->net.card.receive)
        n->net.card.receive(n->net.card.card, frame, size);
}

static void receive(void *counted, const uint8_t *frame, size_t size)
{
    struct net_counted *n = counted;
    uint8_t data[1 + NET_FRAME_MOST] = {(uint8_t)n->number};
    if (replay_records(n->replay) && size <= NET_FRAME_MOST) {
        memcpy(data + 1, frame, size);
        replay_note(n->replay, REPLAY_FRAME, exec_instructions(n->exec), data, size + 1);
    }
    hand_over(n, frame, size);
}

struct net *net_counted_init(struct net_counted *n, struct net *below, unsigned number,
                             struct replay *replay)
{
    static const struct net_kind kind = {ready, send, deliver};
    *n =
        (struct net_counted){.net.kind = &kind, .below = below, .number = number, .replay = replay};
    n->net.takes_large = below && below->takes_large;
    net_connect(below, &(struct net_card){card_is_ready, receive, NULL, n});
    return &n->net;
}

static bool replay_next_frame(struct net_counted *n)
{
    const struct replay_event *e = replay_at(n->replay, REPLAY_FRAME, exec_instructions(n->exec));
    if (!e || e->data[0] != n->number)
        return false;
    hand_over(n, e->data + 1, e->size - 1);
    replay_go_on(n->replay);
    return true;
}

void net_counted_look(struct net_counted *n, struct exec *exec)
{
    n->exec = exec;
    if (!replay_plays(n->replay))
        net_deliver(n->below);
    else
        while (replay_next_frame(n))
            ;
}
