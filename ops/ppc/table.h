/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PowerPC's micro-ops and templates by number, and its table of them. */
#ifndef OPS_PPC_TABLE_H
#define OPS_PPC_TABLE_H

#include "ops/ppc/cpu.h"
#include "ops/uops.h"

#define OWN_OPS "ops/ppc/ops.def"

enum uop_code {
    BEHIND_COMMON = COMMON_UOPS - 1,
#define UOP(name, ...) UOP_##name,
#include "ops/ppc/ops.def"
#undef UOP
    UOP_CODES
};

/* FIRST_x is the first template of micro-op x. */
enum {
    TEMPLATES_N = 1,
    TEMPLATES_R = LOCATIONS,
    TEMPLATES_RR = LOCATIONS * LOCATIONS,
};
enum ppc_first_template {
#define UOP(name, shape, ...) FIRST_##name, LAST_##name = FIRST_##name + TEMPLATES_##shape - 1,
#include "ops/common.def"
#include "ops/ppc/ops.def"
#undef UOP
    PPC_TEMPLATES
};

extern const struct uop_table ppc_uops;

/* In interp.c. */
extern interp_fn *const ppc_interp[PPC_TEMPLATES];
void ppc_enter(struct core *core, const void *code);
void ppc_enter_interp(struct core *core, const void *code);

#endif
