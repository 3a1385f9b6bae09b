/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entry of the benchmark program: no C library, the i386 System V process stack. */
        .text
        .globl  _start
_start:
        xor     %ebp, %ebp
        mov     %esp, %eax
        and     $-16, %esp
        sub     $8, %esp
        lea     4(%eax), %edx
        pushl   %edx
        pushl   (%eax)
        call    bench_main

/* int system_call(int number, int a, int b, int c, int d, int e, int f) */
        .globl  system_call
system_call:
        pushl   %ebp
        pushl   %edi
        pushl   %esi
        pushl   %ebx
        mov     20(%esp), %eax
        mov     24(%esp), %ebx
        mov     28(%esp), %ecx
        mov     32(%esp), %edx
        mov     36(%esp), %esi
        mov     40(%esp), %edi
        mov     44(%esp), %ebp
        int     $0x80
        popl    %ebx
        popl    %esi
        popl    %edi
        popl    %ebp
        ret

        .section .note.GNU-stack, "", @progbits
