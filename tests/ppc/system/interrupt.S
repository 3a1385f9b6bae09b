/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What interrupts, where it comes from, what its registers say, and the way back. */
#include "tests/ppc/system/guest.inc"

    .set DIE, 0x04000000 /* TCR */
    .set WIE, 0x08000000
    .set FIE, 0x00800000
    .set ARE, 0x00400000
    .set DIS, 0x08000000 /* TSR */
    .set MPIC, 0x40000
    .set SERIAL, 0x10000 + 42 * 0x20 /* its source of the serial port */
    .set NOWHERE, 0xb0000000

/* TSR is clear, TCR these bits, DEC a number. */
#define TIMERS(tcr, dec)                                                                           \
    li 3, -1; mtdec 3; mtspr TSR, 3; SET(3, tcr); mtspr TCR, 3; SET(3, dec); mtdec 3
/* Waits for an interrupt, but no longer than a second; and where in that the interrupt came. */
#define A_SECOND                                                                                   \
    0: SET(7, 400000000); mftb 5; 2: mftb 6; subf 6, 5, 6; cmplw 6, 7; blt 2b
#define SEEN_WAITING    lwz 3, FROM(13); AT(4, 0b); subf 3, 4, 3; rlwinm 3, 3, 0, 0, 26; bl answer
#define QUIET           TIMERS(0, 0); lis 3, 0xffff; mtspr TSR, 3

    .globl image
image:
    mflr 26

    /* --- what an instruction asks for --- */
    CHECK("sc")
    CATCH(1f)
    sc
0:  nop
1:  SEEN(WHICH)
    SEEN_AT(0b)
    SEEN(OLD_MSR)

    CHECK("what of MSR stays")
    CATCH(1f)
    SET(5, CE + EE + ME + 0x2000 + 0x10) /* FP, DS */
    mtmsr 5
    isync
    sc
1:  SEEN(OLD_MSR)
    SEEN(NEW_MSR)

    CHECK("a trap, and none")
    CATCH(1f)
    li 5, 3
    twlti 5, 3
    twgti 5, 3
0:  tweqi 5, 3
1:  bl answer_program
    SEEN_AT(0b)

    CHECK("an instruction that is none")
    CATCH(1f)
0:  .long 0
1:  bl answer_program
    SEEN_AT(0b)

    CHECK("a user's mfmsr")
    CATCH(1f)
    USER(0f)
0:  mfmsr 5
1:  bl answer_program
    SEEN_AT(0b)
    SEEN(OLD_MSR)

    CHECK("a user's tlbwe")
    CATCH(1f)
    USER(0f)
0:  tlbwe
1:  bl answer_program

    CHECK("a user's mtspr of the supervisor's")
    CATCH(1f)
    USER(0f)
0:  mtspr PID, 5
1:  bl answer_program

    CHECK("a user reads SPRG4 to SPRG7")
    CATCH(1f)
    li 5, 44
    mtspr 276, 5
    li 5, 77
    mtspr 279, 5
    USER(0f)
0:  mfspr 5, 260
    mfspr 6, 263
    sc
1:  SEEN(WHICH)
    ANSWER(5)
    ANSWER(6)

    CHECK("a user writes SPRG4")
    CATCH(1f)
    USER(0f)
0:  mtspr 276, 5
1:  bl answer_program

    CHECK("floating point without MSR[FP]")
    CATCH(1f)
0:  fmr 1, 2
1:  SEEN(WHICH)
    SEEN_AT(0b)

    CHECK("a floating-point exception that is enabled")
    CATCH(1f)
    li 5, 0x2900 /* FP, FE0, FE1 */
    mtmsr 5
    isync
    mtfsfi 7, 0
    mtfsfi 6, 0
    mtfsb0 1
    mtfsb0 5
    mtfsb1 27 /* ZE */
    addi 4, 13, SCRATCH
    li 5, 0
    stw 5, 0(4)
    lfs 1, 0(4)
    lis 5, 0x3f80
    stw 5, 0(4)
    lfs 2, 0(4)
0:  fdiv 3, 2, 1
1:  bl answer_program
    SEEN_AT(0b)
    li 5, 0x2000
    mtmsr 5
    isync
    mtfsb0 27
    mtfsb0 5
    mtfsb0 0
    li 5, 0
    mtmsr 5

    CHECK("lwarx of an address that is no multiple")
    CATCH(1f)
    addi 5, 13, SCRATCH + 1
