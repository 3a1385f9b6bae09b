/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The micro-ops as templates: dyngen reads the object of this file, nobody links it. */
#define HOLES 1
#include "ops/ppc/op.h"

#define HELPER(name) void ppc_helper_##name(struct ppc_cpu *cpu, u32 a, u32 b);
#include "ops/ppc/helpers.def"
#undef HELPER

#include "ops/ppc/each.h"
