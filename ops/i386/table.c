/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The i386's table of micro-ops: the rows as data, and what was made of them. */
#include "ops/i386/table.h"
#include "ops/i386/templates.h"
#include "ops/i386/x87_insn.h"
#include "ops/rows.h"

enum {
    L_EAX = 1 << EAX,
    L_ECX = 1 << ECX,
    L_EDX = 1 << EDX,
    L_T0 = 1 << T0,
    L_T1 = 1 << T1,
};

static const struct uop_info rows[UOP_CODES] = {
#define UOP UOP_ROW
#include "ops/common.def"
#include "ops/i386/ops.def"
#undef UOP
};

#define NAME_OF(argument, name, NAME, number, host) [NAME] = #name,
static const char *const names[LOCATIONS] = {EACH_LOCATION(NAME_OF, )};
#undef NAME_OF

static const u16 dyngen_order[I386_TEMPLATES] = {
#define TEMPLATE_ENTRY(index, name) [index] = I386_OP_##name,
#include "ops/each_template.h"
};

_Static_assert(offsetof(struct cpu, regs) == sizeof(struct core), "core_regs() has them there");
_Static_assert(offsetof(struct cpu, cpl) + sizeof(u32) <= 128, "displacements of one byte");

const struct uop_table i386_uops = {
    .name = "i386",
    .rows = rows,
    .count = UOP_CODES,
    .templates = I386_TEMPLATES,
    .locations = LOCATIONS,
    .location_names = names,
    .t0 = T0,
    .temporaries = L_T0 | L_T1,
    .rest = offsetof(struct cpu, rest),
    .store_kind = UOP_cc_op,
    .store_others_kind = UOP_cc_inc_op,
    .store_others = UOP_cc_inc,
    .kind_after_call = CC_EFLAGS,
    .note_at_t0 = UOP_x87_operand,
    .dyngen = i386_templates,
    .dyngen_order = dyngen_order,
    .interp = i386_interp,
    .enter = i386_enter,
    .enter_interp = i386_enter_interp,
};
