/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A network card (virtio 1.2, 5.1): one queue each way, mergeable receive buffers, checksums for
 * drivers that leave them out. Without a control queue: all frames that come are received.
 */
#ifndef HW_VIRTIO_NET_H
#define HW_VIRTIO_NET_H

#include "hw/host/net.h"
#include "hw/virtio/virtio.h"

struct virtio_net {
    struct virtio virtio;
    struct net *net;
};

/* `net` may be NULL. False if the host has no room. */
bool virtio_net_init(struct virtio_net *s, const struct virtio_place *place, struct net *net,
                     const uint8_t mac[NET_ADDRESS]);
extern const struct device virtio_net_device;

#endif
