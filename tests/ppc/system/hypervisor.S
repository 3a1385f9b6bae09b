/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Guest state and what is above it: whose interrupts and registers are whose, and which storage
 * (category E.HV). A guest of logical partition 5 runs where the image is; its own handlers note
 * at r22 what they find and call the hypervisor, or go back.
 */
#include "tests/ppc/system/guest.inc"

    .set PIR, 286
    .set MMUCFG, 1015
    .set LPID, 5
    .set TGS, 0x80000000
    .set VF, 0x40000000
    .set SGS, 0x80000000
    .set EXTGS, 0x80000000
    .set DTLBGS, 0x40000000
    .set ITLBGS, 0x20000000
    .set DSIGS, 0x10000000
    .set ISIGS, 0x08000000
    .set DUVD, 0x04000000
    .set DGTMI, 0x00800000
    .set DMIUH, 0x00400000
    .set UCLE, 0x04000000
    .set PMM, 4
    .set DIE, 0x04000000 /* TCR */
    .set MPIC, 0x40000
    .set NOWHERE, 0xb0000000

/* Of what r22 points to. */
    .set G_WHICH, 0
    .set G_FROM, 4
    .set G_MSR, 8
    .set G_ESR, 12
    .set G_DEAR, 16
    .set G_NEW_MSR, 20
    .set G_BACK, 24 /* 1: the handler goes back */

#define CALL    .long 0x44000022 /* sc 1 */
#define EHPRIV  .long 0x7c00021c
#define RFGI    .long 0x4c0000cc
#define TLBSYNC .long 0x7c00046c
#define DCBTLS(b) .long 0x7c00014c + ((b) << 11)
/* On there in guest state, with these bits of MSR, too. */
#define GUEST(label, msr)                                                                          \
    AT(3, label); mtsrr0 3; SET(3, GS + (msr)); mtsrr1 3; rfi
#define ALONE(spr, value) SET(3, value); mtspr spr, 3
/* An entry with what MAS8 has of it. */
#define GMAP(mas0, mas1, mas2, mas3, mas8)                                                         \
    ALONE(MAS8, mas8); MAP(mas0, mas1, mas2, mas3); ALONE(MAS8, 0)
/* What the guest's handler has noted; and that it has noted nothing. */
#define G_SEEN(what)    lwz 3, what(22); bl answer
#define G_SEEN_AT(label) lwz 3, G_FROM(22); AT(4, label); subf 3, 4, 3; bl answer
#define G_FORGET        li 3, -1; stw 3, G_WHICH(22); li 3, 0; stw 3, G_BACK(22)
/* Which interrupt this instruction of a guest's leads to. */
#define OF_GUEST(...)   CATCH(1f); GUEST(0f, 0); 0: __VA_ARGS__; CALL; 1: SEEN(WHICH)
#define OF_USER(...)    CATCH(1f); GUEST(0f, 0x4000); 0: __VA_ARGS__; CALL; 1: SEEN(WHICH)

    .globl image
image:
    mflr 26
    CHECK("there is a hypervisor")
    mfspr 5, MMUCFG
    andis. 5, 5, 0xf00
    ANSWER(5)
    cmpwi 5, 0
    beq end

    CHECK("its registers at reset")
    .irp spr, EPCR, MSRP, LPIDR, MAS5, MAS8
    mfspr 5, \spr
    ANSWER(5)
    .endr

    CHECK("registers have bits for what there is")
    .irp spr, EPCR, MSRP, LPIDR, MAS5, MAS8, GIVPR, GIVOR2, GIVOR2 + 5, EPLC, GSRR0, GPIR
    li 5, -1
    mtspr \spr, 5
    mfspr 5, \spr
    li 6, 0
    mtspr \spr, 6
    ANSWER(5)
    .endr

    AT(22, guest_seen)
    lis 5, guest_vectors@h
    mtspr GIVPR, 5
    li 5, 0
    .irp n, 0, 1, 2, 3, 4, 5
    mtspr GIVOR2 + \n, 5
    addi 5, 5, 16
    .endr
    li 5, LPID
    mtspr LPIDR, 5
    GMAP(TLB1 + (20 << 16), V + IPROT + (8 << 8), 0, 63, TGS + LPID)

    /* --- MSR --- */
    CHECK("a guest runs, and calls")
    CATCH(1f)
    GUEST(0f, 0)
