/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PAE paging, no-execute, global pages, and 4 MiB pages above 4 GiB (SDM vol. 3, chapter 4). */
#include "pae.inc"

    .globl image
image:
    call enable
    call error_codes
    call reserved
    call big_pages
    call no_execute
    call global_pages
    call high_addresses
    call pse36
    ret

error_codes:
    CHECK("PAE: error codes of what is not present")
    MAP(1, $0, $0)
    FAULTS_AT(0, PAGE(1) + 8, movl PAGE(1) + 8, %eax)
    FAULTS_AT(2, PAGE(1) + 9, movb %al, PAGE(1) + 9)
    USER_FAULTS_AT(6, PAGE(1) + 0xffc, movl %eax, PAGE(1) + 0xffc)
    FAULTS_AT(0, 0x40400000, movl 0x40400000, %eax)
    USER_FAULTS_AT(4, 0x80000004, movl 0x80000004, %eax)
    FETCH_FAULTS(0, PAGE(1) + 3)
    CHECK("PAE: reserved bits of what is not present mean nothing")
    MAP(1, $0, $-1)
    FAULTS_AT(0, PAGE(1), movl PAGE(1), %eax)
    CHECK("PAE: both levels must allow an access")
    MAP(2, $data + P, $0)
    FAULTS_AT(3, PAGE(2), movl %eax, PAGE(2))
    USER_FAULTS_AT(5, PAGE(2), movl PAGE(2), %eax)
    MAP(2, $data + P + W + U, $0)
    PUT(DIRECTORY(WINDOW), $window_table + P, $0)
    LOAD_CR3()
    movl PAGE(2), %eax
    FAULTS_AT(3, PAGE(2), movl %eax, PAGE(2))
    USER_FAULTS_AT(5, PAGE(2), movl PAGE(2), %eax)
    PUT(DIRECTORY(WINDOW), $window_table + P + W + U, $0)
    LOAD_CR3()
    CHECK("PAE: CR0.WP clear: the supervisor writes all the same")
    MAP(2, $data + P + U, $0)
    CLEAR(%cr0, CR0_WP)
    movl $0x22222222, PAGE(2)
    IS(data, $0x22222222)
    SET(%cr0, CR0_WP)
    FAULTS_AT(3, PAGE(2), movl %eax, PAGE(2))
    CHECK("PAE: accessed and dirty bits")
    PUT(DIRECTORY(WINDOW), $window_table + P + W + U, $0)
    LOAD_CR3()
    MAP(3, $data + P + W + U, $0)
    movl PAGE(3), %eax
    IS_MASKED(DIRECTORY(WINDOW), $A + D, $A)
    IS_MASKED(ENTRY(3), $A + D, $A)
    movl %eax, PAGE(3)
    IS_MASKED(DIRECTORY(WINDOW), $A + D, $A)
    IS_MASKED(ENTRY(3), $A + D, $A + D)
    IS(4 + ENTRY(3), $0)
    ret

#define RESERVED_(high)                                                                            \
    MAP(4, $data + P + W + U, high);                                                               \
    FAULTS_AT(9, PAGE(4), movl PAGE(4), %eax);                                                     \
    FAULTS_AT(0xb, PAGE(4), movl %eax, PAGE(4));                                                   \
    USER_FAULTS_AT(0xf, PAGE(4), movl %eax, PAGE(4))

reserved:
    CHECK("PAE: reserved bits of a page's entry")
    movl beyond, %esi
    RESERVED_(%esi)
    RESERVED_($0x80000)
    RESERVED_($0x40000000)
    CHECK("PAE: bit 63 is reserved while EFER.NXE is clear")
    RESERVED_($NX)
    FETCH_FAULTS(9, PAGE(4))
    CHECK("PAE: reserved bits of a directory's entry")
    movl beyond, %esi
    PUT(DIRECTORY(WINDOW), $window_table + P + W + U, %esi)
    LOAD_CR3()
    FAULTS_AT(9, PAGE(0), movl PAGE(0), %eax)
    PUT(DIRECTORY(WINDOW), $window_table + P + W + U, $NX)
    LOAD_CR3()
    FAULTS_AT(9, PAGE(0), movl PAGE(0), %eax)
    PUT(DIRECTORY(WINDOW), $window_table + P + W + U, $0)
    LOAD_CR3()
    ret

