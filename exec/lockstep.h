/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * -jit lockstep: each block runs as templates and in the interpreter, from the same state, and
 * the two must leave the same registers, the same memory and have asked devices the same. At the
 * first difference both states and the block's listing are printed and the program ends.
 */
#ifndef EXEC_LOCKSTEP_H
#define EXEC_LOCKSTEP_H

#include "exec/block.h"
#include "exec/lockstep_log.h"

struct lockstep;

/* NULL if the host has no room. */
struct lockstep *lockstep_create(struct cpu *cpu, struct block_cache *cache,
                                 const struct engine *first, const struct engine *second);
void lockstep_destroy(struct lockstep *l);
/* Runs one block in both; raises or leaves as they did. */
void lockstep_run(struct lockstep *l, const struct block *b);
/* The log of the run at hand, NULL between blocks; and the clock, the same for both. */
struct write_log *lockstep_log(struct lockstep *l);
u64 lockstep_clock(struct lockstep *l, u64 now);

#endif