0:  mfmsr 5
    CALL
1:  SEEN(WHICH)
    SEEN_AT(0b)
    SEEN(OLD_MSR)
    SEEN(NEW_MSR)
    ANSWER(5)

    CHECK("what of a guest's MSR stays")
    CATCH(1f)
    GUEST(0f, CE + EE + ME + 0x2000)
0:  CALL
1:  SEEN(OLD_MSR)
    SEEN(NEW_MSR)

    CHECK("a call from the hypervisor and its user")
    CATCH(1f)
0:  CALL
1:  SEEN(WHICH)
    SEEN_AT(0b)
    CATCH(1f)
    USER(0f)
0:  CALL
1:  SEEN(WHICH)
    SEEN(OLD_MSR)

    CHECK("a guest stays one")
    CATCH(1f)
    GUEST(0f, 0)
0:  li 5, 0
    mtmsr 5
    mfmsr 5
    li 6, 0
    mtsrr1 6
    AT(6, 2f)
    mtsrr0 6
    rfi
2:  mfmsr 6
    CALL
1:  SEEN(WHICH)
    ANSWER(5)
    ANSWER(6)

    CHECK("MSRP protects MSR")
    .irp protected, UCLE + DE + PMM, 0
    ALONE(MSRP, \protected)
    CATCH(1f)
    GUEST(0f, DE)
0:  lis 5, UCLE@h
    ori 5, 5, PMM
    mtmsr 5
    mfmsr 5
    CALL
1:  ANSWER(5)
    .endr

    /* --- registers --- */
    CHECK("a guest's own registers")
    .irp n, 0, 1, 2, 3
    li 5, 0x70 + \n
    mtsprg \n, 5
    li 5, 0
    mtspr GSPRG0 + \n, 5
    .endr
    ALONE(GPIR, 9)
    CATCH(1f)
    GUEST(0f, 0)
0:  .irp n, 0, 1, 2, 3
    li 5, 0x40 + \n
    mtsprg \n, 5
    .endr
    li 5, 0x44
    mtsrr0 5
    li 5, 0x45
    mtsrr1 5
    li 5, 0x46
    mtspr DEAR, 5
    li 5, 0x47
    mtspr ESR, 5
    mfspr 5, PIR
    mfsprg 6, 3
    mfspr 7, GSPRG0
    CALL
1:  ANSWER(5)
    ANSWER(6)
    ANSWER(7)
    .irp spr, GSPRG0, GSPRG0 + 1, GSPRG0 + 2, GSPRG0 + 3, GSRR0, GSRR1, GDEAR, GESR
    mfspr 5, \spr
    ANSWER(5)
    .endr
    mfsprg 5, 0
    ANSWER(5)
    mfsprg 5, 3
    ANSWER(5)
    mfspr 5, DEAR
    ANSWER(5)

    CHECK("a guest's user reads its SPRG3")
    OF_USER(mfspr 5, 259)
    ANSWER(5)

    CHECK("registers that are the hypervisor's")
    .irp spr, IVPR, IVOR0, EPCR, MSRP, LPIDR, MAS5, MAS8, GIVPR, GIVOR2, TCR, TSR, CSRR0, MCSR, DBCR0, HID0, 22, 604, 284
    OF_GUEST(mtspr \spr, 5)
    .endr
    OF_GUEST(mfspr 5, MMUCFG)
    OF_GUEST(mfspr 5, EPCR)
    OF_GUEST(mtspr PIR, 5)

    CHECK("registers that a guest has")
    .irp spr, 276, 279, 605, MAS0, MAS1, MAS2, MAS3, MAS4, MAS6, MAS7
    OF_GUEST(mfspr 5, \spr; mtspr \spr, 5)
    .endr
    OF_GUEST(mfspr 5, 287)
    OF_GUEST(mfspr 5, PID; mtspr PID, 5)

    CHECK("a register of the hypervisor's to a guest's user")
    OF_USER(mtspr EPCR, 5)
    SEEN(ESR_SEEN)

    CHECK("instructions that are the hypervisor's")
    OF_GUEST(tlbwe)
    OF_GUEST(tlbre)
    OF_GUEST(tlbsx 0, 0)
    OF_GUEST(tlbivax 0, 5)
    OF_GUEST(TLBSYNC)
    OF_GUEST(MSGSND(5))
    OF_GUEST(MSGCLR(5))
    OF_GUEST(rfci)
    OF_GUEST(RFDI)
    OF_GUEST(.long 0x4c00004c)
    SEEN_AT(0b)

    CHECK("ehpriv, by anybody")
    OF_GUEST(EHPRIV)
    SEEN_AT(0b)
    OF_USER(EHPRIV)
    SEEN(OLD_MSR)
    CATCH(1f)
