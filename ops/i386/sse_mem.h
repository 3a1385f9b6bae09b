/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Micro-ops of one location, D, for SSE and MMX: general registers and memory to fields of struct
 * cpu, and back.
 */

/* The register at A1 = D, with zeros above; its low 16 bits alone; D = its low 32 bits. */
OP(sse_put32)
{
    FIELD(vector_u32, A1) = (vector_u32){D};
    NEXT;
}
OP(sse_put16)
{
    FIELD(u16, A1) = (u16)D;
    NEXT;
}
OP(sse_get32)
{
    D = FIELD(u32, A1);
    NEXT;
}

/*
 * Memory at D + P1 to the register at A4, with zeros above, or from the field at A4. The a forms
 * are for addresses that are multiples of 16.
 */
#define SSE_LOAD_OP(name, type, insn, look_up)                                                     \
    OP(sse_##name)                                                                                 \
    {                                                                                              \
        look_up;                                                                                   \
        SSE_LOAD(insn, FIELD(vector, A4), MEMORY(const type));                                     \
        NEXT;                                                                                      \
    }
SSE_LOAD_OP(ld32, u32, "movd", ADDRESS(u32, D))
SSE_LOAD_OP(ld64, u64, "movq", ADDRESS(u64, D))
SSE_LOAD_OP(ld128, vector, "movups", ADDRESS(vector, D))
SSE_LOAD_OP(ld128a, vector, "movups", ADDRESS_ALIGNED(D))
OP(sse_st32)
{
    ADDRESS(u32, D);
    MEMORY(u32) = FIELD(u32, A4);
    NEXT;
}
OP(sse_st64)
{
    ADDRESS(u64, D);
    MEMORY(u64) = FIELD(u64, A4);
    NEXT;
}
#define SSE_STORE128(name, look_up)                                                                \
    OP(sse_##name)                                                                                 \
    {                                                                                              \
        look_up;                                                                                   \
        SSE_STORE(FIELD(vector, A4), MEMORY(vector));                                              \
        NEXT;                                                                                      \
    }
SSE_STORE128(st128, ADDRESS(vector, D))
SSE_STORE128(st128a, ADDRESS_ALIGNED(D))

/* An MMX register to memory. A miss leaves the address in T0 for helper_mmx_store. */
#define MMX_STORE_OP(name, type, insn, i)                                                          \
    OP(mmx_##name##_mm##i)                                                                         \
    {                                                                                              \
        ADDRESS(type, D);                                                                          \
        MMX_STORE(insn, i, MEMORY(type));                                                          \
        NEXT;                                                                                      \
    }
#define MMX_STORES(i)                                                                              \
    MMX_STORE_OP(st32, u32, "movd", i)                                                             \
    MMX_STORE_OP(st64, u64, "movq", i)
MMX_STORES(0)
MMX_STORES(1)
MMX_STORES(2)
MMX_STORES(3)
MMX_STORES(4)
MMX_STORES(5)
MMX_STORES(6)
MMX_STORES(7)
#undef SSE_LOAD_OP
#undef SSE_STORE128
#undef MMX_STORE_OP
#undef MMX_STORES
