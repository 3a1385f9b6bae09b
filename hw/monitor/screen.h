/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screen, for commands. */
#ifndef HW_MONITOR_SCREEN_H
#define HW_MONITOR_SCREEN_H

#include "hw/host/error.h"

#include <stdbool.h>

struct monitor;

/* As PNG, into a file of the monitor's folder. */
bool screen_to_file(const struct monitor *m, const char *name, struct error *error);

#endif
