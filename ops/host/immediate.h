/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * More of host.h's vocabulary, for who wants it: a number that is part of the host's instruction.
 *
 *   HOST_AND(d)     d &= P1, and so HOST_OR, HOST_XOR
 *   HOST_MUL(d)     d *= P1
 */
#ifndef OPS_HOST_IMMEDIATE_H
#define OPS_HOST_IMMEDIATE_H

#include "ops/host/host.h"

#if HOST_ASM && HOLES
#define HOST_AND(d) asm("andl %1, %0" : "+r"(d) : "i"(__op_param1) : "cc")
#define HOST_OR(d)  asm("orl %1, %0" : "+r"(d) : "i"(__op_param1) : "cc")
#define HOST_XOR(d) asm("xorl %1, %0" : "+r"(d) : "i"(__op_param1) : "cc")
#define HOST_MUL(d) asm("imull %1, %0, %0" : "+r"(d) : "i"(__op_param1) : "cc")
#else
#define HOST_AND(d) d &= P1
#define HOST_OR(d)  d |= P1
#define HOST_XOR(d) d ^= P1
#define HOST_MUL(d) d *= P1
#endif

#endif
