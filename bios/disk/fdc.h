/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 82077AA as INT 40h uses it: commands, DMA, IRQ 6. */
#ifndef BIOS_FDC_H
#define BIOS_FDC_H

#include "bios/disk/disk.h"

enum { FDC_DRIVES = 2 };

enum fdc_command { FDC_READ = 0xe6, FDC_WRITE = 0xc5, FDC_FORMAT = 0x4d };

/* A transfer with one head. */
struct fdc_transfer {
    u8 command, drive, cylinder, head, sector, count;
    u8 size, last, gap, filler; /* as in the table of vector 1Eh */
    struct far buffer;
    u32 bytes; /* for DMA */
};

/* Resets the controller; drives are to be calibrated again. */
enum disk_status fdc_reset(void);
/* Turns a motor on, and waits until it has spun up if it was off. */
void fdc_motor(u8 drive);
void fdc_rate(u8 drive, u8 rate);
enum disk_status fdc_seek(u8 drive, u8 cylinder, u8 head);
enum disk_status fdc_run(const struct fdc_transfer *t);
/* Reads where a head is: whether a disk can be read at this rate. */
enum disk_status fdc_read_id(u8 drive, u8 head);
bool fdc_changed(u8 drive);

#endif
