/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any x87 instruction, done by an x86-64: a table of eight bytes of code for each encoding.
 *
 *   fpu_stubs_registers   test %edi, %edi; ESC, ModRM C0h..FFh; lahf; ret
 *   fpu_stubs_memory      ESC, ModRM for (%rdi) and reg 0..7; ret
 *
 * And SIMD exceptions, which are SIGFPE.
 */
#include "exec/host/host.h"
#include "exec/host/i386_fpu.h"

#include <signal.h>
#include <ucontext.h>

#if HOST_ASM

__asm__(".text\n"
        ".balign 8\n"
        "fpu_stubs_registers:\n"
        ".set escape, 0xd8\n"
        ".rept 8\n"
        "  .set modrm, 0xc0\n"
        "  .rept 64\n"
        "    testl %edi, %edi\n"
        "    .byte escape, modrm\n"
        "    lahf\n"
        "    ret\n"
        "    .balign 8\n"
        "    .set modrm, modrm + 1\n"
        "  .endr\n"
        "  .set escape, escape + 1\n"
        ".endr\n"
        "fpu_stubs_memory:\n"
        ".set escape, 0xd8\n"
        ".rept 8\n"
        "  .set modrm, 7\n"
        "  .rept 8\n"
        "    .byte escape, modrm\n"
        "    ret\n"
        "    .balign 8\n"
        "    .set modrm, modrm + 8\n"
        "  .endr\n"
        "  .set escape, escape + 1\n"
        ".endr\n");

enum { STUB_SIZE = 8 };
extern const u8 fpu_stubs_registers[8][64][STUB_SIZE], fpu_stubs_memory[8][8][STUB_SIZE];

typedef u32 register_stub(u32 condition);
typedef void memory_stub(void *operand);

/* FCMOVcc is FCMOVNE here, and its condition, not the guest's flags, decides. */
static u32 without_condition(u32 insn)
{
    return x87_insn(0xdb, (u8)(0xc8 | (insn & 7)));
}

static bool is_move(u32 insn)
{
    unsigned escape = x87_escape(insn);
    return (escape == 2 || escape == 3) && x87_modrm(insn) >= 0xc0 && x87_modrm(insn) < 0xe0;
}

u32 host_do_registers(u32 insn, u32 condition)
{
    if (is_move(insn))
        insn = without_condition(insn);
    const u8 *stub = fpu_stubs_registers[x87_escape(insn)][x87_modrm(insn) & 63];
    return ((register_stub *)(uintptr_t)stub)(condition);
}

void host_do_memory(u32 insn, void *operand)
{
    const u8 *stub = fpu_stubs_memory[x87_escape(insn)][x87_reg(insn)];
    ((memory_stub *)(uintptr_t)stub)(operand);
}

/* --- SIMD exceptions --- */

/* Who is told of this thread's. */
static _Thread_local struct {
    host_resumed_fn *function; /* NULL: nobody */
    void *object;
} trapped;

static _Thread_local struct sigaction before; /* who had SIGFPE before */

static void on_sigfpe(int signal, siginfo_t *info, void *context)
{
    fpregset_t fpu = ((ucontext_t *)context)->uc_mcontext.fpregs;

    if (!trapped.function || info->si_code <= 0 || (fpu->mxcsr & MXCSR_MASKS) == MXCSR_MASKS) {
        sigaction(signal, &before, NULL); /* it comes again, for somebody else */
        return;
    }
    host_resume_at(context, trapped.function, trapped.object, fpu->mxcsr);
    fpu->mxcsr |= MXCSR_MASKS;
}

void host_start_trapping(void (*function)(void *object, u32 mxcsr), void *object)
{
    struct sigaction action = {.sa_sigaction = on_sigfpe, .sa_flags = SA_SIGINFO | SA_ONSTACK};

    trapped.function = function;
    trapped.object = object;
    sigaction(SIGFPE, &action, &before);
}

void host_stop_trapping(void)
{
    trapped.function = NULL;
    sigaction(SIGFPE, &before, NULL);
}

#endif
