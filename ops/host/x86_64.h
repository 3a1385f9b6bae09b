/* SPDX-License-Identifier: GPL-3.0-or-later */
/* host.h in x86-64's assembly. */
#if HOST_ASM && HOLES

#define HOST_ADDRESS(a, base)                                                                      \
    u64 a;                                                                                         \
    asm("leal %c2(%q1), %k0" : "=r"(a) : "r"(base), "i"(__op_param1))
#define HOST_WIDE_ADDRESS(a, base)                                                                 \
    u64 a;                                                                                         \
    asm("leaq %c2(%q1), %0" : "=r"(a) : "r"(base), "i"(__op_param1))
#define HOST_NARROW(d) asm("movl %0, %0" : "+r"(d))
/* In RBP, which preserve_none preserves: no compiled code but ours changes it for good. */
#define HOST_KEEP(field) asm volatile("movq %0, %%rbp" : : "m"(field))
#define HOST_LOAD_AT(type, value, base)                                                            \
    asm(X86_LOAD_##type " %c2(%%rbp,%q1), %k0"                                                     \
        : "=r"(value)                                                                              \
        : "r"(base), "i"(__op_param1)                                                              \
        : "memory")
#define HOST_STORE_AT(type, value, base)                                                           \
    asm volatile(X86_STORE_##type "%0, %c2(%%rbp,%q1)"                                             \
                 :                                                                                 \
                 : "r"((type)(value)), "r"(base), "i"(__op_param1)                                 \
                 : "memory")
