/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest whose snapshot by an older Tessera is here, as its BIOS: at every interrupt of the
 * 8254's, some four a millisecond, it writes a letter to port E9h, and ends behind the 2000th with
 * status 43, by -device isa-debug-exit. Letters come from a generator in EBX and a count in the x87;
 * see test_older.c.
 */
        .code16
        .globl _start
_start:
        cli
        xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %ss
        movw    $0x7000, %sp
        movl    $0xf0000000 + tick, 4 * 8
        movb    $0x11, %al /* the 8259: vectors from 8 on, the timer alone */
        outb    %al, $0x20
        movb    $8, %al
        outb    %al, $0x21
        movb    $4, %al
        outb    %al, $0x21
        movb    $1, %al
        outb    %al, $0x21
        movb    $0xfe, %al
        outb    %al, $0x21
        movb    $0x34, %al
        outb    %al, $0x43
        movb    $0x2a, %al /* 298 */
        outb    %al, $0x40
        movb    $0x01, %al
        outb    %al, $0x40
        fninit
        fldz
        movl    $1, %ebx
        xorl    %esi, %esi
        sti
1:      hlt
        jmp     1b

tick:
        imull   $1664525, %ebx, %ebx
        addl    $1013904223, %ebx
        fld1
        faddp
        fists   0x600
        movl    %ebx, %eax
        shrl    $16, %eax
        addb    0x600, %al
        andb    $15, %al
        addb    $'A', %al
        outb    %al, $0xe9
        incl    %esi
        cmpw    $2000, %si
        je      2f
        movb    $0x20, %al
        outb    %al, $0x20
        iret
2:      movw    $0x501, %dx
        movw    $21, %ax
        outw    %ax, %dx
3:      jmp     3b

        .org    0xfff0
        ljmp    $0xf000, $_start
        .org    0x10000
