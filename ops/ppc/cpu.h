/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The state of an e500mc, a 32-bit PowerPC (Power ISA 2.07, books I, II and III-E, and its core
 * reference manual; bits are numbered as there, from the left, only in comments).
 */
#ifndef OPS_PPC_CPU_H
#define OPS_PPC_CPU_H

#include "ops/core.h"
#include "ops/ppc/locations.h"

enum {
    MSR_GS = 1 << 28,   /* guest state: what runs is not the hypervisor */
    MSR_UCLE = 1 << 26, /* the user may lock lines of caches */
    MSR_CE = 1 << 17,   /* critical interrupts */
    MSR_EE = 1 << 15,   /* external interrupts, the decrementer's, the fixed-interval timer's */
    MSR_PR = 1 << 14,   /* problem state: the user */
    MSR_FP = 1 << 13,   /* there is floating point */
    MSR_ME = 1 << 12,   /* machine checks */
    MSR_FE0 = 1 << 11,  /* with FE1: enabled floating-point exceptions interrupt */
    MSR_DE = 1 << 9,    /* debug interrupts */
    MSR_FE1 = 1 << 8,
    MSR_IS = 1 << 5, /* address spaces of instructions and data */
    MSR_DS = 1 << 4,
    MSR_PMM = 1 << 2, /* a mark for the performance monitor */
    MSR_RI = 1 << 1,  /* the supervisor's word that a machine check can be recovered from */
    MSR_DEFINED = MSR_GS | MSR_UCLE | MSR_CE | MSR_EE | MSR_PR | MSR_FP | MSR_ME | MSR_FE0 |
                  MSR_DE | MSR_FE1 | MSR_IS | MSR_DS | MSR_PMM | MSR_RI,
    MSRP_DEFINED = MSR_UCLE | MSR_DE | MSR_PMM, /* MSRP's bits: what a guest leaves as it is */
};

/* EPCR: which interrupts are a guest's own, and what else the hypervisor decides. */
#define EPCR_EXTGS 0x80000000u
enum {
    EPCR_DTLBGS = 1 << 30,
    EPCR_ITLBGS = 1 << 29,
    EPCR_DSIGS = 1 << 28,
    EPCR_ISIGS = 1 << 27,
    EPCR_DUVD = 1 << 26,  /* the hypervisor itself has no debug events */
    EPCR_DGTMI = 1 << 23, /* no tlbilx for guests */
    EPCR_DMIUH = 1 << 22, /* the hypervisor's interrupts leave the MAS registers alone */
};
#define EPCR_DEFINED                                                                               \
    (EPCR_EXTGS | EPCR_DTLBGS | EPCR_ITLBGS | EPCR_DSIGS | EPCR_ISIGS | EPCR_DUVD | EPCR_DGTMI |   \
     EPCR_DMIUH)

/* A field of CR, from its lowest bit. */
enum { CR_SO = 1, CR_EQ = 2, CR_GT = 4, CR_LT = 8 };

/* Of the mode that a block is translated for. */
enum {
    MODE_FP = 1 << MODE_GUEST, /* MSR[FP] */
    MODE_SO = 2 << MODE_GUEST, /* XER[SO]: what sets a field of CR sets SO there */
    MODE_GS = 4 << MODE_GUEST, /* MSR[GS] */
};

/* XER; its lowest 7 bits are how many bytes lswx and stswx move. */
enum { XER_CA_BIT = 29, XER_CA = 1 << 29, XER_OV = 1 << 30 };
#define XER_SO      0x80000000u
#define XER_DEFINED 0xe000007fu

