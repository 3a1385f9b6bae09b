/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MXCSR and SIMD floating-point exceptions. While the guest has one unmasked (MODE_SSE_TRAP), each
 * instruction that may raise it runs with the guest's masks in the host's MXCSR: helper_sse_unmask,
 * the micro-op, sse_mask. What the guest is to get #XM for so is a SIGFPE of the host, with the
 * sticky flags as the chip leaves them and the destination unwritten; helper_sse_unmask has stored
 * the state that the handler goes back to.
 */
#include "exec/i386/sse.h"
#include "exec/i386/helper.h"
#include "exec/i386/mmu.h"
#include "exec/i386/model.h"
#include "ops/host/asm.h"
#include "ops/i386/soft/sse.h"

#include <signal.h>
#include <string.h>
#include <ucontext.h>

/* --- the host --- */

#if HOST_ASM

static u32 host_mxcsr(void)
{
    u32 value;
    __asm__ volatile("stmxcsr %0" : "=m"(value));
    return value;
}

static void host_set_mxcsr(u32 value)
{
    __asm__ volatile("ldmxcsr %0" : : "m"(value));
}

#else

static u32 host_mxcsr(void)
{
    return helper_soft_get_mxcsr();
}

static void host_set_mxcsr(u32 value)
{
    helper_soft_set_mxcsr(value);
}

#endif

/* The guest that this thread runs with an exception unmasked. */
static _Thread_local struct cpu *trapping;

/* SDM vol. 3, 2.5: CR4.OSXMMEXCPT. Called by nobody: it is where on_sigfpe goes back to. */
_Noreturn static void raise_simd_exception(struct cpu *cpu)
{
    cpu_raise(cpu, cpu->cr4 & CR4_OSXMMEXCPT ? EXC_XM : EXC_UD);
}

#if HOST_ASM

static _Thread_local struct sigaction before; /* who had SIGFPE before */

static void on_sigfpe(int signal, siginfo_t *info, void *context)
{
    mcontext_t *machine = &((ucontext_t *)context)->uc_mcontext;
    enum { FRAME = 512 }; /* below whatever the code that trapped has on the stack */

    if (!trapping || info->si_code <= 0 || (machine->fpregs->mxcsr & MXCSR_MASKS) == MXCSR_MASKS) {
        sigaction(signal, &before, NULL); /* it comes again, for somebody else */
        return;
    }
    trapping->sse.mxcsr = machine->fpregs->mxcsr;
    machine->fpregs->mxcsr = trapping->sse.mxcsr_masked;
    machine->gregs[REG_RDI] = (greg_t)(uintptr_t)trapping;
    machine->gregs[REG_RIP] = (greg_t)(uintptr_t)raise_simd_exception;
    machine->gregs[REG_RSP] = ((machine->gregs[REG_RSP] - FRAME) & ~(greg_t)15) - 8;
}

static void start_trapping(struct cpu *cpu)
{
    struct sigaction action = {.sa_sigaction = on_sigfpe, .sa_flags = SA_SIGINFO | SA_ONSTACK};

    trapping = cpu;
    sigaction(SIGFPE, &action, &before);
}

static void stop_trapping(void)
{
    trapping = NULL;
    sigaction(SIGFPE, &before, NULL);
}

#else

static void on_trap(u32 mxcsr)
{
    trapping->sse.mxcsr = mxcsr;
    host_set_mxcsr(trapping->sse.mxcsr_masked);
    raise_simd_exception(trapping);
}

static void start_trapping(struct cpu *cpu)
{
    trapping = cpu;
    soft_sse_trap = on_trap;
}

static void stop_trapping(void)
{
    trapping = NULL;
}

#endif

/* --- the guest's and the host's --- */

static bool traps(const struct cpu *cpu)
{
    return ~cpu->sse.mxcsr & MXCSR_MASKS;
}

/* Makes the host's MXCSR, and who has SIGFPE, what the guest's asks for. */
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

#if HOST_ASM

#define EACH_MMX(what) what(0) what(1) what(2) what(3) what(4) what(5) what(6) what(7)

static u64 mmx_register(unsigned number)
{
    u64 value = 0;

    switch (number) {
#define READ(i)                                                                                    \
    case i:                                                                                        \
        __asm__ volatile("movq %%mm" #i ", %0" : "=m"(value));                                     \
        break;
        EACH_MMX(READ)
#undef READ
    default:
        break;
    }
    return value;
}

#else

static u64 mmx_register(unsigned number)
{
    return helper_soft_mmx_get(number);
}

#endif

/* To read an MMX register changes tags and TOP: nothing may fault behind it. */
DEFINE_HELPER(mmx_store)
{
    u32 to = cpu->regs[T0];
    unsigned size = a >> 4;

    mem_prepare_write(cpu, to, size);
    if (size == 8)
        mem_write64(cpu, to, mmx_register(a & 15));
    else
        mem_write(cpu, to, (u32)mmx_register(a & 15), 4);
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
        u64 value = mmx_register(b & 15), bits = mmx_register(b >> 4);
        memcpy(source, &value, 8);
        memcpy(mask, &bits, 8);
    }
    for (unsigned i = 0; i < a; i++)
        if (mask[i] & 0x80)
            mem_write(cpu, to + i, source[i], 1);
}