#define HOST_SET_AT(type, n, base)                                                                 \
    asm volatile(X86_STORE_##type "%0, %c2(%%rbp,%q1)"                                             \
                 :                                                                                 \
                 : "i"(__op_param##n), "r"(base), "i"(__op_param1)                                 \
                 : "memory")
/* The register that T0 is in, all of it: not a single instruction. */
#define HOST_AT_T0(a)                                                                              \
    EACH_LOCATION(X86_ARGUMENT, )                                                                  \
    EACH_LOCATION(X86_WHOLE, )                                                                     \
    asm("" : "=r"(whole_t0) : "r"(at_t0));                                                         \
    u64 a = whole_t0
#define HOST_KEPT_AT_T0(a)                                                                         \
    u64 a;                                                                                         \
    asm("leaq (%%rbp,%q1), %0" : "=r"(a) : "r"(t0))
#define HOST_ADD(d)         asm("addl %1, %0" : "+r"(d) : "i"(__op_param1) : "cc")
#define HOST_AND(d)         asm("andl %1, %0" : "+r"(d) : "i"(__op_param1) : "cc")
#define HOST_OR(d)          asm("orl %1, %0" : "+r"(d) : "i"(__op_param1) : "cc")
#define HOST_XOR(d)         asm("xorl %1, %0" : "+r"(d) : "i"(__op_param1) : "cc")
#define HOST_MUL(d)         asm("imull %1, %0, %0" : "+r"(d) : "i"(__op_param1) : "cc")
#define HOST_LEA(d, b)      asm("leal %c2(%q1), %0" : "=r"(d) : "r"(b), "i"(__op_param1))
#define HOST_SHIFT(kind, d) asm(X86_##kind " %1, %0" : "+r"(d) : "i"(__op_param1) : "cc")
#define HOST_INSERT8(d, b)  asm("movb %b1, %b0" : "+r"(d) : "r"(b))
#define HOST_INSERT16(d, b) asm("movw %w1, %w0" : "+r"(d) : "r"(b))
#define HOST_IF_ABOVE_P2(x)                                                                        \
    bool above;                                                                                    \
    asm("cmpq %2, %1" : "=@cca"(above) : "r"(x), "i"(__op_param2));                                \
    if (UNLIKELY(above))
#define HOST_COUNT() asm volatile("incq %c0" : : "i"(__op_param1) : "cc", "memory")
#define HOST_IF_COUNTED()                                                                          \
    bool counted;                                                                                  \
    asm volatile("decl %c1" : "=@ccle"(counted) : "i"(__op_param1) : "memory");                    \
    if (UNLIKELY(counted))
#define HOST_IF_SPENT(field)                                                                       \
    bool spent;                                                                                    \
    asm volatile("subl %2, %1" : "=@ccs"(spent), "+m"(field) : "i"(__op_param1));                  \
    if (UNLIKELY(spent))
#define HOST_ADD_TO(field)   asm volatile("addl %1, %0" : "+m"(field) : "i"(__op_param1) : "cc")
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

/*
 * By the field itself: compilers load it into a register where all arguments have one of theirs.
 * Those are where they have come in.
 */
#define HOST_JUMP(code)                                                                            \
    do {                                                                                           \
        register CPU *at_cpu asm("r12") = cpu;                                                     \
        EACH_LOCATION(X86_ARGUMENT, )                                                              \
        asm volatile("jmp *%0" : : "m"(code), "r"(at_cpu)EACH_LOCATION(X86_OPERAND, ) : "memory"); \
        __builtin_unreachable();                                                                   \
    } while (0)
#define X86_ARGUMENT(argument, name, NAME, number, host)                                           \
    __attribute__((unused)) register u32 at_##name asm(X86_REGISTER_##host) = name;
#define X86_WHOLE(argument, name, NAME, number, host)                                              \
    __attribute__((unused)) register u64 whole_##name asm(X86_REGISTER_##host);
#define X86_OPERAND(argument, name, NAME, number, host) , "r"(at_##name)

#define X86_REGISTER_R13 "r13"
#define X86_REGISTER_R14 "r14"
#define X86_REGISTER_R15 "r15"
#define X86_REGISTER_RDI "rdi"
#define X86_REGISTER_RSI "rsi"
#define X86_REGISTER_RDX "rdx"
#define X86_REGISTER_RCX "rcx"
#define X86_REGISTER_R8  "r8"
#define X86_REGISTER_R9  "r9"
#define X86_REGISTER_R11 "r11"

#define X86_LOAD_u8   "movzbl"
#define X86_LOAD_s8   "movsbl"
#define X86_LOAD_u16  "movzwl"
#define X86_LOAD_s16  "movswl"
#define X86_LOAD_u32  "movl"
#define X86_STORE_u8  "movb "
#define X86_STORE_u16 "movw "
#define X86_STORE_u32 "movl "

#define X86_left         "shll"
#define X86_right        "shrl"
#define X86_right_signed "sarl"
#define X86_rotate_left  "roll"

/* A condition is the lower half of a byte of its instruction: its code is added to what that is for
 * code 0, so many bytes before the end. */
#define HOST_REGISTER(b)                          "r"(b), "__op_param1"
#define HOST_P1                                   "i"(__op_param1), "__op_param2"
#define HOST_GOTO_IF(to, kind, condition, d, ...) X86_GOTO_IF(to, kind, d, __VA_ARGS__)
#define HOST_SET_IF(to, kind, condition, d, ...)  X86_SET_IF(to, kind, d, __VA_ARGS__)
#define X86_GOTO_IF(to, kind, d, b, code)                                                          \
    asm goto(X86_##kind " %1, %0\n%{disp32%} jo %l2" X86_CODE(code, "0x80", "5")                   \
             :                                                                                     \
             : "r"(d), b                                                                           \
             : "cc"                                                                                \
             : to)
#define X86_SET_IF(to, kind, d, b, code)                                                           \
    asm("xorl %0, %0\n" X86_##kind " %2, %1\nseto %b0" X86_CODE(code, "0x90", "2")                 \
        : "=&r"(to)                                                                                \
        : "r"(d), b                                                                                \
        : "cc")
#define X86_CODE(code, byte, end) "\n9: .reloc 9b - " end ", R_X86_64_8, " code " + " byte
#define X86_COMPARE               "cmpl"
#define X86_TEST                  "testl"

#endif

#define HOST_STACK(field) asm volatile("movq %%rsp, %0" : "=m"(field))
/* Registers that preserve_none does preserve, but code of other generators does not. */
#define HOST_UNPRESERVED asm volatile("" : : : "rbp")
