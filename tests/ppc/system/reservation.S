/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Load and reserve, store conditional. */
#include "tests/ppc/system/guest.inc"

/* CR0 as a number, and what is in the word. */
#define STORED          mfcr 7; lwz 8, 0(20); rlwinm 7, 7, 4, 28, 31; ANSWER(7); ANSWER(8)
#define RESERVE(n)      li 5, n; stw 5, 0(20); lwarx 6, 0, 20

    .globl image
image:
    mflr 26
    AT(20, word)
    li 10, 0x55
    addi 11, 20, 128

    CHECK("a store after a reservation")
    RESERVE(1)
    stwcx. 10, 0, 20
    STORED
    ANSWER(6)

    CHECK("a store without one")
    li 5, 2
    stw 5, 0(20)
    stwcx. 10, 0, 20
    STORED

    CHECK("a second store")
    RESERVE(3)
    stwcx. 10, 0, 20
    li 5, 0x66
    stwcx. 5, 0, 20
    STORED

    CHECK("a store takes the reservation of another word")
    RESERVE(4)
    stwcx. 10, 0, 11
    stwcx. 10, 0, 20
    STORED

    CHECK("the last reservation counts")
    RESERVE(5)
    lwarx 6, 0, 11
    lwarx 6, 0, 20
    stwcx. 10, 0, 20
    STORED

    CHECK("XER's SO is in CR0")
    RESERVE(6)
    lis 3, 0x8000
    mtxer 3
    stwcx. 10, 0, 20
    STORED
    stwcx. 10, 0, 20
    STORED
    li 3, 0
    mtxer 3

    CHECK("an interrupt's handler takes it")
    RESERVE(7)
    CATCH(1f)
    sc
1:  stwcx. 10, 0, 11
    stwcx. 10, 0, 20
    STORED
    SEEN(WHICH)

    CHECK("a page without the right to store")
    lis 12, PAGE@h
    FORGET
    lis 5, FRAME@h
    stw 10, 0(5)
    MAP(0, V + SIZE_4K, PAGE, FRAME + SR)
    lwarx 6, 0, 12
    CATCH(1f)
    li 5, 0x77
0:  stwcx. 5, 0, 12
1:  SEEN(WHICH)
    SEEN(ESR_SEEN)
    SEEN(DEAR_SEEN)
    SEEN_AT(0b)
    lwz 5, 0(12)
    ANSWER(5)

    CHECK("a page that is not there")
    FORGET
    CATCH(1f)
0:  lwarx 6, 0, 12
1:  SEEN(WHICH)
    SEEN(ESR_SEEN)
    SEEN(DEAR_SEEN)
    SEEN_AT(0b)

    CHECK("a page that has gone in between")
    MAP(0, V + SIZE_4K, PAGE, FRAME + SR + SW)
    lwarx 6, 0, 12
    tlbivax 0, 12
    isync
    CATCH(1f)
0:  stwcx. 5, 0, 12
1:  SEEN(WHICH)
    SEEN(ESR_SEEN)
    SEEN_AT(0b)

    /* Each pass interrupted or not, it adds 1; handlers take the reservation. */
    CHECK("a counter that interrupts find halfway")
    li 5, 0
    stw 5, 0(20)
    SET(3, 40000)
    stw 3, PERIOD(13)
    CATCH(0)
    lis 3, 0x0800
    mtspr TSR, 3
    lis 3, 0x0400
    mtspr TCR, 3
    SET(3, 40000)
    mtdec 3
    wrteei 1
1:  lwarx 6, 0, 20
    addi 6, 6, 1
    stwcx. 6, 0, 20
    bne- 1b
    addi 5, 5, 1
    lwz 7, COUNT(13)
    cmpwi 7, 20
    blt 1b
    wrteei 0
    lwz 6, 0(20)
    subf 5, 5, 6
    ANSWER(5)

    mtlr 26
    blr

    .data
    .balign 64
word:
    .space 256
