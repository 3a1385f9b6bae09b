/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The micro-ops as a direct-threaded interpreter (-jit interp), and the gates of both engines. */
#define HOLES 0
#include "exec/ppc/ppc.h"
#include "ops/ppc/op.h"
#include "ops/ppc/table.h"

OPCALL void ppc_gate_leave(STATE)
{
    SAVE_STATE;
}

/* clang-format off */
GATE_OF_TEMPLATES(mem, ppc_helper_slow_mem)
GATE_OF_INTERPRETER(mem, ppc_helper_slow_mem)
/* clang-format on */

void ppc_enter(struct core *core, const void *code)
{
    struct ppc_cpu *cpu = (struct ppc_cpu *)core;

    HOST_STACK(cpu->rest.host_stack);
#define SAVED(argument, name, NAME, number, host) , cpu->regs[NAME]
    ((op_fn *)code)(cpu EACH_LOCATION(SAVED, ));
#undef SAVED
    HOST_UNPRESERVED;
}

void ppc_enter_interp(struct core *core, const void *code)
{
    struct ppc_cpu *cpu = (struct ppc_cpu *)core;

    cpu->rest.ip = code;
    TRACE(cpu->rest.ip);
    ppc_enter(core, (const void *)cpu->rest.ip->run);
}

#define NAME_N(name)        static OPCALL void run_##name(STATE)
#define NAME_R(name, d)     static OPCALL void run_##name##_##d(STATE)
#define NAME_RR(name, d, b) static OPCALL void run_##name##_##d##_##b(STATE)
#include "ops/ppc/each.h"

interp_fn *const ppc_interp[PPC_TEMPLATES] = {
#define TEMPLATE_ENTRY(index, name) [index] = (interp_fn *)run_##name,
#include "ops/each_template.h"
};
