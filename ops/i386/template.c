/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The micro-ops as templates: dyngen reads the object of this file, nobody links it. */
#define HOLES 1
#include "ops/i386/op.h"

extern op_fn GATE_NAME(segment);

#define HELPER(name, cc, end) void helper_##name(struct cpu *cpu, u32 a, u32 b);
#include "ops/i386/helpers.def"
#undef HELPER

#include "ops/i386/each.h"
