/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The micro-ops as a direct-threaded interpreter (-jit interp), and the gates of both engines. */
#define HOLES 0
#include "ops/i386/interp.h"
#include "exec/i386/i386.h"
#include "ops/i386/op.h"
#include "ops/i386/slow.h"

#define A1 (cpu->rest.ip->param[0])
#define A2 (cpu->rest.ip->param[1])
#define A3 (cpu->rest.ip->param[2])
#define A4 (cpu->rest.ip->param[3])
#define A5 (cpu->rest.ip->param[4])
#define P1 ((u32)A1)
#define P2 ((u32)A2)
#define P3 ((u32)A3)
#define P4 ((u32)A4)
#define P5 ((u32)A5)

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
#define LEAVE         TAILCALL gate_leave(ARGS)
#define SLOW(kind)    TAILCALL interp_##kind(ARGS)

/* --- gates: between C and the ops of either engine --- */

OPCALL void gate_leave(STATE)
{
    SAVE_STATE;
}

/* The slow path of an op, all state in cpu; then on at cpu->core.resume. */
#define GATE(name, call, resume)                                                                   \
    OPCALL void name(STATE)                                                                        \
    {                                                                                              \
        SAVE_STATE;                                                                                \
        call(cpu);                                                                                 \
        LOAD_STATE;                                                                                \
        resume;                                                                                    \
    }
#define RESUME_TEMPLATE TAILCALL((op_fn *)cpu->core.resume)(ARGS)
GATE(gate_mem, helper_slow_mem, RESUME_TEMPLATE)
GATE(gate_segment, helper_slow_segment, RESUME_TEMPLATE)
static GATE(interp_mem, helper_slow_mem, GO(cpu->core.resume)) static GATE(interp_segment,
                                                                           helper_slow_segment,
                                                                           GO(cpu->core.resume))

    void template_enter(struct cpu *cpu, const void *code)
{
    const u32 *r = cpu->regs;
    HOST_STACK(cpu->rest.host_stack);
    ((op_fn *)code)(cpu, r[EBX], r[T0], r[T1], r[EDI], r[ESI], r[EDX], r[ECX], r[EBP], r[ESP],
                    r[EAX]);
    HOST_UNPRESERVED;
}

void interp_enter(struct cpu *cpu, const void *code)
{
    cpu->rest.ip = code;
    TRACE(cpu->rest.ip);
    template_enter(cpu, (const void *)cpu->rest.ip->run);
}

/* --- the ops --- */

#define NAME_N(name)        static OPCALL void run_##name(STATE)
#define NAME_R(name, d)     static OPCALL void run_##name##_##d(STATE)
#define NAME_RR(name, d, b) static OPCALL void run_##name##_##d##_##b(STATE)
#include "ops/i386/each.h"

interp_fn *const interp_ops[] = {
#define TEMPLATE_ENTRY(name) (interp_fn *)run_##name,
#include "ops/i386/each_template.h"
};

/* Between the first and the last of them, as the linker has placed them. */
const void *interp_code(size_t *size)
{
    uintptr_t low = UINTPTR_MAX, high = 0;

    for (unsigned i = 0; i < sizeof interp_ops / sizeof *interp_ops; i++) {
        uintptr_t at = (uintptr_t)interp_ops[i];
        low = at < low ? at : low;
        high = at > high ? at : high;
    }
    *size = high - low;
    return (const void *)low;
}
