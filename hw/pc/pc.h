/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A PC with a 440FX chipset, its devices wired to each other, to the cpu and to the world outside.
 */
#ifndef HW_PC_PC_H
#define HW_PC_PC_H

#include "hw/machine.h"

extern const struct machine pc_machine;

#endif
