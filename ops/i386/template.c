/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The micro-ops as templates: dyngen reads the object of this file, nobody links it. */
#define HOLES 1
#include "ops/i386/op.h"

extern op_fn i386_gate_leave, i386_gate_mem, i386_gate_segment;

#define HELPER(name, cc, end) void helper_##name(struct cpu *cpu, u32 a, u32 b);
#include "ops/i386/helpers.def"
#undef HELPER

#define NAME_N(name)        OPCALL void op_##name(STATE)
#define NAME_R(name, d)     OPCALL void op_##name##_##d(STATE)
#define NAME_RR(name, d, b) OPCALL void op_##name##_##d##_##b(STATE)
#include "ops/i386/each.h"
