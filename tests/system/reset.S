/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ways for a guest to end or begin anew, chosen by the last character of its command line. The
 * ones that reset the machine leave a mark in the CMOS memory, by which the image knows, when it
 * runs again, that it worked.
 */
#include "guest.inc"

#define MARK 0xa5

    .text
    .code32
    .globl image
image:
    movl command_line, %esi
1:  lodsb
    testb %al, %al
    jnz 1b
    movzbl -2(%esi), %ebx
    OUTB(0x70, 0x60)
    INB(0x71)
    movl %eax, %ecx
    OUTB(0x70, 0x60)
    movb %cl, %al
    xorb $MARK, %al
    jz again
    OUTB(0x71, MARK)
    cmpb $'a', %bl
    je by_port_92
    cmpb $'b', %bl
    je by_8042
    cmpb $'c', %bl
    je by_8042_output_port
    cmpb $'d', %bl
    je by_reset_control
    cmpb $'e', %bl
    je by_triple_fault
    cmpb $'f', %bl
    je with_a_value
    cmpb $'g', %bl
    je never
    cmpb $'h', %bl
    je by_vectors
    ret

again:
    OUTB(0x71, 0)
    CHECK("the machine has begun anew")
    CHECK("its interrupt controllers have been reset")
    OUTB(0x20, 0x0b)
    INB(0x20)
    IS(%eax, $0)
    CHECK("the cpu has been reset")
    movl %cr0, %eax
    IS_MASKED(%eax, $0x80010008, $0)
    movl %cr3, %eax
    IS(%eax, $0)
    movl %cr4, %eax
    IS(%eax, $0)
    CHECK("memory was loaded again")
    IS(loaded, $0x12345678)
    ret

/* Something to be reset. */
disturb:
    movl $0, loaded
    movl $0x1000, %eax
    movl %eax, %cr3
    movl %cr4, %eax
    orl $0x10, %eax
    movl %eax, %cr4
    movl %cr0, %eax
    orl $0x10008, %eax
    movl %eax, %cr0
    ret

by_port_92: /* 82371SB data sheet, "Port 92" */
    call disturb
    inb $0x92, %al
    orb $1, %al
    outb %al, $0x92
    jmp .

wait_8042:
    inb $0x64, %al
    testb $2, %al
    jnz wait_8042
    ret

by_8042:
    call disturb
    call wait_8042
    OUTB(0x64, 0xfe)
    jmp .

by_8042_output_port:
    call disturb
    call wait_8042
    OUTB(0x64, 0xd1)
    call wait_8042
    OUTB(0x60, 0xde)
    jmp .

by_reset_control: /* 82371SB data sheet, "RC" */
    call disturb
    OUTB(0xcf9, 0x02)
    OUTB(0xcf9, 0x06)
    jmp .

by_triple_fault:
    call disturb
    lidt no_table
    int3

with_a_value:
    OUTB(0x71, 0)
    movl $0x15, %eax
    movw $0x501, %dx
    outl %eax, %dx
    jmp .

/* HLT with IF clear: not even the timer wakes it. */
never:
    OUTB(0x71, 0)
    CHECK("HLT with IF clear")
    OUTB(0x21, 0xfe)
    OUTB(0x43, 0x34)
    OUTB(0x40, 0)
    OUTB(0x40, 0x10)
    CHECK("nothing ends it")
    cli
    hlt
    IS(%eax, $0)
    IS(%eax, $1)
    ret

/* What a BIOS leaves: IRQ 0 at vector 08h, whose handler counts at 40:6Ch. */
by_vectors:
    OUTB(0x71, 0)
    CHECK("interrupts of real-address mode: the timer wakes HLT, and is counted")
    OUTB(0x20, 0x11)
    OUTB(0x21, 0x08)
    OUTB(0x21, 0x04)
    OUTB(0x21, 0x01)
    OUTB(0x21, 0xfe)
    OUTB(0x43, 0x34)
    OUTB(0x40, 0)
    OUTB(0x40, 0x10)
    movl 0x46c, %ebx
    REAL(ticks)
    call quiet_pics
    movl 0x46c, %eax
    subl %ebx, %eax
    cmpl $3, %eax /* a busy host may be late, and then there are more */
    sbbl %eax, %eax
    IS(%eax, $0)
    ret

    .section .low, "ax"
    .code16
ticks:
    movl %ebx, %eax
    addl $3, %eax
1:  sti
    hlt
    cli
    cmpl %eax, 0x46c
    jb 1b
    jmp leave_real
    .code32

    .data
loaded: .long 0x12345678
    .align 4
    .word 0
no_table: .word 0
    .long 0
