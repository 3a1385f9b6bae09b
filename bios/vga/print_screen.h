/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 05h for screens that have not 25 rows; INT 10h, AH=12h, BL=20h makes it the one that is
 * called. */
#ifndef BIOS_VGA_PRINT_SCREEN_H
#define BIOS_VGA_PRINT_SCREEN_H

enum { VECTOR_PRINT_SCREEN = 5 };

/* From entry.S. The byte at 50:00 says how it goes: 1 in progress, FFh failed, 0 done. */
void print_screen(void);

#endif
