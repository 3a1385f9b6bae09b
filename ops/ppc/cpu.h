/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The state of a 32-bit PowerPC, as far as it goes here: the branch and fixed-point registers, and
 * those of exceptions (Power ISA 2.07, books I and III; bits are numbered as there, from the left,
 * only in comments).
 */
#ifndef OPS_PPC_CPU_H
#define OPS_PPC_CPU_H

#include "ops/core.h"
#include "ops/ppc/locations.h"

enum {
    MSR_EE = 1u << 15,  /* external interrupts */
    MSR_PR = 1u << 14,  /* problem state: the user */
    MSR_FP = 1u << 13,  /* there is floating point */
    MSR_FE0 = 1u << 11, /* with FE1: enabled floating-point exceptions interrupt */
    MSR_FE1 = 1u << 8,
    MSR_SAVED = 0x87c0ffff & ~0x00010000, /* the bits that SRR1 has of it */
};

/* A field of CR, from its lowest bit. */
enum { CR_SO = 1, CR_EQ = 2, CR_GT = 4, CR_LT = 8 };

/* Of the mode that a block is translated for. */
enum { MODE_FP = 1 << MODE_GUEST }; /* MSR[FP] */

/* XER; its lowest 7 bits are how many bytes lswx and stswx move. */
enum { XER_CA_BIT = 29, XER_CA = 1 << 29, XER_OV = 1 << 30 };
#define XER_SO      0x80000000u
#define XER_DEFINED 0xe000007fu

/* Where handlers are. */
enum ppc_vector {
    VECTOR_EXTERNAL = 0x500,
    VECTOR_PROGRAM = 0x700,
    VECTOR_FP_UNAVAILABLE = 0x800,
    VECTOR_SYSTEM_CALL = 0xc00,
};
/* Of a program interrupt, in SRR1. */
enum {
    PROGRAM_ILLEGAL = 0x80000,
    PROGRAM_PRIVILEGED = 0x40000,
    PROGRAM_TRAP = 0x20000,
    PROGRAM_FP = 0x100000
};

struct ppc_cpu {
    struct core core;
    u32 regs[LOCATIONS];
    u32 cr, lr, ctr, xer;
    u32 gpr[32];
    u32 msr, srr0, srr1, sprg[4];
    u32 usprg0, reserved, reserved_at; /* `reserved`: there is a reservation, of that address */
    u32 fpscr;
    u64 fpr[32];
    u32 raised_vector, raised_why;
    struct core_rest rest;
};

#endif