0:  lwarx 6, 0, 5
1:  SEEN(WHICH)
    SEEN_AT(0b)
    lwz 5, DEAR_SEEN(13)
    subf 5, 13, 5
    ANSWER(5)

    CHECK("a load of an address that is no multiple")
    CATCH(1f)
    SET(5, 0x11223344)
    stw 5, SCRATCH(13)
    SET(5, 0x55667788)
    stw 5, SCRATCH + 4(13)
    lwz 6, SCRATCH + 1(13)
    lhz 7, SCRATCH + 3(13)
1:  ANSWER(6)
    ANSWER(7)
    SEEN(WHICH)
    bl restore

    /* --- timers --- */
    CHECK("the decrementer")
    CATCH(1f)
    TIMERS(DIE, 500)
    li 5, 0
    ori 5, 5, EE
    mtmsr 5
    A_SECOND
1:  SEEN(WHICH)
    SEEN_WAITING
    SEEN(OLD_MSR)
    mfspr 5, TSR
    ANSWER(5)
    QUIET

    CHECK("the decrementer waits for MSR[EE]")
    CATCH(1f)
    TIMERS(DIE, 1)
    bl wait_for_timer
    SEEN(WHICH)
    wrteei 1
0:  nop
1:  SEEN(WHICH)
    SEEN_AT(0b)
    QUIET

    CHECK("the decrementer stays at zero")
    TIMERS(0, 1)
    bl wait_for_timer
    mfdec 5
    ANSWER(5)
    mfspr 5, TSR
    ANSWER(5)
    mtspr TSR, 5
    mfspr 5, TSR
    ANSWER(5)

    CHECK("the decrementer begins again from DECAR")
    lis 5, 0x7000
    mtspr DECAR, 5
    TIMERS(ARE, 1)
    bl wait_for_timer
    mfdec 5
    rlwinm 5, 5, 0, 0, 3 /* it is below that, by little */
    ANSWER(5)
    QUIET

    CHECK("the fixed-interval timer")
    CATCH(1f)
    TIMERS(FIE + (11 << 13), 0) /* bit 44 of the timebase */
    wrteei 1
    A_SECOND
1:  SEEN(WHICH)
    SEEN_WAITING
    mfspr 5, TSR
    rlwinm 5, 5, 0, 5, 5
    ANSWER(5)
    QUIET

    CHECK("the watchdog")
    CATCH(1f)
    TIMERS(WIE + (11 << 17), 0)
    lis 5, CE@h
    mtmsr 5
    A_SECOND
1:  SEEN(WHICH)
    SEEN_WAITING
    SEEN(OLD_MSR)
    mfspr 5, TSR
    rlwinm 5, 5, 0, 0, 1
    ANSWER(5)
    QUIET

    CHECK("the timebase is written and goes on")
    li 5, 0
    mttbl 5
    li 5, 17
    mttbu 5
    lis 5, 0xffff
    ori 5, 5, 0xfff0
    mttbl 5
2:  mftbu 5
    cmpwi 5, 17
    beq 2b
    ANSWER(5)

    CHECK("wait ends with an interrupt")
2:  CATCH(1f)
    TIMERS(DIE, 50000)
    wrteei 1
    WAIT
0:  nop
    b 0b
1:  lwz 5, FROM(13)
    AT(4, 0b)
    cmplw 5, 4
    blt 2b /* it came before */
    subf 5, 4, 5
    rlwinm 5, 5, 0, 0, 28 /* at 0, or in the loop */
    SEEN(WHICH)
    ANSWER(5)
    QUIET

    CHECK("the performance monitor's, of a counter that is made negative")
    CATCH(1f)
    lis 5, 0x400 /* PMLCa0: CE */
    mtpmr 144, 5
    lis 5, 0x8000
    mtpmr 16, 5
    wrteei 1
    nop /* not without PMGC0[PMIE] */
    lis 6, 0x4000
    mtpmr 400, 6
0:  nop
1:  SEEN(WHICH)
    SEEN_AT(0b)
    CATCH(2f)
    mfpmr 5, 0
    ANSWER(5)
    li 5, 0
    mtpmr 400, 5
    wrteei 1
    nop /* no more */
    sc
2:  SEEN(WHICH)

    CHECK("a user's mfpmr of the supervisor's")
    CATCH(1f)
    USER(0f)
0:  mfpmr 5, 128
    mfpmr 5, 16
1:  SEEN(WHICH)
    SEEN(ESR_SEEN)
    SEEN_AT(0b)

    CHECK("a loop goes on where it was")
    SET(3, 40000)
    stw 3, PERIOD(13)
    CATCH(0)
    TIMERS(DIE, 40000)
    wrteei 1
    li 5, 0
    li 6, 0
