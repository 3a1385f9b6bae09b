/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The end of the BIOS's segment, where programs of all times expect entry points and tables at
 * the addresses they had in IBM's PC, XT and AT.
 */
    .code16
    .section .fixed, "ax"
    .set BASE, 0xe000
fixed:

.macro at address, label
    .org fixed + \address - BASE
    .globl \label
\label:
.endm
.macro jump address, to
    .org fixed + \address - BASE
    jmp \to
.endm

    jump 0xe05b, reset
    jump 0xe2c3, int02
    jump 0xe3fe, int13
    jump 0xe6f2, int19

/* INT 15h, C0h: AT; features: second 8259, RTC, INT 15h/4Fh, EBDA. */
    at 0xe6f5, config_table
    .word 8
    .byte 0xfc, 0x00, 0x01, 0x74, 0x40, 0x00, 0x00, 0x00

/* Divisors of the 8250 for INT 14h. */
    at 0xe729, baud_divisors
    .word 1047, 768, 384, 192, 96, 48, 24, 12
    jump 0xe739, int14
    jump 0xe82e, int16
    jump 0xe987, int09_entry
    jump 0xec59, int13_floppy
    jump 0xef57, int0e

/* Vector 1Eh: the 8272's parameters for 1.44M. */
    at 0xefc7, floppy_parameters
    .byte 0xaf, 0x02, 0x25, 0x02, 18, 0x1b, 0xff, 0x6c, 0xf6, 0x0f, 0x08
    jump 0xefd2, int17
    jump 0xf045, int10
    jump 0xf065, int10

/* Vector 1Dh: the 6845's registers by kind of mode; buffer sizes, columns, mode bytes. */
    at 0xf0a4, video_parameters
    .byte 0x38, 0x28, 0x2d, 0x0a, 0x1f, 6, 0x19, 0x1c, 2, 7, 6, 7, 0, 0, 0, 0
    .byte 0x71, 0x50, 0x5a, 0x0a, 0x1f, 6, 0x19, 0x1c, 2, 7, 6, 7, 0, 0, 0, 0
    .byte 0x38, 0x28, 0x2d, 0x0a, 0x7f, 6, 0x64, 0x70, 2, 1, 6, 7, 0, 0, 0, 0
    .byte 0x61, 0x50, 0x52, 0x0f, 0x19, 6, 0x19, 0x19, 2, 0x0d, 0x0b, 0x0c, 0, 0, 0, 0
    .word 2048, 4096, 16384, 16384
    .byte 40, 40, 80, 80, 40, 40, 80, 80
    .byte 0x2c, 0x28, 0x2d, 0x29, 0x2a, 0x2e, 0x1e, 0x29
    jump 0xf841, int12
    jump 0xf84d, int11
    jump 0xf859, int15

    .org fixed + 0xfa6e - BASE
font_8x8:
    .globl font_8x8
    .incbin FONT, 0, 128 * 8
    jump 0xfe6e, int1a
    jump 0xfea5, int08

    at 0xff53, iret_only
    iretw
    jump 0xff54, int05

    at 0xfff0, reset_vector
    ljmpw $0xf000, $0xe05b
    at 0xfff5, bios_date
    .ascii "11/26/26"
    .org fixed + 0xfffe - BASE
    .byte 0xfc, 0x00
    .section .note.GNU-stack, "", @progbits
