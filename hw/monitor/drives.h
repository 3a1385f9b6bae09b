/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine's drives by the names that QEMU gives them: ide0-hd0, ide1-cd0, virtio0, floppy0. */
#ifndef HW_MONITOR_DRIVES_H
#define HW_MONITOR_DRIVES_H

#include "hw/host/disk.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct floppy_drive;
struct ide_drive;
struct monitor;

enum { DRIVE_NAME = 16 };
struct drive_view {
    char name[DRIVE_NAME];
    struct disk *disk; /* NULL: nothing is in it */
    struct disk_counts counts;
    bool removable, locked, open;
    struct ide_drive *ide; /* of those that are removable one of these */
    struct floppy_drive *floppy;
    unsigned index; /* among those of its kind */
};

/* Of the IDE drive of that number, 0 to 3. */
void drive_ide_name(unsigned number, bool cdrom, char name[DRIVE_NAME]);
/* Number i of those that are there; false: there are no more. */
bool drive_number(const struct monitor *m, unsigned i, struct drive_view *d);
/* Takes out what is in it, and closes its file. */
bool drive_eject(const struct monitor *m, const char *name, bool force, struct error *error);
/*
 * Puts a raw image in instead; `file` is in the folder of media. What was in stays if there is no
 * such image, or the guest has locked the drive and nothing is forced.
 */
struct medium_request {
    const char *file;
    bool read_only, force;
    bool raw; /* by its first bytes it may look like something else */
};
bool drive_change(const struct monitor *m, const char *name, const struct medium_request *r,
                  struct error *error);
/*
 * Where it is recorded both are, done or not: a byte of these, then the drive and the file, each
 * with a NUL. This does one again; false, and the error, if what comes of it is not the same.
 */
enum { MEDIUM_READ_ONLY = 1, MEDIUM_FORCE = 2, MEDIUM_RAW = 4, MEDIUM_OUT = 8, MEDIUM_DONE = 16 };
bool drive_act_again(struct monitor *m, const uint8_t *data, size_t size, struct error *error);
bool drive_find(const struct monitor *m, const char *name, struct drive_view *d);

#endif
