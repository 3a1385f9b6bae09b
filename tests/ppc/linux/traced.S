/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The first process of a Linux: has its child run instruction by instruction, then up to an access
 * to a word, by ptrace, for which Linux wants the processor's debug events; says whether the child
 * was where it had to be, and restarts the machine.
 */
    .set EXIT, 1
    .set FORK, 2
    .set WRITE, 4
    .set GETPID, 20
    .set PTRACE, 26
    .set KILL, 37
    .set REBOOT, 88
    .set WAIT4, 114
    .set TRACEME, 0
    .set PEEKUSR, 3
    .set CONT, 7
    .set SINGLESTEP, 9
    .set SET_DEBUGREG, 26
    .set PT_NIP, 4 * 32
    .set SIGSTOP, 19
    .set STOPPED_BY_TRAP, 0x57f

    .text
    .globl _start
_start:
    lis 29, answers@ha
    addi 29, 29, answers@l
    li 0, FORK
    sc
    cmpwi 3, 0
    beq child
    mr 31, 3
    bl wait_for_child

    lis 28, expected@ha
    addi 28, 28, expected@l - 4
    li 27, (expected_end - expected) / 4
1:  li 3, SINGLESTEP
    li 6, 0
    bl trace
    bl wait_for_child
    bl where
    lwzu 6, 4(28)
    cmpw 5, 6
    bne wrong
    addi 27, 27, -1
    cmpwi 27, 0
    bne 1b

    li 3, SET_DEBUGREG
    addi 6, 29, watched - answers + 3 /* loads and stores */
    bl trace
    li 3, CONT
    li 6, 0
    bl trace
    bl wait_for_child
    lwz 5, 0(29)
    cmpwi 5, STOPPED_BY_TRAP
    bne wrong
    bl where
    lis 6, access@ha
    addi 6, 6, access@l
    cmpw 5, 6
    bne wrong
    addi 4, 29, right - answers
    b say
wrong:
    addi 4, 29, otherwise - answers
say:
    li 3, 1
    li 5, otherwise - right
    li 0, WRITE
    sc
    lis 3, 0xfee1
    ori 3, 3, 0xdead
    lis 4, 0x2812
    ori 4, 4, 0x1969
    lis 5, 0x0123
    ori 5, 5, 0x4567
    li 0, REBOOT
    sc
    b .

child:
    li 3, TRACEME
    li 0, PTRACE
    sc
    li 0, GETPID
    sc
    li 4, SIGSTOP
    li 0, KILL
    sc
    li 7, 1
first:
    b second
    nop
second:
    li 7, 2
third:
    li 7, 3
    lwz 8, watched - answers + 4(29)
access:
    stw 7, watched - answers(29)
    li 3, 0
    li 0, EXIT
    sc

/* ptrace: r3 is asked for, of the child; r6 is for it. */
trace:
    mr 4, 31
    li 5, 0
    cmpwi 3, PEEKUSR
    bne 1f
    li 5, PT_NIP
1:  li 0, PTRACE
    sc
    blr

wait_for_child:
    mr 3, 31
    mr 4, 29
    li 5, 0
    li 6, 0
    li 0, WAIT4
    sc
    blr

/* r5 = where the child is. */
where:
    mflr 26
    li 3, PEEKUSR
    addi 6, 29, 4
    bl trace
    lwz 5, 4(29)
    mtlr 26
    blr

    .data
    .balign 8
answers: /* wait4's and ptrace's */
    .long 0, 0
watched:
    .long 0, 0
right:
    .ascii "traced: as it had to be\n"
otherwise:
    .ascii "traced: wrong          \n"
    .balign 4
expected:
    .long first, second, third
expected_end:

    .section .note.GNU-stack, "", @progbits
