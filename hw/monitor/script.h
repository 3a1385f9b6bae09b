/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * -script: a file of the monitor's commands, a line each, and three of its own: wait, sleep, exit.
 * It is read before the guest runs, and gone through by a thread. README, "Scripts", says how they
 * are written.
 */
#ifndef HW_MONITOR_SCRIPT_H
#define HW_MONITOR_SCRIPT_H

#include "hw/monitor/monitor.h"

struct script;
/* NULL and an error if it cannot be read. */
struct script *script_open(const char *path, struct monitor *m, struct error *error);
bool script_start(struct script *s, struct error *error);
/*
 * With the machine at its end. False if a line failed, one that the machine has not come to
 * included; which has been said. May be NULL.
 */
bool script_close(struct script *s);

#endif
