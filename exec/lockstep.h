/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * -jit lockstep: two engines run the guest together, a stretch of some thousand blocks each in
 * turn, from the same state. The second is told what the first one's devices answered, and must
 * leave the same registers and the same memory. If it does not, the stretch is done again block
 * by block; at the first difference both states and the block's listing are printed, and the
 * program ends. A stretch ends before its time when a device was reached or something waits.
 */
#ifndef EXEC_LOCKSTEP_H
#define EXEC_LOCKSTEP_H

#include "exec/block.h"
#include "exec/report/lockstep_log.h"

struct lockstep;

/* NULL if the host has no room. The names of the engines are for the report. */
struct lockstep *lockstep_create(struct core *core, const struct guest *guest,
                                 struct block_cache *cache, const char *const engines[2]);
void lockstep_destroy(struct lockstep *l);
/* Runs a stretch in both. */
void lockstep_run(struct lockstep *l);
/* For exec_run_blocks: is the stretch long enough? */
bool lockstep_is_full(const struct lockstep *l);
void lockstep_print_stats(const struct lockstep *l, FILE *to);

#endif
