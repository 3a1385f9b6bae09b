/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Drives, and what is in them. A drive's disk, with its thread, is there from the beginning to the
 * end; of one whose medium can be taken out (a CD, a floppy) the contents come and go:
 *
 *   media_remove(host, drive, &error)                   the file is closed
 *   media_insert(host, drive, store, &disk, &error)     another one, that media_load found good
 *
 * The drive's chip is told by the caller, before the one and after the other.
 */
#ifndef HW_HOST_MEDIA_H
#define HW_HOST_MEDIA_H

#include "hw/host/surroundings.h"

/*
 * A drive as the user describes it, which stays the caller's, and what is in it: a disk by
 * surroundings_service's delivery, which stays the surroundings'; NULL: nothing is.
 */
bool media_open(struct surroundings *s, const struct drive *drive, struct disk **disk,
                struct error *error);
/* NULL: there is no such one, or what is in it cannot be taken out. */
const struct drive *media_drive(const struct surroundings *s, enum drive_interface interface,
                                unsigned index);
/* What its disk has done so far. */
const struct disk_counts *media_counts(const struct surroundings *s, const struct drive *drive);
/* Can what comes into it later be written to? The temporary file of snapshot=on cannot be made. */
bool media_is_writable(const struct drive *drive);

struct medium {
    const char *name;
    const char *format; /* "raw"; NULL: by its first bytes, which are to be raw's */
    int fd;
    bool read_only;
};
struct disk_store;
/* One that fits into the drive; NULL and the error. Takes the descriptor over, on failure, too. */
struct disk_store *media_load(const struct drive *drive, const struct medium *medium,
                              struct error *error);
/* Waits until what was in has been closed. */
bool media_remove(struct surroundings *s, const struct drive *drive, struct error *error);
/* In place of what was in. Takes the store over, on failure, too. */
bool media_insert(struct surroundings *s, const struct drive *drive, struct disk_store *store,
                  struct disk **disk, struct error *error);

#endif