/* Interrupts, by the number of the IVOR that says where their handler is. */
enum ppc_interrupt {
    INT_CRITICAL = 0,
    INT_MACHINE_CHECK = 1,
    INT_DATA_STORAGE = 2,
    INT_INSTRUCTION_STORAGE = 3,
    INT_EXTERNAL = 4,
    INT_ALIGNMENT = 5,
    INT_PROGRAM = 6,
    INT_FP_UNAVAILABLE = 7,
    INT_SYSTEM_CALL = 8,
    INT_DECREMENTER = 10,
    INT_FIXED_INTERVAL = 11,
    INT_WATCHDOG = 12,
    INT_DATA_TLB = 13,
    INT_INSTRUCTION_TLB = 14,
    INT_DEBUG = 15,
    INT_VIRTUALIZATION = 16, /* a data storage interrupt, and the hypervisor's whatever EPCR says */
    INT_PERFORMANCE_MONITOR = 35,
    INT_DOORBELL = 36,
    INT_CRITICAL_DOORBELL = 37,
    INT_GUEST_DOORBELL = 38, /* these four are for the hypervisor */
    INT_GUEST_CRITICAL_DOORBELL = 39,
    INT_HYPERVISOR_CALL = 40,
    INT_HYPERVISOR_PRIVILEGE = 41,
    GIVORS = 15, /* guests have those of 2, 3, 4, 8, 13 and 14 */
    IVORS = 42,
    INT_NONE = IVORS,
};

/* ESR: why. */
enum {
    ESR_PIL = 1 << 27, /* illegal, privileged, trap */
    ESR_PPR = 1 << 26,
    ESR_PTR = 1 << 25,
    ESR_FP = 1 << 24,  /* a floating-point instruction */
    ESR_ST = 1 << 23,  /* a store */
    ESR_DLK = 1 << 21, /* locking a line of the data cache; of the instruction cache */
    ESR_ILK = 1 << 20,
    ESR_BO = 1 << 17,  /* byte order */
    ESR_PIE = 1 << 16, /* a floating-point exception that an instruction before has left */
    ESR_EPID = 1 << 6, /* an access by external PID */
};

/* MCSR: the pin mcp; of an access that nobody has answered, what it was, and that MCAR has where.
 */
#define MCSR_MCP 0x80000000u
enum {
    MCSR_MAV = 1 << 19,
    MCSR_IF = 1 << 16,
    MCSR_LD = 1 << 15,
    MCSR_LDG = 1 << 13, /* a load of guarded storage */
};
#define HID0_EMCP 0x80000000u /* the pin mcp counts */

/* The performance monitor: a counter has overflowed; that interrupts, by PMLCa and by PMGC0. */
#define PMC_OV 0x80000000u
enum {
    PMLCA_CE = 1 << 26,
    PMGC0_PMIE = 1 << 30,
};

/* Timers (book III-E, "Timer Facilities"). */
#define TSR_ENW 0x80000000u
enum {
    TSR_WIS = 1 << 30,
    TSR_WRS = 3 << 28,
    TSR_DIS = 1 << 27,
    TSR_FIS = 1 << 26,
};
enum {
    TCR_WP = 30, /* where fields begin */
    TCR_WRC = 28,
    TCR_WIE = 1 << 27,
    TCR_DIE = 1 << 26,
    TCR_FP = 24,
    TCR_FIE = 1 << 23,
    TCR_ARE = 1 << 22,
    TCR_WPEXT = 17,
    TCR_FPEXT = 13,
};
#define TCR_DEFINED 0xffdfe000u

/* The TLBs: 128 sets of 4 pages of 4 KiB; and 64 entries of sizes 4 KiB to 4 GiB. */
enum { TLB0_WAYS = 4, TLB0_SETS = 128, TLB0_ENTRIES = TLB0_WAYS * TLB0_SETS, TLB1_ENTRIES = 64 };
enum { PID_MASK = 0x3fff, LPID_MASK = 0x3f };

/* EPLC and EPSC: by whose eyes an access by external PID sees storage. */
#define EPC_PR 0x80000000u
enum { EPC_AS = 1 << 30, EPC_GS = 1 << 29, EPC_LPID = 16 };
/* Of that a guest cannot write these. */
#define EPC_HYPERVISORS ((u32)EPC_GS | (u32)LPID_MASK << EPC_LPID)
#define EPC_DEFINED     (EPC_PR | EPC_AS | PID_MASK | EPC_HYPERVISORS)

