/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What C cannot tell a compiler about a template's holes: that one is an immediate or a
 * displacement of the instruction that uses it. Only for speed: without a port of this file the
 * same is said in C, as it is for the interpreter,
 * which has no holes: template.c defines TEMPLATE.
 *
 *   HOST_ADDRESS(a, base)        u64 a = (u32)(base + P1)
 *   HOST_ADD(d)                  d += P1
 *   HOST_SHIFT(insn, d, value)   d shifted by P1; value says it in C
 *   HOST_INSERT(insn, w, d, b, value)        the low part, of width w, of d = b; value says it in C
 *   HOST_IF(cc, insn, d, b, condition)       if (condition) on registers d and b
 *   HOST_IF_P1(cc, insn, d, condition)       ... on d and P1
 *   HOST_SET(field, n)           field = Pn, 32 bits; HOST_SET8, HOST_SET16
 *   HOST_COUNT()                 ++*(u64 *)P1
 *   HOST_IF_COUNTED()            if (--*(s32 *)P1 <= 0)
 *   HOST_STACK(field)            field = the stack pointer, in a function that calls ops
 *   HOST_HIDE(x)                 makes the compiler forget what it knows of x
 *   HOST_CODE(target)            the address of what a template jumps to
 *   HOST_SHUFFLE(insn, x, s)     insn with the immediate byte P3, vectors s in memory and x
 *   HOST_VECTOR_SHIFT(insn, x)   insn with the immediate byte P2 and the vector x
 */
#ifndef OPS_HOST_H
#define OPS_HOST_H

#if defined(__x86_64__) && defined(TEMPLATE)

#define HOST_ADDRESS(a, base)                                                                      \
    u64 a;                                                                                         \
    asm("leal %c2(%q1), %k0" : "=r"(a) : "r"(base), "i"(__op_param1))
#define HOST_ADD(d)                       asm("addl %1, %0" : "+r"(d) : "i"(__op_param1) : "cc")
#define HOST_LEA(d, b)                    asm("leal %c2(%q1), %0" : "=r"(d) : "r"(b), "i"(__op_param1))
#define HOST_SHIFT(insn, d, value)        asm(insn " %1, %0" : "+r"(d) : "i"(__op_param1) : "cc")
#define HOST_INSERT(insn, w, d, b, value) asm(insn " %" #w "1, %" #w "0" : "+r"(d) : "r"(b))
#define HOST_IF(cc, insn, d, b, condition)                                                         \
    bool holds;                                                                                    \
    asm(insn " %2, %1" : "=@cc" cc(holds) : "r"(d), "r"(b));                                       \
    if (holds)
#define HOST_IF_P1(cc, insn, d, condition)                                                         \
    bool holds;                                                                                    \
    asm(insn " %2, %1" : "=@cc" cc(holds) : "r"(d), "i"(__op_param1));                             \
    if (holds)
#define HOST_COUNT() asm volatile("incq %c0" : : "i"(__op_param1) : "cc", "memory")
#define HOST_IF_COUNTED()                                                                          \
    bool counted;                                                                                  \
    asm volatile("decl %c1" : "=@ccle"(counted) : "i"(__op_param1) : "memory");                    \
    if (UNLIKELY(counted))
#define HOST_HIDE(x)         asm("" : "+r"(x))
#define HOST_SET(field, n)   asm volatile("movl %1, %0" : "=m"(field) : "i"(__op_param##n))
#define HOST_SET16(field, n) asm volatile("movw %1, %0" : "=m"(field) : "i"(__op_param##n))
#define HOST_SET8(field, n)  asm volatile("movb %1, %0" : "=m"(field) : "i"(__op_param##n))
#define HOST_CODE(target)                                                                          \
    ({                                                                                             \
        const void *a;                                                                             \
        asm("leaq %c1(%%rip), %0" : "=r"(a) : "i"(target));                                        \
        a;                                                                                         \
    })
