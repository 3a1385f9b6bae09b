/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ops.c: ops that dyngen must take, one for each kind of hole, field and way out. Where the C
 * compiler would not choose the instruction wanted, assembler does.
 */
#include "tests/dyngen/op.h"

extern uint32_t test_helper(uint32_t x, uint32_t y), test_subtract(uint32_t x, uint32_t y);

OP op_set(STATE)
{
    a = (uint32_t)P(1);
    TO(__op_next);
}

OP op_add(STATE)
{
    __asm__("addl %1, %0" : "+r"(a) : "i"(__op_param1) : "cc");
    TO(__op_next);
}

OP op_and(STATE)
{
    __asm__("andl %1, %0" : "+r"(a) : "i"(__op_param1) : "cc");
    TO(__op_next);
}

OP op_compare(STATE)
{
    __asm__("cmpl %2, %1; setl %b0" : "+r"(b) : "r"(a), "i"(__op_param1) : "cc");
    TO(__op_next);
}

OP op_lea(STATE)
{
    __asm__("leal %c2(%q1), %k0" : "=r"(a) : "r"(b), "i"(__op_param1));
    TO(__op_next);
}

OP op_shift(STATE)
{
    __asm__("shll %1, %0" : "+r"(a) : "i"(__op_param1) : "cc");
    TO(__op_next);
}

/* add's form with a sign-extended byte */
OP op_add_byte(STATE)
{
    __asm__(".byte 0x41, 0x83, 0xc5; .reloc ., R_X86_64_8, __op_param1; .byte 0"
            : "+r"(a)
            :
            : "cc");
    TO(__op_next);
}

OP op_store16(STATE)
{
    __asm__ volatile("movw %1, (%0)" : : "r"(&s->wide), "i"(__op_param1) : "memory");
    TO(__op_next);
}

OP op_store64(STATE)
{
    s->wide = P(1);
    TO(__op_next);
}

OP op_whole(STATE)
{
    uint64_t value;
    __asm__("movabsq %1, %0" : "=r"(value) : "i"(__op_param1));
    s->wide = value;
    TO(__op_next);
}

OP op_whole_twice(STATE)
{
    uint64_t x, y;
    __asm__("movabsq %2, %0; movabsq %2, %1" : "=r"(x), "=r"(y) : "i"(__op_param1));
    s->param[0] = x;
    s->param[1] = y;
    TO(__op_next);
}

OP op_load(STATE)
{
    a = *(uint32_t *)((char *)s + (int64_t)P(1));
    TO(__op_next);
}

OP op_near(STATE)
{
    uint64_t value;
    __asm__("leaq %c1(%%rip), %0" : "=r"(value) : "i"(__op_param1));
    s->wide = value;
    TO(__op_next);
}

OP op_all(STATE)
{
    uint64_t x;
#define STORE(n)                                                                                   \
    __asm__("movabsq %1, %0" : "=r"(x) : "i"(__op_param##n));                                      \
    s->param[(n)-1] = x
    STORE(1);
    STORE(2);
    STORE(3);
    STORE(4);
    STORE(5);
    STORE(6);
    STORE(7);
    STORE(8);
    TO(__op_next);
}

OP op_if_less(STATE)
{
    if (a < b)
        TO(__op_taken);
    TO(__op_next);
}

/* The condition is a value: of a branch, of a byte that is set, of a move. */
OP op_if(STATE)
{
    __asm__ goto("cmpl %1, %0\n%{disp32%} jo %l2\n1: .reloc 1b - 5, R_X86_64_8, __op_param1 + 0x80"
                 :
                 : "r"(a), "r"(b)
                 : "cc"
                 : taken);
    TO(__op_next);
taken:;
    TO(__op_taken);
}

OP op_compared(STATE)
{
    uint32_t holds;
    __asm__("xorl %0, %0\ncmpl %2, %1\nseto %b0\n1: .reloc 1b - 2, R_X86_64_8, __op_param1 + 0x90"
            : "=&r"(holds)
            : "r"(a), "r"(b)
            : "cc");
    a = holds;
    TO(__op_next);
}

OP op_move_if(STATE)
{
    __asm__("cmpl %1, %0\n1: cmovo 4(%2), %0\n.reloc 1b + 2, R_X86_64_8, __op_param1 + 0x40"
            : "+r"(a)
            : "r"(b), "r"(s)
            : "cc");
    TO(__op_next);
}

/* An inequality of doubles is two jumps. */
OP op_if_differ(STATE)
{
    if (s->number != s->other)
        TO(__op_taken);
    TO(__op_next);
}

/* One value in two fields, one of which takes less. */
OP op_twice(STATE)
{
    uint64_t value;
    __asm__("movabsq %1, %0" : "=r"(value) : "i"(__op_param1));
    s->wide = value;
    __asm__("addl %1, %0" : "+r"(a) : "i"(__op_param1) : "cc");
    TO(__op_next);
}

OP op_if_zero(STATE)
{
    if (__builtin_expect(a == 0, 0))
        TO(__op_cold);
    b = 100 / a;
    TO(__op_next);
}

OP op_loop(STATE)
{
    uint32_t n = b;
    do {
        a = a * 3 + n;
        __asm__("" : "+r"(n));
    } while (--n);
    TO(__op_next);
}

OP op_middle(STATE)
{
    if (a) {
        s->a = 1;
        TO(__op_next);
    }
    s->b = 2;
    if (b)
        TO(__op_taken);
    s->wide = 3;
    TO(__op_next);
}

OP op_call(STATE)
{
    a = test_helper(a, b);
    TO(__op_next);
}

OP op_call_subtract(STATE)
{
    a = test_subtract(a, b);
    TO(__op_next);
}

OP op_helper_address(STATE)
{
    s->pointer = (const void *)test_helper;
    TO(__op_next);
}

OP op_taken_address(STATE)
{
    s->pointer = (const void *)__op_taken;
    TO(__op_next);
}

OP op_taken_near(STATE)
{
    __asm__("leaq %c1(%%rip), %0" : "=r"(s->pointer) : "i"(__op_taken));
    TO(__op_next);
}

OP op_next_address(STATE)
{
    s->pointer = (const void *)__op_next;
    TO(__op_next);
}

OP op_next_near(STATE)
{
    __asm__("leaq %c1(%%rip), %0" : "=r"(s->pointer) : "i"(__op_next));
    TO(__op_next);
}

OP op_number(STATE)
{
    for (int i = 0; i < 4; i++)
        s->vector[i] = -s->vector[i] * 3.25F;
    s->number += 1.5;
    TO(__op_next);
}

OP op_table(STATE)
{
    static const uint32_t table[] = {7, 11, 13, 17};
    a = table[a & 3];
    TO(__op_next);
}

OP op_indirect(STATE)
{
    TO(((OP(*)(STATE))s->code));
}

OP op_nothing(STATE)
{
    TO(__op_next);
}

OP op_leave(STATE)
{
    TO(test_leave);
}
