/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MMX and SSE in C, for builds without assembly: a function for each row of sse.def. Results and
 * MXCSR's flags are the host's, but for RCPPS, RCPSS, RSQRTPS and RSQRTSS, which are good to 12
 * bits on any processor and alike on no two.
 */
#ifndef OPS_I386_SOFT_SSE_H
#define OPS_I386_SOFT_SSE_H

#include "ops/i386/cpu.h"

/* The host's MXCSR, so to speak: a thread's. */
extern _Thread_local u32 soft_mxcsr;
u32 helper_soft_get_mxcsr(void);
void helper_soft_set_mxcsr(u32 value);
/* Who is told that an instruction has raised an unmasked exception; it does not return. */
extern void (*soft_sse_trap)(u32 mxcsr);

union sse_register {
    u8 b[16];
    s8 sb[16];
    u16 w[8];
    s16 sw[8];
    u32 l[4];
    s32 sl[4];
    u64 q[2];
};

/*
 * d = d op s, or a shift by n, or with an immediate byte n. Those of XMM registers; what MMX
 * registers have of the same name does the low 8 bytes, but for those called mmx_.
 */
#define XMM(name, opcode, form, needs, fp)                                                         \
    void helper_soft_##name(union sse_register *d, const union sse_register *s);
#define XMM_UNARY(name, opcode, form, needs, fp) XMM(name, opcode, form, needs, fp)
#define XMM_MERGE(name)                          XMM(name, , , , )
#define XMM_IMM(name, opcode, form, needs, fp)                                                     \
    void helper_soft_##name(union sse_register *d, const union sse_register *s, u8 n);
#define XMM_SHUFFLE(name, opcode, form, needs) XMM_IMM(name, opcode, form, needs, false)
#define XMM_SHIFT(name, opcode, reg, needs)                                                        \
    void helper_soft_##name##_imm(union sse_register *d, u8 n);
/* ZF, PF and CF as they are in EFLAGS */
#define XMM_FLAGS(name, opcode, form, needs, fp)                                                   \
    u32 helper_soft_##name(const union sse_register *d, const union sse_register *s);
#define XMM_GPR(name, opcode, form, needs, fp) u32 helper_soft_##name(const union sse_register *s);
/* To MMX register i. */
#define MMX(name, opcode, form, needs, fp)                                                         \
    void helper_soft_mmx_##name(unsigned i, const union sse_register *s);
#include "ops/i386/sse.def"
void helper_soft_mmx_movq(unsigned i, const union sse_register *s);
u64 helper_soft_mmx_get(unsigned i);
void helper_soft_mmx_emms(void);
u32 helper_soft_mmx_pmovmskb(u64 value);

#endif
