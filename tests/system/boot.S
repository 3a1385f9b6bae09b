/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A BIOS image that starts a test image, for an emulator that cannot load one itself: it goes to
 * protected mode, copies BINARY to 1 MiB and jumps to _start, as a Multiboot loader would.
 */
#define FLAT_CODE 0x08
#define FLAT_DATA 0x10
#define BOOT      0xf000 /* from CS.base after power-on */

    .section .payload, "a"
payload:
    .incbin BINARY
    .balign 4
payload_end:

    .section .boot, "ax"
    .code16
boot:
    cli
    lgdtl %cs:BOOT + gdt_pointer - boot
    inb $0x92, %al /* A20 */
    orb $2, %al
    outb %al, $0x92
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmpl $FLAT_CODE, $protected
    .code32
protected:
    movw $FLAT_DATA, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %fs
    movw %ax, %gs
    movw %ax, %ss
    cld
    movl $payload, %esi
    movl $0x100000, %edi
    movl $payload_end, %ecx
    subl %esi, %ecx
    shrl $2, %ecx
    rep movsl
    movl $end, %ecx
    subl %edi, %ecx
    shrl $2, %ecx
    xorl %eax, %eax
    rep stosl
    movl $0x2badb002, %eax
    movl $information, %ebx
    movl $_start, %ecx
    jmp *%ecx

    .align 8
gdt:
    .quad 0
    .quad 0x00cf9b000000ffff
    .quad 0x00cf93000000ffff
gdt_pointer:
    .word . - gdt - 1
    .long gdt
information: /* Multiboot 3.3: there is a command line, an empty one */
    .long 4, 0, 0, 0
    .long nothing
nothing:
    .byte 0

    .section .reset, "ax"
    .code16
    jmp boot
