/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The micro-ops as a direct-threaded interpreter (-jit interp), and the gates of both engines. */
#define HOLES 0
#include "exec/i386/i386.h"
#include "ops/i386/op.h"
#include "ops/i386/slow.h"
#include "ops/i386/table.h"

OPCALL void i386_gate_leave(STATE)
{
    SAVE_STATE;
}

/* clang-format off */
GATE_OF_TEMPLATES(mem, helper_slow_mem)
GATE_OF_TEMPLATES(segment, helper_slow_segment)
GATE_OF_INTERPRETER(mem, helper_slow_mem)
GATE_OF_INTERPRETER(segment, helper_slow_segment)
/* clang-format on */

void i386_enter(struct core *core, const void *code)
{
    struct cpu *cpu = (struct cpu *)core;

    HOST_STACK(cpu->rest.host_stack);
#define SAVED(argument, name, NAME, number, host) , cpu->regs[NAME]
    ((op_fn *)code)(cpu EACH_LOCATION(SAVED, ));
#undef SAVED
    HOST_UNPRESERVED;
}

void i386_enter_interp(struct core *core, const void *code)
{
    struct cpu *cpu = (struct cpu *)core;

    cpu->rest.ip = code;
    TRACE(cpu->rest.ip);
    i386_enter(core, (const void *)cpu->rest.ip->run);
}

#define NAME_N(name)        static OPCALL void run_##name(STATE)
#define NAME_R(name, d)     static OPCALL void run_##name##_##d(STATE)
#define NAME_RR(name, d, b) static OPCALL void run_##name##_##d##_##b(STATE)
#include "ops/i386/each.h"

interp_fn *const i386_interp[I386_TEMPLATES] = {
#define TEMPLATE_ENTRY(index, name) [index] = (interp_fn *)run_##name,
#include "ops/each_template.h"
};