0:  EHPRIV
1:  SEEN(WHICH)
    SEEN_AT(0b)

    CHECK("tlbilx of a guest, as EPCR has it")
    li 5, 0
    mtspr MAS6, 5
    OF_GUEST(TLBILX(3, 0, 5))
    ALONE(EPCR, DGTMI)
    OF_GUEST(TLBILX(3, 0, 5))
    ALONE(EPCR, 0)

    CHECK("a guest locks lines, as MSRP has it")
    OF_GUEST(DCBTLS(22))
    ALONE(MSRP, UCLE)
    OF_GUEST(DCBTLS(22))
    OF_GUEST(icbtls 0, 0, 22)
    ALONE(MSRP, 0)

    CHECK("a user locks lines, as MSR has it")
    OF_USER(DCBTLS(22))
    SEEN(ESR_SEEN)
    OF_USER(icblc 0, 0, 22)
    SEEN(ESR_SEEN)
    CATCH(1f)
    GUEST(0f, 0x4000 + UCLE)
0:  .long 0x7c00030c + (22 << 11) /* dcblc */
    CALL
1:  SEEN(WHICH)

    CHECK("a guest's performance monitor, as MSRP has it")
    OF_GUEST(mfpmr 5, 16)
    ALONE(MSRP, PMM)
    OF_GUEST(mfpmr 5, 16)
    OF_GUEST(mtpmr 16, 5)
    ALONE(MSRP, 0)

    /* --- interrupts --- */
    CHECK("a guest's sc is its own")
    G_FORGET
    CATCH(1f)
    GUEST(0f, EE + ME + 0x2000)
0:  sc
1:  SEEN(WHICH)
    G_SEEN(G_WHICH)
    G_SEEN_AT(0b)
    G_SEEN(G_MSR)
    G_SEEN(G_NEW_MSR)

    CHECK("a guest's user calls it, and goes on")
    G_FORGET
    li 5, 1
    stw 5, G_BACK(22)
    CATCH(1f)
    GUEST(0f, 0x4000)
0:  li 6, 1
    sc
    addi 6, 6, 1
    CALL
1:  SEEN(WHICH)
    SEEN(OLD_MSR)
    G_SEEN(G_WHICH)
    ANSWER(6)

    CHECK("rfgi of a guest, and of the hypervisor")
    CATCH(1f)
    GUEST(0f, 0)
0:  AT(6, 2f)
    mtsrr0 6
    li 6, 0x2000
    mtsrr1 6
    RFGI
2:  mfmsr 6
    CALL
1:  ANSWER(6)
    CATCH(1f)
    AT(6, 2f)
    mtspr GSRR0, 6
    lis 6, GS@h
    mtspr GSRR1, 6
    RFGI
