/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the IR's code to C and back: see translate/ir/slow.h. */
#include "translate/ir/slow.h"

_Static_assert(RAX == 0 && RBX == 3 && RSP == 4 && R8 == 8 && R15 == 15 && (int)CPU_REG == (int)R12,
               "registers are pushed by their numbers, the last one first");

/* On the stack: the description's distance, and above that nothing of C's. */
__attribute__((naked)) void ir_gate(void)
{
    __asm__("push %%r15; push %%r14; push %%r13; push %%r12\n\t"
            "push %%r11; push %%r10; push %%r9; push %%r8\n\t"
            "push %%rdi; push %%rsi; push %%rbp; push %%rsp\n\t"
            "push %%rbx; push %%rdx; push %%rcx; push %%rax\n\t"
            "mov %%r12, %%rdi\n\t"
            "mov %%rsp, %%rsi\n\t"
            "mov 128(%%rsp), %%rdx\n\t"
            "mov %%rsp, %%rbx\n\t"
            "and $-16, %%rsp\n\t"
            "call ir_slow_path\n\t"
            "mov %%rbx, %%rsp\n\t"
            "pop %%rax; pop %%rcx; pop %%rdx; pop %%rbx\n\t"
            "lea 8(%%rsp), %%rsp; pop %%rbp; pop %%rsi; pop %%rdi\n\t"
            "pop %%r8; pop %%r9; pop %%r10; pop %%r11\n\t"
            "pop %%r12; pop %%r13; pop %%r14; pop %%r15\n\t"
            "lea 8(%%rsp), %%rsp\n\t"
            "jmp *%c0(%%r12)"
            :
            : "i"(offsetof(struct core, resume)));
}
