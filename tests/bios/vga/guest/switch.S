/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * void protected_call(struct regs *r, unsigned offset)
 *     Far call, in 16-bit protected mode, of an offset in the copy of the ROM. ES is a selector.
 * void protected_call32(struct regs *r, unsigned offset)
 *     Near call, in 32-bit code, of an offset in the program's segment.
 */
#include "tests/bios/vga/guest/selectors.h"

/* A descriptor of 64 KiB. */
.macro descriptor base, rights, flags=0
    .word 0xffff, (\base) & 0xffff
    .byte (\base) >> 16 & 0xff, \rights, \flags, 0
.endm
#define CODE 0x9a
#define DATA 0x92

    .data
    .balign 8
gdt:
    .quad 0
    descriptor PROGRAM_BASE, CODE
    descriptor PROGRAM_BASE, DATA
    descriptor ROM_COPY, CODE
    descriptor ROM_COPY, DATA
    descriptor DATA_AREA, DATA
    descriptor 0xa0000, DATA
    descriptor 0xb0000, DATA
    descriptor 0xb8000, DATA
    descriptor PROGRAM_BASE, CODE, 0x40
gdt_end:
gdtr:
    .word gdt_end - gdt - 1
    .long gdt + PROGRAM_BASE
target:
    .word 0, SELECTOR_ROM_CODE
target32:
    .long 0

/* All registers = those that %esi points to. */
.macro load_registers
    movl 0(%esi), %eax
    movl 4(%esi), %ebx
    movl 8(%esi), %ecx
    movl 12(%esi), %edx
    movl 20(%esi), %edi
    movl 24(%esi), %ebp
    movw 28(%esi), %es
    movl 16(%esi), %esi
.endm

/* And back; where is on the stack. */
.macro store_registers
    pushl %esi
    movl 4(%esp), %esi
    popl 16(%esi)
    movl %eax, 0(%esi)
    movl %ebx, 4(%esi)
    movl %ecx, 8(%esi)
    movl %edx, 12(%esi)
    movl %edi, 20(%esi)
    movl %ebp, 24(%esi)
    movw %es, 28(%esi)
    addl $4, %esp
.endm

.macro enter_protected_mode
    cli
    lgdtl gdtr
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmpw $SELECTOR_CODE, $1f
1:  movw $SELECTOR_DATA, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    xorw %ax, %ax
    movw %ax, %fs
    movw %ax, %gs
.endm

.macro leave_protected_mode
    movw $SELECTOR_DATA, %ax
    movw %ax, %es
    movw %ax, %fs
    movw %ax, %gs
    movl %cr0, %eax
    andb $0xfe, %al
    movl %eax, %cr0
    ljmpw $PROGRAM_SEGMENT, $1f
1:  movw $PROGRAM_SEGMENT, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    sti
.endm

    .text
    .code16
    .globl protected_call, protected_call32
protected_call:
    pushal
    pushl %eax
    movl %eax, %esi
    movw %dx, target
    enter_protected_mode
    load_registers
    lcallw *target
    store_registers
    leave_protected_mode
    popal
    retl

protected_call32:
    pushal
    pushl %eax
    movl %eax, %esi
    movl %edx, target32
    enter_protected_mode
    ljmpl $SELECTOR_CODE32, $2f
    .code32
2:  load_registers
    call *target32
    store_registers
    ljmp $SELECTOR_CODE, $3f
    .code16
3:  leave_protected_mode
    popal
    retl

    .section .note.GNU-stack, "", @progbits
