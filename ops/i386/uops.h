/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The i386's micro-ops by number, and their rows. */
#ifndef OPS_I386_UOPS_H
#define OPS_I386_UOPS_H

#include "ops/i386/cpu.h"
#include "ops/uops.h"

enum uop_code {
#define UOP(name, ...) UOP_##name,
#include "ops/i386/ops.def"
#undef UOP
    UOP_CODES
};

extern const struct uop_info uop_info[UOP_CODES];
extern const char *const location_names[LOCATIONS];

#endif
