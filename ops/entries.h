/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the end of a guest's interp.c is: how C comes to its ops and back, and all of them. */

OPCALL void OWN(gate_leave)(STATE)
{
    SAVE_STATE;
}

void OWN(enter)(struct core *core, const void *code)
{
    CPU *cpu = (CPU *)core;

    HOST_STACK(cpu->rest.host_stack);
#define SAVED(argument, name, NAME, number, host) , cpu->regs[SLOT(NAME)]
    ((op_fn *)code)(cpu EACH_LOCATION(SAVED, ));
#undef SAVED
    HOST_UNPRESERVED;
}

void OWN(enter_interp)(struct core *core, const void *code)
{
    CPU *cpu = (CPU *)core;

    cpu->rest.ip = code;
    TRACE(cpu->rest.ip);
    OWN(enter)(core, (const void *)cpu->rest.ip->run);
}

#ifndef ONE_LOCATION /* some of each.h's are there alone */
#include "ops/first.h"

interp_fn *const OWN(interp)[TEMPLATES] = {
#define TEMPLATE_ENTRY(index, name, name_if) [index] = (interp_fn *)run_##name_if,
#include "ops/each_template.h"
};
#endif
