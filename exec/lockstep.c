/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -jit lockstep: see lockstep.h. */
#include "exec/lockstep.h"
#include <stdlib.h>
struct lockstep { int x; };
struct lockstep *lockstep_create(struct cpu *cpu) { (void)cpu; return calloc(1, sizeof(struct lockstep)); }
void lockstep_destroy(struct lockstep *l) { free(l); }
void lockstep_step(struct lockstep *l) { (void)l; }
struct write_log *lockstep_log(struct lockstep *l) { (void)l; return NULL; }
u64 lockstep_clock(struct lockstep *l, u64 now) { (void)l; return now; }
