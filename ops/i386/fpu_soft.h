/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fpu_x86_64.h in C: the x87 and SSE of ops/i386/soft. */
#ifndef OPS_I386_FPU_SOFT_H
#define OPS_I386_FPU_SOFT_H

#include "ops/i386/soft/sse.h"
#include "ops/i386/soft/x87.h"

#include <string.h>

#define X87_DO(escape, modrm) (void)helper_soft_x87_registers(x87_insn(escape, modrm), 0)
#define X87_DO_FLAGS(flags, escape, modrm)                                                         \
    flags = helper_soft_x87_registers(x87_insn(escape, modrm), 0)
#define X87_DO_MOVE(i, condition)                                                                  \
    (void)helper_soft_x87_registers(x87_insn(0xdb, 0xc8 + (i)), condition)
#define X87_DO_LOAD(escape, reg, insn, place)                                                      \
    helper_soft_x87_memory(x87_insn(escape, (reg) << 3), (void *)(uintptr_t) & (place))
#define X87_DO_STORE(escape, reg, insn, place) X87_DO_LOAD(escape, reg, insn, place)
#define X87_CLEAR()                            X87_DO(0xdb, 0xe2)
#define X87_GET_STATUS(to)                     to = helper_soft_x87_status()
#define X87_SET_CONTROL(from)                  helper_soft_x87_set_control(from)

#define SOFT_D(d)                 (union sse_register *)&(d)
#define SOFT_S(s)                 (const union sse_register *)&(s)
#define MMX_DO(name, i, source)   helper_soft_mmx_##name(i, SOFT_S(source))
#define MMX_STORE(insn, i, place) place = (__typeof__(place))helper_soft_mmx_get(i)
#define MMX_EMPTY()               helper_soft_mmx_emms()
#define MMX_SIGNS(to, place)      to = helper_soft_mmx_pmovmskb(place)

#define SSE_DO(name, d, s)              helper_soft_##name(SOFT_D(d), SOFT_S(s))
#define SSE_DO_UNARY(name, d, s)        SSE_DO(name, d, s)
#define SSE_DO_MERGE(name, d, s)        SSE_DO(name, d, s)
#define SSE_DO_BY_P3(name, d, s)        helper_soft_##name(SOFT_D(d), SOFT_S(s), (u8)P3)
#define SSE_DO_SHIFT(name, d)           helper_soft_##name##_imm(SOFT_D(d), (u8)P2)
#define SSE_DO_FLAGS(name, flags, d, s) flags = helper_soft_##name(SOFT_S(d), SOFT_S(s)) << 8
#define SSE_DO_GENERAL(name, to, s)     to = helper_soft_##name(SOFT_S(s))
#define SSE_MOVE_LOW64(d, s)                                                                       \
    d = (vector)(vector_u64)                                                                       \
    {                                                                                              \
        (SOFT_S(s))->q[0]                                                                          \
    }
#define SSE_INSERT_LOW64(d, s)  (SOFT_D(d))->q[0] = (SOFT_S(s))->q[0]
#define SSE_INSERT_HIGH64(d, s) (SOFT_D(d))->q[1] = (SOFT_S(s))->q[0]
/* Memory may be at any address. */
#define SSE_LOAD(insn, d, place)                                                                   \
    do {                                                                                           \
        union sse_register x = {.q = {0}};                                                         \
        memcpy(&x, (const void *)&(place), sizeof(place));                                         \
        *SOFT_D(d) = x;                                                                            \
    } while (0)
#define SSE_STORE(s, place) memcpy((void *)&(place), &(s), sizeof(s))
#define SSE_SET_MXCSR(from) helper_soft_set_mxcsr(from)
#define SSE_GET_MXCSR(to)   to = helper_soft_get_mxcsr()

#endif