#define HOST_SHUFFLE(insn, x, s)                                                                   \
    asm volatile(insn " %2, %1, %0" : "+x"(x) : "m"(s), "i"(__op_param3))
#define HOST_VECTOR_SHIFT(insn, x) asm volatile(insn " %1, %0" : "+x"(x) : "i"(__op_param2))

#else

#define HOST_ADDRESS(a, base)              u64 a = (u32)((base) + P1)
#define HOST_ADD(d)                        d += P1
#define HOST_LEA(d, b)                     d = (b) + P1
#define HOST_SHIFT(insn, d, value)         d = (value)
#define HOST_INSERT(insn, w, d, b, value)  d = (value)
#define HOST_IF(cc, insn, d, b, condition) if (condition)
#define HOST_IF_P1(cc, insn, d, condition) if (condition)
#define HOST_COUNT()                       (void)++*(u64 *)A1
#define HOST_IF_COUNTED()                  if (UNLIKELY(--*(s32 *)A1 <= 0))
#define HOST_HIDE(x)                       (void)0
#define HOST_SET(field, n)                 (field) = P##n
#define HOST_SET16(field, n)               (field) = (u16)P##n
#define HOST_SET8(field, n)                (field) = (u8)P##n

/* One case for each value of a byte. */
#define HOST_4_CASES(f, n, ...)                                                                    \
    f(n, __VA_ARGS__) f((n) + 1, __VA_ARGS__) f((n) + 2, __VA_ARGS__) f((n) + 3, __VA_ARGS__)
#define HOST_16_CASES(f, n, ...)                                                                   \
    HOST_4_CASES(f, n, __VA_ARGS__)                                                                \
    HOST_4_CASES(f, (n) + 4, __VA_ARGS__)                                                          \
    HOST_4_CASES(f, (n) + 8, __VA_ARGS__)                                                          \
    HOST_4_CASES(f, (n) + 12, __VA_ARGS__)
#define HOST_64_CASES(f, n, ...)                                                                   \
    HOST_16_CASES(f, n, __VA_ARGS__)                                                               \
    HOST_16_CASES(f, (n) + 16, __VA_ARGS__)                                                        \
    HOST_16_CASES(f, (n) + 32, __VA_ARGS__)                                                        \
    HOST_16_CASES(f, (n) + 48, __VA_ARGS__)
#define HOST_256_CASES(f, ...)                                                                     \
    HOST_64_CASES(f, 0, __VA_ARGS__)                                                               \
    HOST_64_CASES(f, 64, __VA_ARGS__)                                                              \
    HOST_64_CASES(f, 128, __VA_ARGS__)                                                             \
    HOST_64_CASES(f, 192, __VA_ARGS__)
#define HOST_SHUFFLE_CASE(n, insn, x, s)                                                           \
    case n:                                                                                        \
        asm volatile(insn " %2, %1, %0" : "+x"(x) : "m"(s), "i"(n));                               \
        break;
#define HOST_SHUFFLE(insn, x, s)                                                                   \
    switch ((u8)P3) {                                                                              \
        HOST_256_CASES(HOST_SHUFFLE_CASE, insn, x, s)                                              \
    }
#define HOST_VECTOR_SHIFT_CASE(n, insn, x)                                                         \
    case n:                                                                                        \
        asm volatile(insn " %1, %0" : "+x"(x) : "i"(n));                                           \
        break;
#define HOST_VECTOR_SHIFT(insn, x)                                                                 \
    switch ((u8)P2) {                                                                              \
        HOST_256_CASES(HOST_VECTOR_SHIFT_CASE, insn, x)                                            \
    }

#endif

#if defined(__x86_64__)
#define HOST_STACK(field) asm volatile("movq %%rsp, %0" : "=m"(field))
#else
#define HOST_STACK(field) (void)0
#endif

/* Registers that preserve_none does preserve, but code of other generators does not. */
#ifdef __x86_64__
#define HOST_UNPRESERVED asm volatile("" : : : "rbp")
#else
#define HOST_UNPRESERVED (void)0
#endif
#endif
