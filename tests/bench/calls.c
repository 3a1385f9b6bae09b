/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel of calls and returns: compiled so that the recursion is not unrolled. */
#include "kernels.h"

static __attribute__((noinline)) u32 fibonacci(u32 n)
{
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

u32 fib(u32 scale)
{
    u32 sum = 0;
    for (u32 i = 0; i < scale * 6; i++) {
        u32 n = 23;
        __asm__ volatile("" : "+r"(n)); /* each time anew */
        sum += fibonacci(n);
    }
    return sum;
}
