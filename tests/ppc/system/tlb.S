/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What software fills the TLBs with, and what they do with it. */
#include "tests/ppc/system/guest.inc"

    .globl image
image:
    mflr 26
    lis 20, PAGE@h
    bl prepare

    /* --- what is not there --- */
    li 3, SIZE_4K + 4 /* M, pages of 4 KiB */
    mtspr MAS4, 3

    CHECK("a load misses")
    CATCH(1f)
0:  lwz 5, 0x234(20)
1:  SEEN(WHICH)
    SEEN_AT(0b)
    SEEN(ESR_SEEN)
    SEEN(DEAR_SEEN)
    bl answer_mas

    CHECK("a store misses")
    CATCH(1f)
0:  stw 5, 0x234(20)
1:  SEEN(WHICH)
    SEEN_AT(0b)
    SEEN(ESR_SEEN)
    SEEN(DEAR_SEEN)

    CHECK("a fetch misses")
    CATCH(1f)
    mtctr 20
    bctr
1:  SEEN(WHICH)
    SEEN(FROM)
    SEEN(DEAR_SEEN)
    bl answer_mas

    CHECK("a miss has the process and the space")
    CATCH(1f)
    li 3, 9
    mtspr PID, 3
    li 3, 0x10
    mtmsr 3
    isync
    lwz 5, 0x234(20)
1:  SEEN(OLD_MSR)
    SEEN(NEW_MSR)
    bl answer_mas
    li 3, 0
    mtspr PID, 3

    /* --- a page is filled --- */
    CHECK("a page that the miss has prepared")
    CATCH(1f)
    lwz 5, 0(20)
1:  SET(3, FRAME + SW + SR)
    mtspr MAS3, 3
    isync
    tlbwe
    isync
    CATCH(1f)
    lwz 5, 0(20)
    lis 6, FRAME@h
    li 7, 77
    stw 7, 8(20)
    lwz 7, 8(6)
1:  SEEN(WHICH)
    ANSWER(5)
    ANSWER(7)

    CHECK("four ways of a set, and what they are")
    FORGET
    .irp n, 0, 1, 2, 3
    MAP(\n << 16, V + SIZE_4K, PAGE + (\n << 19), FRAME + (\n << 12) + SR)
    .endr
    CATCH(1f)
    lwz 5, 0(20)
    addis 4, 20, 8
    lwz 6, 0(4)
    addis 4, 20, 16
    lwz 7, 0(4)
    addis 4, 20, 24
    lwz 8, 0(4)
1:  SEEN(WHICH)
    ANSWER(5)
    ANSWER(6)
    ANSWER(7)
    ANSWER(8)

    CHECK("a way that another page takes")
    MAP(2 << 16, V + SIZE_4K, PAGE + (4 << 19), FRAME + 0x5000 + SR)
    CATCH(1f)
    addis 4, 20, 32
    lwz 5, 0(4)
    addis 4, 20, 16
0:  lwz 6, 0(4)
1:  ANSWER(5)
    SEEN(WHICH)
    SEEN_AT(0b)

    CHECK("another frame for the same page")
    FORGET
    MAP(0, V + SIZE_4K, PAGE, FRAME + SR)
    CATCH(1f)
    lwz 5, 0(20)
    MAP(0, V + SIZE_4K, PAGE, FRAME + 0x1000 + SR)
    lwz 6, 0(20)
1:  ANSWER(5)
    ANSWER(6)

    CHECK("an entry reads as it was written")
    MAP(3 << 16, V + SIZE_4K + (5 << 16), PAGE + 0x7000 + 4, FRAME + 0x2000 + UX + SR)
    li 3, 0
    mtspr MAS1, 3
    mtspr MAS3, 3
    tlbre
    bl answer_mas
    mfspr 5, MAS3
    ANSWER(5)

    /* --- sizes --- */
    .irp n, 1, 2, 3, 4, 5, 6, 7
    CHECK("a page of 4^\n KiB")
    FORGET
    MAP(TLB1 + (20 << 16), V + (\n << 8), PAGE, FRAME + SR)
    lis 4, (FRAME + (1024 << (2 * \n)))@ha
    stw 20, (FRAME + (1024 << (2 * \n)) - 4)@l(4)
    addis 5, 20, (1024 << (2 * \n))@ha
    CATCH(1f)
    lwz 6, ((1024 << (2 * \n)) - 4)@l(5)
    addi 5, 5, (1024 << (2 * \n))@l
