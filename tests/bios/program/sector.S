/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The boot sector of the test images: loads the program behind it, if a CD has not brought it
 * along, and calls it with CS, DS, ES and SS 0. DL is the drive.
 */
    .code16
    .section .sector, "ax"
    .globl start
start:
    jmp 1f
    .org start + 62 /* where a BIOS parameter block would be */
1:  cli
    cld
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movl $start, %esp
    sti
    ljmpw $0, $2f
2:  movb %dl, drive
    cmpb $0xe0, %dl
    jae run
    pushw %es
    movb $8, %ah
    int $0x13
    popw %es
    jc failed
    andb $0x3f, %cl
    movb %cl, sectors
    incb %dh
    movb %dh, heads
    movw $1, %si             /* the next sector, and where it goes */
    movw $start + 512, %bx
3:  movw %si, %ax
    divb sectors
    movb %ah, %cl
    incb %cl
    xorb %ah, %ah
    divb heads
    movb %ah, %dh
    movb %al, %ch
    movb drive, %dl
    movw $0x0201, %ax
    int $0x13
    jc failed
    incw %si
    addw $512, %bx
    cmpw $last_sector, %si
    jb 3b
run:
    movzbl drive, %eax
    calll program
failed:
    movw $message, %si
4:  lodsb
    testb %al, %al
    jz 5f
    outb %al, $0xe9
    jmp 4b
5:  hlt
    jmp 5b

message:
    .asciz "failed loading\nend\n"
    .org start + 440
drive:
    .byte 0
sectors:
    .byte 0
heads:
    .byte 0

/* A partition, for those who look for geometry there. */
    .org start + 446
    .byte 0x80, 0, 2, 0, 0x83, 1, 0x12, 79
    .long 1, 2879
    .org start + 510
    .byte 0x55, 0xaa

/* void call(struct regs *r, unsigned vector): the INT, with all registers. */
    .text
    .globl call
call:
    pushl %ebp
    pushl %edi
    pushl %esi
    pushl %ebx
    pushl %eax
    movl %eax, %ebx
    pushfw
    pushw %cs
    pushw $6f
    pushl (,%edx,4)
    pushw 28(%ebx)
    pushl 12(%ebx)
    movl (%ebx), %edi
    movl 4(%ebx), %esi
    movl 8(%ebx), %ebp
    movl 16(%ebx), %edx
    movl 20(%ebx), %ecx
    movl 24(%ebx), %eax
    movw 30(%ebx), %es
    popl %ebx
    popw %ds
    sti
    lretw
6:  pushfw
    pushw %ds
    pushl %ebx
    xorw %bx, %bx
    movw %bx, %ds
    movl 8(%esp), %ebx
    movl %edi, (%ebx)
    movl %esi, 4(%ebx)
    movl %ebp, 8(%ebx)
    movl %edx, 16(%ebx)
    movl %ecx, 20(%ebx)
    movl %eax, 24(%ebx)
    movw %es, 30(%ebx)
    popl 12(%ebx)
    popw 28(%ebx)
    popw 48(%ebx)
    xorw %ax, %ax
    movw %ax, %es
    cld
    popl %eax
    popl %ebx
    popl %esi
    popl %edi
    popl %ebp
    retl

/* An interrupt handler as DOS has them: saves registers, and goes on on a stack of its own. */
    .globl stack_switcher, stack_switcher_next, stack_switcher_calls
stack_switcher:
    pushal
    pushw %ds
    pushw %es
    xorw %ax, %ax
    movw %ax, %ds
    incl stack_switcher_calls
    movw %ss, caller_stack + 2
    movw %sp, caller_stack
    movw %ax, %ss
    movw $own_stack, %sp
    pushfw
    lcallw *stack_switcher_next
    lssw caller_stack, %sp
    popw %es
    popw %ds
    popal
    iretw

    .data
stack_switcher_next:
    .long 0
stack_switcher_calls:
    .long 0
caller_stack:
    .long 0
    .space 256
own_stack:
    .section .note.GNU-stack, "", @progbits
