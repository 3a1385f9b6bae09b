/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cases as a Linux program, for qemu-ppc: writes them, as they are then, to standard output. */
#include "tests/ppc/record.h"

    .set SYS_exit, 1
    .set SYS_write, 4

    .text
    .globl _start
_start:
    bl run
    lis 4, cases@ha
    addi 4, 4, cases@l
    lwz 5, CASES_COUNT(4)
    mulli 5, 5, RECORD_SIZE
    addi 4, 4, CASES_FIRST
write:
    li 3, 1
    li 0, SYS_write
    sc
    bso failed
    add 4, 4, 3
    subf. 5, 3, 5
    bgt write
    li 3, 0
    b exit
failed:
    li 3, 1
exit:
    li 0, SYS_exit
    sc