2:  CALL
1:  SEEN(OLD_MSR)

    CHECK("interrupts of a guest that are the hypervisor's")
    OF_GUEST(.long 0)
    SEEN(ESR_SEEN)
    OF_GUEST(trap)
    OF_GUEST(fmr 1, 2)
    OF_GUEST(addi 5, 22, 1; lwarx 6, 0, 5)
    SEEN(OLD_MSR)
    OF_USER(mfmsr 5)
    SEEN(OLD_MSR)

    CHECK("a guest's miss, for the hypervisor")
    lis 20, PAGE@h
    G_FORGET
    OF_GUEST(lwz 5, 8(20))
    SEEN(DEAR_SEEN)
    SEEN(OLD_MSR)
    mfspr 5, MAS2
    ANSWER(5)

    CHECK("which may leave the MAS registers alone")
    ALONE(EPCR, DMIUH)
    ALONE(MAS2, 0x1000)
    ALONE(MAS6, 1)
    OF_GUEST(lwz 5, 8(20))
    mfspr 5, MAS2
    ANSWER(5)
    mfspr 5, MAS6
    ANSWER(5)
    ALONE(MAS6, 0)

    CHECK("a guest's miss, for itself")
    ALONE(EPCR, DTLBGS + DMIUH)
    G_FORGET
    OF_GUEST(stw 5, 8(20))
    SEEN(DEAR_SEEN)
    G_SEEN(G_WHICH)
    G_SEEN_AT(0b)
    G_SEEN(G_DEAR)
    G_SEEN(G_ESR)
    G_SEEN(G_NEW_MSR)
    mfspr 5, MAS2
    ANSWER(5)
    ALONE(EPCR, ITLBGS)
    G_FORGET
    CATCH(1f)
    GUEST(PAGE, 0)
1:  SEEN(WHICH)
    G_SEEN(G_WHICH)
    G_SEEN(G_FROM)
    ALONE(EPCR, 0)
    CATCH(1f)
    GUEST(PAGE, 0)
1:  SEEN(WHICH)
    SEEN(FROM)

    CHECK("a guest has no right, and who is told")
    GMAP(0, V + SIZE_4K, PAGE + 4, FRAME + UX + SR, TGS + LPID)
    G_FORGET
    OF_GUEST(stw 5, 8(20))
    SEEN(ESR_SEEN)
    ALONE(EPCR, DSIGS + ISIGS)
    OF_GUEST(stw 5, 8(20))
    G_SEEN(G_WHICH)
    G_SEEN(G_ESR)
    G_SEEN(G_DEAR)
    CATCH(1f)
    GUEST(PAGE, 0)
1:  SEEN(WHICH)
    G_SEEN(G_WHICH)
    ALONE(EPCR, 0)
    CATCH(1f)
    GUEST(PAGE, 0)
1:  SEEN(WHICH)

    CHECK("data that the hypervisor sees to")
    lis 5, FRAME@h
    GMAP(TLB1 + (21 << 16), V + IPROT + SIZE_4K, 0x50000000, FRAME + SR + SW, 0)
    lis 21, 0x5000
    SET(5, 0x44000022)
    stw 5, 0(21)
    dcbst 0, 21
    sync
    icbi 0, 21
    isync
    GMAP(0, V + SIZE_4K, PAGE + 4, FRAME + 63, TGS + VF + LPID)
    ALONE(EPCR, DSIGS)
    G_FORGET
    OF_GUEST(lwz 5, 8(20))
    SEEN(DEAR_SEEN)
    SEEN(ESR_SEEN)
    OF_GUEST(stb 5, 9(20))
    SEEN(DEAR_SEEN)
    SEEN(ESR_SEEN)
    CATCH(1f)
    GUEST(PAGE, 0)
1:  SEEN(WHICH)
    OF_GUEST(lwz 5, 0(20))
    G_SEEN(G_WHICH)
    ALONE(EPCR, 0)

    /* --- storage --- */
    CHECK("a page of a partition's guest")
    GMAP(0, V + SIZE_4K, PAGE + 4, FRAME + 63, TGS + LPID)
    li 5, 0
    OF_GUEST(lwz 5, 0(20))
    ANSWER(5)
    CATCH(1f)
    lwz 5, 0(20)
