/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A network in front of another, where time is counted (counted_time.h): frames come when the
 * outside is looked at, and are recorded, or come from a recording. How fast others take those that
 * go does not show.
 */
#ifndef HW_HOST_NET_COUNTED_H
#define HW_HOST_NET_COUNTED_H

#include "hw/host/net.h"
#include "hw/host/replay.h"

struct exec;

struct net_counted {
    struct net net;
    struct net *below; /* NULL: there is only the recording */
    unsigned number;
    struct replay *replay; /* NULL: neither records nor plays */
    struct exec *exec;
};

/* For a card to be connected to; `below` stays the caller's. */
struct net *net_counted_init(struct net_counted *n, struct net *below, unsigned number,
                             struct replay *replay);
/* The outside is looked at, by the cpu's thread. */
void net_counted_look(struct net_counted *n, struct exec *exec);

#endif
