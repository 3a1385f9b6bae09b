/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PowerPC's table of micro-ops: the rows as data, and what was made of them. */
#define DYNGEN_NO_EMITTERS
#include "ops/ppc/table.h"
#include "ops/first.h"
#include "ops/ppc/templates.h"

enum { L_T0 = 1 << T0, L_T1 = 1 << T1 };

#define OWN_TEMPLATE(name) PPC_OP_##name
#define OWN_MEMORY         "ops/ppc/memory.def"
#include "ops/tables.h"

static const u8 slots[LOCATIONS] = {
#define SLOT_AT(argument, name, NAME, number, host) [NAME] = SLOT_##NAME,
    EACH_LOCATION(SLOT_AT, )};
#undef SLOT_AT

/* The decoder counts on from the first of these. */
_Static_assert(UOP_compare_cr0_signed == UOP_compare_signed + 1 &&
                   UOP_compare_cr0_unsigned == UOP_compare_unsigned + 1 &&
                   UOP_compare_cr0_signed_imm == UOP_compare_signed_imm + 1 &&
                   UOP_compare_cr0_unsigned_imm == UOP_compare_unsigned_imm + 1,
               "comparisons for CR0 behind those for any field");

_Static_assert(offsetof(struct ppc_cpu, regs) == sizeof(struct core), "core_regs() has them there");
_Static_assert(offsetof(struct ppc_cpu, gpr) ==
                   offsetof(struct ppc_cpu, regs) + SLOT_GPRS * sizeof(u32),
               "slots are GPRs");

const struct uop_table ppc_uops = {
    .name = "ppc",
    .rows = rows,
    .count = UOP_CODES,
    .templates = TEMPLATES,
    .locations = LOCATIONS,
    .location_names = names,
    .t0 = T0,
    .temporaries = L_T0 | L_T1,
    .slots = slots,
    .window =
        {
            .form = HOST_ASM ? in_window : NULL,
            .stack = GPR1,
        },
    .rest = offsetof(struct ppc_cpu, rest),
    .ir = &ppc_ir,
    .dyngen = ppc_templates,
    .dyngen_order = dyngen_order,
    .interp = ppc_interp,
    .enter = ppc_enter,
    .enter_interp = ppc_enter_interp,
};