1:  SEEN(WHICH)
    GMAP(TLB1 + (22 << 16), V + IPROT + (8 << 8), 0, 63, TGS + 6)
    ALONE(LPIDR, 6)
    OF_GUEST(lwz 5, 0(20))
    ALONE(LPIDR, LPID)
    OF_GUEST(lwz 5, 0(20))

    CHECK("a page of all partitions' guests")
    GMAP(0, V + SIZE_4K, PAGE + 4, FRAME + 63, TGS)
    OF_GUEST(lwz 5, 0(20))
    ALONE(LPIDR, 6)
    OF_GUEST(lwz 5, 0(20))
    ALONE(LPIDR, LPID)
    CATCH(1f)
    lwz 5, 0(20)
1:  SEEN(WHICH)

    CHECK("the same address, a guest's and the hypervisor's")
    GMAP(0x10000, V + SIZE_4K, PAGE + 4, FRAME + 0x1000 + 63, 0)
    li 6, 17
    CATCH(1f)
    stw 6, 0(20)
    b 2f
1:  SEEN(WHICH)
2:  OF_GUEST(lwz 5, 0(20); li 6, 18; stw 6, 4(20))
    ANSWER(5)
    lwz 6, 0(20)
    ANSWER(6)
    lwz 6, 4(21)
    ANSWER(6)

    CHECK("tlbsx and tlbre for a guest")
    GMAP(0x20000, V + SIZE_4K + (3 << 16), PAGE + 4, FRAME + 0x2000 + 1, TGS + LPID)
    ALONE(MAS6, 3 << 16)
    ALONE(MAS5, SGS + LPID)
    GMAP(0, 0, PAGE, 0, 0)
    tlbsx 0, 20
    mfspr 5, MAS1
    ANSWER(5)
    mfspr 5, MAS3
    ANSWER(5)
    mfspr 5, MAS8
    ANSWER(5)
    ALONE(MAS5, SGS + 6)
    tlbsx 0, 20
    mfspr 5, MAS1
    rlwinm 5, 5, 1, 31, 31
    ANSWER(5)
    ALONE(MAS5, 0)
    tlbsx 0, 20
    mfspr 5, MAS8
    ANSWER(5)
    ALONE(MAS0, 0x20000)
    ALONE(MAS2, PAGE)
    tlbre
    mfspr 5, MAS8
    ANSWER(5)
    ALONE(MAS8, 0)
    ALONE(MAS6, 0)

    CHECK("tlbilx, all of a partition's")
    FORGET
    bl three_pages
    ALONE(MAS5, SGS + LPID)
    TLBILX(0, 0, 0)
    bl which_are_left
    CHECK("tlbilx, all of a process's of a partition")
    bl three_pages
    ALONE(MAS5, SGS + LPID)
    TLBILX(1, 0, 0)
    bl which_are_left
    CHECK("tlbilx, a page of a guest's")
    bl three_pages
    ALONE(MAS5, LPID)
    TLBILX(3, 0, 20)
    bl which_are_left
    bl three_pages
    ALONE(MAS5, SGS + LPID)
    TLBILX(3, 0, 20)
    bl which_are_left
    CHECK("tlbivax, a page of a guest's")
    bl three_pages
    ALONE(MAS5, SGS + 6)
    tlbivax 0, 20
    bl which_are_left
    ALONE(MAS5, 0)
    FORGET

    CHECK("a guest's storage by external PID")
    GMAP(0, V + SIZE_4K, PAGE + 4, FRAME + SR + SW, TGS + LPID)
    li 5, 99
    stw 5, 0(21)
    FOR(EPLC, 0x20000000 + (LPID << 16))
    CATCH(1f)
    li 6, 0
    BY_PID(LWEPX, 6, 0, 20)
