/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine's drives by the names that QEMU gives them: ide0-hd0, ide1-cd0, floppy0. */
#ifndef HW_MONITOR_DRIVES_H
#define HW_MONITOR_DRIVES_H

#include "hw/host/disk.h"

#include <stdbool.h>

struct floppy_drive;
struct ide_drive;
struct monitor;

struct drive_view {
    char name[16];
    struct disk *disk; /* NULL: nothing is in it */
    bool removable, locked, open;
    struct ide_drive *ide; /* one of these */
    struct floppy_drive *floppy;
};

/* Number i of those that are there; false: there are no more. */
bool drive_number(const struct monitor *m, unsigned i, struct drive_view *d);
/* Takes out what is in it. The disk stays open: it is the surroundings'. */
bool drive_eject(const struct monitor *m, const char *name, bool force, struct error *error);
bool drive_find(const struct monitor *m, const char *name, struct drive_view *d);

#endif
