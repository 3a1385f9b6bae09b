/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MMX and SSE micro-ops, by the table sse.def: the host's instructions, on XMM registers that are
 * in struct cpu, named by their offsets there, and on the host's own MMX registers, which are the
 * guest's as those of the x87 are (see x87.h). Operands from elsewhere come by way of a field,
 * cpu->sse.temp. The MXCSR that they run under is the guest's: see struct sse.
 */
typedef float vector __attribute__((vector_size(16)));
typedef u32 vector_u32 __attribute__((vector_size(16)));
#define XMM_D FIELD(vector, A1)
#define XMM_S FIELD(const vector, A2)

/* D = D op S, A1 and A2. */
#define XMM(name, opcode, form, needs, fp)                                                         \
    OP(sse_##name)                                                                                 \
    {                                                                                              \
        vector d = XMM_D;                                                                          \
        asm volatile(#name " %1, %0" : "+x"(d) : "m"(XMM_S));                                      \
        XMM_D = d;                                                                                 \
        NEXT;                                                                                      \
    }
#define XMM_UNARY(name, opcode, form, needs, fp)                                                   \
    OP(sse_##name)                                                                                 \
    {                                                                                              \
        vector d;                                                                                  \
        asm volatile(#name " %1, %0" : "=x"(d) : "m"(XMM_S));                                      \
        XMM_D = d;                                                                                 \
        NEXT;                                                                                      \
    }
#define XMM_MERGE(name)                                                                            \
    OP(sse_##name)                                                                                 \
    {                                                                                              \
        vector d = XMM_D, s = XMM_S;                                                               \
        asm volatile(#name " %1, %0" : "+x"(d) : "x"(s));                                          \
        XMM_D = d;                                                                                 \
        NEXT;                                                                                      \
    }
/* ... with P3. */
#define XMM_IMM(name, opcode, form, needs, fp)                                                     \
    OP(sse_##name)                                                                                 \
    {                                                                                              \
        vector d = XMM_D;                                                                          \
        HOST_SHUFFLE(#name, d, XMM_S);                                                             \
        XMM_D = d;                                                                                 \
        NEXT;                                                                                      \
    }
#define XMM_SHUFFLE(name, opcode, form, needs) XMM_IMM(name, opcode, form, needs, false)
/* D by P2. */
#define XMM_SHIFT(name, opcode, reg, needs)                                                        \
    OP(sse_##name##_imm)                                                                           \
    {                                                                                              \
        vector d = XMM_D;                                                                          \
        HOST_VECTOR_SHIFT(#name, d);                                                               \
        XMM_D = d;                                                                                 \
        NEXT;                                                                                      \
    }
/* ZF, PF and CF; the others are cleared. */
#define XMM_FLAGS(name, opcode, form, needs, fp)                                                   \
    OP(sse_##name)                                                                                 \
    {                                                                                              \
        u32 flags;                                                                                 \
        vector d = XMM_D;                                                                          \
        asm volatile(#name " %2, %1\n\tlahf" : "=a"(flags) : "x"(d), "m"(XMM_S) : "cc");           \
        cpu->cc_src = flags >> 8 & (FLAG_ZF | FLAG_PF | FLAG_CF);                                  \
        NEXT;                                                                                      \
    }
/* T1 from A1. */
#define XMM_GPR(name, opcode, form, needs, fp)                                                     \
    OP(sse_##name)                                                                                 \
    {                                                                                              \
        vector s = XMM_D;                                                                          \
        asm volatile(#name " %1, %0" : "=r"(t1) : "x"(s));                                         \
        NEXT;                                                                                      \
    }
/* An MMX register from A1. */
#define MMX_OP(name, i)                                                                            \
    OP(mmx_##name##_mm##i)                                                                         \
    {                                                                                              \
        asm volatile(#name " %0, %%mm" #i : : "m"(FIELD(const vector, A1)));                       \
        NEXT;                                                                                      \
    }
#define MMX_OPS(name)                                                                              \
    MMX_OP(name, 0)                                                                                \
    MMX_OP(name, 1)                                                                                \
    MMX_OP(name, 2)                                                                                \
    MMX_OP(name, 3)                                                                                \
    MMX_OP(name, 4)                                                                                \
    MMX_OP(name, 5)                                                                                \
    MMX_OP(name, 6)                                                                                \
    MMX_OP(name, 7)
#define MMX(name, opcode, form, needs, fp) MMX_OPS(name)
#include "ops/i386/sse.def"
MMX_OPS(movq)

/* An MMX register to A1. */
#define MMX_GET(i)                                                                                 \
    OP(mmx_get_mm##i)                                                                              \
    {                                                                                              \
        asm volatile("movq %%mm" #i ", %0" : "=m"(FIELD(u64, A1)));                                \
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
    asm volatile("emms");
    NEXT;
}
/* T1 from the 64 bits at A1. */
OP(mmx_pmovmskb)
{
    vector s;
    asm volatile("movq %2, %1\n\tpmovmskb %1, %0" : "=r"(t1), "=x"(s) : "m"(FIELD(u64, A1)));
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
    vector d;
    asm("movq %1, %0" : "=x"(d) : "m"(XMM_S));
    XMM_D = d;
    NEXT;
}
/* A half from the low half of S. */
OP(sse_movlps)
{
    vector d = XMM_D;
    asm("movlps %1, %0" : "+x"(d) : "m"(XMM_S));
    XMM_D = d;
    NEXT;
}
OP(sse_movhps)
{
    vector d = XMM_D;
    asm("movhps %1, %0" : "+x"(d) : "m"(XMM_S));
    XMM_D = d;
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
    asm volatile("ldmxcsr %0" : : "m"(cpu->sse.mxcsr));
    NEXT;
}
/* cpu->sse.mxcsr is the guest's. */
OP(sse_stmxcsr)
{
    asm volatile("stmxcsr %0" : "=m"(cpu->sse.mxcsr));
    NEXT;
}
/* Behind an instruction that may have raised an exception, and did not. */
OP(sse_mask)
{
    asm volatile("stmxcsr %0\n\tldmxcsr %1" : "=m"(cpu->sse.mxcsr) : "m"(cpu->sse.mxcsr_masked));
    NEXT;
}
#undef XMM_D
#undef XMM_S
#undef MMX_OP
#undef MMX_OPS
#undef MMX_GET
