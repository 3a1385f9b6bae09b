/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What micro-ops ask of the host, in one vocabulary: x86_64.h says it in assembly, generic.h in C.
 * Two switches, each 0 or 1, choose:
 *
 *   HOLES      of a compilation: parameters and successors are holes, for dyngen (template.c), or
 *              are read from a stream, for the interpreter (interp.c)
 *   HOST_ASM   of a build: asm.h
 *
 * C cannot tell a compiler that a hole is an immediate or a displacement of the instruction that
 * uses it, so assembly is for speed. Without holes there is nothing to tell, and C will do.
 *
 *   HOST_ADDRESS(a, base)      u64 a = (u32)(base + P1)
 *   HOST_WIDE_ADDRESS(a, base) u64 a = base + P1, signed and in 64 bits, base as its register is
 *   HOST_NARROW(d)             makes the upper half of the register of d zero
 *   HOST_IF_ABOVE_P2(x)        if ((u64)x > P2), which is unlikely
 *   HOST_KEEP(field)           field, of 64 bits, is kept in a register for what runs behind
 *   HOST_LOAD_AT(type, value, base)
 *                              value = *(type *)(what is kept + base + P1), likewise in 64 bits
 *   HOST_STORE_AT(type, value, base)
 *                              stores it there; HOST_SET_AT(type, n, base), Pn
 *   HOST_AT_T0(a)              u64 a = t0, whose register has zeros above
 *   HOST_KEPT_AT_T0(a)         u64 a = what is kept + t0, likewise
 *   HOST_ADD(d)                d += P1; and so HOST_AND, HOST_OR, HOST_XOR, HOST_MUL
 *   HOST_LEA(d, b)             d = b + P1
 *   HOST_SHIFT(kind, d)        d shifted by P1: left, right, right_signed, rotate_left
 *   HOST_INSERT8(d, b)         the low 8 bits of d = those of b; HOST_INSERT16
 *   HOST_GOTO_IF(to, kind, condition, d, b)
 *                              if condition (conditions.h) holds of d and b, or, kind being TEST,
 *                              not COMPARE, of d & b and 0, goto to; b is HOST_REGISTER(b) or
 *                              HOST_P1. With holes assembly is told the condition by the parameter
 *                              behind that, as its code (codes.h)
 *   HOST_SET_IF(to, ...)       to = 1 if so, else 0
 *   HOST_SET(field, n)         field = Pn, 32 bits; HOST_SET8, HOST_SET16
 *   HOST_COUNT()               ++*(u64 *)P1
 *   HOST_IF_COUNTED()          if (--*(s32 *)P1 <= 0)
 *   HOST_IF_SPENT(field)       if ((field -= P1) < 0), of an s32, which is unlikely
 *   HOST_ADD_TO(field)         field += P1
 *   HOST_HIDE(x)               makes the compiler forget what it knows of x
 *   HOST_CODE(target)          of holes alone: the address of what a template jumps to
 *   HOST_JUMP(code)            of holes alone: to the op whose address the field `code` is
 *
 * and in a function that calls ops
 *
 *   HOST_STACK(field)          field = the stack pointer
 *   HOST_UNPRESERVED           what ops preserve, but not every generator's code
 */
#ifndef OPS_HOST_HOST_H
#define OPS_HOST_HOST_H

#include "ops/host/asm.h"
#include "ops/host/conditions.h"
#ifdef __x86_64__
#include "ops/host/x86_64.h"
#endif
#if !HOST_ASM || !HOLES
#include "ops/host/generic.h"
#endif

#endif
