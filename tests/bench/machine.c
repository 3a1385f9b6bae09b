/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels of what is not plain computing: new code, system calls, page faults. */
#include "kernels.h"

/* Writes a function, runs it a few times, writes the next one over it. */
u32 written_code(u32 scale)
{
    enum { SIZE = 4096 };
    volatile u8 *at = map_memory(SIZE, PROT_READ | PROT_WRITE | PROT_EXEC);
    u32 (*function)(u32) = (u32(*)(u32))(u32)at;
    u32 sum = 0;
    for (u32 i = 0; i < scale * 1000; i++) {
        write_adder(at, i);
        for (u32 k = 0; k < 8; k++)
            sum = sum * 3 + function(k);
    }
    unmap_memory((void *)at, SIZE);
    return sum;
}

/* Into the kernel and back. */
u32 system_calls(u32 scale)
{
    int parent = system_call(SYS_GETPPID, 0, 0, 0, 0, 0, 0);
    u32 same = 0;
    for (u32 i = 0; i < scale * 1000; i++)
        same += system_call(SYS_GETPPID, 0, 0, 0, 0, 0, 0) == parent;
    return same;
}

/* Maps, touches and unmaps pages: faults, and translations that come and go. */
u32 page_faults(u32 scale)
{
    enum { PAGES = 256, SIZE = PAGES * 4096 };
    u32 sum = 0;
    for (u32 round = 0; round < scale * 8; round++) {
        volatile u32 *at = map_memory(SIZE, PROT_READ | PROT_WRITE);
        for (u32 i = 0; i < PAGES; i++)
            at[i * 1024] = i * round;
        for (u32 i = 0; i < PAGES; i++)
            sum += at[i * 1024] + at[i * 1024 + 1];
        unmap_memory((void *)at, SIZE);
    }
    return sum;
}

/* Processes that do nothing but end. */
u32 forks(u32 scale)
{
    u32 sum = 0;
    for (u32 i = 0; i < scale * 2; i++) {
        int status = 0;
        int child = system_call(SYS_FORK, 0, 0, 0, 0, 0, 0);
        if (!child)
            system_call(SYS_EXIT, (int)(i & 63), 0, 0, 0, 0, 0);
        system_call(SYS_WAITPID, child, (int)&status, 0, 0, 0, 0);
        sum = sum * 3 + (u32)status;
    }
    return sum;
}

/* Adds one to each number that it reads, until there are no more. */
static void answer(int from, int to)
{
    u32 n;
    while (system_call(SYS_READ, from, (int)&n, sizeof n, 0, 0, 0) == sizeof n) {
        n++;
        system_call(SYS_WRITE, to, (int)&n, sizeof n, 0, 0, 0);
    }
    system_call(SYS_EXIT, 0, 0, 0, 0, 0, 0);
}

/* A number goes to another process and comes back: two task switches each time. */
u32 pipes(u32 scale)
{
    int there[2];
    int back[2];
    u32 n = 1;
    system_call(SYS_PIPE, (int)there, 0, 0, 0, 0, 0);
    system_call(SYS_PIPE, (int)back, 0, 0, 0, 0, 0);
    int child = system_call(SYS_FORK, 0, 0, 0, 0, 0, 0);
    if (!child) {
        system_call(SYS_CLOSE, there[1], 0, 0, 0, 0, 0);
        answer(there[0], back[1]);
    }
    for (u32 i = 0; i < scale * 50; i++) {
        n *= 5;
        system_call(SYS_WRITE, there[1], (int)&n, sizeof n, 0, 0, 0);
        system_call(SYS_READ, back[0], (int)&n, sizeof n, 0, 0, 0);
    }
    for (int i = 0; i < 2; i++) {
        system_call(SYS_CLOSE, there[i], 0, 0, 0, 0, 0);
        system_call(SYS_CLOSE, back[i], 0, 0, 0, 0, 0);
    }
    system_call(SYS_WAITPID, child, 0, 0, 0, 0, 0);
    return n;
}
