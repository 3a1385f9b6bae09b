/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A BIOS image: what the processor and the chipset are like after power-on, ROM, and shadow RAM.
 * The code at .rom keeps the registers, copies .low to where it is linked and goes there.
 */
#include "guest.inc"

/* Above the stack, which the copy leaves alone. */
#define KEPT       0x8000
#define kept_eax   KEPT
#define kept_edx   KEPT + 0x04
#define kept_ebx   KEPT + 0x08
#define kept_esp   KEPT + 0x0c
#define kept_cr0   KEPT + 0x10
#define kept_cs    KEPT + 0x14
#define kept_ds    KEPT + 0x16
#define kept_ss    KEPT + 0x18
#define kept_flags KEPT + 0x1c
#define kept_idt   KEPT + 0x20
#define kept_code  KEPT + 0x28

    .section .reset, "ax"
    .code16
    jmp start /* near: CS.base is still FFFF0000h */

    .section .rom, "ax"
start:
    movl %eax, kept_eax
    movl %edx, kept_edx
    movl %ebx, kept_ebx
    movl %esp, kept_esp
    movl %cr0, %eax
    movl %eax, kept_cr0
    movw %cs, kept_cs
    movw %ds, kept_ds
    movw %ss, kept_ss
    movl $STACK16, %esp
    pushfl
    popl %eax
    movl %eax, kept_flags
    sidtl kept_idt
    movl %cs:0xfff0, %eax
    movl %eax, kept_code
    cld
    xorw %si, %si
    movw $0x1000, %di
    movw $low_end - 0x1000, %cx
    ljmp $0xf000, $1f
1:  rep movsb %cs:(%si), %es:(%di)
    ljmp $0, $tests

/* For shadow RAM: the functions of this name run from here. */
returns_1:
    movw $1, %ax
    lretw

#define WORD_IS(at, value)                                                                         \
    movzwl at, %eax;                                                                               \
    IS16(%eax, $value)

/* Host bridge register 59h, of the BIOS area: who answers reads and writes. */
#define PAM0(value)                                                                                \
    movw $0xcf8, %dx;                                                                              \
    movl $0x80000058, %eax;                                                                        \
    outl %eax, %dx;                                                                                \
    movw $0xcfd, %dx;                                                                              \
    movb $value, %al;                                                                              \
    outb %al, %dx

    .section .low, "ax"
/* CX doublewords from the segment AX to BX; ES is BX then. */
copy:
    movw %ax, %ds
    movw %bx, %es
    xorw %si, %si
    xorw %di, %di
    rep movsl
    movw %cx, %ds
    ret

tests:
    call catch_real
    CHECK16("registers after power-on")
    IS16(kept_eax, $0)
    IS16(kept_ebx, $0)
    movl kept_edx, %eax
    andl $0xf00, %eax /* a family */
    negl %eax
    sbbl %eax, %eax
    IS16(%eax, $-1)
    IS16(kept_flags, $2)
    movl kept_cr0, %eax
    andl $0xe000001f, %eax
    IS16(%eax, $0x60000010)
    CHECK16("segments after power-on")
    WORD_IS(kept_cs, 0xf000)
    WORD_IS(kept_ds, 0)
    WORD_IS(kept_ss, 0)
    WORD_IS(kept_idt, 0xffff)
    CHECK16("the code at FFFFFFF0h is also below 1 MiB")
    pushw $0xf000
    popw %es
    movl %es:0xfff0, %eax
    IS16(%eax, kept_code)
    CHECK16("ROM ignores writes")
    movl $0x12345678, %es:0xff00
    movl %es:0xff00, %eax
    IS16(%eax, $0)
    lcallw $0xf000, $returns_1
    cwtl
    IS16(%eax, $1)
    CHECK16("shadow RAM: writes go to RAM, reads come from it")
    movw $0x4000, %cx /* the ROM by way of 20000h */
    movw $0xf000, %ax
    movw $0x2000, %bx
    call copy
    PAM0(0x30)
    movw $0x4000, %cx
    movw $0x2000, %ax
    movw $0xf000, %bx
    call copy
    movl %es:0xfff0, %eax
    IS16(%eax, kept_code)
    movl $0x12345678, %es:0xff00
    movl %es:0xff00, %eax
    IS16(%eax, $0x12345678)
    CHECK16("shadow RAM: code that is changed there")
    lcallw $0xf000, $returns_1
    cwtl
    IS16(%eax, $1)
    movb $7, %es:returns_1 + 1
    lcallw $0xf000, $returns_1
    cwtl
    IS16(%eax, $7)
    CHECK16("shadow RAM: for reading alone")
    PAM0(0x10)
    movb $9, %es:returns_1 + 1
    lcallw $0xf000, $returns_1
    cwtl
    IS16(%eax, $7)
    CHECK16("shadow RAM taken away: ROM again")
    PAM0(0)
    lcallw $0xf000, $returns_1
    cwtl
    IS16(%eax, $1)
    CHECK16("and there again, with what it held")
    PAM0(0x30)
    lcallw $0xf000, $returns_1
    cwtl
    IS16(%eax, $7)
    PAM0(0)
    CHECK16("exceptions by the vectors in RAM")
    xorl %ecx, %ecx
    FAULTS16(DE, divl %ecx)
    FAULTS16(UD, ud2)
    jmp finished16