0:  lwz 7, 0(5)
1:  ANSWER(6)
    SEEN_AT(0b)
    SEEN(DEAR_SEEN)
    .endr

    /* --- whose it is --- */
    CHECK("a page of a process's")
    FORGET
    MAP(0, V + SIZE_4K + (5 << 16), PAGE, FRAME + SR)
    CATCH(1f)
    li 5, 5
    mtspr PID, 5
    isync
    lwz 6, 0(20)
    li 5, 6
    mtspr PID, 5
    isync
0:  lwz 7, 0(20)
1:  ANSWER(6)
    SEEN(WHICH)
    SEEN_AT(0b)

    CHECK("two processes have the same address")
    MAP(1 << 16, V + SIZE_4K + (6 << 16), PAGE, FRAME + 0x1000 + SR)
    CATCH(1f)
    li 5, 5
    mtspr PID, 5
    isync
    lwz 6, 0(20)
    li 5, 6
    mtspr PID, 5
    isync
    lwz 7, 0(20)
    li 5, 5
    mtspr PID, 5
    isync
    lwz 8, 0(20)
1:  ANSWER(6)
    ANSWER(7)
    ANSWER(8)
    SEEN(WHICH)

    CHECK("a page of all processes'")
    FORGET
    MAP(0, V + SIZE_4K, PAGE, FRAME + SR)
    CATCH(1f)
    lwz 6, 0(20)
    li 5, 0
    mtspr PID, 5
    isync
    lwz 7, 0(20)
1:  ANSWER(6)
    ANSWER(7)
    SEEN(WHICH)

    CHECK("data of two address spaces")
    MAP(1 << 16, V + SIZE_4K + 0x1000, PAGE, FRAME + 0x1000 + SR)
    CATCH(1f)
    lwz 6, 0(20)
    li 5, 0x10
    mtmsr 5
    isync
    lwz 7, 0(20)
    li 5, 0
    mtmsr 5
    isync
    lwz 8, 0(20)
1:  ANSWER(6)
    ANSWER(7)
    ANSWER(8)
    SEEN(WHICH)

    /* --- rights --- */
    CHECK("no right to load")
    FORGET
    MAP(0, V + SIZE_4K, PAGE, FRAME + SW + SX + UR + UW + UX)
    CATCH(1f)
0:  lwz 5, 4(20)
1:  bl answer_data_storage
    SEEN_AT(0b)

    CHECK("no right to store")
    MAP(0, V + SIZE_4K, PAGE, FRAME + SR + SX + UR + UW + UX)
    CATCH(1f)
0:  stw 5, 4(20)
1:  bl answer_data_storage
    SEEN_AT(0b)

    CHECK("no right to execute")
    MAP(0, V + SIZE_4K, PAGE, FRAME + SR + SW + UR + UW + UX)
    CATCH(1f)
    mtctr 20
    bctr
1:  SEEN(WHICH)
    SEEN(FROM)

    CHECK("a user's load")
    MAP(0, V + SIZE_4K, PAGE, FRAME + SR + SW + SX + UW + UX)
    CATCH(1f)
    USER(0f)
0:  lwz 5, 4(20)
1:  bl answer_data_storage
    SEEN_AT(0b)
    SEEN(OLD_MSR)

    CHECK("a user's store")
    MAP(0, V + SIZE_4K, PAGE, FRAME + SR + SW + SX + UR + UX)
    CATCH(1f)
    USER(0f)
