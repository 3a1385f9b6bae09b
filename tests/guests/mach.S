/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A task for GNU Mach, which comes into the kernel through a call gate: mach_print, trap -30.
 * Then it writes where nothing is, which the kernel reports.
 */
    .globl _start
_start:
    pushl $text
    pushl $0
    movl $-30, %eax
    lcall $7, $0
    movl %eax, 0
    hlt

    .data
text:
    .asciz "a task by a call gate\n"
