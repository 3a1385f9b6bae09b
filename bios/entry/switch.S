/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reset, and the ways between real mode and the protected mode with flat segments of POST. */
    .include "bios/entry/frame.inc"
    .set CODE32, 0x08
    .set DATA32, 0x10
    .set CODE16, 0x18
    .set DATA16, 0x20
    .set LINEAR, 0xf0000      /* of this segment */
    .set POST_STACK, 0x7000
    .set SAVED_ESP, 0x7004
    .set PORT_CMOS, 0x70
    .set SHUTDOWN, 0x0f
    .set RESET_ENTRY, 0x467   /* 40:67 */

    .section .rom, "a"
    .balign 8
gdt:
    .quad 0
    .quad 0x00cf9b000000ffff
    .quad 0x00cf93000000ffff
    .quad 0x00009b0f0000ffff
    .quad 0x000093000000ffff
gdt_pointer:
    .word gdt_pointer - gdt - 1
    .long LINEAR + gdt
real_idt:
    .word 0x3ff
    .long 0

    .section .text16, "ax"
    .code16
/*
 * After a reset, or a jump here. CMOS 0Fh says why: 5 and 0Ah mean that somebody who has left
 * protected mode by a reset wants to go on at 40:67.
 */
    .globl reset
reset:
    cli
    cld
    movb $SHUTDOWN, %al
    outb %al, $PORT_CMOS
    inb $PORT_CMOS + 1, %al
    movb %al, %bl
    movb $SHUTDOWN, %al
    outb %al, $PORT_CMOS
    xorb %al, %al
    outb %al, $PORT_CMOS + 1
    xorw %ax, %ax
    movw %ax, %ds
    cmpb $0x0a, %bl
    je 2f
    cmpb $5, %bl
    jne power_on
    movb $0x20, %al
    outb %al, $0xa0
    outb %al, $0x20
2:  ljmpw *RESET_ENTRY

power_on:
    movb $0x01, %al
    outb %al, $0x80
    inb $0x92, %al
    orb $2, %al
    andb $0xfe, %al
    outb %al, $0x92
    movw %cs, %ax
    movw %ax, %ds
    lgdtl gdt_pointer
    movl %cr0, %eax
    andl $0x1fffffff, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmpl $CODE32, $(LINEAR + flat)

    .code32
flat:
    movw $DATA32, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw %ax, %fs
    movw %ax, %gs
    movl $POST_STACK, %esp
    movl $post_image, %esi
    movl $post_start, %edi
    movl $post_words, %ecx
    rep movsl
    movl $post_bss, %edi
    movl $post_bss_words, %ecx
    xorl %eax, %eax
    rep stosl
    movl $post_main, %eax
    jmp *%eax

/* void call_real(struct regs *r): calls r->next in real mode. It may end by RET or IRET. */
    .globl call_real
call_real:
    pushl %ebx
    pushl %esi
    pushl %edi
    pushl %ebp
    pushl %eax
    movl %esp, SAVED_ESP
    lidtl LINEAR + real_idt
    ljmp $CODE16, $1f
    .code16
1:  movw $DATA16, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw %ax, %fs
    movw %ax, %gs
    movl %cr0, %eax
    andb $0xfe, %al
    movl %eax, %cr0
    ljmpw $0xf000, $2f
2:  xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw %ax, %fs
    movw %ax, %gs
    movl (%esp), %ebx
    pushfw
    pushw %cs
    pushw $3f
    pushl R_NEXT(%ebx)
    pushw R_DS(%ebx)
    pushl R_EBX(%ebx)
    movl R_EDI(%ebx), %edi
    movl R_ESI(%ebx), %esi
    movl R_EBP(%ebx), %ebp
    movl R_EDX(%ebx), %edx
    movl R_ECX(%ebx), %ecx
    movl R_EAX(%ebx), %eax
    movw R_ES(%ebx), %es
    popl %ebx
    popw %ds
    sti
    lretw
3:  cli
    cld
    pushfw
    pushw %ds
    pushl %ebx
    xorw %bx, %bx
    movw %bx, %ds
    movl SAVED_ESP, %ebx
    movl (%ebx), %ebx
    popl R_EBX(%ebx)
    popw R_DS(%ebx)
    popw R_FLAGS(%ebx)
    movl %edi, R_EDI(%ebx)
    movl %esi, R_ESI(%ebx)
    movl %ebp, R_EBP(%ebx)
    movl %edx, R_EDX(%ebx)
    movl %ecx, R_ECX(%ebx)
    movl %eax, R_EAX(%ebx)
    movw %es, R_ES(%ebx)
    lgdtl %cs:gdt_pointer
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmpl $CODE32, $(LINEAR + 4f)
    .code32
4:  movw $DATA32, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw %ax, %fs
    movw %ax, %gs
    movl SAVED_ESP, %esp
    popl %eax
    popl %ebp
    popl %edi
    popl %esi
    popl %ebx
    ret

/*
 * void block_move(u32 to, u32 from, u32 words): from 16-bit code, anywhere below 4 GiB. SS is
 * left as it is, and nothing is pushed meanwhile.
 */
    .code16
    .globl block_move
block_move:
    pushl %ebx
    pushl %esi
    pushl %edi
    movl %eax, %edi
    movl %edx, %esi
    movw %ds, %bx
    lgdtl %cs:gdt_pointer
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmpl $CODE32, $(LINEAR + 1f)
    .code32
1:  movw $DATA32, %ax
    movw %ax, %ds
    movw %ax, %es
    shrl $1, %ecx
    rep movsl
    jnc 2f
    movsw
2:  movw $DATA16, %ax
    movw %ax, %ds
    movw %ax, %es
    ljmp $CODE16, $3f
    .code16
3:  movl %cr0, %eax
    andb $0xfe, %al
    movl %eax, %cr0
    ljmpw $0xf000, $4f
4:  movw %bx, %ds
    movw %bx, %es
    popl %edi
    popl %esi
    popl %ebx
    retl
    .section .note.GNU-stack, "", @progbits