big_pages:
    CHECK("a page of 2 MiB, whatever CR4.PSE is")
    CLEAR(%cr4, CR4_PSE)
    movl $0x11111111, data
    MAP_BIG($P + W + U + PS, $0)
    IS(BIG + data, $0x11111111)
    IS_MASKED(DIRECTORY(BIG), $A + D, $A)
    movl $0x33333333, BIG + data
    IS(data, $0x33333333)
    IS_MASKED(DIRECTORY(BIG), $A + D, $A + D)
    CHECK("a page of 2 MiB: rights")
    MAP_BIG($P + PS, $0)
    FAULTS_AT(3, BIG + 8, movl %eax, BIG + 8)
    USER_FAULTS_AT(5, BIG + 8, movl BIG + 8, %eax)
    CHECK("a page of 2 MiB: reserved bits")
    MAP_BIG($P + W + U + PS + 0x2000, $0)
    FAULTS_AT(9, BIG, movl BIG, %eax)
    MAP_BIG($P + W + U + PS + 0x100000, $0)
    FAULTS_AT(9, BIG, movl BIG, %eax)
    movl beyond, %esi
    MAP_BIG($P + W + U + PS, %esi)
    USER_FAULTS_AT(0xf, BIG, movl %eax, BIG)
    CHECK("a page of 2 MiB: another one after INVLPG of any address in it")
    MAP_BIG($P + W + PS, $0)
    movl $0x66666666, 0x600000
    movl BIG, %eax
    PUT(DIRECTORY(BIG), $0x600000 + P + W + PS, $0)
    invlpg BIG + 0x1ff000
    IS(BIG, $0x66666666)
    CHECK("code in a page of 2 MiB")
    MAP_BIG($P + W + PS, $0)
    movl $BIG + returns_1, %edx
    call *%edx
    IS(%eax, $1)
    ret

no_execute:
    CHECK("EFER.NXE, and nothing else of EFER")
    SET_EFER(EFER_NXE)
    rdmsr
    IS(%eax, $EFER_NXE)
    IS(%edx, $0)
    CHECK("bits of EFER that are not there")
    movl $EFER_NXE + 0x200, %eax
    FAULTS(GP, 0, wrmsr)
    CHECK("NX: data, but not code")
    MAP(5, $returns_1 + P + W + U, $NX)
    movl PAGE(5), %eax
    IS(%eax, returns_1)
    movl %eax, PAGE(5)
    FETCH_FAULTS(0x11, PAGE(5))
    USER_FETCH_FAULTS(0x15, PAGE(5))
    USER_RUNS(movl PAGE(5), %eax)
    CHECK("NX taken away and given again")
    MAP(5, $returns_1 + P + W + U, $0)
    movl $PAGE(5), %edx
    call *%edx
    IS(%eax, $1)
    MAP(5, $returns_1 + P + W + U, $NX)
    FETCH_FAULTS(0x11, PAGE(5))
    MAP(5, $returns_1 + P + W + U, $0)
    call *%edx
    IS(%eax, $1)
    CHECK("NX of a directory's entry")
    movl $0x77777777, data
    PUT(DIRECTORY(WINDOW), $window_table + P + W + U, $NX)
    LOAD_CR3()
    FETCH_FAULTS(0x11, PAGE(5))
    IS(PAGE(0), $0x77777777)
    PUT(DIRECTORY(WINDOW), $window_table + P + W + U, $0)
    LOAD_CR3()
    call *%edx
    IS(%eax, $1)
    CHECK("NX of a page of 2 MiB")
    MAP_BIG($P + W + U + PS, $NX)
    IS(BIG + data, $0x77777777)
    FETCH_FAULTS(0x11, BIG + 0x1000)
    CHECK("NX: error codes of fetches that fail otherwise")
    MAP(1, $0, $0)
    FETCH_FAULTS(0x10, PAGE(1))
    USER_FETCH_FAULTS(0x14, PAGE(1))
    MAP(1, $data + P, $NX)
    USER_FETCH_FAULTS(0x15, PAGE(1))
    movl beyond, %esi
    MAP(1, $data + P, %esi)
    FETCH_FAULTS(0x19, PAGE(1))
    FAULTS_AT(9, PAGE(1), movl PAGE(1), %eax)
    CHECK("an instruction that reaches into a page of NX")
    MAP(6, $reaches + P, $0)
    MAP(7, $reaches + 0x1000 + P, $NX)
    movl $PAGE(7) - 3, %edx
    CATCH(1f)
    jmp *%edx
1:  CAUGHT(PF, 0x11, PAGE(7) - 3)
    IS(caught_cr2, $PAGE(7))
    MAP(7, $reaches + 0x1000 + P, $0)
    call *%edx
    IS(%eax, $0x22222222)
    CHECK("EFER.NXE clear again")
    MAP(5, $returns_1 + P + W + U, $NX)
    SET_EFER(0)
    FAULTS_AT(9, PAGE(5), movl PAGE(5), %eax)
    MAP(1, $0, $0)
    FETCH_FAULTS(0, PAGE(1))
    ret

