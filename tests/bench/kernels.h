/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The benchmark program: kernels that each stress one thing a translator must do well. A static
 * 32-bit binary for each guest processor runs under user emulation, as a guest's first process,
 * and on the host, if that is such a processor. What it has of the processor: i386/, ppc/.
 */
#ifndef TESTS_BENCH_KERNELS_H
#define TESTS_BENCH_KERNELS_H

#include <stdint.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;

/* A checksum of the result; the work grows with `scale`, which is 100 by default. */
typedef u32 kernel_fn(u32 scale);

#define KERNEL(name, function, group, stresses) kernel_fn function;
#include "kernels.def"
#undef KERNEL

/* A fixed sequence of numbers; the seed starts it. */
static inline u32 next_random(u32 *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

/* Linux's system calls; these have the same numbers on both processors. */
int system_call(int number, int a, int b, int c, int d, int e, int f);
enum {
    SYS_EXIT = 1,
    SYS_FORK = 2,
    SYS_READ = 3,
    SYS_WRITE = 4,
    SYS_CLOSE = 6,
    SYS_WAITPID = 7,
    SYS_GETPID = 20,
    SYS_PIPE = 42,
    SYS_GETPPID = 64,
    SYS_REBOOT = 88,
    SYS_MUNMAP = 91,
    SYS_MMAP2 = 192,
    SYS_CLOCK_GETTIME64 = 403,
};

/* Fresh private memory, PROT_* as in mman.h. */
enum { PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4 };
void *map_memory(u32 size, int protection);
void unmap_memory(void *at, u32 size);

#include "target.h"

#endif
