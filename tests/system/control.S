/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What CR0 refuses; apart from the rest, since nothing goes on where it does not. */
#include "guest.inc"

    .text
    .code32
    .globl image
image:
    CHECK("#GP of CR0 with PG and without PE, with NW and without CD")
    movl %cr0, %eax
    movl %eax, %ebx
    andl $~1, %eax
    orl $0x80000000, %eax
    FAULTS(GP, 0, movl %eax, %cr0)
    movl %ebx, %eax
    andl $~0x40000000, %eax
    orl $0x20000000, %eax
    FAULTS(GP, 0, movl %eax, %cr0)
    movl %cr0, %eax
    IS(%eax, %ebx)
    ret
