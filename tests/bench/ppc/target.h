/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kernels have of a 32-bit PowerPC: instructions that a compiler would not choose. */
#ifndef TESTS_BENCH_TARGET_H
#define TESTS_BENCH_TARGET_H

/* By Newton's iteration, as an e500mc without fsqrt does it: from half the exponent on. */
static inline double square_root(double x)
{
    union {
        double number;
        u64 bits;
    } root = {x};
    root.bits = (root.bits >> 1) + (UINT64_C(0x1ff8) << 48);
    for (int i = 0; i < 5; i++)
        root.number = (root.number + x / root.number) * 0.5;
    return root.number;
}

/* Counts of four, as C libraries copy. */
static inline void copy_words(void *to, const void *from, u32 count)
{
    u32 word[4];
    count /= 4;
    __asm__ volatile("mtctr %6\n"
                     "0: lwz %2, 0(%1)\n"
                     "lwz %3, 4(%1)\n"
                     "lwz %4, 8(%1)\n"
                     "lwz %5, 12(%1)\n"
                     "addi %1, %1, 16\n"
                     "stw %2, 0(%0)\n"
                     "stw %3, 4(%0)\n"
                     "stw %4, 8(%0)\n"
                     "stw %5, 12(%0)\n"
                     "addi %0, %0, 16\n"
                     "bdnz 0b"
                     : "+b"(to), "+b"(from), "=&r"(word[0]), "=&r"(word[1]), "=&r"(word[2]),
                       "=&r"(word[3])
                     : "r"(count)
                     : "memory", "ctr");
}

static inline void fill_words(void *to, u32 word, u32 count)
{
    for (volatile u32 *at = to; count; count--)
        *at++ = word;
}

static inline u32 text_length(const u8 *text)
{
    const u8 *end = text;
    while (*end)
        end++;
    return (u32)(end - text);
}

/* Writes a function that adds n to its parameter, r3, and has instructions fetched anew. */
static inline void write_adder(volatile u8 *at, u32 n)
{
    volatile u32 *word = (volatile u32 *)at;
    word[0] = 0x3c800000 | n >> 16;      /* lis r4, n@h */
    word[1] = 0x60840000 | (n & 0xffff); /* ori r4, r4, n@l */
    word[2] = 0x7c632214;                /* add r3, r3, r4 */
    word[3] = 0x4e800020;                /* blr */
    __asm__ volatile("dcbst 0, %0\n"
                     "sync\n"
                     "icbi 0, %0\n"
                     "sync\n"
                     "isync"
                     :
                     : "r"(at)
                     : "memory");
}

#endif
