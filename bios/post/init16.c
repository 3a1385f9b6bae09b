/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of POST is done in real mode: keyboard and drives, whose state is the EBDA. */
#include "bios/disk/disk.h"
#include "bios/disk/floppy.h"
#include "bios/entry/entry.h"
#include "bios/keyboard/keyboard.h"
#include "bios/serial/console.h"

/* AL says what: 0 the serial console at port DX, 1 the keyboard, 2 drives. */
void post_init_devices(struct regs *r)
{
    switch (r->al) {
    case 0:
        return console_init(r->dx);
    case 1:
        return keyboard_init();
    default:
        floppy_detect();
        disks_detect();
    }
}
