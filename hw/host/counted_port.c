/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See counted_port.h. */
#include "hw/host/counted_port.h"

static size_t take(struct chardev *c, uint8_t *bytes, size_t room)
{
    struct counted_port *p = (struct counted_port *)c;
    size_t n = 0;
    for (; n < room && p->count; p->count--) {
        bytes[n++] = p->queue[p->head];
        p->head = (p->head + 1) % COUNTED_PORT_ROOM;
    }
    return n;
}

static bool ready(struct chardev *c)
{
    (void)c;
    return true;
}

static void put(struct chardev *c, uint8_t byte)
{
    const struct counted_port *p = (const struct counted_port *)c;
    if (!counted_time_is_past(p->time))
        p->outside->put(p->outside, byte);
}

struct chardev *counted_port_init(struct counted_port *p, struct chardev *outside,
                                  const struct counted_time *time)
{
    *p = (struct counted_port){.chardev = {take, ready, put}, .outside = outside, .time = time};
    return &p->chardev;
}

size_t counted_port_room(const struct counted_port *p)
{
    return COUNTED_PORT_ROOM - p->count;
}

void counted_port_add(struct counted_port *p, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        p->queue[(p->head + p->count++) % COUNTED_PORT_ROOM] = bytes[i];
}
