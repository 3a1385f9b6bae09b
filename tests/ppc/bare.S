/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cases for -M ppc-bare, whose exit register ends them: they stay in memory. */
    .set EXIT, 0xe0001000
    .set MSR_FP, 0x2000

    .text
    .globl _start
_start:
    mfmsr 3
    ori 3, 3, MSR_FP
    mtmsr 3
    isync
    bl run
    lis 3, EXIT@h
    ori 3, 3, EXIT@l
    li 4, 0
    stw 4, 0(3)
    b .
