/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line that somebody else looks at, and sends something on, beside whatever is at its end. For
 * the cpu's thread.
 */
#ifndef HW_HOST_TAP_H
#define HW_HOST_TAP_H

#include "hw/host/chardev.h"

enum { TAP_KEPT = 64 * 1024, TAP_SENT = 4096 };

struct tap {
    struct chardev chardev;
    struct chardev *end;     /* NULL: there is no such line */
    char text[TAP_KEPT + 1]; /* that the guest has sent last and nobody has found */
    size_t length;
    char sent[TAP_SENT]; /* that the guest is yet to take */
    size_t waiting;
};

/* What the guest's port is to be connected to. */
struct chardev *tap_init(struct tap *t, struct chardev *end);
/* Has the guest sent that? What came up to there is forgotten then. */
bool tap_find(struct tap *t, const char *text);
/* False if there is no room. */
bool tap_send(struct tap *t, const char *text);

#endif