0:  stw 5, 4(20)
1:  bl answer_data_storage
    SEEN_AT(0b)

    CHECK("a user's fetch")
    MAP(0, V + SIZE_4K, PAGE, FRAME + SR + SW + SX + UR + UW)
    CATCH(1f)
    mtctr 20
    USER(0f)
0:  bctr
1:  SEEN(WHICH)
    SEEN(FROM)

    CHECK("a user may what the supervisor may not")
    MAP(0, V + SIZE_4K, PAGE, FRAME + UR + UW)
    CATCH(1f)
    USER(0f)
0:  lwz 5, 0(20)
    sc
1:  ANSWER(5)
    SEEN(WHICH)

    CHECK("a store across two pages, of which one is missing")
    MAP(0, V + SIZE_4K, PAGE, FRAME + SR + SW)
    CATCH(1f)
    li 5, -1
0:  stw 5, 0xffe(20)
1:  SEEN(WHICH)
    SEEN_AT(0b)
    SEEN(DEAR_SEEN)
    lwz 5, 0xffc(20)
    ANSWER(5)

    /* --- searched, and made invalid --- */
    CHECK("tlbsx finds an entry of TLB0")
    FORGET
    MAP(2 << 16, V + SIZE_4K + (5 << 16), PAGE + 0x3000, FRAME + SR)
    lis 3, 5
    mtspr MAS6, 3
    addi 5, 20, 0x3abc
    tlbsx 0, 5
    bl answer_mas

    CHECK("tlbsx, a sum of two registers")
    li 5, 0x3abc
    tlbsx 20, 5
    bl answer_mas

    CHECK("tlbsx finds an entry of TLB1")
    MAP(TLB1 + (21 << 16), V + 0x300, PAGE + 0x10000, FRAME + SR)
    addis 5, 20, 1
    tlbsx 0, 5
    bl answer_mas

    CHECK("tlbsx finds none")
    addis 5, 20, 7
    tlbsx 0, 5
    mfspr 5, MAS1
    ANSWER(5)

    CHECK("tlbivax, a page")
    li 3, 0
    mtspr MAS6, 3
    MAP(0, V + SIZE_4K, PAGE, FRAME + SR)
    lwz 5, 0(20)
    tlbivax 0, 20
    isync
    CATCH(1f)
0:  lwz 6, 0(20)
1:  SEEN(WHICH)
    SEEN_AT(0b)

    CHECK("tlbilx, a page of a process's")
    MAP(0, V + SIZE_4K, PAGE, FRAME + SR)
    MAP(1 << 16, V + SIZE_4K, PAGE + 0x1000, FRAME + 0x1000 + SR)
    lwz 5, 0(20)
    TLBILX(3, 0, 20)
    isync
    CATCH(1f)
    lwz 5, 0x1000(20)
0:  lwz 6, 0(20)
1:  ANSWER(5)
    SEEN(WHICH)
    SEEN_AT(0b)

    CHECK("tlbilx, all of a process's")
    MAP(0, V + SIZE_4K + (5 << 16), PAGE, FRAME + SR)
    MAP(1 << 16, V + SIZE_4K + (6 << 16), PAGE + 0x1000, FRAME + 0x1000 + SR)
    lis 3, 5
    mtspr MAS6, 3
    TLBILX(1, 0, 0)
    isync
    CATCH(1f)
    li 3, 6
    mtspr PID, 3
    isync
    lwz 5, 0x1000(20)
    li 3, 5
    mtspr PID, 3
    isync
0:  lwz 6, 0(20)
1:  ANSWER(5)
    SEEN(WHICH)
    SEEN_AT(0b)
    li 3, 0
    mtspr PID, 3
    mtspr MAS6, 3

    CHECK("MMUCSR0, all of TLB0")
    FORGET
    MAP(0, V + SIZE_4K, PAGE, FRAME + SR)
    MAP(TLB1 + (22 << 16), V + SIZE_4K, PAGE + 0x1000, FRAME + 0x1000 + SR)
    li 3, 4
    mtspr MMUCSR0, 3
    isync
    CATCH(1f)
    lwz 5, 0x1000(20)
