/* SPDX-License-Identifier: GPL-3.0-or-later */
/* i386_fpu.h in C. */
#include "exec/host/i386_fpu.h"

#if !HOST_ASM

u32 host_do_registers(u32 insn, u32 condition)
{
    return helper_soft_x87_registers(insn, condition);
}

void host_do_memory(u32 insn, void *operand)
{
    helper_soft_x87_memory(insn, operand);
}

/* --- SIMD exceptions --- */

static _Thread_local struct {
    void (*function)(void *object, u32 mxcsr);
    void *object;
} trapped;

static void on_trap(u32 mxcsr)
{
    host_set_mxcsr(mxcsr | MXCSR_MASKS);
    trapped.function(trapped.object, mxcsr);
}

void host_start_trapping(void (*function)(void *object, u32 mxcsr), void *object)
{
    trapped.function = function;
    trapped.object = object;
    soft_sse_trap = on_trap;
}

void host_stop_trapping(void)
{
    trapped.function = NULL;
}

#endif
