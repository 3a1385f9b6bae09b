/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The helpers' prototypes, from the list helpers.def: of who calls them and who defines them. */
#ifndef OPS_I386_HELPERS_H
#define OPS_I386_HELPERS_H

#include "ops/i386/cpu.h"

#define HELPER(name, cc, end) void helper_##name(struct cpu *cpu, u32 a, u32 b);
#include "ops/i386/helpers.def"
#undef HELPER

#endif
