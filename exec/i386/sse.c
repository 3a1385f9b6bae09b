/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MXCSR and SIMD floating-point exceptions. While the guest has one unmasked (MODE_SSE_TRAP), each
 * instruction that may raise it runs with the guest's masks in the host's MXCSR: helper_sse_unmask,
 * the micro-op, sse_mask. What the guest is to get #XM for so is a trap of the host, with the
 * sticky flags as the chip leaves them and the destination unwritten; helper_sse_unmask has stored
 * the state that the exception goes back to.
 */
#include "exec/i386/sse.h"
#include "exec/host/i386_fpu.h"
#include "exec/i386/helper.h"
#include "exec/i386/mmu.h"
#include "exec/i386/model.h"

#include <string.h>

/* The guest that this thread runs with an exception unmasked. */
static _Thread_local struct cpu *trapping;

/* SDM vol. 3, 2.5: CR4.OSXMMEXCPT. */
static void raise_simd_exception(void *guest, u32 mxcsr)
{
    struct cpu *cpu = guest;

    cpu->sse.mxcsr = mxcsr;
    host_set_mxcsr(cpu->sse.mxcsr_masked);
    cpu_raise(cpu, cpu->cr4 & CR4_OSXMMEXCPT ? EXC_XM : EXC_UD);
}

static void start_trapping(struct cpu *cpu)
{
    trapping = cpu;
    host_start_trapping(raise_simd_exception, cpu);
}

static void stop_trapping(void)
{
    trapping = NULL;
    host_stop_trapping();
}

static bool traps(const struct cpu *cpu)
{
    return ~cpu->sse.mxcsr & MXCSR_MASKS;
}

/* Makes the host's MXCSR, and who is told of exceptions, what the guest's asks for. */
static void put_on_host(struct cpu *cpu)
{
    if (traps(cpu) && !trapping)
        start_trapping(cpu);
    else if (!traps(cpu) && trapping)
        stop_trapping();
    host_set_mxcsr(traps(cpu) ? cpu->sse.mxcsr_masked : cpu->sse.mxcsr);
}

u32 sse_mxcsr(const struct cpu *cpu)
{
    return cpu->fpu.live && !traps(cpu) ? host_mxcsr() : cpu->sse.mxcsr;
}

void sse_set_mxcsr(struct cpu *cpu, u32 value)
{
    bool before_it = traps(cpu);

    cpu->sse.mxcsr = value;
    if (cpu->fpu.live)
        put_on_host(cpu);
    if (traps(cpu) != before_it)
        cpu_update_mode(cpu);
}

void sse_enter(struct cpu *cpu)
{
    cpu->sse.mxcsr_of_emulator = host_mxcsr();
    put_on_host(cpu);
}

void sse_leave(struct cpu *cpu)
{
    if (trapping)
        stop_trapping();
    else
        cpu->sse.mxcsr = host_mxcsr();
    host_set_mxcsr(cpu->sse.mxcsr_of_emulator);
}

void sse_reset(struct cpu *cpu)
{
    u32 of_emulator = cpu->sse.mxcsr_of_emulator;

    cpu->sse = (struct sse){.mxcsr = MXCSR_RESET,
                            .mxcsr_mask = model_mxcsr_bits(cpu->model),
                            .mxcsr_masked = MXCSR_RESET,
                            .mxcsr_of_emulator = of_emulator};
    if (cpu->fpu.live)
        put_on_host(cpu);
}

u32 sse_modes(const struct cpu *cpu)
{
    bool refused = (cpu->cr0 & (CR0_EM | CR0_TS)) || !(cpu->cr4 & CR4_OSFXSR);

    return (refused ? MODE_NO_SSE : 0) | (traps(cpu) ? MODE_SSE_TRAP : 0);
}

/* --- the helpers --- */

DEFINE_HELPER(sse_refused)
{
    bool undefined = (cpu->cr0 & CR0_EM) || (a && !(cpu->cr4 & CR4_OSFXSR));

    cpu_raise(cpu, undefined ? EXC_UD : EXC_NM);
}

DEFINE_HELPER(sse_unmask)
{
    host_set_mxcsr(cpu->sse.mxcsr);
}

/* Where the mode changes with the masks, the code behind it is another block's. */
DEFINE_HELPER(ldmxcsr)
{
    u32 value = cpu->regs[T1], mode = cpu_mode(cpu);

    if (value & ~cpu->sse.mxcsr_mask)
        cpu_raise_code(cpu, EXC_GP, 0);
    sse_set_mxcsr(cpu, value);
    if (!a || cpu_mode(cpu) == mode)
        return;
    cpu->core.pc += a;
    if (!(mode & MODE_CS32))
        cpu->core.pc &= 0xffff;
    cpu_leave(cpu);
}

/* --- MMX registers to memory --- */

/* To read an MMX register changes tags and TOP: nothing may fault behind it. */
DEFINE_HELPER(mmx_store)
{
    u32 to = cpu->regs[T0];
    unsigned size = a >> 4;

    RELY_ON_WINDOW(b);
    mem_prepare_write(cpu, to, size);
    if (size == 8)
        mem_write64(cpu, to, host_mmx(a & 15));
    else
        mem_write(cpu, to, (u32)host_mmx(a & 15), 4);
    RELY_ON_WINDOW(false);
}

/* All bytes must be writable, masked out or not (SDM vol. 2, MASKMOVDQU: up to the processor). */
DEFINE_HELPER(maskmov)
{
    u8 source[16] = {0}, mask[16] = {0};
    u32 to = cpu->regs[T0];

    mem_prepare_write(cpu, to, a);
    if (a == 16) {
        memcpy(source, &cpu->sse.xmm[b & 15], 16);
        memcpy(mask, &cpu->sse.xmm[b >> 4], 16);
    } else {
        u64 value = host_mmx(b & 15), bits = host_mmx(b >> 4);
        memcpy(source, &value, 8);
        memcpy(mask, &bits, 8);
    }
    for (unsigned i = 0; i < a; i++)
        if (mask[i] & 0x80)
            mem_write(cpu, to + i, source[i], 1);
}
