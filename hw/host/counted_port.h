/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The end of a port's line where time is counted (counted_time.h): what comes in is fetched when
 * the outside is looked at, and how fast others take what goes out does not show.
 */
#ifndef HW_HOST_COUNTED_PORT_H
#define HW_HOST_COUNTED_PORT_H

#include "hw/host/chardev.h"
#include "hw/host/counted_time.h"

enum { COUNTED_PORT_ROOM = 4096 };

struct counted_port {
    struct chardev chardev;
    struct chardev *outside;
    const struct counted_time *time; /* what goes out in its past has gone out */
    unsigned head, count;
    uint8_t queue[COUNTED_PORT_ROOM];
};

/* `outside` and `time` stay the caller's. */
struct chardev *counted_port_init(struct counted_port *p, struct chardev *outside,
                                  const struct counted_time *time);
/* How much more it takes. */
size_t counted_port_room(const struct counted_port *p);
/* Bytes come in: no more than that. */
void counted_port_add(struct counted_port *p, const uint8_t *bytes, size_t size);

#endif
