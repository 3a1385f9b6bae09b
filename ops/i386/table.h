/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The i386's micro-ops and templates by number, and its table of them. */
#ifndef OPS_I386_TABLE_H
#define OPS_I386_TABLE_H

#include "ops/i386/cpu.h"

#define OWN_OPS "ops/i386/ops.def"
#include "ops/table.h"

extern const struct uop_table i386_uops;

/* In translate/i386/lower.c. */
extern const struct ir_guest i386_ir;

/* In interp.c. */
extern interp_fn *const i386_interp[];
void i386_enter(struct core *core, const void *code);
void i386_enter_interp(struct core *core, const void *code);

#endif
