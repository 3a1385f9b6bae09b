/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The i386's table of micro-ops: the rows as data, and what was made of them. */
#define DYNGEN_NO_EMITTERS
#include "ops/i386/table.h"
#include "ops/first.h"
#include "ops/i386/templates.h"
#include "ops/i386/x87_insn.h"

enum {
    L_EAX = 1 << EAX,
    L_ECX = 1 << ECX,
    L_EDX = 1 << EDX,
    L_T0 = 1 << T0,
    L_T1 = 1 << T1,
};

#define OWN_TEMPLATE(name) I386_OP_##name
#define OWN_MEMORY         "ops/i386/memory.def"
#include "ops/tables.h"

/* --- what is relied on elsewhere --- */

/* The decoder and lowering count on from the first of these. */
#define IN_A_ROW(first, last, count)                                                               \
    _Static_assert(UOP_##last == UOP_##first + (count)-1, #first " to " #last)
IN_A_ROW(lea0, lea3, 4);
IN_A_ROW(x87_fcmov_st0, x87_fcmov_st7, 8);
#define MMX(name, ...) IN_A_ROW(mmx_##name##_mm0, mmx_##name##_mm7, 8);
#include "ops/i386/sse.def"
IN_A_ROW(mmx_movq_mm0, mmx_movq_mm7, 8);
IN_A_ROW(mmx_get_mm0, mmx_get_mm7, 8);
#undef IN_A_ROW
/* Of each register the same micro-ops, in the same order. */
_Static_assert(UOP_mmx_st32_mm7 - UOP_mmx_st32_mm0 == 7 * (UOP_mmx_st32_mm1 - UOP_mmx_st32_mm0) &&
                   UOP_mmx_st64_mm7 - UOP_mmx_st64_mm0 == 7 * (UOP_mmx_st32_mm1 - UOP_mmx_st32_mm0),
               "stores of MMX registers");
/* A predicate is two micro-ops: a branch, and behind it what sets T0. */
#define PREDICATE(name, reads, expression)                                                         \
    _Static_assert(UOP_set_##name == UOP_j_##name + 1 && (UOP_j_##name - UOP_j_z8) % 2 == 0,       \
                   "j_" #name ", set_" #name);
#include "ops/i386/predicates.def"
#undef PREDICATE

_Static_assert(offsetof(struct cpu, regs) == sizeof(struct core), "core_regs() has them there");
_Static_assert(offsetof(struct cpu, cpl) + sizeof(u32) <= 128, "displacements of one byte");

const struct uop_table i386_uops = {
    .name = "i386",
    .rows = rows,
    .count = UOP_CODES,
    .templates = TEMPLATES,
    .locations = LOCATIONS,
    .location_names = names,
    .t0 = T0,
    .temporaries = L_T0 | L_T1 | L_CARRY | L_KEPT,
    .rest = offsetof(struct cpu, rest),
    .store_kind = UOP_cc_op,
    .store_others_kind = UOP_cc_inc_op,
    .store_others = UOP_cc_inc,
    .kind_after_call = CC_EFLAGS,
    .compare = {{UOP_cc_sub, UOP_cc_subi}, UOP_cc_dst, CC_CMPB - CC_SUBB},
    .flag_names = {"c", "pazso"},
    .note_at_t0 = UOP_x87_operand,
    .window =
        {
            .form = HOST_ASM ? in_window : NULL,
            .stack = ESP,
        },
    .ir = &i386_ir,
    .dyngen = i386_templates,
    .dyngen_order = dyngen_order,
    .interp = i386_interp,
    .enter = i386_enter,
    .enter_interp = i386_enter_interp,
};
