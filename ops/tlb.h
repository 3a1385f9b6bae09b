/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The softmmu's TLB, as micro-ops and generated code look it up: a table for each privilege, one
 * entry for a page, by its lowest bits. A tag is the linear address of the page if accesses of its
 * kind may go straight to host memory, else TLB_NONE. Host address = addend + linear address.
 */
#ifndef OPS_TLB_H
#define OPS_TLB_H

#include "ops/types.h"

struct tlb_entry {
    u32 read, write; /* the tags */
    u64 addend;
};

enum {
    TLB_PAGE_BITS = 12, /* of the linear address are the offset in a page */
    TLB_BITS = 10,
    TLB_SIZE = 1 << TLB_BITS,
    TLB_ENTRY_BITS = 4, /* log2 of an entry's size */
    /* Where an address's entry is in its table, in bytes: shifted down by this, and masked. */
    TLB_OFFSET_SHIFT = TLB_PAGE_BITS - TLB_ENTRY_BITS,
    TLB_OFFSET_MASK = (TLB_SIZE - 1) << TLB_ENTRY_BITS,
    /* No page, and no page with an offset below 16, as a look-up for 16 aligned bytes has it. */
    TLB_NONE = 1 << TLB_ENTRY_BITS,
};
_Static_assert(sizeof(struct tlb_entry) == 1 << TLB_ENTRY_BITS, "generated code multiplies by it");
_Static_assert(offsetof(struct tlb_entry, write) == 4 && offsetof(struct tlb_entry, addend) == 8,
               "generated code has them as displacements");

static inline u64 tlb_offset(u64 linear)
{
    return linear >> TLB_OFFSET_SHIFT & TLB_OFFSET_MASK;
}

/* The entry in `table` that an address has, be it filled for this page or another. */
static inline struct tlb_entry *tlb_find(struct tlb_entry *table, u32 linear)
{
    return (struct tlb_entry *)((u8 *)table + tlb_offset(linear));
}

#endif
