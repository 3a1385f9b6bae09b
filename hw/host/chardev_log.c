/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See chardev_log.h. */
#include "hw/host/chardev_log.h"

static struct chardev_log *of(struct chardev *c)
{
    return (struct chardev_log *)c;
}

static size_t take(struct chardev *c, uint8_t *bytes, size_t room)
{
    return of(c)->end->take(of(c)->end, bytes, room);
}

static bool ready(struct chardev *c)
{
    return of(c)->end->ready(of(c)->end) && of(c)->log->ready(of(c)->log);
}

static void put(struct chardev *c, uint8_t byte)
{
    of(c)->end->put(of(c)->end, byte);
    of(c)->log->put(of(c)->log, byte);
}

struct chardev *chardev_log_init(struct chardev_log *l, struct chardev *end, struct chardev *log)
{
    *l = (struct chardev_log){{take, ready, put}, end, log};
    return &l->chardev;
}
