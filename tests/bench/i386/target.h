/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kernels have of an i386: instructions that a compiler would not choose. */
#ifndef TESTS_BENCH_TARGET_H
#define TESTS_BENCH_TARGET_H

static inline double square_root(double x)
{
    double root;
    __asm__("fsqrt" : "=t"(root) : "0"(x));
    return root;
}

static inline void copy_words(void *to, const void *from, u32 count)
{
    __asm__ volatile("rep movsl" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
}

static inline void fill_words(void *to, u32 word, u32 count)
{
    __asm__ volatile("rep stosl" : "+D"(to), "+c"(count) : "a"(word) : "memory");
}

static inline u32 text_length(const u8 *text)
{
    u32 count = ~0u;
    __asm__ volatile("repne scasb" : "+D"(text), "+c"(count) : "a"(0) : "memory", "cc");
    return ~count - 1;
}

/* Writes a function that adds n to its parameter: mov $n, %eax; add 4(%esp), %eax; ret. */
static inline void write_adder(volatile u8 *at, u32 n)
{
    static const u8 body[] = {0xb8, 0, 0, 0, 0, 0x03, 0x44, 0x24, 0x04, 0xc3};
    for (u32 i = 0; i < sizeof body; i++)
        at[i] = body[i];
    *(volatile u32 *)(at + 1) = n;
}

#endif
