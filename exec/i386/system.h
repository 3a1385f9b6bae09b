/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of system registers. */
#ifndef EXEC_I386_SYSTEM_H
#define EXEC_I386_SYSTEM_H

#include "exec/i386/i386.h"

/* Checks and loads CR0, flushing what depends on it; the caller updates the mode. */
void cpu_write_cr0(struct cpu *cpu, u32 value);
/* Loads CR3 and forgets the translations of the old address space. */
void cpu_write_cr3(struct cpu *cpu, u32 value);

#endif
