/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The i386's micro-ops and templates by number, and its table of them. */
#ifndef OPS_I386_TABLE_H
#define OPS_I386_TABLE_H

#include "ops/i386/cpu.h"
#include "ops/uops.h"

#define OWN_OPS "ops/i386/ops.def"

enum uop_code {
    BEHIND_COMMON = COMMON_UOPS - 1,
#define UOP(name, ...) UOP_##name,
#include "ops/i386/ops.def"
#undef UOP
    UOP_CODES
};

/* FIRST_x is the first template of micro-op x. */
enum {
    TEMPLATES_N = 1,
    TEMPLATES_R = LOCATIONS,
    TEMPLATES_RR = LOCATIONS * LOCATIONS,
};
enum i386_first_template {
#define UOP(name, shape, ...) FIRST_##name, LAST_##name = FIRST_##name + TEMPLATES_##shape - 1,
#include "ops/common.def"
#include "ops/i386/ops.def"
#undef UOP
    I386_TEMPLATES
};

extern const struct uop_table i386_uops;

/* In interp.c. */
extern interp_fn *const i386_interp[I386_TEMPLATES];
void i386_enter(struct core *core, const void *code);
void i386_enter_interp(struct core *core, const void *code);

#endif
