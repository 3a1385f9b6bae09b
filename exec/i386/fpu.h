/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The x87 for the exec loop. While the guest runs, its registers are in the host's x87 (see
 * ops/i386/x87.h), and its MXCSR in the host's; so the thread that runs a guest calls
 *
 *   fpu_enter(cpu);    the host's x87 becomes the guest's
 *   ...                any C code that does no floating-point arithmetic
 *   fpu_leave(cpu);    and its own again; the guest's registers are in cpu->fpu.image
 *
 * and an exception that abandons an instruction in between changes nothing about that. Two
 * guests on one thread take turns by the same calls.
 */
#ifndef EXEC_I386_FPU_H
#define EXEC_I386_FPU_H

#include "ops/i386/cpu.h"

void fpu_enter(struct cpu *cpu);
void fpu_leave(struct cpu *cpu);
/* The state after RESET, at any time (SDM vol. 3, table 9-1); cpu_update_mode comes after it. */
void fpu_reset(struct cpu *cpu);
/* Segment registers may have changed; cpu_update_mode calls it. */
void fpu_segments_changed(struct cpu *cpu);

#endif