0:  lwz 6, 0(20)
1:  ANSWER(5)
    SEEN(WHICH)
    SEEN_AT(0b)

    CHECK("MMUCSR0, all of TLB1")
    MAP(0, V + SIZE_4K, PAGE, FRAME + SR)
    li 3, 2
    mtspr MMUCSR0, 3
    isync
    CATCH(1f)
    lwz 5, 0(20)
0:  lwz 6, 0x1000(20)
1:  ANSWER(5)
    SEEN(WHICH)
    SEEN_AT(0b)

    CHECK("a protected entry stays")
    MAP(TLB1 + (22 << 16), V + IPROT + SIZE_4K, PAGE + 0x1000, FRAME + 0x1000 + SR)
    FORGET
    CATCH(1f)
    lwz 5, 0x1000(20)
1:  ANSWER(5)
    SEEN(WHICH)
    MAP(TLB1 + (22 << 16), 0, PAGE + 0x1000, FRAME)

    /* --- code --- */
    CHECK("a page of code in another frame")
    MAP(0, V + SIZE_4K, PAGE, FRAME + 0x8000 + SX)
    CATCH(1f)
    mtctr 20
    bctrl
    mr 6, 5
    MAP(0, V + SIZE_4K, PAGE, FRAME + 0x9000 + SX)
    mtctr 20
    bctrl
1:  ANSWER(6)
    ANSWER(5)
    SEEN(WHICH)

    CHECK("code of two address spaces")
    MAP(1 << 16, V + 0x1000 + SIZE_4K, PAGE, FRAME + 0x8000 + SX)
    CATCH(1f)
    mtctr 20
    bctrl
    mr 6, 5
    mtsrr0 20
    li 3, 0x20
    mtsrr1 3
    rfi /* what is there goes to another page, which misses */
1:  ANSWER(6)
    ANSWER(5)
    SEEN(WHICH)
    SEEN(OLD_MSR)

    /* --- by external PID --- */
    CHECK("loads by external PID")
    FORGET
    MAP(0, V + SIZE_4K + (7 << 16), PAGE, FRAME + 0x1000 + SR + SW)
    MAP(1 << 16, V + SIZE_4K + (5 << 16), PAGE, FRAME + 0xa000 + SR + SW)
    MAP(2 << 16, V + SIZE_4K + (5 << 16) + 0x1000, PAGE, FRAME + 0xb000 + UR + UW)
    FOR(PID, 7)
    CATCH(1f)
    FOR(EPLC, 5)
    BY_PID(LWEPX, 6, 0, 20)
    lwz 7, 0(20)
    FOR(EPLC, 0xc0000005)
    BY_PID(LWEPX, 8, 0, 20)
    li 10, 2
    li 11, 3
    BY_PID(LHEPX, 9, 20, 10)
    BY_PID(LBEPX, 10, 20, 11)
1:  ANSWER(6)
    ANSWER(7)
    ANSWER(8)
    ANSWER(9)
    ANSWER(10)
    SEEN(WHICH)

    CHECK("stores by external PID")
    FOR(EPLC, 5)
    FOR(EPSC, 5)
    CATCH(1f)
    SET(6, 0xaabbccdd)
    li 10, 8
    li 11, 12
    li 12, 14
    BY_PID(STWEPX, 6, 20, 10)
    BY_PID(STHEPX, 6, 20, 11)
    BY_PID(STBEPX, 6, 20, 12)
    BY_PID(LWEPX, 7, 20, 10)
    BY_PID(LWEPX, 8, 20, 11)
    lwz 9, 8(20)
1:  ANSWER(7)
    ANSWER(8)
    ANSWER(9)
    SEEN(WHICH)

    CHECK("a double by external PID")
    CATCH(1f)
    BY_PID(LFDEPX, 2, 20, 10)
