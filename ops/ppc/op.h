/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arguments of the PowerPC's micro-ops: what the vocabulary of ops/op.h is to know. */
#ifndef OPS_PPC_OP_H
#define OPS_PPC_OP_H

#include "ops/ppc/cpu.h"

#define PARAMETER(argument, name, NAME, number, host) , u32 name
#define ARGUMENT(argument, name, NAME, number, host)  , name
#define SAVE(argument, name, NAME, number, host)      cpu->regs[NAME] = name;
#define RESTORE(argument, name, NAME, number, host)   name = cpu->regs[NAME];

#define STATE struct ppc_cpu *cpu EACH_LOCATION(PARAMETER, )
#define ARGS  cpu EACH_LOCATION(ARGUMENT, )
#define SAVE_STATE                                                                                 \
    do {                                                                                           \
        EACH_LOCATION(SAVE, )                                                                      \
    } while (0)
#define LOAD_STATE                                                                                 \
    do {                                                                                           \
        EACH_LOCATION(RESTORE, )                                                                   \
    } while (0)

#define GATE_NAME(kind) ppc_gate_##kind

#include "ops/op.h"

#include "ops/memory.h"

#endif
