/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An x86-64 with Linux: address space, code, unwinding, signals; see host.h. */
#include "exec/host/host.h"

#include <ucontext.h>

/* Displacements and immediates are 32 bits, signed; user space has 47 (SDM vol. 1, 3.3.7.1). */
const struct host_space host_space = {
    .near = (uintptr_t)2 << 30,
    .low = (uintptr_t)2 << 30,
    .end = (uintptr_t)1 << 47,
};

/*
 * By IRET to the next instruction, one of the serializing instructions (SDM vol. 3, 9.3) that
 * programs may use; CPUID is another, but takes ten times as long in a virtual machine. The frame
 * is below the red zone.
 */
void host_serialize(void)
{
    __asm__ volatile("mov %%rsp, %%rcx\n\t"
                     "lea -128(%%rsp), %%rsp\n\t"
                     "mov %%ss, %%rax; push %%rax\n\t"
                     "push %%rcx\n\t"
                     "pushfq\n\t"
                     "mov %%cs, %%rax; push %%rax\n\t"
                     "lea 1f(%%rip), %%rax; push %%rax\n\t"
                     "iretq\n"
                     "1:"
                     :
                     :
                     : "rax", "rcx", "memory", "cc");
}

/* The cpu is in R12 (ops/op.h), whose number is 12 for DWARF, too (System V ABI, figure 3.36). */
struct dyngen_unwind host_unwind(int stack_offset)
{
    return (struct dyngen_unwind){.reg = 12, .offset = stack_offset, .in_memory = true};
}

uintptr_t host_interrupted_at(const void *context)
{
    return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
}

/* As after a call of the function: the stack pointer is 8 less than a multiple of 16. */
void host_resume_at(void *context, host_resumed_fn *function, void *object, uint32_t value)
{
    greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
    enum { FRAME = 512 }; /* below whatever the code that was interrupted has on the stack */

    regs[REG_RDI] = (greg_t)(uintptr_t)object;
    regs[REG_RSI] = value;
    regs[REG_RIP] = (greg_t)(uintptr_t)function;
    regs[REG_RSP] = ((regs[REG_RSP] - FRAME) & ~(greg_t)15) - 8;
}
