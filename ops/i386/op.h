/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the vocabulary of ops/op.h is to know of the i386's micro-ops. */
#ifndef OPS_I386_OP_H
#define OPS_I386_OP_H

#include "ops/i386/cpu.h"

#define CPU       struct cpu
#define OWN(name) i386_##name

#include "ops/op.h"

#include "ops/memory/tlb.h"

typedef float vector __attribute__((vector_size(16)));
typedef u32 vector_u32 __attribute__((vector_size(16)));
typedef u64 vector_u64 __attribute__((vector_size(16)));

#if HOST_ASM
#include "ops/i386/fpu_x86_64.h"
#else
#include "ops/i386/fpu_soft.h"
#endif

#endif
