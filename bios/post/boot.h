/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be booted: as it is found; then boot_list() puts it in order. */
#ifndef BIOS_POST_BOOT_H
#define BIOS_POST_BOOT_H

#include "bios/lib/regs.h"

/* A ROM's bootstrap entry; `first`: before all others unless the user has said something else. */
void boot_add_rom(struct far entry, struct far name, u16 function, bool first);

#endif
