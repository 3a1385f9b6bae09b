/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way into a Multiboot kernel (0.6.96, 3.1 and 3.2) that needs no more than a stack. */
        .section .multiboot, "a"
        .align  4
        .long   0x1badb002, 0, -0x1badb002

        .text
        .globl  _start
_start:
        cli
        mov     $stack_top, %esp
        push    16(%ebx)        /* the command line */
        call    guest_main
1:      hlt
        jmp     1b

        .bss
        .align  16
        .skip   16384
stack_top:

        .section .note.GNU-stack, "", @progbits
