/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * -count: what was translated, kept with counts of how often each segment of it ran, so that at
 * the end the code of any engine for it can be made again and weighed (quality.h).
 *
 * The counts are micro-ops in the blocks that run. What is kept is the stream without them. Of code
 * that changes all the time there is no end: when there is much, what is cold and runs no more is
 * only kept as a sum.
 */
#ifndef EXEC_REPORT_PROFILE_H
#define EXEC_REPORT_PROFILE_H

#include "exec/guest.h"
#include "exec/report/guest_quality.h"
#include "translate/uop.h"

/* What was translated from the same bytes for the same mode, however often, counts together. */
struct profile_block {
    struct profile_block *same_hash;
    const struct uop_table *table;
    const struct isa *isa;
    u32 pc, base, mode;
    u32 size, insns; /* of the guest code */
    u32 uop_count, segments;
    u64 *runs; /* of each segment */
    const struct uop *uops;
    const u8 *guest;
    u64 executed; /* guest instructions, by profile_sort */
    u32 users;    /* blocks of the code cache that count here */
};

struct profile;

/* NULL if the host has no room. */
struct profile *profile_create(const struct guest *guest);
void profile_destroy(struct profile *p);
/*
 * Notes a stream that is about to become a block, and puts its counts into it. What is returned
 * is to be released when that block will not run again; NULL if it is not counted.
 */
struct profile_block *profile_add(struct profile *p, struct stream *s, const u8 *guest);
void profile_release(struct profile_block *b);
/* Blocks that are not counted, for lack of room. */
u64 profile_uncounted(const struct profile *p);

/* The sum of what is not kept, of user or supervisor code. */
const struct guest_quality *profile_forgotten(const struct profile *p, bool user);

/* All blocks that are, those first that executed most guest instructions. */
struct profile_block *const *profile_sort(struct profile *p, size_t *count);
/* A block's stream as it was noted. */
void profile_stream(const struct profile_block *b, struct stream *s);
/* How often the branch that ends a segment was taken. */
u64 profile_taken(const struct profile_block *b, u32 segment);

#endif
