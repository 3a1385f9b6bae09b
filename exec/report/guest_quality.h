/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ran, in guest terms: sums over counted blocks. */
#ifndef EXEC_REPORT_GUEST_QUALITY_H
#define EXEC_REPORT_GUEST_QUALITY_H

#include "ops/types.h"

struct profile_block;

/* All but `blocks` and `bytes` are weighted. */
struct guest_quality {
    u64 blocks, bytes, static_insns;
    u64 runs, insns;
    u64 loads, stores;           /* those that are micro-ops, not the helpers' */
    u64 flags_set, flags_stored; /* by instructions; and at once, on the hot path */
    u64 flags_late, flags_dead;  /* only stored on ways out; never */
    u64 direct_jumps;            /* left blocks by jumps that can be chained */
    u64 lookups;                 /* ... by the jump cache */
};

void guest_quality_add(struct guest_quality *q, const struct profile_block *b);

#endif
