/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Floppy disks and their drives, beside the controller: formats, where the head is, the lines that
 * a drive has.
 */
#ifndef HW_FLOPPY_H
#define HW_FLOPPY_H

#include "hw/host/disk.h"
#include "hw/state.h"

/* As CMOS register 10h tells drives apart. */
enum floppy_type {
    FLOPPY_NONE,
    FLOPPY_360K,
    FLOPPY_1200K,
    FLOPPY_720K,
    FLOPPY_1440K,
    FLOPPY_2880K,
    FLOPPY_TYPES
};
/* As the controller's registers have them, at 300 turns a minute. */
enum floppy_rate { RATE_500K, RATE_300K, RATE_250K, RATE_1M };
enum { FLOPPY_SECTOR = 512, FLOPPY_SECTOR_CODE = 2, FLOPPY_MOST_SECTORS = 7680 };

struct floppy_format {
    uint16_t sectors;                /* of the disk */
    uint8_t cylinders, heads, track; /* of these the last: sectors of a track */
    enum floppy_type drive;
    enum floppy_rate rate;
};
/*
 * By the image's size; between two formats of 3.5 inches it is the larger one, which ends early.
 * NULL: no floppy has that size, nor anything of it.
 */
const struct floppy_format *floppy_format_of(uint64_t size);

struct floppy_drive {
    enum floppy_type type;              /* FLOPPY_NONE: there is no drive */
    struct disk *disk;                  /* NULL: nothing is in it */
    const struct floppy_format *format; /* of the disk */
    uint8_t track;                      /* where the head is */
    bool changed;                       /* DSKCHG#: latched until the next step with a disk in it */
    uint8_t deleted[FLOPPY_MOST_SECTORS / 8]; /* sectors whose mark says so: no image can tell */
};
extern const struct state_table floppy_drive_state;

/* With a disk in it, or none (NULL), in which case it is for 3.5 inches. */
void floppy_init(struct floppy_drive *d, struct disk *disk);
/* False if no floppy has such a size; NULL: the disk is taken out. */
bool floppy_insert(struct floppy_drive *d, struct disk *disk);

/* Step pulses: `tracks` inwards, or outwards if negative, to the stop at most. */
void floppy_step(struct floppy_drive *d, int tracks);
/* The cylinder under the head; in a drive of 80 tracks each of 40 is two. */
unsigned floppy_cylinder(const struct floppy_drive *d);
/* Is anything to be read at that side, with the right data rate; and which is that, of a disk? */
bool floppy_has_track(const struct floppy_drive *d, unsigned head);
enum floppy_rate floppy_rate(const struct floppy_drive *d);
/* Which sector of the track, from 0, is under the head at that time. */
unsigned floppy_sector_at(const struct floppy_drive *d, uint64_t now);
/* The number of the sector on the disk, from 0; -1: the track has no sector `r` (from 1). */
int floppy_sector(const struct floppy_drive *d, unsigned head, unsigned r);
/* Is it in the image? What is not reads as zeros, and cannot be written. */
bool floppy_is_in_image(const struct floppy_drive *d, int sector);
bool floppy_is_protected(const struct floppy_drive *d);
bool floppy_is_deleted(const struct floppy_drive *d, int sector);
void floppy_set_deleted(struct floppy_drive *d, int sector, bool deleted);

#endif
