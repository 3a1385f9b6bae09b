/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What entry.S calls, and its own that C must know. */
#ifndef BIOS_VGA_SERVICES_H
#define BIOS_VGA_SERVICES_H

#include "bios/vga/machine.h"

void int10(struct regs *r);
void post(void);
void pm_initialize(void);

extern ROM uint8_t int05_entry[], int10_entry[], save_table[];

#endif
