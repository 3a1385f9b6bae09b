/* SPDX-License-Identifier: 0BSD */
/* state.h: what the calculator's ops hand on: a stack, whose top is in a register. */
#define STATE    long *stack, long top
#define OP(type) __attribute__((preserve_none)) type
#define TO(op)   __attribute__((musttail)) return op(stack, top)