global_pages:
    CHECK("CR4.PGE clear: a global page is gone after CR3 is loaded")
    CLEAR(%cr4, CR4_PGE)
    movl $0x88888888, data
    movl $0x99999999, data + 0x1000
    MAP(8, $data + P + G, $0)
    movl PAGE(8), %eax
    PUT(ENTRY(8), $data + 0x1000 + P + G, $0)
    LOAD_CR3()
    IS(PAGE(8), $0x99999999)
    CHECK("a global page is gone after INVLPG")
    SET(%cr4, CR4_PGE)
    MAP(8, $data + P + G, $0)
    movl PAGE(8), %eax
    PUT(ENTRY(8), $data + 0x1000 + P + G, $0)
    LOAD_CR3() /* it may stay */
    invlpg PAGE(8)
    IS(PAGE(8), $0x99999999)
    CHECK("global pages are gone after CR4.PGE is changed")
    PUT(ENTRY(8), $data + P + G, $0)
    CLEAR(%cr4, CR4_PGE)
    IS(PAGE(8), $0x88888888)
    CHECK("a global page of 2 MiB is gone after INVLPG")
    SET(%cr4, CR4_PGE)
    movl $0x66666666, 0x600000 + data
    MAP_BIG($P + PS + G, $0)
    movl BIG + data, %eax
    PUT(DIRECTORY(BIG), $0x600000 + P + PS + G, $0)
    invlpg BIG
    IS(BIG + data, $0x66666666)
    CLEAR(%cr4, CR4_PGE)
    ret

high_addresses:
    CHECK("PAE: above 4 GiB reads ones and takes no writes")
    movl $0x88888888, data
    MAP(9, $data + P + W, $8)
    IS(PAGE(9), $-1)
    movl $0x12121212, PAGE(9)
    IS(data, $0x88888888)
    IS(PAGE(9), $-1)
    IS_MASKED(ENTRY(9), $A + D, $A + D)
    MAP_BIG($P + W + PS, $1)
    IS(BIG + data, $-1)
    incl BIG + data
    movl %eax, BIG + data + 0x1fff /* across pages */
    IS(data, $0x88888888)
    CHECK("PAE: code above 4 GiB is no instruction")
    CATCH(1f)
    movl $PAGE(9), %eax
    jmp *%eax
1:  CAUGHT(UD, 0, PAGE(9))
    CHECK("PAE: a table above 4 GiB has reserved bits")
    PUT(DIRECTORY(0x40400000), $window_table + P, $1)
    FAULTS_AT(9, 0x40400000, movl 0x40400000, %eax)
    ret

pse36:
    CHECK("PAE paging is turned off")
    CLEAR(%cr0, CR0_PG)
    CLEAR(%cr4, CR4_PAE)
    SET(%cr4, CR4_PSE)
    movl $P + W + PS, directories
    movl $0x400000 + P + W + PS, directories + 4
    movl $P + W + PS, directories + 0x400
    movl $directories, %eax
    movl %eax, %cr3
    SET(%cr0, CR0_PG)
    jmp 1f
1:  IS(0x40000000 + data, $0x88888888)
    CHECK("PSE-36: bits 13 to 16 are bits 32 to 35 of the address")
    movl $P + W + PS + 0x2000, directories + 0x400
    invlpg 0x40000000
    IS(0x40000000 + data, $-1)
    movl $5, 0x40000000 + data
    movl $P + W + PS + 0x10000, directories + 0x400
    invlpg 0x40000000
    incl 0x40000000 + data
    IS(data, $0x88888888)
    CHECK("PSE-36: bits for longer addresses are reserved")
    movl beyond, %esi
    shll $13, %esi
    orl $P + W + PS, %esi
    movl %esi, directories + 0x400
    invlpg 0x40000000
    FAULTS_AT(9, 0x40000000, movl 0x40000000, %eax)
    movl $P + W + PS + 0x200000, directories + 0x400
    FAULTS_AT(9, 0x40000000, movl 0x40000000, %eax)
    CLEAR(%cr0, CR0_PG)
    ret

/* Pages of code that the window shows. */
    .align 4096
returns_1:
    movl $1, %eax
    ret
    .align 4096
reaches:
    .skip 4096 - 3
    .byte 0xb8, 0x22, 0x22 /* movl $0x22222222, %eax */
    .byte 0x22, 0x22
    ret
    .align 4096