/* MMU assist registers; MAS1, 2, 3, 7 and 8 are what an entry has. */
enum {
    MAS0_TLBSEL = 28, /* where fields begin */
    MAS0_ESEL = 16,
    MAS0_NV = 3,
    MAS0_DEFINED = 1 << MAS0_TLBSEL | 63 << MAS0_ESEL | MAS0_NV,
    MAS1_IPROT = 1 << 30,
    MAS1_TID = 16,
    MAS1_TS = 12,
    MAS1_TSIZE = 8, /* 4 KiB << 2 * (TSIZE - 1) */
    MAS2_G = 2,
    MAS2_E = 1,
    MAS3_UX = 32,
    MAS3_SX = 16,
    MAS3_UW = 8,
    MAS3_SW = 4,
    MAS3_UR = 2,
    MAS3_SR = 1,
    MAS4_TLBSELD = 28,
    MAS4_TSIZED = 8,
    MAS4_DEFINED = 1 << MAS4_TLBSELD | 15 << MAS4_TSIZED | 0x7f,
    MAS6_SPID = 16,
    MAS6_SAS = 1,
    MAS6_DEFINED = PID_MASK << MAS6_SPID | MAS6_SAS,
    MAS8_VF = 1 << 30, /* data there is for the hypervisor to see to */
};
#define MAS1_V       0x80000000u
#define MAS5_SGS     0x80000000u
#define MAS5_DEFINED (MAS5_SGS | LPID_MASK)
#define MAS8_TGS     0x80000000u
#define MAS8_DEFINED (MAS8_TGS | MAS8_VF | LPID_MASK)
#define MAS1_DEFINED (MAS1_V | MAS1_IPROT | PID_MASK << MAS1_TID | 1 << MAS1_TS | 15 << MAS1_TSIZE)
#define MAS2_DEFINED 0xfffff07fu
#define MAS3_DEFINED 0xfffff3ffu

struct ppc_tlb_entry {
    u32 mas1, mas2, mas3, mas7, mas8;
};

/* Pins, and messages of processors to each other that wait. */
enum {
    INPUT_CRITICAL = 1,
    INPUT_MACHINE_CHECK = 2,
    INPUT_DOORBELL = 4,
    INPUT_CRITICAL_DOORBELL = 8,
    INPUT_GUEST_DOORBELL = 16,
    INPUT_GUEST_CRITICAL_DOORBELL = 32,
    INPUT_GUEST_MACHINE_CHECK_DOORBELL = 64,
};

struct ppc_cpu {
    struct core core;
    union {
        u32 regs[SLOTS]; /* temporaries and the first GPRs */
        struct {
            u32 temporary[SLOT_GPRS], gpr[32];
        };
    };
    u32 lr, ctr, xer, carry; /* `carry`: XER's CA, 0 or 1, which is zero in `xer` */
    s64 cr[8];               /* see cr.h */
    u32 msr, usprg0, sprg[10];
    u32 srr0, srr1, csrr0, csrr1, dsrr0, dsrr1, mcsrr0, mcsrr1;
    u32 dear, esr, mcsr, mcar, mcaru, epr, ivpr, ivor[IVORS];
    u32 reserved, reserved_at; /* `reserved`: there is a reservation, of that address */
    u32 fpscr;
    u64 fpr[32];
    u32 raised, raised_why; /* an interrupt, and ESR for it */
    u32 inputs;
    u32 pid, pir, hid0, l1csr[3], l2csr[2], bucsr, pwrmgtcr0;
    u32 dbsr, dbcr[3], iac[2], dac[2];
    u32 eplc, epsc;
    u32 dbcr4, npidr, devent, ddam, l2err[7]; /* of a trace, and of L2's errors: none come */
    u32 pmgc0, pmc[4], pmlca[4], pmlcb[4];    /* the performance monitor's */
    /* Timers: DEC and TSR are as they were when the timebase was `settled`. */
    u32 tcr, tsr, dec, decar;
    u64 settled, timebase_offset;
    u64 alarm; /* when the board is to wake us, as it was told */
    u32 mas[9];
    /* The hypervisor's; and what a guest has for registers of the supervisor's. */
    u32 epcr, msrp, lpidr;
    u32 gsrr0, gsrr1, gsprg[4], gdear, gesr, gepr, gpir, givpr, givor[GIVORS];
    u32 victim; /* the way of TLB0 that is to go next */
    struct ppc_tlb_entry tlb0[TLB0_ENTRIES], tlb1[TLB1_ENTRIES];
    struct core_rest rest;
};

#endif
