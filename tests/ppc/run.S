/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the cases one after the other: record.h. Begun by linux.S or bare.S. */
#include "tests/ppc/record.h"

    .macro each_gpr what
    .irp n, 0,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    \what \n, (4 * \n)(1)
    .endr
    .endm
    .macro each_fpr what
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    \what \n, (RECORD_FPR + 8 * \n)(1)
    .endr
    .endm

    .text
    .globl run
run:
    mflr 0
    lis 3, return@ha
    stw 0, return@l(3)
    lis 1, cases@ha
    addi 1, 1, cases@l
    lwz 4, CASES_COUNT(1)
    stw 4, left@l(3)
    addi 1, 1, CASES_FIRST
    addi 1, 1, -RECORD_SIZE
next:
    addi 1, 1, RECORD_SIZE
    lis 3, left@ha
    lwz 4, left@l(3)
    addic. 4, 4, -1
    stw 4, left@l(3)
    blt done

    li 3, RECORD_FPSCR + 8 /* no reservation is left */
    stwcx. 0, 3, 1
    lfd 0, RECORD_FPSCR(1)
    mtfsf 255, 0
    each_fpr lfd
    lwz 3, RECORD_CR(1)
    mtcrf 255, 3
    lwz 3, RECORD_XER(1)
    mtxer 3
    lwz 3, RECORD_CTR(1)
    mtctr 3
    addi 3, 1, RECORD_CODE
    mtlr 3
    each_gpr lwz
    blr

save:
    each_gpr stw
    mfcr 3
    stw 3, RECORD_CR(1)
    mfxer 3
    stw 3, RECORD_XER(1)
    mfctr 3
    stw 3, RECORD_CTR(1)
    mflr 3
    stw 3, RECORD_LR(1)
    each_fpr stfd
    mffs 0
    stfd 0, RECORD_FPSCR(1)
    b next

done:
    lis 3, return@ha
    lwz 0, return@l(3)
    mtlr 0
    blr

    .data
    .balign 8
return:
    .long 0
left:
    .long 0

    .section .cases, "awx"
    .globl cases
    .balign 64
cases:
    .long 0
    .long save
    .space CASES_FIRST - 8 + RECORD_SIZE * MOST_CASES
