/* SPDX-License-Identifier: GPL-3.0-or-later */
/* void call32(struct regs *r, u32 entry, u32 base): a far call in protected mode. */
    .set CODE_THEIRS, 0x08 /* from `base` on, as is DATA_THEIRS */
    .set DATA_THEIRS, 0x10
    .set CODE_32, 0x18
    .set DATA_32, 0x20
    .set CODE_16, 0x28
    .set DATA_16, 0x30

    .code16
    .text
    .globl call32
call32:
    pushl %ebp
    pushl %edi
    pushl %esi
    pushl %ebx
    movl %eax, registers
    movl %edx, target
    movw %cx, code_theirs + 2
    movw %cx, data_theirs + 2
    shrl $16, %ecx
    movb %cl, code_theirs + 4
    movb %cl, data_theirs + 4
    movb %ch, code_theirs + 7
    movb %ch, data_theirs + 7
    pushfl
    cli
    lgdtl table_pointer
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmpl $CODE_32, $1f

    .code32
1:  movw $DATA_32, %ax
    movw %ax, %ss
    movw %ax, %es
    movw $DATA_THEIRS, %ax
    movw %ax, %ds
    movl %ss:registers, %eax
    movl %ss:(%eax), %edi
    movl %ss:4(%eax), %esi
    movl %ss:8(%eax), %ebp
    movl %ss:12(%eax), %ebx
    movl %ss:16(%eax), %edx
    movl %ss:20(%eax), %ecx
    movl %ss:24(%eax), %eax
    movl %esp, %ss:stack_before
    lcall *%ss:target
    movl %esp, %ss:stack_after
    pushf
    pushl %eax
    movl %ss:registers, %eax
    movl %edi, %ss:(%eax)
    movl %esi, %ss:4(%eax)
    movl %ebp, %ss:8(%eax)
    movl %ebx, %ss:12(%eax)
    movl %edx, %ss:16(%eax)
    movl %ecx, %ss:20(%eax)
    popl %ss:24(%eax)
    movw %ds, %ss:28(%eax)
    movw %es, %ss:30(%eax)
    popl %ecx
    movw %cx, %ss:48(%eax)
    movw $DATA_16, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    ljmpl $CODE_16, $2f

    .code16
2:  movl %cr0, %eax
    andb $0xfe, %al
    movl %eax, %cr0
    ljmpw $0, $3f
3:  xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    cld
    popfl
    popl %ebx
    popl %esi
    popl %edi
    popl %ebp
    retl

    .data
    .globl stack_before, stack_after
registers:
    .long 0
stack_before:
    .long 0
stack_after:
    .long 0
target:
    .long 0
    .word CODE_THEIRS
table_pointer:
    .word 7 * 8 - 1
    .long table
    .balign 8
table:
    .quad 0
code_theirs:
    .quad 0x00cf9b000000ffff
data_theirs:
    .quad 0x00cf93000000ffff
    .quad 0x00cf9b000000ffff
    .quad 0x00cf93000000ffff
    .quad 0x00009b000000ffff
    .quad 0x000093000000ffff
    .section .note.GNU-stack, "", @progbits
