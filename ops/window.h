/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The stack window: one page to which generated code may read and write directly, the one where
 * the stack was last used; one for each privilege. A block that uses the stack begins with a check
 * that the stack pointer, and all of its accesses near it, lie in that page; from there on each of
 * them is one access of the host's (translate/window.c, ops/memory/window.h).
 *
 *   filled      by the check's cold part, from the TLB's entry for the page, if that has a write
 *               tag: so what may be stored to directly is decided in one place, the softmmu
 *   forgotten   whenever the TLB loses entries, or its page's write tag for code (exec/window.h)
 *   refused     where the TLB has no such entry, or the block's accesses are in two pages: then the
 *               block's other form runs, of MODE_NO_WINDOW, all of whose accesses go by the TLB;
 *               it does what the guest sees of a miss: faults, accessed and dirty bits. A block
 *               that is refused often is made again without a check (exec/block_cache.h)
 *   passed      by a jump from a block whose own check has seen what this one uses (exec/block.c)
 *
 * While a block runs that uses it nobody may forget it. That takes a helper, behind which the block
 * uses none, or a device that it accesses: such an access is not done there, but the block left
 * before it, and gone on with in the other form (softmmu_rely_on_window).
 *
 * The check keeps the window's addend in a register of the host's that micro-ops leave alone, and
 * so does C; whoever passes the check finds it there (HOST_KEEP in ops/host/host.h).
 *
 * An address is checked, and reached, as the 64-bit sum of a location in its host register and a
 * displacement. No micro-op cares for the register's upper half, which need not be zero; but where
 * the check has seen the sum to be in the page, it is the linear address.
 */
#ifndef OPS_WINDOW_H
#define OPS_WINDOW_H

#include "ops/types.h"

struct memory_window {
    u64 page;   /* its linear address, or WINDOW_NONE */
    u64 addend; /* host address = addend + linear address */
};

enum { WINDOW_SIZE = 1 << 12 };

/* No address that a check can come to is at or up to a page above it. */
#define WINDOW_NONE ((u64)1 << 62)

#endif
