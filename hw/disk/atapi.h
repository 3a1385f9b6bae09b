/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an IDE CD-ROM drive has beyond others: packets, sense, a tray. MMC-3 (T10 1363D), SPC-2.
 * Its discs are of one data track, in blocks of 2048 bytes.
 */
#ifndef HW_ATAPI_H
#define HW_ATAPI_H

#include "hw/state.h"

#include <stdbool.h>
#include <stdint.h>

struct disk;
struct ide_drive;

struct atapi {
    uint8_t sense_key;
    uint16_t sense_code; /* ASC, ASCQ */
    bool changed;        /* the disc; nobody has been told */
    bool locked;         /* the tray, by the guest */
    bool open;           /* the tray */
    uint8_t event; /* MMC-3, 6.6 GET EVENT STATUS NOTIFICATION: of the media class, to be told */
    uint8_t parts; /* of a block that the guest wants: READ CD, byte 9 */
    bool dma;      /* it wants the data by that */
};
extern const struct state_table atapi_state;

/*
 * For whoever is at the drive: puts a disc in, or takes it out (NULL). A disc that was in is given
 * back, to be closed; NULL if there was none. A disc that is put in closes the tray.
 */
struct disk *atapi_change(struct ide_drive *d, struct disk *disk);
/*
 * The button: opens the tray. A drive that the guest has locked stays closed, unless it is forced,
 * and the guest is told that somebody wants the disc; false then.
 */
bool atapi_eject(struct ide_drive *d, bool force);

#endif
