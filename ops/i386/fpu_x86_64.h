/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the micro-ops of the x87, of MMX and of SSE say of an x86-64 host: it has the same
 * instructions. fpu_soft.h says the same in C.
 *
 *   X87_DO(escape, modrm)                    an instruction between registers
 *   X87_DO_FLAGS(flags, escape, modrm)       one that sets flags: as LAHF has them, in bits 8..15
 *   X87_DO_MOVE(i, condition)                FCMOVcc of ST(i)
 *   X87_DO_LOAD(escape, reg, insn, place)    one on memory; X87_DO_STORE
 *   X87_CLEAR(), X87_GET_STATUS(to), X87_SET_CONTROL(from)
 *   MMX_DO(name, i, source)                  a row of sse.def, to MMX register i
 *   MMX_STORE(insn, i, place)                MMX register i to 32 or 64 bits
 *   MMX_EMPTY(), MMX_SIGNS(to, place)        EMMS; PMOVMSKB of 64 bits
 *   SSE_DO(name, d, s)                       d = d op s; SSE_DO_UNARY, SSE_DO_MERGE
 *   SSE_DO_BY_P3(name, d, s)                 ... with the immediate byte P3
 *   SSE_DO_SHIFT(name, d)                    d by P2
 *   SSE_DO_FLAGS(name, flags, d, s)          flags as above
 *   SSE_DO_GENERAL(name, to, s)              to a general register
 *   SSE_MOVE_LOW64(d, s)                     with zeros above; SSE_INSERT_LOW64, SSE_INSERT_HIGH64
 *   SSE_LOAD(insn, d, place), SSE_STORE(s, place)
 *   SSE_SET_MXCSR(from), SSE_GET_MXCSR(to)
 *
 * The assembler is given bytes where the mnemonics of fsub and fdiv mean different things to
 * different assemblers.
 */
#ifndef OPS_I386_FPU_X86_64_H
#define OPS_I386_FPU_X86_64_H

#define X87_DO(escape, modrm) asm volatile(".byte %c0, %c1" : : "i"(escape), "i"(modrm))
#define X87_DO_FLAGS(flags, escape, modrm)                                                         \
    asm volatile(".byte %c1, %c2\n\tlahf" : "=a"(flags) : "i"(escape), "i"(modrm) : "cc")
