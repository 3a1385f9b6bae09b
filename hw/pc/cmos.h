/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a PC's set-up program would have left in the CMOS memory: the machine as BIOSes and systems
 * look it up there. IBM PS/2 Hardware Interface Technical Reference, "RT/CMOS RAM"; some bytes are
 * QEMU's and Bochs's.
 */
#ifndef HW_PC_CMOS_H
#define HW_PC_CMOS_H

#include "hw/clock/mc146818.h"
#include "hw/disk/floppy.h"

enum { CMOS_FLOPPIES = 2, CMOS_DISKS = 4 };

struct cmos_setup {
    uint32_t memory; /* bytes of RAM */
    enum floppy_type floppy[CMOS_FLOPPIES];
    struct disk_geometry disk[CMOS_DISKS]; /* of hard disks; no cylinders: there is none */
    const char *boot_order;                /* letters, as of -boot; NULL: the usual one */
    bool no_floppy_check;                  /* a floppy's boot sector need not be marked as one */
};

extern const char cmos_usual_order[];
void cmos_fill(struct mc146818 *rtc, const struct cmos_setup *setup);
/* The first three of its letters. */
void cmos_set_boot_order(struct mc146818 *rtc, const char *order);

#endif
