/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entry of the benchmark program: no C library; the PowerPC ABI's process stack. */
    .text
    .globl _start
_start:
    lwz 3, 0(1)
    addi 4, 1, 4
    clrrwi 1, 1, 4
    li 0, 0
    stwu 0, -16(1)
    bl bench_main

/* int system_call(int number, int a, int b, int c, int d, int e, int f): errors are negative */
    .globl system_call
system_call:
    mr 0, 3
    mr 3, 4
    mr 4, 5
    mr 5, 6
    mr 6, 7
    mr 7, 8
    mr 8, 9
    sc
    bnslr
    neg 3, 3
    blr

    .section .note.GNU-stack, "", @progbits
