/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A floppy's boot sector; it loads the program behind it to 1000:0000 and starts it. */
#define SEGMENT           0x1000
#define SECTORS_PER_TRACK 18

    .code16
    .section .boot, "ax"
    .globl boot
boot:
    ljmp $0, $1f
1:  xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %ss
    movw $0x7c00, %sp
    sti
    movb %dl, drive
    movw $SEGMENT, %ax
    movw %ax, %es
    xorw %bx, %bx
    movw $1, %si            /* the sector, counted from 0 */
next:
    movw %si, %ax
    xorw %dx, %dx
    movw $SECTORS_PER_TRACK, %cx
    divw %cx
    movb %dl, %cl
    incb %cl
    movb %al, %dh
    andb $1, %dh
    shrw $1, %ax
    movb %al, %ch
    movb drive, %dl
    movw $0x0201, %ax
    int $0x13
    jc next
    movw %es, %ax
    addw $512 / 16, %ax
    movw %ax, %es
    incw %si
    cmpw $program_sectors, %si
    jbe next
    movw $SEGMENT, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movl $0xfff0, %esp
    cld
    ljmp $SEGMENT, $entry
drive:
    .byte 0
    .org 510
    .word 0xaa55

    .text
entry:
    calll run
    /* QEMU's and Tessera's isa-debug-exit; elsewhere the host sees the last line. */
    movw $0x501, %dx
    xorl %eax, %eax
    outl %eax, %dx
1:  hlt
    jmp 1b

/* void interrupt(struct regs *r, unsigned number): all registers to and fro. */
    .globl interrupt
interrupt:
    pushal
    pushw %es
    pushw %ds
    movl %eax, %esi
    movzbl %dl, %edx
    xorw %ax, %ax
    movw %ax, %gs
    movl %gs:(, %edx, 4), %eax
    movl %eax, vector
    pushl %esi
    movl 0(%esi), %eax
    movl 4(%esi), %ebx
    movl 8(%esi), %ecx
    movl 12(%esi), %edx
    movl 20(%esi), %edi
    movl 24(%esi), %ebp
    movw 28(%esi), %es
    movl 16(%esi), %esi
    pushfw
    lcallw *%cs:vector
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
    popw %ds
    popw %es
    popal
    retl

    .bss
    .balign 4
vector:
    .long 0

    .section .note.GNU-stack, "", @progbits
