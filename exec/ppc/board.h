/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PowerPC for the board it sits on, which is a plain struct board: acknowledge gives nothing.
 */
#ifndef EXEC_PPC_BOARD_H
#define EXEC_PPC_BOARD_H

#include "exec/exec.h"

extern const struct guest ppc_guest;

struct ppc_cpu;
/* For loaders that start the guest elsewhere: change registers, then call exec_state_changed. */
static inline struct ppc_cpu *exec_ppc_cpu(struct exec *e)
{
    return (struct ppc_cpu *)exec_core(e);
}

#endif