1:  SEEN(WHICH)
    ANSWER(6)
    FOR(EPLC, 0x20000000 + (6 << 16))
    CATCH(1f)
    BY_PID(LWEPX, 6, 0, 20)
1:  SEEN(WHICH)
    SEEN(ESR_SEEN)

    CHECK("of EPLC a guest has a part")
    FOR(EPLC, 0x20050000)
    OF_GUEST(li 5, -1; mtspr EPLC, 5)
    mfspr 5, EPLC
    ANSWER(5)
    OF_GUEST(li 5, 0; mtspr EPLC, 5)
    mfspr 5, EPLC
    ANSWER(5)

    /* --- what comes from outside --- */
    CHECK("a guest's MSR does not keep the hypervisor's from it")
    SET(3, 200)
    mtdec 3
    lis 3, DIE@h
    mtspr TCR, 3
    CATCH(1f)
    GUEST(0f, 0)
0:  b .
1:  SEEN(WHICH)
    SEEN(OLD_MSR)
    lis 3, 0xffff
    mtspr TSR, 3
    li 3, 0
    mtspr TCR, 3
    mfspr 5, PIR
    MSGSND(5)
    oris 5, 5, 0x0800
    MSGSND(5)
    CATCH(1f)
    GUEST(0f, 0)
0:  b .
1:  SEEN(WHICH)
    CATCH(1f)
    GUEST(0f, 0)
0:  b .
1:  SEEN(WHICH)
    SEEN_AT(0b)

    CHECK("nor a machine check")
    GMAP(0, V + SIZE_4K, PAGE + 4, NOWHERE + SR, TGS + LPID)
    OF_GUEST(lwz 5, 0(20))
    SEEN(OLD_MSR)
    li 5, -1
    mtspr MCSR, 5

    CHECK("an external interrupt, for the hypervisor")
    addis 23, 14, MPIC@h
    lis 5, 0x6000
    stw 5, 0x1020(23)
    SET(5, 0x00070042)
    stw 5, 0x10a0(23)
    li 5, 0
    stw 5, 0x80(23)
    li 5, 1
    CATCH(1f)
    stw 5, 0x40(23)
    GUEST(0f, 0)
0:  b .
1:  SEEN(WHICH)
    mfspr 5, EPR
    ANSWER(5)
    li 5, 0
    stw 5, 0xb0(23)

    CHECK("an external interrupt, for the guest")
    SET(5, 0x00070043)
    stw 5, 0x10a0(23)
    ALONE(EPCR, EXTGS)
    G_FORGET
    CATCH(1f)
    li 5, 1
    stw 5, 0x40(23)
    li 5, 0
    wrteei 1
    addi 5, 5, 1
    wrteei 0
    GUEST(0f, 0)
0:  addi 5, 5, 2
    wrteei 1
    nop
    b .
1:  SEEN(WHICH)
    ANSWER(5)
    G_SEEN(G_WHICH)
    G_SEEN(G_MSR)
    mfspr 5, GEPR
    ANSWER(5)
    li 5, 0
    stw 5, 0xb0(23)
    ALONE(EPCR, 0)

    CHECK("a message to a guest")
    SET(6, 0x10000000 + (LPID << 14) + 9)
    CATCH(1f)
    MSGSND(6)
    li 5, 0
    wrteei 1
    addi 5, 5, 1
    wrteei 0
    GUEST(0f, 0)
0:  addi 5, 5, 2
    wrteei 1
2:  nop
    b .
1:  SEEN(WHICH)
    ANSWER(5)
    SEEN_AT(2b)
    SEEN(OLD_MSR)
    SEEN(NEW_MSR)

    CHECK("a critical one, and one of a machine check's rank")
    SET(6, 0x18000000 + (LPID << 14) + 9)
    MSGSND(6)
    SET(6, 0x20000000 + 0x04000000)
    MSGSND(6)
    CATCH(1f)
    GUEST(0f, 0)
0:  lis 5, CE@h
    ori 5, 5, ME
    mtmsr 5
