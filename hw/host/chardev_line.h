/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A port's line that leads to a socket or a pseudo-terminal. A thread of its own reads and writes
 * there; between it and the cpu's thread is a ring each way. As on a cable nobody has plugged in,
 * what is sent while nobody is connected is lost; a connection that is slow is waited for.
 *
 *   line = chardev_line_open(&outside, &owner, &error);
 *   chardev_line_start(line, &error);                     before the sandbox is entered
 */
#ifndef HW_HOST_CHARDEV_LINE_H
#define HW_HOST_CHARDEV_LINE_H

#include "hw/host/chardev.h"
#include "hw/options.h"

struct chardev_line;
/*
 * NULL and an error if there is no such place. The owner is told when bytes have come, or can be
 * sent again; both stay the caller's.
 */
struct chardev_line *chardev_line_open(const struct outside *o, const struct output_owner *owner,
                                       struct error *error);
/* Waits for the first connection, if that is asked for. */
bool chardev_line_start(struct chardev_line *l, struct error *error);
/* Sends what is left, unless nobody takes any of it for a second. */
void chardev_line_close(struct chardev_line *l);
struct chardev *chardev_line_end(struct chardev_line *l);
const char *chardev_line_label(const struct chardev_line *l);
/* For people and programs: where it leads, "pty:/dev/pts/3". */
const char *chardev_line_name(const struct chardev_line *l);

#endif
