/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Floppies: INT 40h, which INT 13h goes on to. */
#ifndef BIOS_FLOPPY_H
#define BIOS_FLOPPY_H

#include "bios/lib/far.h"

/* Which drives there are, by CMOS 10h. */
void floppy_detect(void);
/* At each tick: motors go off in time. */
void floppy_tick(void);

#endif
