/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Booting CDs (El Torito Bootable CD-ROM Format Specification 1.0): from an image on the CD that is
 * loaded, or that is a floppy or a disk of INT 13h from then on.
 */
#ifndef BIOS_ELTORITO_H
#define BIOS_ELTORITO_H

#include "bios/disk/disk.h"

/* Reads the boot image of a drive, of ebda.drive; NULL, or what was wrong. */
ROM char *eltorito_boot(u8 unit);
/* Ends emulation. */
void eltorito_stop(void);
/* INT 13h for an emulated drive; false: it is somebody else's. */
bool eltorito_service(struct regs *r);
/* By how many the numbers of drives of a kind (0 or 80h) have moved up: 0 or 1. */
u8 eltorito_shift(u8 first);
/* INT 13h, 4Bh to 4Dh */
void eltorito_terminate(struct regs *r);

#endif
