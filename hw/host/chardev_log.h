/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of which all that is sent goes to another place, too: a file that logs it. */
#ifndef HW_HOST_CHARDEV_LOG_H
#define HW_HOST_CHARDEV_LOG_H

#include "hw/host/chardev.h"

struct chardev_log {
    struct chardev chardev;
    struct chardev *end, *log;
};
/* Both stay the caller's. */
struct chardev *chardev_log_init(struct chardev_log *l, struct chardev *end, struct chardev *log);

#endif
