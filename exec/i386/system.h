/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of system registers. */
#ifndef EXEC_I386_SYSTEM_H
#define EXEC_I386_SYSTEM_H

#include "exec/i386/i386.h"

/* SDM vol. 3, 17.2. */
enum {
    DR6_FIXED = (int)0xffff0ff0,
    DR6_BD = 1 << 13,
    DR6_BS = 1 << 14,
    DR6_BT = 1 << 15,
    DR6_WRITABLE = 0xe00f,
    DR7_FIXED = 0x400,
    DR7_GD = 1 << 13,
    DR7_WRITABLE = (int)0xffff2bff,
};

/* Checks and loads CR0, flushing what depends on it; the caller updates the mode. */
void cpu_write_cr0(struct cpu *cpu, u32 value);
/* Loads CR3 and forgets the translations of the old address space. */
void cpu_write_cr3(struct cpu *cpu, u32 value);

#endif
