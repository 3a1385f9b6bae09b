/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PAE paging's four pointers are registers (SDM vol. 3, 4.4.1). */
#include "pae.inc"

    .globl image
image:
    call enable
    movl $0x77777777, data
    call pointers
    ret

pointers:
    CHECK("PAE: the four pointers are read when CR3 is loaded")
    PUT(pdpt + 16, $directories + 4096 + P, $0)
    FAULTS_AT(0, 0x80000000, movl 0x80000000, %eax)
    LOAD_CR3()
    movl $0x77777777, data
    IS(0x80000000, $0x77777777)
    PUT(pdpt + 16, $0, $0)
    invlpg 0x80001000
    MAP(1, $data + P, $0)
    IS(0x80001000, $0x77777777)
    LOAD_CR3()
    FAULTS_AT(0, 0x80001000, movl 0x80001000, %eax)
    CHECK("PAE: reserved bits of a pointer: #GP, and the old ones stay")
    PUT(pdpt + 16, $directories + 4096 + P + W, $0)
    movl %cr3, %eax
    FAULTS(GP, 0, movl %eax, %cr3)
    movl beyond, %esi
    PUT(pdpt + 16, $directories + 4096 + P, %esi)
    FAULTS(GP, 0, movl %eax, %cr3)
    FAULTS(GP, 0, movl %eax, %cr3)
    FAULTS_AT(0, 0x80001000, movl 0x80001000, %eax)
    IS(PAGE(0), $0x77777777)
    PUT(pdpt + 16, $W, $-1) /* not present */
    movl %eax, %cr3
    PUT(pdpt + 16, $0, $0)
    CHECK("PAE: so it is when CR4.PGE is changed")
    PUT(pdpt + 16, $directories + 4096 + P, $0)
    SET(%cr4, CR4_PGE)
    IS(0x80001000, $0x77777777)
    PUT(pdpt + 16, $0, $0)
    CLEAR(%cr4, CR4_PGE)
    FAULTS_AT(0, 0x80001000, movl 0x80001000, %eax)
    CHECK("PAE: the table of pointers need not begin a page")
    PUT(pdpt_2, $directories + P, $0)
    PUT(pdpt_2 + 8, $directories + 4096 + P, $0)
    movl $pdpt_2, %eax
    movl %eax, %cr3
    IS(PAGE(0), $0x77777777)
    movl %cr3, %eax
    IS(%eax, $pdpt_2)
    movl $pdpt, %eax
    movl %eax, %cr3
    ret
