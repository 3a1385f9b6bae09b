/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Debug events: which instruction they are at, what they say, and when they wait. */
#include "tests/ppc/system/guest.inc"

    .set IDM, 0x40000000 /* DBCR0 */
    .set ICMP, 0x08000000
    .set IRPT, 0x02000000
    .set TRAP, 0x01000000
    .set BRT, 0x04000000
    .set ON_IAC1, 0x00800000
    .set ON_LOADS, 0x00080000 /* of DAC1's address */
    .set ON_STORES, 0x00040000
    .set RET, 0x00008000
    .set CIRPT, 0x40
    .set CRET, 0x20

/* Debug events from the next label 0 on, with these bits of DBCR0; and none, with what DBSR had. */
#define DEBUG(events)                                                                              \
    li 3, -1; mtspr DBSR, 3; SET(3, IDM + (events)); mtspr DBCR0, 3; AT(3, 0f);               \
    mtspr DSRR0, 3; li 3, DE; mtspr DSRR1, 3; RFDI
#define NO_DEBUG        li 3, 0; mtspr DBCR0, 3; isync; mfspr 8, DBSR; ANSWER(8); li 3, -1; mtspr DBSR, 3

    .globl image
image:
    mflr 26

    CHECK("an instruction completes")
    CATCH(1f)
    li 7, 0
    DEBUG(ICMP)
0:  li 7, 1
    li 7, 2
    sc
1:  NO_DEBUG
    SEEN(WHICH)
    SEEN_AT(0b)
    SEEN(OLD_MSR)
    SEEN(NEW_MSR)
    ANSWER(7)

    CHECK("a branch completes")
    CATCH(1f)
    DEBUG(ICMP)
0:  b 2f
    nop
    nop
2:  sc
1:  NO_DEBUG
    SEEN_AT(0b)

    CHECK("an instruction that does not, but the handler's first")
    CATCH(1f)
    DEBUG(ICMP)
0:  .long 0
1:  NO_DEBUG
    SEEN(WHICH)
    SEEN_AT(vectors)

    CHECK("a loop, step by step")
    CATCH(0)
    DEBUG(ICMP)
0:  li 5, 10
    mtctr 5
    li 6, 0
2:  addi 6, 6, 1
    bdnz 2b
    lwz 5, COUNT(13)
    li 3, 0
    mtspr DBCR0, 3
    ANSWER(5)
    ANSWER(6)
    li 3, 0
    mtmsr 3

    CHECK("an instruction at an address")
    CATCH(1f)
    AT(5, 2f)
    mtspr IAC1, 5
    li 5, 0
    mtspr DBCR1, 5
    DEBUG(ON_IAC1)
0:  li 7, 1
    li 7, 2
2:  li 7, 3
    sc
1:  NO_DEBUG
    SEEN(WHICH)
    SEEN_AT(2b)
    ANSWER(7)

    CHECK("an instruction at an address, of the user's")
    CATCH(1f)
    AT(5, 2f)
    mtspr IAC1, 5
    lis 5, 0xc000
    mtspr DBCR1, 5
    DEBUG(ON_IAC1)
0:  nop
2:  li 7, 4
    sc
1:  NO_DEBUG
    SEEN(WHICH)
    ANSWER(7)

    CHECK("an instruction within addresses")
    CATCH(1f)
    AT(5, 2f)
    mtspr IAC1, 5
    addi 5, 5, 8
    mtspr IAC2, 5
    lis 5, 0x0080
    mtspr DBCR1, 5
    DEBUG(ON_IAC1)
0:  b 3f
2:  li 7, 5
3:  li 7, 6
    sc
1:  NO_DEBUG
    SEEN(WHICH)
    SEEN_AT(3b)

    CHECK("a trap as a debug event")
    CATCH(1f)
    DEBUG(TRAP)
0:  nop
2:  trap
1:  NO_DEBUG
    SEEN(WHICH)
    SEEN_AT(2b)

    CHECK("an interrupt as a debug event")
    CATCH(1f)
    DEBUG(IRPT)
