/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A program for -M ppc-bare: waits for an interrupt, calls a function a thousand times, prints a
 * line, and ends with what came of it: 1000 * 1001 / 2 = 500500, of which the status is the lowest byte, 14h.
 */
    .set UART, 0xe0000000
    .set IER, 1
    .set MCR, 4
    .set LSR, 5
    .set EXIT, 0xe0001000

    .globl _start
_start:
    lis %r4, UART@h
    li %r5, 0x08 /* OUT2: the interrupt is let out */
    stb %r5, MCR(%r4)
    li %r5, 0x02 /* there is room to send */
    stb %r5, IER(%r4)
    li %r5, 0
    ori %r6, %r5, 0x8000 /* MSR[EE] */
    mtmsr %r6
wait:
    cmpwi %r5, 0
    beq wait
    mtmsr %r5

    li %r31, 0
    li %r30, 1000
loop:
    mr %r3, %r31
    mr %r4, %r30
    bl add
    mr %r31, %r3
    addi %r30, %r30, -1
    cmpwi %r30, 0
    bne loop

    lis %r3, text@ha
    addi %r3, %r3, text@l
    bl print

    lis %r3, EXIT@h
    ori %r3, %r3, EXIT@l
    stw %r31, 0(%r3)
    b .

/* r3 + r4, by way of the stack. */
add:
    addi %r1, %r1, -16
    stw %r3, 8(%r1)
    sth %r4, 12(%r1)
    lwz %r5, 8(%r1)
    lhz %r6, 12(%r1)
    add %r3, %r5, %r6
    addi %r1, %r1, 16
    blr

/* The zero-terminated text at r3, when the port can take it. */
print:
    lis %r4, UART@h
    lbz %r5, 0(%r3)
    cmpwi %r5, 0
    beq 2f
1:  lbz %r6, LSR(%r4)
    andi. %r6, %r6, 0x20
    beq 1b
    stb %r5, 0(%r4)
    addi %r3, %r3, 1
    b print
2:  blr

/* The external interrupt, at 500h: turns itself off, and is over for who waits. */
    .section .external, "ax"
    li %r5, 0
    stb %r5, IER(%r4)
    li %r5, 0x2000 /* MSR[FP], as good as any but EE */
    rfi

    .data
text:
    .asciz "PowerPC: 500500\n"