2:  addi 5, 5, 3
    addi 6, 6, 1
    lwz 7, COUNT(13)
    cmpwi 7, 20
    blt 2b
    wrteei 0
    mulli 6, 6, 3
    subf 5, 6, 5
    ANSWER(5)
    QUIET

    /* --- messages and the interrupt controller --- */
    CHECK("a message to oneself")
    CATCH(1f)
    mfspr 5, 286
    MSGSND(5)
    SEEN(WHICH)
    wrteei 1
0:  nop
1:  SEEN(WHICH)
    SEEN_AT(0b)

    CHECK("a critical message")
    CATCH(1f)
    mfspr 5, 286
    oris 5, 5, 0x0800
    MSGSND(5)
    lis 6, CE@h
    mtmsr 6
0:  nop
1:  SEEN(WHICH)
    SEEN_AT(0b)
    SEEN(OLD_MSR)
    SEEN(NEW_MSR)

    CHECK("a message that is taken back")
    CATCH(1f)
    mfspr 5, 286
    MSGSND(5)
    MSGCLR(5)
    wrteei 1
    nop
    wrteei 0
1:  SEEN(WHICH)

    CHECK("the interrupt controller's")
    addis 21, 14, MPIC@h
    lis 5, 0x2000 /* not as an 8259 */
    stw 5, 0x1020(21)
    SET(5, 0x00070042)
    stw 5, 0x10a0(21)
    li 5, 0
    stw 5, 0x80(21)
    CATCH(1f)
    li 5, 1
    stw 5, 0x40(21) /* to processor 0 */
    wrteei 1
    nop
    b .
1:  SEEN(WHICH)
    lwz 5, 0xa0(21)
    ANSWER(5)
    CATCH(1f)
    wrteei 1
    nop
    wrteei 0
1:  SEEN(WHICH)
    li 5, 0
    stw 5, 0xb0(21)

    CHECK("its vector in EPR")
    lis 5, 0x6000
    stw 5, 0x1020(21)
    SET(5, 0x00070043)
    stw 5, 0x10a0(21)
    li 5, 0
    stw 5, 0x80(21)
    CATCH(1f)
    li 5, 1
    stw 5, 0x40(21)
    wrteei 1
    nop
    b .
1:  SEEN(WHICH)
    mfspr 5, EPR
    ANSWER(5)
    li 5, 0
    stw 5, 0xb0(21)

    /* Its level register makes it critical: neither priority nor acknowledgement. */
    CHECK("a device's critical interrupt")
    addis 20, 21, SERIAL@ha
    addi 20, 20, SERIAL@l
    li 5, 1
    stw 5, 0x18(20)
    li 5, 0
    stw 5, 0(20)
    CATCH(1f)
    lis 6, CE@h
    ori 6, 6, EE
    li 5, 2
    stb 5, 0x4501(14) /* when there is room for the next byte */
    lbz 5, 0x4501(14)
    mtmsr 6
0:  nop
    nop
1:  SEEN(WHICH)
    SEEN_AT(0b)
    SEEN(OLD_MSR)
    CATCH(1f)
    lis 6, CE@h
    mtmsr 6
    nop
1:  SEEN(WHICH)
    lis 5, 0x8000
    stw 5, 0(20)
    CATCH(1f)
    lis 6, CE@h
    mtmsr 6
    nop
1:  SEEN(WHICH)
    bl restore

    CHECK("a device's machine check")
    li 5, -1
    mtspr MCSR, 5
    li 5, 2
    stw 5, 0x18(20)
    li 5, 0
    stw 5, 0(20)
    CATCH(1f)
    li 6, ME
    mtmsr 6
    nop
1:  SEEN(WHICH)
    bl restore
    mfspr 5, HID0
    oris 6, 5, 0x8000 /* EMCP */
    mtspr HID0, 6
    isync
    CATCH(1f)
    li 6, ME
    mtmsr 6
0:  nop
1:  SEEN(WHICH)
    SEEN_AT(0b)
    SEEN(OLD_MSR)
    SEEN(NEW_MSR)
    mfspr 6, MCSR
    ANSWER(6)
    mtspr HID0, 5
    lis 5, 0x8000
    stw 5, 0(20)
    CATCH(1f)
    li 6, ME
    mtmsr 6
    nop
1:  SEEN(WHICH)
    bl restore
    li 5, -1
    mtspr MCSR, 5
    mfspr 6, MCSR
    ANSWER(6)
    CATCH(1f)
    li 6, ME
    mtmsr 6
    nop
