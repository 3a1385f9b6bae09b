/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is booted, in which order: the list is in the EBDA, from POST (bios/post/boot.c). */
#ifndef BIOS_BOOT_H
#define BIOS_BOOT_H

#include "bios/lib/regs.h"

/* By INT 10h. */
void print_rom(ROM char *text);

#endif
