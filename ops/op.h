/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The vocabulary micro-ops are written in. Their source is compiled twice: by a guest's template.c
 * with holes, for dyngen, and by its interp.c, where parameters and successors are read from a
 * stream of struct interp_insn; HOLES is 1 or 0.
 *
 *   P1..P5             the op's parameters, 32 bits; A1..A5 the same as 64-bit addresses
 *   NEXT TAKEN COLD    where it goes on: behind it, to its target, to its slow path
 *   JUMP(code)         to a block; `code` is a field that has its address
 *   LEAVE              back to C
 *   SLOW(kind)         to a gate, by which C does what cpu->core.slow asks for; then on at
 *                      cpu->core.resume, which is TAKEN_ADDRESS
 *
 * Before it is included a guest has defined
 *
 *   EACH_LOCATION      its locations, see ops/i386/locations.h
 *   CPU                its cpu, a struct
 *   OWN(name)          what is the guest's is called so: i386_##name
 *   SLOT(NAME)         where in cpu->regs a location is, if that is not its number
 */
#ifndef OPS_OP_H
#define OPS_OP_H

#include "ops/core.h"
#include "ops/host/host.h"
#include "ops/interp.h"

#define OPCALL   __attribute__((preserve_none))
#define TAILCALL __attribute__((musttail)) return

/*
 * An op's arguments are the cpu and all locations, so that these stay in host registers from op to
 * op. clang's preserve_none passes eleven in r12 r13 r14 r15 rdi rsi rdx rcx r8 r9 r11.
 */
#define PARAMETER(argument, name, NAME, number, host) , u32 name
#define ARGUMENT(argument, name, NAME, number, host)  , name
#define STATE                                         CPU *cpu EACH_LOCATION(PARAMETER, )
#define ARGS                                          cpu EACH_LOCATION(ARGUMENT, )

typedef OPCALL void op_fn(STATE);

/* Locations to cpu->regs, and back: around C. */
#ifndef SLOT
#define SLOT(NAME) NAME
#endif
#define SAVE(argument, name, NAME, number, host)    cpu->regs[SLOT(NAME)] = name;
#define RESTORE(argument, name, NAME, number, host) name = cpu->regs[SLOT(NAME)];
#define SAVE_STATE                                                                                 \
    do {                                                                                           \
        EACH_LOCATION(SAVE, )                                                                      \
    } while (0)
#define LOAD_STATE                                                                                 \
    do {                                                                                           \
        EACH_LOCATION(RESTORE, )                                                                   \
    } while (0)

/* Gates, which interp.c defines: between C and the ops of either engine. */
#define GATE_NAME(kind) OWN(gate_##kind)
extern op_fn GATE_NAME(leave), GATE_NAME(mem);

#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* A field of cpu whose offset is a parameter: the hole is the displacement. */
#define FIELD(type, offset) (*(type *)((char *)cpu + (offset)))

#if HOLES

extern char __op_param1[], __op_param2[], __op_param3[], __op_param4[], __op_param5[];
extern op_fn __op_next, __op_taken, __op_cold;

#define A1 ((u64)__op_param1)
#define A2 ((u64)__op_param2)
#define A3 ((u64)__op_param3)
#define A4 ((u64)__op_param4)
#define A5 ((u64)__op_param5)

#define NEXT          TAILCALL __op_next(ARGS)
#define TAKEN         TAILCALL __op_taken(ARGS)
#define COLD          TAILCALL __op_cold(ARGS)
#define JUMP(code)    HOST_JUMP(code)
#define TAKEN_ADDRESS HOST_CODE(__op_taken)
#define SLOW(kind)    TAILCALL GATE_NAME(kind)(ARGS)

#define NAME_N(name)        OPCALL void op_##name(STATE)
#define NAME_R(name, d)     OPCALL void op_##name##_##d(STATE)
#define NAME_RR(name, d, b) OPCALL void op_##name##_##d##_##b(STATE)

#else

#define A1 (cpu->rest.ip->param[0])
#define A2 (cpu->rest.ip->param[1])
#define A3 (cpu->rest.ip->param[2])
#define A4 (cpu->rest.ip->param[3])
#define A5 (cpu->rest.ip->param[4])

/* For tests: sees every micro-op before it runs. */
#ifndef TRACE
#define TRACE(insn) (void)0
#endif

#define GO(insn)                                                                                   \
    do {                                                                                           \
        cpu->rest.ip = (const struct interp_insn *)(insn);                                         \
        TRACE(cpu->rest.ip);                                                                       \
        TAILCALL((op_fn *)cpu->rest.ip->run)(ARGS);                                                \
    } while (0)
#define NEXT          GO(cpu->rest.ip + 1)
#define TAKEN         GO(cpu->rest.ip->taken)
#define COLD          GO(cpu->rest.ip->cold)
#define JUMP(code)    GO(code)
#define TAKEN_ADDRESS (cpu->rest.ip->taken)
#define SLOW(kind)    TAILCALL interp_##kind(ARGS)

#define NAME_N(name)        static OPCALL void run_##name(STATE)
#define NAME_R(name, d)     static OPCALL void run_##name##_##d(STATE)
#define NAME_RR(name, d, b) static OPCALL void run_##name##_##d##_##b(STATE)

#endif

#define LEAVE TAILCALL GATE_NAME(leave)(ARGS)

/*
 * OP_IF(name, params, ANSWER, b): a micro-op that compares D with b, its row's params COMPARE or
 * TEST. It is a function for each condition, name_condition, unless the condition is a hole.
 */
#if HOLES && HOST_ASM
#define OP_IF(name, params, ANSWER, b) OP(name) ANSWER(params, , b)
#else
#define OP_IF(name, params, ANSWER, b)                                                             \
    EACH_##params##_CONDITION(OP_OF_CONDITION, name, params, ANSWER, b)
#define OP_OF_CONDITION(condition, name, params, ANSWER, b)                                        \
    OP(name##_##condition) ANSWER(params, condition, b)
#endif
/* The way on comes first, so that TAKEN is the jump and NEXT vanishes. */
#define GOTO(params, condition, ...)                                                               \
    {                                                                                              \
        HOST_GOTO_IF(taken, params, condition, D, __VA_ARGS__);                                    \
        NEXT;                                                                                      \
    taken:;                                                                                        \
        TAKEN;                                                                                     \
    }
#define SET_T0(params, condition, ...)                                                             \
    {                                                                                              \
        HOST_SET_IF(t0, params, condition, D, __VA_ARGS__);                                        \
        NEXT;                                                                                      \
    }

#define P1 ((u32)A1)
#define P2 ((u32)A2)
#define P3 ((u32)A3)
#define P4 ((u32)A4)
#define P5 ((u32)A5)

#define GATE(name, call, resume)                                                                   \
    OPCALL void name(STATE)                                                                        \
    {                                                                                              \
        SAVE_STATE;                                                                                \
        call(cpu);                                                                                 \
        LOAD_STATE;                                                                                \
        resume;                                                                                    \
    }
#define GATE_OF_TEMPLATES(kind, call)                                                              \
    GATE(GATE_NAME(kind), call, TAILCALL((op_fn *)cpu->core.resume)(ARGS))
#define GATE_OF_INTERPRETER(kind, call) static GATE(interp_##kind, call, GO(cpu->core.resume))

#endif
