/* SPDX-License-Identifier: 0BSD */
/* state.h: what the calculator's ops hand on: a stack, whose top is in a register. */
struct calc {
    void *entry_stack; /* the stack pointer before the call that entered the code */
};

#define STATE    struct calc *calc, long *stack, long top
#define OP(type) __attribute__((preserve_none)) type
#define TO(op)   __attribute__((musttail)) return op(calc, stack, top)
