/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The host's floating point for an i386 guest, whose x87, MMX and MXCSR it holds while the guest
 * runs: see exec/i386/fpu.h. An x86-64 has the same (i386_fpu_x86_64.h); elsewhere, and in builds
 * without assembly, it is in C (i386_fpu_soft.h, by ops/i386/soft).
 *
 *   host_initialize()             as after FNINIT
 *   host_status()                 the status word
 *   host_set_control(control)     the control word
 *   host_clear_exceptions()       in the status word
 *   host_environment()            the environment; all exceptions are masked afterwards, in it and
 *                                 on the host
 *   host_set_environment(&e)
 *   host_save(&s)                 all of the state; the host's is as after FNINIT then
 *   host_restore(&s)
 *   host_mmx(number)              an MMX register, which changes tags and TOP
 *   host_mxcsr(), host_set_mxcsr(value)
 */
#ifndef EXEC_HOST_I386_FPU_H
#define EXEC_HOST_I386_FPU_H

#include "ops/host/asm.h"
#include "ops/i386/cpu.h"
#include "ops/i386/x87_insn.h"

/* What FNSTENV stores in 64-bit mode: the format of 32-bit protected mode. */
struct fpu_environment {
    u32 control, status, tags;
    u32 code_offset, code; /* selector, opcode << 16 */
    u32 data_offset, data;
};

/* FNSAVE's image. */
struct fpu_state {
    struct fpu_environment environment;
    u8 st[8][10]; /* from ST(0) */
};
_Static_assert(sizeof(struct fpu_state) == FPU_IMAGE, "FNSAVE's format");

/*
 * Does an instruction on the host: one on registers, for FCMOVcc with its condition; returns the
 * host's flags as LAHF gives them, in bits 8..15. Or one on memory, at `operand`.
 */
u32 host_do_registers(u32 insn, u32 condition);
void host_do_memory(u32 insn, void *operand);

/*
 * From here on, until host_stop_trapping, an SSE instruction of this thread that raises an
 * exception which MXCSR does not mask ends in trapped(object, mxcsr), which does not return:
 * `mxcsr` has the sticky flags as the instruction leaves them, its destination is unwritten, and
 * the host's MXCSR masks all exceptions.
 */
void host_start_trapping(void (*trapped)(void *object, u32 mxcsr), void *object);
void host_stop_trapping(void);

#if HOST_ASM
#include "exec/host/i386_fpu_x86_64.h"
#else
#include "exec/host/i386_fpu_soft.h"
#endif

#endif