2:  nop
    b .
1:  SEEN(WHICH)
    SEEN_AT(2b)
    CATCH(1f)
    GUEST(0f, ME)
0:  lis 5, CE@h
    ori 5, 5, ME
    mtmsr 5
2:  nop
    b .
1:  SEEN(WHICH)
    SEEN_AT(2b)
    SEEN(NEW_MSR)

    CHECK("messages to other guests, and one that is taken back")
    SET(6, 0x10000000 + (6 << 14) + 9)
    MSGSND(6)
    SET(6, 0x10000000 + (LPID << 14) + 8)
    MSGSND(6)
    SET(6, 0x10000000 + (LPID << 14) + 9)
    MSGSND(6)
    MSGCLR(6)
    CATCH(1f)
    GUEST(0f, EE)
0:  nop
    CALL
1:  SEEN(WHICH)

    CHECK("debug events of a guest, and none of the hypervisor's")
    ALONE(EPCR, DUVD)
    lis 5, 0x4800 /* IDM, ICMP */
    mtspr DBCR0, 5
    CATCH(1f)
    li 5, DE
    mtmsr 5
    nop
    nop
    li 5, 0
    mtmsr 5
1:  SEEN(WHICH)
    CATCH(1f)
    GUEST(0f, DE)
0:  nop
    nop
    CALL
1:  SEEN(WHICH)
    SEEN_AT(0b)
    SEEN(OLD_MSR)
    li 5, 0
    mtspr DBCR0, 5
    li 5, -1
    mtspr DBSR, 5
    ALONE(EPCR, 0)

    CHECK("a guest waits")
    SET(6, 0x10000000 + (LPID << 14) + 9)
    SET(3, 100000)
    mtdec 3
    lis 3, DIE@h
    mtspr TCR, 3
    CATCH(1f)
    GUEST(0f, 0)
0:  WAIT
    b 0b
1:  SEEN(WHICH)
    lis 3, 0xffff
    mtspr TSR, 3
    li 3, 0
    mtspr TCR, 3

end:
    mtlr 26
    blr

/* At PAGE and behind it: partition 5's of process 0, its of process 3; and partition 6's. */
three_pages:
    mflr 27
    GMAP(0, V + SIZE_4K, PAGE + 4, FRAME + 63, TGS + LPID)
    GMAP(0, V + SIZE_4K + (3 << 16), PAGE + 0x1000 + 4, FRAME + 63, TGS + LPID)
    GMAP(0x10000, V + SIZE_4K, PAGE + 4, FRAME + 63, TGS + 6)
    ALONE(MAS6, 3 << 16)
    mtlr 27
    blr

which_are_left:
    mflr 27
    li 6, 0
    .irp n, 0, 0x1000, 0x10000
    ALONE(MAS0, \n & 0x10000)
    ALONE(MAS2, PAGE + (\n & 0x1000))
    tlbre
    mfspr 5, MAS1
    rlwinm 5, 5, 1, 31, 31
    rlwinm 6, 6, 4, 0, 27
    or 6, 6, 5
    .endr
    ALONE(MAS8, 0)
    ANSWER(6)
    mtlr 27
    blr

/* --- the guest's handlers --- */

    .balign 65536
guest_vectors:
    .irp n, 2, 3, 4, 8, 13, 14
    mtsprg 1, 3
    li 3, \n
    b guest_caught
    nop
    .endr

guest_caught:
    stw 3, G_WHICH(22)
    mfsrr0 3
    stw 3, G_FROM(22)
    mfsrr1 3
    stw 3, G_MSR(22)
    mfspr 3, ESR
    stw 3, G_ESR(22)
    mfspr 3, DEAR
    stw 3, G_DEAR(22)
    mfmsr 3
    stw 3, G_NEW_MSR(22)
    lwz 3, G_BACK(22)
    cmpwi 3, 0
    bne 1f
    CALL
1:  mfsprg 3, 1
    rfi

    .data
    .balign 64
guest_seen:
    .space 64
