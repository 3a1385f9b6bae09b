/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory at T0: x87, MMX and SSE. There slow_memi, helper_x87 and helper_mmx_store find the
 * address.
 */

/* x87: by the host's instruction on the host's memory. */
#define X87_LOAD(name, escape, reg, type, insn)                                                    \
    OP(MODEL(x87_##name))                                                                          \
    {                                                                                              \
        ADDRESS(type);                                                                             \
        X87_DO_LOAD(escape, reg, insn, MEMORY(const type));                                        \
        NEXT;                                                                                      \
    }
#define X87_STORE(name, escape, reg, type, insn)                                                   \
    OP(MODEL(x87_##name))                                                                          \
    {                                                                                              \
        ADDRESS(type);                                                                             \
        X87_DO_STORE(escape, reg, insn, MEMORY(type));                                             \
        NEXT;                                                                                      \
    }
#include "ops/i386/x87.def"

/*
 * SSE: memory to a register, with zeros above, or from a field. The a forms are for
 * addresses that are multiples of 16.
 */
#define SSE_LOAD_OP(name, type, insn, look_up)                                                     \
    OP(MODEL(sse_##name))                                                                          \
    {                                                                                              \
        look_up;                                                                                   \
        SSE_LOAD(insn, OPERAND(vector), MEMORY(const type));                                       \
        NEXT;                                                                                      \
    }
SSE_LOAD_OP(ld32, u32, "movd", ADDRESS(u32))
SSE_LOAD_OP(ld64, u64, "movq", ADDRESS(u64))
SSE_LOAD_OP(ld128, vector, "movups", ADDRESS(vector))
SSE_LOAD_OP(ld128a, vector, "movups", ADDRESS_ALIGNED)
OP(MODEL(sse_st32))
{
    ADDRESS(u32);
    MEMORY(u32) = OPERAND(u32);
    NEXT;
}
OP(MODEL(sse_st64))
{
    ADDRESS(u64);
    MEMORY(u64) = OPERAND(u64);
    NEXT;
}
#define SSE_STORE128(name, look_up)                                                                \
    OP(MODEL(sse_##name))                                                                          \
    {                                                                                              \
        look_up;                                                                                   \
        SSE_STORE(OPERAND(vector), MEMORY(vector));                                                \
        NEXT;                                                                                      \
    }
SSE_STORE128(st128, ADDRESS(vector))
SSE_STORE128(st128a, ADDRESS_ALIGNED)

/* MMX: a register to memory. */
#define MMX_STORE_OP(name, type, insn, i)                                                          \
    OP(MODEL(mmx_##name##_mm##i))                                                                  \
    {                                                                                              \
        ADDRESS(type);                                                                             \
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
