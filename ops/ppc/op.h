/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the vocabulary of ops/op.h is to know of the PowerPC's micro-ops. */
#ifndef OPS_PPC_OP_H
#define OPS_PPC_OP_H

#include "ops/ppc/cr.h"

#define CPU        struct ppc_cpu
#define OWN(name)  ppc_##name
#define SLOT(NAME) SLOT_##NAME

#include "ops/op.h"

#include "ops/memory/tlb.h"

#endif
