/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MMX and SSE micro-ops, by the table sse.def: the host's instructions, on XMM registers that are
 * in struct cpu, named by their offsets there, and on the host's own MMX registers, which are the
 * guest's as those of the x87 are (see x87.h). Operands from elsewhere come by way of a field,
 * cpu->sse.temp. The MXCSR that they run under is the guest's: see struct sse.
 */
#define XMM_D FIELD(vector, A1)
#define XMM_S FIELD(const vector, A2)

/* D = D op S, A1 and A2. */
#define XMM(name, opcode, form, needs, fp)                                                         \
    OP(sse_##name)                                                                                 \
    {                                                                                              \
        SSE_DO(name, XMM_D, XMM_S);                                                                \
        NEXT;                                                                                      \
    }
#define XMM_UNARY(name, opcode, form, needs, fp)                                                   \
    OP(sse_##name)                                                                                 \
    {                                                                                              \
        SSE_DO_UNARY(name, XMM_D, XMM_S);                                                          \
        NEXT;                                                                                      \
    }
#define XMM_MERGE(name)                                                                            \
    OP(sse_##name)                                                                                 \
    {                                                                                              \
        SSE_DO_MERGE(name, XMM_D, XMM_S);                                                          \
        NEXT;                                                                                      \
    }
/* ... with P3. */
#define XMM_IMM(name, opcode, form, needs, fp)                                                     \
    OP(sse_##name)                                                                                 \
    {                                                                                              \
        SSE_DO_BY_P3(name, XMM_D, XMM_S);                                                          \
        NEXT;                                                                                      \
    }
#define XMM_SHUFFLE(name, opcode, form, needs) XMM_IMM(name, opcode, form, needs, false)
/* D by P2. */
#define XMM_SHIFT(name, opcode, reg, needs)                                                        \
    OP(sse_##name##_imm)                                                                           \
    {                                                                                              \
        SSE_DO_SHIFT(name, XMM_D);                                                                 \
        NEXT;                                                                                      \
    }
/* ZF, PF and CF; the others are cleared. */
#define XMM_FLAGS(name, opcode, form, needs, fp)                                                   \
    OP(sse_##name)                                                                                 \
    {                                                                                              \
        u32 flags;                                                                                 \
        SSE_DO_FLAGS(name, flags, XMM_D, XMM_S);                                                   \
        cpu->cc_src = flags >> 8 & (FLAG_ZF | FLAG_PF | FLAG_CF);                                  \
        NEXT;                                                                                      \
    }
/* T1 from A1. */
#define XMM_GPR(name, opcode, form, needs, fp)                                                     \
    OP(sse_##name)                                                                                 \
    {                                                                                              \
        SSE_DO_GENERAL(name, t1, XMM_D);                                                           \
        NEXT;                                                                                      \
    }
/* An MMX register from A1. */
#define MMX_OP(name, i)                                                                            \
    OP(mmx_##name##_mm##i)                                                                         \
    {                                                                                              \
        MMX_DO(name, i, FIELD(const vector, A1));                                                  \
        NEXT;                                                                                      \
    }
#ifdef ONE_LOCATION
#define MMX_OPS(name) MMX_OP(name, 0)
#else
#define MMX_OPS(name)                                                                              \
    MMX_OP(name, 0)                                                                                \
    MMX_OP(name, 1)                                                                                \
    MMX_OP(name, 2)                                                                                \
    MMX_OP(name, 3)                                                                                \
    MMX_OP(name, 4)                                                                                \
    MMX_OP(name, 5)                                                                                \
    MMX_OP(name, 6)                                                                                \
    MMX_OP(name, 7)
#endif
#define MMX(name, opcode, form, needs, fp) MMX_OPS(name)
#include "ops/i386/sse.def"
MMX_OPS(movq)

/* An MMX register to A1. */
#define MMX_GET(i)                                                                                 \
    OP(mmx_get_mm##i)                                                                              \
    {                                                                                              \
        MMX_STORE("movq", i, FIELD(u64, A1));                                                      \
        NEXT;                                                                                      \
    }
MMX_GET(0)
MMX_GET(1)
MMX_GET(2)
MMX_GET(3)
MMX_GET(4)
MMX_GET(5)
MMX_GET(6)
MMX_GET(7)

OP(mmx_emms)
{
    MMX_EMPTY();
    NEXT;
}
/* T1 from the 64 bits at A1. */
OP(mmx_pmovmskb)
{
    MMX_SIGNS(t1, FIELD(u64, A1));
    NEXT;
}

/* All of a register; its low half, with zeros above. */
OP(sse_mov)
{
    XMM_D = XMM_S;
    NEXT;
}
OP(sse_movq)
{
    SSE_MOVE_LOW64(XMM_D, XMM_S);
    NEXT;
}
/* A half from the low half of S. */
OP(sse_movlps)
{
    SSE_INSERT_LOW64(XMM_D, XMM_S);
    NEXT;
}
OP(sse_movhps)
{
    SSE_INSERT_HIGH64(XMM_D, XMM_S);
    NEXT;
}
/* The 64 bits at A1 = P2. */
OP(sse_puti)
{
    FIELD(u64, A1) = P2;
    NEXT;
}

/* MXCSR = T1; cold if it has bits that there are not, or unmasks an exception. */
OP(sse_ldmxcsr)
{
    if (UNLIKELY((t1 & ~(cpu->sse.mxcsr_mask & ~(u32)MXCSR_MASKS)) != MXCSR_MASKS))
        COLD;
    cpu->sse.mxcsr = t1;
    SSE_SET_MXCSR(cpu->sse.mxcsr);
    NEXT;
}
/* cpu->sse.mxcsr is the guest's. */
OP(sse_stmxcsr)
{
    SSE_GET_MXCSR(cpu->sse.mxcsr);
    NEXT;
}
/* Behind an instruction that may have raised an exception, and did not. */
OP(sse_mask)
{
    SSE_GET_MXCSR(cpu->sse.mxcsr);
    SSE_SET_MXCSR(cpu->sse.mxcsr_masked);
    NEXT;
}
#undef XMM_D
#undef XMM_S
#undef MMX_OP
#undef MMX_OPS
#undef MMX_GET
