/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See chardev_ring.h. */
#include "hw/host/chardev_ring.h"

#include <stdlib.h>

/* Where there is no room, the oldest goes. */
static void put(struct chardev *c, uint8_t byte)
{
    struct chardev_ring *r = (struct chardev_ring *)c;
    if (r->count == r->size)
        chardev_ring_drop(r, 1);
    r->bytes[(r->from + r->count++) & (r->size - 1)] = byte;
}

bool chardev_ring_open(struct chardev_ring *r, const char *label, size_t size)
{
    *r = (struct chardev_ring){
        {chardev_null.take, chardev_null.ready, put}, label, malloc(size), size, 0, 0};
    return r->bytes;
}

void chardev_ring_close(struct chardev_ring *r)
{
    free(r->bytes);
    r->bytes = NULL;
}

size_t chardev_ring_look(const struct chardev_ring *r, uint8_t *bytes, size_t most)
{
    size_t n = most < r->count ? most : r->count;
    for (size_t i = 0; i < n; i++)
        bytes[i] = r->bytes[(r->from + i) & (r->size - 1)];
    return n;
}

void chardev_ring_drop(struct chardev_ring *r, size_t count)
{
    r->from = (r->from + count) & (r->size - 1);
    r->count -= count;
}
