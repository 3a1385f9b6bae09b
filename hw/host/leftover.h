/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of sockets that are to go when the program ends, however it does: a process of their own
 * waits for that, since the sandbox lets the program remove nothing.
 */
#ifndef HW_HOST_LEFTOVER_H
#define HW_HOST_LEFTOVER_H

#include "hw/host/error.h"

#include <stdbool.h>

/* Once at most, before threads are started; the paths are the caller's until it returns. */
bool leftovers_watch(const char *const *paths, unsigned count, struct error *error);
/* Nobody listens there any more: returns when the names have gone. Without leftovers_watch, too. */
void leftovers_remove(void);

#endif
