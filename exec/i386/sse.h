/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MXCSR (SDM vol. 1, 10.2.3), which is the host's own while the guest runs; see struct sse. So C
 * code between fpu_enter and fpu_leave does no floating-point arithmetic.
 */
#ifndef EXEC_I386_SSE_H
#define EXEC_I386_SSE_H

#include "ops/i386/cpu.h"

u32 sse_mxcsr(const struct cpu *cpu);
/* Bits that the guest can set; cpu_update_mode is done if it unmasks an exception, or masks all. */
void sse_set_mxcsr(struct cpu *cpu, u32 value);

/* Parts of fpu_enter, fpu_leave and fpu_reset. */
void sse_enter(struct cpu *cpu);
void sse_leave(struct cpu *cpu);
void sse_reset(struct cpu *cpu);

/* The mode that MXCSR and the control registers make: MODE_NO_SSE, MODE_SSE_TRAP. */
u32 sse_modes(const struct cpu *cpu);

#endif
