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
#define SSE_LOAD(name, type, insn, look_up)                                                        \
    OP(sse_##name)                                                                                 \
    {                                                                                              \
        vector value;                                                                              \
        look_up;                                                                                   \
        asm(insn " %1, %0" : "=x"(value) : "m"(MEMORY(const type)));                               \
        FIELD(vector, A4) = value;                                                                 \
        NEXT;                                                                                      \
    }
SSE_LOAD(ld32, u32, "movd", ADDRESS(u32, D))
SSE_LOAD(ld64, u64, "movq", ADDRESS(u64, D))
SSE_LOAD(ld128, vector, "movups", ADDRESS(vector, D))
SSE_LOAD(ld128a, vector, "movups", ADDRESS_ALIGNED(D))
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
        vector value = FIELD(vector, A4);                                                          \
        asm("movups %1, %0" : "=m"(MEMORY(vector)) : "x"(value));                                  \
        NEXT;                                                                                      \
    }
SSE_STORE128(st128, ADDRESS(vector, D))
SSE_STORE128(st128a, ADDRESS_ALIGNED(D))

/* An MMX register to memory. A miss leaves the address in T0 for helper_mmx_store. */
#define MMX_STORE(name, type, insn, i)                                                             \
    OP(mmx_##name##_mm##i)                                                                         \
    {                                                                                              \
        ADDRESS(type, D);                                                                          \
        asm volatile(insn " %%mm" #i ", %0" : "=m"(MEMORY(type)));                                 \
        NEXT;                                                                                      \
    }
#define MMX_STORES(i)                                                                              \
    MMX_STORE(st32, u32, "movd", i)                                                                \
    MMX_STORE(st64, u64, "movq", i)
MMX_STORES(0)
MMX_STORES(1)
MMX_STORES(2)
MMX_STORES(3)
MMX_STORES(4)
MMX_STORES(5)
MMX_STORES(6)
MMX_STORES(7)
#undef SSE_LOAD
#undef SSE_STORE128
#undef MMX_STORE
#undef MMX_STORES
