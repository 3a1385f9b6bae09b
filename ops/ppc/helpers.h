/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The helpers' prototypes, from the list helpers.def: of who calls them and who defines them. */
#ifndef OPS_PPC_HELPERS_H
#define OPS_PPC_HELPERS_H

#include "ops/ppc/cpu.h"

#define HELPER(name) void ppc_helper_##name(struct ppc_cpu *cpu, u32 a, u32 b);
#include "ops/ppc/helpers.def"
#undef HELPER

#endif
