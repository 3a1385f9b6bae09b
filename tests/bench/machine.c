/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels of what is not plain computing: new code, system calls, page faults. */
#include "kernels.h"

/* Writes a function, runs it a few times, writes the next one over it. */
u32 written_code(u32 scale)
{
    enum { SIZE = 4096 };
    static const u8 body[] = {0xb8, 0, 0, 0, 0, 0x03, 0x44, 0x24, 0x04, 0xc3};
    volatile u8 *at = map_memory(SIZE, PROT_READ | PROT_WRITE | PROT_EXEC);
    u32 (*function)(u32) = (u32(*)(u32))(u32)at;
    u32 sum = 0;
    for (u32 i = 0; i < scale * 1000; i++) {
        /* mov $i, %eax; add 4(%esp), %eax; ret */
        for (u32 k = 0; k < sizeof(body); k++)
            at[k] = body[k];
        *(volatile u32 *)(at + 1) = i;
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
    for (u32 i = 0; i < scale * 2500; i++)
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