1:  SEEN(WHICH)
    CATCH(1f)
    li 5, 0x2000
    mtmsr 5
    isync
    BY_PID(LFDEPX, 1, 20, 10)
    stfd 1, 24(20)
    lfd 2, 0(20)
    li 12, 16
    BY_PID(STFDEPX, 2, 20, 12)
    BY_PID(LWEPX, 6, 20, 12)
    lwz 7, 24(20)
    lwz 8, 28(20)
1:  ANSWER(6)
    ANSWER(7)
    ANSWER(8)
    SEEN(WHICH)
    li 5, 0
    mtmsr 5

    CHECK("a line made zero by external PID")
    CATCH(1f)
    BY_PID(DCBZEP, 0, 20, 10)
    BY_PID(LWEPX, 6, 0, 20)
    BY_PID(LWEPX, 7, 20, 10)
    lwz 8, 0(20)
1:  ANSWER(6)
    ANSWER(7)
    ANSWER(8)
    SEEN(WHICH)

    CHECK("a load by external PID that misses")
    FOR(EPLC, 0x40000006)
    CATCH(1f)
0:  BY_PID(LWEPX, 6, 20, 10)
1:  SEEN(WHICH)
    SEEN_AT(0b)
    SEEN(ESR_SEEN)
    SEEN(DEAR_SEEN)
    mfspr 5, MAS1
    ANSWER(5)
    mfspr 5, MAS6
    ANSWER(5)

    CHECK("a store by external PID without the right to")
    FOR(EPSC, 0x80000005)
    CATCH(1f)
0:  BY_PID(STWEPX, 6, 20, 10)
1:  bl answer_data_storage
    SEEN_AT(0b)

    CHECK("a user's load by external PID")
    CATCH(1f)
    USER(0f)
0:  BY_PID(LWEPX, 6, 20, 10)
1:  SEEN(WHICH)
    SEEN(ESR_SEEN)

    CHECK("EPLC and EPSC have bits for what there is")
    FOR(EPLC, 0xffffffff)
    FOR(EPSC, 0xffffffff)
    mfspr 5, EPLC
    mfspr 6, EPSC
    ANSWER(5)
    ANSWER(6)
    FOR(EPLC, 0)
    FOR(EPSC, 0)
    FOR(PID, 0)
    FORGET

    mtlr 26
    blr

/* But the way that is to be replaced, which processors choose as they like. */
answer_mas:
    mflr 27
    mfspr 3, MAS0
    rlwinm 3, 3, 0, 0, 29
    mfspr 4, MAS3
    cmpwi 4, 0
    bne 1f
    rlwinm 3, 3, 0, 0, 11 /* after a miss that is ESEL, too */
1:  bl answer
    .irp n, MAS1, MAS2
    mfspr 3, \n
    bl answer
    .endr
    mtlr 27
    blr

answer_data_storage:
    mflr 27
    SEEN(WHICH)
    SEEN(ESR_SEEN)
    SEEN(DEAR_SEEN)
    mtlr 27
    blr

/* Frames have their number from 1 on; 8 and 9 a function that puts that into r5. */
prepare:
    mflr 27
    lis 3, FRAME@h
    li 4, 1
1:  stw 4, 0(3)
    addi 3, 3, 0x1000
    addi 4, 4, 1
    cmpwi 4, 16
    ble 1b
    lis 3, (FRAME + 0x8000)@ha
    addi 3, 3, (FRAME + 0x8000)@l
    bl function
    addi 3, 3, 0x1000
    bl function
    mtlr 27
    blr

function:
    lwz 4, 0(3)
    addis 4, 4, 0x38a0 /* li 5, NUMBER */
    stw 4, 0(3)
    lis 4, 0x4e80 /* blr */
    ori 4, 4, 0x20
    stw 4, 4(3)
    dcbst 0, 3
    sync
    icbi 0, 3
    sync
    isync
    blr
