/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arguments of the i386's micro-ops: what the vocabulary of ops/op.h is to know. */
#ifndef OPS_I386_OP_H
#define OPS_I386_OP_H

#include "ops/i386/cpu.h"

#define PARAMETER(argument, name, NAME, number, host) , u32 name
#define ARGUMENT(argument, name, NAME, number, host)  , name
#define SAVE(argument, name, NAME, number, host)      cpu->regs[NAME] = name;
#define RESTORE(argument, name, NAME, number, host)   name = cpu->regs[NAME];

#define STATE struct cpu *cpu EACH_LOCATION(PARAMETER, )
#define ARGS  cpu EACH_LOCATION(ARGUMENT, )
#define SAVE_STATE                                                                                 \
    do {                                                                                           \
        EACH_LOCATION(SAVE, )                                                                      \
    } while (0)
#define LOAD_STATE                                                                                 \
    do {                                                                                           \
        EACH_LOCATION(RESTORE, )                                                                   \
    } while (0)

#define GATE_NAME(kind) i386_gate_##kind

#include "ops/op.h"

#include "ops/memory.h"

typedef float vector __attribute__((vector_size(16)));
typedef u32 vector_u32 __attribute__((vector_size(16)));
typedef u64 vector_u64 __attribute__((vector_size(16)));

#if HOST_ASM
#include "ops/i386/fpu_x86_64.h"
#else
#include "ops/i386/fpu_soft.h"
#endif

#endif
