/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 10h: what there is, and how it is configured. */
#ifndef BIOS_VGA_INFORMATION_H
#define BIOS_VGA_INFORMATION_H

#include "bios/vga/machine.h"

void information_mode(struct regs *r);    /* 0Fh */
void information_select(struct regs *r);  /* 12h */
void information_display(struct regs *r); /* 1Ah */
void information_state(struct regs *r);   /* 1Bh */

/* Pairs of displays that there may be, in IBM's order; the data area has the index of ours. */
enum { DISPLAY_CODES = 16, DISPLAY_VGA_COLOR = 11 };
struct display_codes {
    uint8_t count, version, highest, reserved;
    uint8_t pair[DISPLAY_CODES][2]; /* alternate, active */
};
extern ROM struct display_codes display_codes;

#endif