/* FCMOVNE does it. */
#define X87_DO_MOVE(i, condition)                                                                  \
    asm volatile("testl %0, %0\n\t.byte 0xdb, 0xc8 + " #i : : "r"(condition) : "cc")
#define X87_DO_LOAD(escape, reg, insn, place)  asm volatile(insn " %0" : : "m"(place))
#define X87_DO_STORE(escape, reg, insn, place) asm volatile(insn " %0" : "=m"(place))
#define X87_CLEAR()                            asm volatile("fnclex")
#define X87_GET_STATUS(to)                     asm volatile("fnstsw %0" : "=a"(to))
#define X87_SET_CONTROL(from)                  asm volatile("fldcw %0" : : "m"(from))

#define MMX_DO(name, i, source)   asm volatile(#name " %0, %%mm" #i : : "m"(source))
#define MMX_STORE(insn, i, place) asm volatile(insn " %%mm" #i ", %0" : "=m"(place))
#define MMX_EMPTY()               asm volatile("emms")
#define MMX_SIGNS(to, place)                                                                       \
    do {                                                                                           \
        vector s;                                                                                  \
        asm volatile("movq %2, %1\n\tpmovmskb %1, %0" : "=r"(to), "=x"(s) : "m"(place));           \
    } while (0)

/* By way of a register. */
#define SSE_THROUGH(d, ...)                                                                        \
    do {                                                                                           \
        vector x = d;                                                                              \
        __VA_ARGS__;                                                                               \
        d = x;                                                                                     \
    } while (0)
#define SSE_TO(d, ...)                                                                             \
    do {                                                                                           \
        vector x;                                                                                  \
        __VA_ARGS__;                                                                               \
        d = x;                                                                                     \
    } while (0)
#define SSE_DO(name, d, s)       SSE_THROUGH(d, asm volatile(#name " %1, %0" : "+x"(x) : "m"(s)))
#define SSE_DO_UNARY(name, d, s) SSE_TO(d, asm volatile(#name " %1, %0" : "=x"(x) : "m"(s)))
#define SSE_DO_MERGE(name, d, s)                                                                   \
    do {                                                                                           \
        vector x = d, y = s;                                                                       \
        asm volatile(#name " %1, %0" : "+x"(x) : "x"(y));                                          \
        d = x;                                                                                     \
    } while (0)
#define SSE_DO_BY_P3(name, d, s) SSE_THROUGH(d, SSE_BY_P3(#name, x, s))
#define SSE_DO_SHIFT(name, d)    SSE_THROUGH(d, SSE_BY_P2(#name, x))
#define SSE_DO_FLAGS(name, flags, d, s)                                                            \
    do {                                                                                           \
        vector x = d;                                                                              \
        asm volatile(#name " %2, %1\n\tlahf" : "=a"(flags) : "x"(x), "m"(s) : "cc");               \
    } while (0)
#define SSE_DO_GENERAL(name, to, s)                                                                \
    do {                                                                                           \
        vector x = s;                                                                              \
        asm volatile(#name " %1, %0" : "=r"(to) : "x"(x));                                         \
    } while (0)
#define SSE_MOVE_LOW64(d, s)     SSE_TO(d, asm("movq %1, %0" : "=x"(x) : "m"(s)))
#define SSE_INSERT_LOW64(d, s)   SSE_THROUGH(d, asm("movlps %1, %0" : "+x"(x) : "m"(s)))
#define SSE_INSERT_HIGH64(d, s)  SSE_THROUGH(d, asm("movhps %1, %0" : "+x"(x) : "m"(s)))
#define SSE_LOAD(insn, d, place) SSE_TO(d, asm(insn " %1, %0" : "=x"(x) : "m"(place)))
#define SSE_STORE(s, place)                                                                        \
    do {                                                                                           \
        vector x = s;                                                                              \
        asm("movups %1, %0" : "=m"(place) : "x"(x));                                               \
    } while (0)
#define SSE_SET_MXCSR(from) asm volatile("ldmxcsr %0" : : "m"(from))
#define SSE_GET_MXCSR(to)   asm volatile("stmxcsr %0" : "=m"(to))

/* An instruction with an immediate byte; without holes, one of 256. */
#if HOLES

#define SSE_BY_P3(insn, x, s) asm volatile(insn " %2, %1, %0" : "+x"(x) : "m"(s), "i"(__op_param3))
#define SSE_BY_P2(insn, x)    asm volatile(insn " %1, %0" : "+x"(x) : "i"(__op_param2))

#else

/* One case for each value of a byte. */
#define BYTE_4_CASES(f, n, ...)                                                                    \
    f(n, __VA_ARGS__) f((n) + 1, __VA_ARGS__) f((n) + 2, __VA_ARGS__) f((n) + 3, __VA_ARGS__)
#define BYTE_16_CASES(f, n, ...)                                                                   \
    BYTE_4_CASES(f, n, __VA_ARGS__)                                                                \
    BYTE_4_CASES(f, (n) + 4, __VA_ARGS__)                                                          \
    BYTE_4_CASES(f, (n) + 8, __VA_ARGS__)                                                          \
    BYTE_4_CASES(f, (n) + 12, __VA_ARGS__)
#define BYTE_64_CASES(f, n, ...)                                                                   \
    BYTE_16_CASES(f, n, __VA_ARGS__)                                                               \
    BYTE_16_CASES(f, (n) + 16, __VA_ARGS__)                                                        \
    BYTE_16_CASES(f, (n) + 32, __VA_ARGS__)                                                        \
    BYTE_16_CASES(f, (n) + 48, __VA_ARGS__)
#define BYTE_256_CASES(f, ...)                                                                     \
    BYTE_64_CASES(f, 0, __VA_ARGS__)                                                               \
    BYTE_64_CASES(f, 64, __VA_ARGS__)                                                              \
    BYTE_64_CASES(f, 128, __VA_ARGS__)                                                             \
    BYTE_64_CASES(f, 192, __VA_ARGS__)
#define SSE_BY_P3_CASE(n, insn, x, s)                                                              \
    case n:                                                                                        \
        asm volatile(insn " %2, %1, %0" : "+x"(x) : "m"(s), "i"(n));                               \
        break;
#define SSE_BY_P3(insn, x, s)                                                                      \
    switch ((u8)P3) {                                                                              \
        BYTE_256_CASES(SSE_BY_P3_CASE, insn, x, s)                                                 \
    }
#define SSE_BY_P2_CASE(n, insn, x)                                                                 \
    case n:                                                                                        \
        asm volatile(insn " %1, %0" : "+x"(x) : "i"(n));                                           \
        break;
#define SSE_BY_P2(insn, x)                                                                         \
    switch ((u8)P2) {                                                                              \
        BYTE_256_CASES(SSE_BY_P2_CASE, insn, x)                                                    \
    }

#endif

#endif
