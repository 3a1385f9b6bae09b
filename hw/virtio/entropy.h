/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source of random bytes (virtio 1.2, 5.4). */
#ifndef HW_VIRTIO_ENTROPY_H
#define HW_VIRTIO_ENTROPY_H

#include "hw/virtio/virtio.h"

struct virtio_entropy {
    struct virtio virtio;
    bool repeats;    /* each run gets the same bytes, which are not random then, */
    uint64_t number; /* ... of which these come next */
};

struct virtio_entropy_setup {
    bool present, repeats;
    struct virtio_interfaces interfaces;
};

/* Bytes are the host's, unless each run is to get the same. False if the host has no room. */
bool virtio_entropy_init(struct virtio_entropy *s, const struct virtio_place *place, bool repeats);
extern const struct device virtio_entropy_device;

#endif
