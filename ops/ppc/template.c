/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The micro-ops as templates: dyngen reads the object of this file, nobody links it. */
#define HOLES 1
#include "ops/ppc/op.h"

extern op_fn ppc_gate_leave, ppc_gate_mem;

#define HELPER(name) void ppc_helper_##name(struct ppc_cpu *cpu, u32 a, u32 b);
#include "ops/ppc/helpers.def"
#undef HELPER

#define NAME_N(name)        OPCALL void op_##name(STATE)
#define NAME_R(name, d)     OPCALL void op_##name##_##d(STATE)
#define NAME_RR(name, d, b) OPCALL void op_##name##_##d##_##b(STATE)
#include "ops/ppc/each.h"
