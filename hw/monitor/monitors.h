/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All that commands a machine, as the user asks for it.
 *
 *   monitors_open(&monitors, options, machine->parts(m), snapshots, files, &error);
 *                                the machine has been started, the sandbox is not entered
 *   monitors_close(monitors);                                         before it is destroyed
 */
#ifndef HW_MONITOR_MONITORS_H
#define HW_MONITOR_MONITORS_H

#include "hw/machine.h"

struct monitors;
struct snapshot_store;
struct folder;
/*
 * Where the files are that commands name: the current folder. Before threads are started; NULL in
 * *files if nobody wants any.
 */
bool monitors_open_folder(struct folder **files, const struct options *options,
                          struct error *error);
/* NULL in *monitors if nobody wants any. */
bool monitors_open(struct monitors **monitors, const struct options *options,
                   const struct machine_parts *parts, struct snapshot_store *snapshots,
                   struct folder *files, struct error *error);
/* False if a script failed, which has been said. May be NULL. */
bool monitors_close(struct monitors *s);
/* What is needed of the sandbox. */
unsigned monitors_needs(const struct options *options);

#endif