0:  sc
1:  NO_DEBUG
    SEEN(WHICH)
    SEEN_AT(vectors)
    SEEN(COUNT)

    CHECK("a branch that is taken")
    CATCH(1f)
    li 5, 1
    mtctr 5
    DEBUG(BRT)
0:  cmpwi 5, 1
    bne 1f
    bdnz 1f
2:  beq 1f
    li 7, 8
    sc
1:  NO_DEBUG
    SEEN(WHICH)
    SEEN_AT(2b)

    CHECK("a return that is a debug event")
    CATCH(1f)
    AT(5, 3f)
    mtsrr0 5
    li 5, 0
    mtsrr1 5
    DEBUG(RET)
0:  nop
2:  rfi
3:  sc
1:  NO_DEBUG
    SEEN(WHICH)
    SEEN_AT(2b)

    CHECK("a critical interrupt and its return as debug events")
    CATCH(1f)
    AT(5, 3f)
    mtspr CSRR0, 5
    li 5, 0
    mtspr CSRR1, 5
    DEBUG(CRET)
0:  nop
2:  rfci
3:  sc
1:  NO_DEBUG
    SEEN(WHICH)
    SEEN_AT(2b)
    CATCH(1f)
    mfspr 5, 286
    oris 5, 5, 0x0800
    MSGSND(5)
    lis 6, CE@h
    DEBUG(CIRPT)
0:  mtmsr 6
    nop
1:  SEEN(WHICH)
    CATCH(1f)
    li 3, DE
    mtmsr 3
    nop
1:  SEEN(WHICH)
    NO_DEBUG

    CHECK("a load of an address")
    li 5, 0
    mtspr DBCR2, 5
    addi 5, 13, SCRATCH + 8
    mtspr DAC1, 5
    lwz 6, 0(5)
    CATCH(1f)
    li 7, 0
    li 6, 77
    stw 6, 0(5)
    DEBUG(ON_LOADS)
0:  lwz 7, 4(5)
    stw 6, 0(5)
    li 7, 1
2:  lwz 7, 0(5)
    sc
1:  NO_DEBUG
    SEEN(WHICH)
    SEEN_AT(2b)
    ANSWER(7)

    CHECK("a store over an address")
    addi 6, 13, SCRATCH + 11
    mtspr DAC1, 6
    li 6, 66
    CATCH(1f)
    DEBUG(ON_STORES)
0:  stw 6, 4(5)
    lwz 7, 0(5)
2:  stw 6, 0(5)
    sc
1:  NO_DEBUG
    SEEN(WHICH)
    SEEN_AT(2b)
    lwz 7, 0(5)
    ANSWER(7)

    CHECK("accesses within addresses, of the user's")
    mtspr DAC1, 5
    addi 6, 5, 8
    mtspr DAC2, 6
    lis 6, 0xc080
    mtspr DBCR2, 6
    CATCH(1f)
    DEBUG(ON_LOADS + ON_STORES)
0:  stw 5, 0(5)
    AT(3, 2f)
    mtsrr0 3
    li 3, 0x4200
    mtsrr1 3
    rfi
2:  lwz 7, 8(5)
3:  lbz 7, 7(5)
    sc
1:  NO_DEBUG
    SEEN(WHICH)
    SEEN_AT(3b)
    li 3, 0
    mtspr DBCR2, 3

    CHECK("an event that is written")
    CATCH(1f)
    lis 3, IDM@h
    mtspr DBCR0, 3
    lis 3, TRAP@h
    mtspr DBSRWR, 3
    li 5, DE
    mtmsr 5
0:  nop
    li 5, 0
    mtmsr 5
1:  NO_DEBUG
    SEEN(WHICH)
    SEEN_AT(0b)

    CHECK("a debug event waits for MSR[DE]")
    lis 3, (IDM + TRAP)@h
    mtspr DBCR0, 3
    CATCH(1f)
    trap
1:  SEEN(WHICH)
    CATCH(1f)
    li 5, DE
    mtmsr 5
0:  nop
1:  NO_DEBUG
    SEEN(WHICH)
    SEEN_AT(0b)
    li 3, 0
    mtmsr 3

    mtlr 26
    blr
