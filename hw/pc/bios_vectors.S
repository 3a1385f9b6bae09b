/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What interrupts of real-address mode come to where a kernel has been started without a BIOS: as
 * one leaves them, IRQ 0 counts ticks at 40:6Ch and is INT 1Ch then, all interrupts of the 8259A's
 * are ended, and whatever else there is returns at once. Runs at any address.
 *
 *   extern const uint8_t bios_vectors[];      begins with four words, the offsets of the handlers:
 *   extern const uint32_t bios_vectors_size;  IRQ 0; of the first 8259A; of the second; any other
 */
#define BIOS_DATA 0x40
#define TICKS     0x6c
#define MIDNIGHT  0x70
#define A_DAY     0x1800b0

    .code16
    .section .rodata
    .globl bios_vectors, bios_vectors_size
    .balign 4
bios_vectors:
    .word timer - bios_vectors
    .word first - bios_vectors
    .word second - bios_vectors
    .word other - bios_vectors

timer:
    pushw %ds
    pushw $BIOS_DATA
    popw %ds
    incl TICKS
    cmpl $A_DAY, TICKS
    jb 1f
    movl $0, TICKS
    movb $1, MIDNIGHT
1:  popw %ds
    int $0x1c
first:
    pushw %ax
    movb $0x20, %al
    outb %al, $0x20
    popw %ax
    iretw
second:
    pushw %ax
    movb $0x20, %al
    outb %al, $0xa0
    outb %al, $0x20
    popw %ax
other:
    iretw

    .balign 4
bios_vectors_size:
    .long bios_vectors_size - bios_vectors
    .section .note.GNU-stack, "", @progbits