1:  SEEN(WHICH)
    li 5, 0
    stb 5, 0x4501(14)
    stw 5, 0x18(20)
    bl restore

    /* --- where there is neither memory nor a device --- */
    CHECK("a load that nobody answers")
    lis 22, PAGE@h
    MAP(0, V + SIZE_4K, PAGE + 4, NOWHERE + SX + SR + SW)
    CATCH(1f)
    li 6, ME
    mtmsr 6
    li 7, 77
0:  lwz 7, 0x123(22)
1:  bl answer_machine_check
    SEEN_AT(0b)
    ANSWER(7)

    CHECK("a load of guarded storage that nobody answers")
    MAP(0, V + SIZE_4K, PAGE + 0x1000 + 10, NOWHERE + SR)
    addi 23, 22, 0x1000
    CATCH(1f)
    li 6, ME
    mtmsr 6
0:  lbz 7, 0(23)
1:  bl answer_machine_check
    SEEN_AT(0b)

    CHECK("a store that nobody answers")
    CATCH(1f)
    li 6, ME
    mtmsr 6
    stw 7, 0(22)
1:  SEEN(WHICH)

    CHECK("a fetch that nobody answers")
    CATCH(1f)
    li 6, ME
    mtmsr 6
    mtctr 22
    bctr
1:  bl answer_machine_check
    SEEN(FROM)
    bl restore
    FORGET

    CHECK("the external interrupt is before the decrementer's")
    TIMERS(DIE, 1)
    bl wait_for_timer
    CATCH(1f)
    li 5, 1
    stw 5, 0x40(21)
    lwz 5, 0x40(21)
    wrteei 1
    nop
1:  SEEN(WHICH)
    li 5, 0
    stw 5, 0xb0(21)
    CATCH(1f)
    wrteei 1
    nop
1:  SEEN(WHICH)
    QUIET

    /* --- the way back --- */
    CHECK("rfi, rfci, rfdi, rfmci")
    SET(6, 0x00001002) /* ME, RI */
    AT(5, 1f)
    mtsrr0 5
    mtsrr1 6
    rfi
    b lost
1:  mfmsr 7
    SET(6, 0x00001100) /* ME, FE1 */
    AT(5, 1f)
    mtspr CSRR0, 5
    mtspr CSRR1, 6
    rfci
    b lost
1:  mfmsr 8
    SET(6, 0x00000800) /* FE0 */
    AT(5, 1f)
    mtspr DSRR0, 5
    mtspr DSRR1, 6
    RFDI
    b lost
1:  mfmsr 9
    li 6, 0
    AT(5, 1f)
    mtspr MCSRR0, 5
    mtspr MCSRR1, 6
    .long 0x4c00004c
    b lost
1:  mfmsr 10
    ANSWER(7)
    ANSWER(8)
    ANSWER(9)
    ANSWER(10)

    CHECK("the lowest bits of SRR0 are no address")
    AT(5, 1f)
    addi 5, 5, 3
    li 6, 0
    mtsrr0 5
    mtsrr1 6
    rfi
    b lost
1:  li 7, 1
    ANSWER(7)

    CHECK("a critical handler leaves SRR0 and SRR1")
    li 5, 0x1234
    mtsrr0 5
    li 5, 0x5678
    mtsrr1 5
    AT(3, 1f)
    mtspr CSRR0, 3
    li 3, 0
    mtspr CSRR1, 3
    rfci
1:  mfsrr0 5
    mfsrr1 6
    ANSWER(5)
    ANSWER(6)

    CHECK("IVPR and IVORs have the bits of an address")
    mfspr 6, IVPR
    li 5, -1
    mtspr IVPR, 5
    mfspr 7, IVPR
    mtspr IVPR, 6
    mfspr 6, IVOR0 + 9
    mtspr IVOR0 + 9, 5
    mfspr 8, IVOR0 + 9
    mtspr IVOR0 + 9, 6
    ANSWER(7)
    ANSWER(8)

    mtlr 26
    blr

answer_machine_check:
    mflr 27
    SEEN(WHICH)
    mfspr 5, MCSR
    ANSWER(5)
    mtspr MCSR, 5
    mfspr 5, MCARU
    ANSWER(5)
    mfspr 5, MCAR
    ANSWER(5)
    mtlr 27
    blr

answer_program:
    mflr 27
    SEEN(WHICH)
    SEEN(ESR_SEEN)
    mtlr 27
    blr

/* Until TSR has the decrementer's bit. */
wait_for_timer:
    mfspr 5, TSR
    andis. 5, 5, DIS@h
    beq wait_for_timer
    blr

restore:
    li 3, 0
    mtmsr 3
    isync
    blr
