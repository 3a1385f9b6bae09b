/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The start of an image for the machine ppce500, Tessera's and QEMU's: maps CCSR, which is where
 * the device tree says, and sets vectors; `image` asks; then the machine is turned off by its GPIO.
 */
#include "tests/ppc/system/guest.inc"

    .set WINDOW, 0x70000000
    .set UART, 0x4500
    .set GPIO, 0xff000

    .text
    .globl _start
_start:
    mr 31, 3
    AT(13, seen)
    bl protect
    bl find_registers
    bl set_vectors
    li 3, 0
    mtmsr 3
    isync
    bl image
    bl say
    .asciz "end"
    .balign 4
    bl say
    .asciz ""
    .balign 4
off:
    addis 4, 14, GPIO@ha
    lis 5, 0x8000
    stw 5, GPIO@l(4)
    stw 5, GPIO@l+8(4)
    b .

/* The entry that all of this is mapped by stays, whatever is invalidated. */
protect:
    lis 3, TLB1@h
    mtspr MAS0, 3
    tlbre
    mfspr 3, MAS1
    oris 3, 3, IPROT@h
    mtspr MAS1, 3
    isync
    tlbwe
    isync
    blr

/* r31 is the device tree, whose node "soc@..." tells a machine with CCSR at FE0000000h. */
find_registers:
    lis 4, 0x736f      /* "soc@" */
    ori 4, 4, 0x6340
1:  lwz 5, 0(31)
    cmpw 4, 5
    addi 31, 31, 4
    bne 1b
    lbz 5, 0(31)
    li 6, 0
    cmpwi 5, 'f'
    bne 2f
    li 6, 15
2:  SET(3, TLB1 + (62 << 16))
    mtspr MAS0, 3
    SET(3, V + IPROT + (5 << 8))
    mtspr MAS1, 3
    SET(3, WINDOW + 10)
    mtspr MAS2, 3
    SET(3, 0xe0000000 + SR + SW)
    mtspr MAS3, 3
    mtspr MAS7, 6
    isync
    tlbwe
    isync
    li 3, 0
    mtspr MAS7, 3
    lis 14, WINDOW@h
    blr

set_vectors:
    lis 3, vectors@h
    mtspr IVPR, 3
    li 3, 0
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    mtspr IVOR0 + \n, 3
    addi 3, 3, 16
    .endr
    mtspr IVOR36 - 1, 3
    addi 3, 3, 16
    mtspr IVOR36, 3
    addi 3, 3, 16
    mtspr IVOR36 + 1, 3
    .irp n, 38, 39, 40, 41
    addi 3, 3, 16
    mtspr IVOR38 - 38 + \n, 3
    .endr
    blr

/* --- what is printed --- */

/* On a new line, the text behind the call and a colon. */
    .globl say
say:
    mflr 31
    li 30, '\n'
    bl put
1:  lbz 30, 0(31)
    addi 31, 31, 1
    cmpwi 30, 0
    beq 2f
    bl put
    b 1b
2:  li 30, ':'
    bl put
    addi 31, 31, 3
    rlwinm 31, 31, 0, 0, 29
    mtlr 31
    blr

    .globl answer
answer:
    mflr 31
    li 30, ' '
    bl put
    li 29, 8
1:  rlwinm 30, 3, 4, 28, 31
    rotlwi 3, 3, 4
    cmpwi 30, 10
    addi 30, 30, '0'
    blt 2f
    addi 30, 30, 'a' - '0' - 10
2:  bl put
    addic. 29, 29, -1
    bne 1b
    mtlr 31
    blr

put:
    lbz 28, UART + 5(14)
    andi. 28, 28, 0x20
    beq put
    stb 30, UART(14)
    blr

/* --- pages --- */

    .globl map
map:
    mflr 31
    lwz 3, 0(31)
    mtspr MAS0, 3
    lwz 3, 4(31)
    mtspr MAS1, 3
    lwz 3, 8(31)
    mtspr MAS2, 3
    lwz 3, 12(31)
    mtspr MAS3, 3
    isync
    tlbwe
    isync
    addi 31, 31, 16
    mtlr 31
    blr

/* --- interrupts --- */

    .globl catch
catch:
    stw 3, RESUME(13)
    li 3, NONE
    stw 3, WHICH(13)
    stw 3, DEAR_SEEN(13)
    stw 3, FROM(13)
    li 3, 0
    stw 3, COUNT(13)
    mtspr DEAR, 3
    mtspr ESR, 3
    blr

    .balign 65536
    .globl vectors
vectors:
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 35, 36, 37, 38, 39, 40, 41
    mtsprg 1, 3
    li 3, \n
    b caught
    nop
    .endr

caught:
    mtsprg 2, 4
    stw 3, WHICH(13)
    mfcr 4
    stw 4, SAVED_CR(13)
    mfmsr 4
    stw 4, NEW_MSR(13)
    mfspr 4, ESR
    stw 4, ESR_SEEN(13)
    mfspr 4, DEAR
    stw 4, DEAR_SEEN(13)
    lwz 4, COUNT(13)
    addi 4, 4, 1
    stw 4, COUNT(13)
    cmpwi 3, 0
    beq 1f
    cmpwi 3, 12
    beq 1f
    cmpwi 3, 37
    beq 1f
    cmpwi 3, 39
    beq 1f
    cmpwi 3, 38
    beq 5f
    cmpwi 3, 1
    beq 4f
    cmpwi 3, 15
    bne 2f
    mfspr 3, DSRR0
    mfspr 4, DSRR1
    b 3f
1:  mfspr 3, CSRR0
    mfspr 4, CSRR1
    b 3f
4:  mfspr 3, MCSRR0
    mfspr 4, MCSRR1
    b 3f
5:  mfspr 3, GSRR0
    mfspr 4, GSRR1
    b 3f
2:  mfsrr0 3
    mfsrr1 4
3:  stw 3, FROM(13)
    stw 4, OLD_MSR(13)
    lwz 3, RESUME(13)
    cmpwi 3, 0
    beq tick
    mtsrr0 3
    li 3, 0
    mtsrr1 3
    mfsprg 3, 1
    mfsprg 4, 2
    rfi

/* No reservation outlives it, and a decrementer interrupts again. */
tick:
    lwz 3, WHICH(13)
    cmpwi 3, 15
    beq step
    cmpwi 3, 10
    bne lost
    addi 3, 13, SCRATCH
    stwcx. 3, 0, 3
    lis 3, 0x0800
    mtspr TSR, 3
    lwz 3, PERIOD(13)
    mtdec 3
    lwz 4, SAVED_CR(13)
    mtcr 4
    mfsprg 3, 1
    mfsprg 4, 2
    rfi

/* A debug interrupt: on to the next. */
step:
    mfspr 4, DBSR
    mtspr DBSR, 4
    lwz 4, SAVED_CR(13)
    mtcr 4
    mfsprg 3, 1
    mfsprg 4, 2
    RFDI

    .globl lost
lost:
    li 3, 0
    mtmsr 3
    CHECK("an interrupt that nobody waits for")
    SEEN(WHICH)
    SEEN(FROM)
    SEEN(DEAR_SEEN)
    b off

    .data
    .balign 64
seen:
    .space 64
