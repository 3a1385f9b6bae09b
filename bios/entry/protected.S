/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Entry points of protected mode: the BIOS32 Service Directory (Standard BIOS 32-bit Service
 * Directory Proposal 0.4) and the PCI BIOS. Both are called far and do not know where they are.
 */
    .include "bios/entry/frame.inc"
    .set NO_SERVICE, 0x80
    .set BAD_FUNCTION, 0x81
    .set BUFFER_TOO_SMALL, 0x89
    .set PIRQ_IRQS, 0x0e20 /* bios/system/pci.h */
    .set PCI_SIGNATURE, 0x49435024 /* "$PCI" */

    .section .text32, "ax"
    .code32
/* EAX is a service, BL 0: AL 0, EBX the address of its segment, ECX its size, EDX its entry. */
    .globl bios32_entry, pci32_entry
bios32_entry:
    pushf
    testb %bl, %bl
    jnz 2f
    cmpl $PCI_SIGNATURE, %eax
    movb $NO_SERVICE, %al
    jne 1f
    movl $0xf0000, %ebx
    movl $0x10000, %ecx
    movl $pci32_entry, %edx
    xorb %al, %al
1:  popf
    lret
2:  movb $BAD_FUNCTION, %al
    jmp 1b

/*
 * Function 0Eh: interrupt routing, which is read by CS, into the buffer whose size and far address
 * are at ES:EDI (PCI BIOS Specification 2.1, 4.4.1).
 */
get_routes:
    pushf
    pushl %esi
    pushl %edi
    pushl %ecx
    pushl %es
    call 1f
1:  popl %esi
    movzwl %cs:(pci_routes_size - 1b)(%esi), %ecx
    leal (pci_routes - 1b)(%esi), %esi
    movb $BUFFER_TOO_SMALL, %ah
    cmpw %cx, %es:(%edi)
    movw %cx, %es:(%edi)
    jb 2f
    lesl %es:2(%edi), %edi
    cld
    rep movsb %cs:(%esi), %es:(%edi)
    movw $PIRQ_IRQS, %bx
    xorb %ah, %ah
2:  popl %es
    popl %ecx
    popl %edi
    popl %esi
    popf
    cmpb $1, %ah /* carry, if it is 0 */
    cmc
    lret

/* DS is not ours, SS is: the stack is where C has its variables. */
pci32_entry:
    cmpw $0xb10e, %ax
    je get_routes
    pushf
    subl $R_SIZE, %esp
    movl %edi, R_EDI(%esp)
    movl %esi, R_ESI(%esp)
    movl %ebp, R_EBP(%esp)
    movl %ebx, R_EBX(%esp)
    movl %edx, R_EDX(%esp)
    movl %ecx, R_ECX(%esp)
    movl %eax, R_EAX(%esp)
    movw $0, R_FLAGS(%esp)
    pushl %ds
    pushl %es
    pushl %ss
    popl %ds
    pushl %ss
    popl %es
    leal 8(%esp), %eax
    cld
    call pci32_service
    popl %es
    popl %ds
    movl R_EDI(%esp), %edi
    movl R_ESI(%esp), %esi
    movl R_EBP(%esp), %ebp
    movl R_EBX(%esp), %ebx
    movl R_EDX(%esp), %edx
    movl R_ECX(%esp), %ecx
    movl R_EAX(%esp), %eax
    btw $0, R_FLAGS(%esp)
    jc 3f
    addl $R_SIZE, %esp
    popf
    clc
    lret
3:  addl $R_SIZE, %esp
    popf
    stc
    lret
    .section .note.GNU-stack, "", @progbits
