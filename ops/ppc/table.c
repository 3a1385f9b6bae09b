/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PowerPC's table of micro-ops: the rows as data, and what was made of them. */
#define DYNGEN_NO_EMITTERS
#include "ops/ppc/table.h"
#include "ops/first.h"
#include "ops/ppc/templates.h"
#include "ops/rows.h"

enum { L_T0 = 1 << T0, L_T1 = 1 << T1 };

static const struct uop_info rows[UOP_CODES] = {
#define UOP UOP_ROW
#include "ops/common.def"
#include "ops/ppc/ops.def"
#undef UOP
};

#define NAME_OF(argument, name, NAME, number, host) [NAME] = #name,
static const char *const names[LOCATIONS] = {EACH_LOCATION(NAME_OF, )};
#undef NAME_OF

static const u8 slots[LOCATIONS] = {
#define SLOT_AT(argument, name, NAME, number, host) [NAME] = SLOT_##NAME,
    EACH_LOCATION(SLOT_AT, )};
#undef SLOT_AT

static const u16 dyngen_order[TEMPLATES] = {
#define TEMPLATE_ENTRY(index, name) [index] = PPC_OP_##name,
#include "ops/each_template.h"
};

/*
 * The form of a memory micro-op that goes by the stack window. In C compilers take a hole for a
 * number above 0, and its sign in 64 bits is lost.
 */
static const u16 in_window[UOP_CODES] = {
#define MEMORY_OP(name, ...) [UOP_##name] = UOP_window_##name,
#include "ops/ppc/memory.def"
};

/* The decoder counts on from the first of these. */
_Static_assert(UOP_compare_cr0_signed == UOP_compare_signed + 1 &&
                   UOP_compare_cr0_unsigned == UOP_compare_unsigned + 1 &&
                   UOP_compare_cr0_signed_imm == UOP_compare_signed_imm + 1 &&
                   UOP_compare_cr0_unsigned_imm == UOP_compare_unsigned_imm + 1,
               "comparisons for CR0 behind those for any field");
_Static_assert(UOP_cmp_jbe == UOP_cmp_jl + 9 && UOP_cmpi_jbe == UOP_cmpi_jl + 9,
               "branches by comparison");

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
            .check = UOP_window,
            .fill = UOP_window_fill,
            .add = UOP_addi,
            .move = UOP_mov,
            .lea = UOP_lea,
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
