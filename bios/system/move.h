/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory beyond what real mode reaches (int15.c). */
#ifndef BIOS_MOVE_H
#define BIOS_MOVE_H

#include "bios/lib/types.h"

/* By linear addresses below 4 GiB, in real mode only. */
void memory_move(u32 to, u32 from, u32 words);

#endif
