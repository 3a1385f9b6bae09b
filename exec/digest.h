/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digests, to see whether bytes, or cpus, are the same; not such as withstand an attacker. */
#ifndef EXEC_DIGEST_H
#define EXEC_DIGEST_H

#include "exec/exec.h"

/* Goes on from `before`, which is 0 at first. */
uint64_t digest_bytes(uint64_t before, const void *bytes, size_t size);

/*
 * Brings a copy of the first state_size bytes of a cpu to a form in which they are equal if what
 * the guest can see is: without what engines need not leave alike, as where their own code is, and
 * without flags of `dead` (enum flag_part).
 */
void level_state(const struct guest *guest, struct core *copy, uint32_t dead);
/*
 * Of that, between two instructions, on the cpu's thread, within exec_run or outside. How many
 * instructions may come is not in it: that is nothing of the guest's.
 */
uint64_t digest_state(struct exec *e, const struct guest *guest);

#endif
