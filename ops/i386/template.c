/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The micro-ops as templates: dyngen reads the object of this file, nobody links it. */
#define HOLES 1
#include "ops/i386/op.h"

extern char __op_param1[], __op_param2[], __op_param3[], __op_param4[], __op_param5[];
extern op_fn __op_next, __op_taken, __op_cold;
extern op_fn gate_leave, gate_mem, gate_segment;

#define HELPER(name, cc, end) void helper_##name(struct cpu *cpu, u32 a, u32 b);
#include "ops/i386/helpers.def"
#undef HELPER

#define A1 ((u64)__op_param1)
#define A2 ((u64)__op_param2)
#define A3 ((u64)__op_param3)
#define A4 ((u64)__op_param4)
#define A5 ((u64)__op_param5)
#define P1 ((u32)A1)
#define P2 ((u32)A2)
#define P3 ((u32)A3)
#define P4 ((u32)A4)
#define P5 ((u32)A5)

#define NEXT          TAILCALL __op_next(ARGS)
#define TAKEN         TAILCALL __op_taken(ARGS)
#define COLD          TAILCALL __op_cold(ARGS)
#define LEAVE         TAILCALL gate_leave(ARGS)
#define JUMP(code)    TAILCALL((op_fn *)(code))(ARGS)
#define TAKEN_ADDRESS HOST_CODE(__op_taken)
#define SLOW(kind)    TAILCALL gate_##kind(ARGS)

#define NAME_N(name)        OPCALL void op_##name(STATE)
#define NAME_R(name, d)     OPCALL void op_##name##_##d(STATE)
#define NAME_RR(name, d, b) OPCALL void op_##name##_##d##_##b(STATE)
#include "ops/i386/each.h"
