/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The constants of sprs.def, and its rows as data. */
#ifndef TRANSLATE_PPC_SPR_H
#define TRANSLATE_PPC_SPR_H

#include "ops/ppc/cpu.h"

enum spr_access {
    READS = 1,
    WRITES = 2,
    RW = READS | WRITES,
    ACTS = 4,   /* writing does more than to store a value: exec/ppc/spr.c */
    CLEARS = 8, /* ones that are written clear bits */
    OTHER = 16, /* it is not in struct ppc_cpu as it is read */
    FIXED = 32,
    GUEST = 64, /* a guest's supervisor may do what the hypervisor may; or may read it */
    GUEST_READS = 128,
};

#define ALL 0xffffffffu
enum {
    IVOR_MASK = 0xfff0,
    /* Invalidations of caches, which are done before anybody could look. */
    L1CSR_AT_ONCE = 0x102,
    L2CSR_AT_ONCE = 0x200c00,
    BUCSR_AT_ONCE = 0x200,
    /* 32 KiB in 8 ways of 64 bytes a line, which can be locked and has parity; 128 KiB of L2. */
    L1_CONFIGURATION = 0x00b83820,
    L2_CONFIGURATION = 7 << 14 | 2,
    /* 6 bits of LPID (so there is a hypervisor), 36 of address, a PID of 14, TLBs as e500's. */
    MMU_CONFIGURATION = 0x06480b44,
    TLB0_CONFIGURATION = 4 << 24 | 1 << 20 | 1 << 16 | TLB0_ENTRIES,
    TLB1_CONFIGURATION = 64 << 24 | 1 << 20 | 11 << 16 | 1 << 15 | 1 << 14 | TLB1_ENTRIES,
};

/* Their numbers: SPR_lr. */
enum {
#define SPR(number, name, member, access, mask) SPR_##name = (number),
#define SPR_FIXED(number, name, value, access)  SPR_##name = (number),
#define SPR_OTHER(number, name, access)         SPR_##name = (number),
#define SPR_INSTEAD(name, other)
#include "ops/ppc/sprs.def"
#undef SPR
#undef SPR_FIXED
#undef SPR_OTHER
#undef SPR_INSTEAD
};

struct spr {
    u16 number;
    u8 access;
    u32 at; /* its place in struct ppc_cpu, or the value that it has */
    u32 mask;
};

static inline bool spr_is_privileged(u32 number)
{
    return number & 16;
}

/* NULL: there is none of that number. */
const struct spr *ppc_spr_find(u32 number);
/* What a guest reaches by a number: its own register in the place of the hypervisor's. */
u32 ppc_spr_of_guest(u32 number);

#endif
