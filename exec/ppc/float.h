/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The floating-point status and control register (Power ISA 2.07, book I, 4.2.2). */
#ifndef EXEC_PPC_FLOAT_H
#define EXEC_PPC_FLOAT_H

#include "exec/ppc/ppc.h"

#define FPSCR_FX 0x80000000u /* an exception was raised, FPSCR_EXCEPTIONS */
enum {
    FPSCR_FEX = 1 << 30, /* one that is enabled is there, and */
    FPSCR_VX = 1 << 29,  /* an invalid operation: both follow from others */
    FPSCR_OX = 1 << 28,
    FPSCR_UX = 1 << 27,
    FPSCR_ZX = 1 << 26,
    FPSCR_XX = 1 << 25,
    FPSCR_VXSNAN = 1 << 24,
    FPSCR_VXISI = 1 << 23,
    FPSCR_VXIDI = 1 << 22,
    FPSCR_VXZDZ = 1 << 21,
    FPSCR_VXIMZ = 1 << 20,
    FPSCR_VXVC = 1 << 19,
    FPSCR_FR = 1 << 18,
    FPSCR_FI = 1 << 17,
    FPSCR_FPRF_AT = 12,
    FPSCR_FPRF = 0x1f << FPSCR_FPRF_AT,
    FPSCR_FPCC = 0xf << FPSCR_FPRF_AT, /* of it, what comparisons set */
    FPSCR_NONE = 1 << 11,              /* reserved */
    FPSCR_VXSOFT = 1 << 10,
    FPSCR_VXSQRT = 1 << 9,
    FPSCR_VXCVI = 1 << 8,
    FPSCR_VE = 1 << 7,
    FPSCR_OE = 1 << 6,
    FPSCR_UE = 1 << 5,
    FPSCR_ZE = 1 << 4,
    FPSCR_XE = 1 << 3,
    FPSCR_RN = 3,
    FPSCR_VX_ALL = FPSCR_VXSNAN | FPSCR_VXISI | FPSCR_VXIDI | FPSCR_VXZDZ | FPSCR_VXIMZ |
                   FPSCR_VXVC | FPSCR_VXSOFT | FPSCR_VXSQRT | FPSCR_VXCVI,
    FPSCR_EXCEPTIONS = FPSCR_OX | FPSCR_UX | FPSCR_ZX | FPSCR_XX | FPSCR_VX_ALL,
};

/* FPSCR becomes `value`, with VX and FEX as they follow from it. */
void ppc_set_fpscr(struct ppc_cpu *cpu, u32 value);
/* CR1 = what FPSCR begins with. */
void ppc_record_float(struct ppc_cpu *cpu);
/* The end of an instruction: CR1 if it records, and the interrupt of an enabled exception. */
void ppc_end_float(struct ppc_cpu *cpu, u32 word);

#endif
