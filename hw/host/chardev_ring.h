/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line that leads into memory: of what is sent the last bytes are kept, for a monitor to read.
 * All are for the cpu's thread.
 */
#ifndef HW_HOST_CHARDEV_RING_H
#define HW_HOST_CHARDEV_RING_H

#include "hw/host/chardev.h"

struct chardev_ring {
    struct chardev chardev;
    const char *label; /* the caller's */
    uint8_t *bytes;
    size_t size, from, count; /* bytes kept, from which on, how many */
};
/* The size is a power of two. False if the host has no room. */
bool chardev_ring_open(struct chardev_ring *r, const char *label, size_t size);
void chardev_ring_close(struct chardev_ring *r);
/* The first bytes, at most so many; they stay. How many there were. */
size_t chardev_ring_look(const struct chardev_ring *r, uint8_t *bytes, size_t most);
/* Takes so many away, which are there. */
void chardev_ring_drop(struct chardev_ring *r, size_t count);

#endif
