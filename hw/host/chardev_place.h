/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places on the host to which a line leads: sockets, pseudo-terminals. */
#ifndef HW_HOST_CHARDEV_PLACE_H
#define HW_HOST_CHARDEV_PLACE_H

#include "hw/host/error.h"
#include "hw/options.h"

enum { PLACE_NAME = 64 };

/* Is it a socket's? */
bool place_is_socket(const struct outside *o);
/*
 * A socket that listens there, or one that is connected; non-blocking. -1, and an error, if there
 * is none.
 */
int place_listen(const struct outside *o, struct error *error);
int place_connect(const struct outside *o, struct error *error);
/* A pseudo-terminal's master, and the other end's name; the user is told of that. */
int place_open_pty(const struct outside *o, char name[PLACE_NAME], struct error *error);

#endif
