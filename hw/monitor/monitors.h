/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All that commands a machine, as the user asks for it.
 *
 *   monitors_open(&monitors, options, machine->parts(m), snapshots, &folders, &error);
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
 * Where the files are that commands name: the current folder; and images that are put into drives,
 * the same or another. On all NULL, before threads are started. Nobody may want any.
 */
struct monitor_folders {
    struct folder *files, *media;
};
bool monitors_open_folders(struct monitor_folders *f, const struct options *options,
                           struct error *error);
void monitors_close_folders(struct monitor_folders *f);
/* NULL in *monitors if nobody wants any. */
bool monitors_open(struct monitors **monitors, const struct options *options,
                   const struct machine_parts *parts, struct snapshot_store *snapshots,
                   const struct monitor_folders *folders, struct error *error);
/*
 * With the machine ready to run: if it is a replay its past is kept from here on, for whoever there
 * is to go back there. May be NULL.
 */
bool monitors_keep_past(struct monitors *s, const struct options *options,
                        const struct snapshot_machine *machine, struct error *error);
/* False if a script failed, which has been said. May be NULL. */
bool monitors_close(struct monitors *s);
/* What is needed of the sandbox. */
unsigned monitors_needs(const struct options *options);

#endif
