/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The i386's state, as struct guest has it. */
#ifndef EXEC_I386_STATE_H
#define EXEC_I386_STATE_H

#include "exec/i386/i386.h"

extern const struct state_table cpu_state;
void cpu_saving(struct core *core);
void cpu_restored(struct core *core);

#endif
