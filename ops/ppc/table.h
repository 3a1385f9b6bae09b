/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PowerPC's micro-ops and templates by number, and its table of them. */
#ifndef OPS_PPC_TABLE_H
#define OPS_PPC_TABLE_H

#include "ops/ppc/cpu.h"

#define OWN_OPS "ops/ppc/ops.def"
#include "ops/table.h"

extern const struct uop_table ppc_uops;
extern const struct ir_guest ppc_ir; /* translate/ppc/lower.c */

/* In interp.c. */
extern interp_fn *const ppc_interp[];
void ppc_enter(struct core *core, const void *code);
void ppc_enter_interp(struct core *core, const void *code);

#endif
