/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counting the guest's instructions, so that something can be done behind exactly so many.
 *
 * A block charges core.budget with what it is about to run, segment by segment, and leaves for the
 * exec loop if that is more than may (translate/uop.h, stream_count_insns). The loop then goes on
 * by single instructions. So at any time
 *
 *     instructions run = target - core.budget - core_rest.unrun
 *
 * where `unrun` is what was charged and has not run when C code is called out of a block: it knows
 * that of each micro-op. Who leaves a block in its midst gives that back.
 *
 * What counts: an instruction that ends, each repetition of one that repeats itself, and an
 * exception that is delivered, so that a guest that can do nothing else gets on in time. How far a
 * block reaches, or which engine has made it, does not show. To keep that so,
 *
 *   - a device is reached by an instruction that is a block's last and behind which the loop looks
 *     at what the device has done; where a block does not end by itself, the instruction is left
 *     and comes again alone (exec_before_device);
 *   - what others ask for (exec_request, exec_stop) is no reason to leave a block;
 *   - blocks need not test exit_request where they may close a loop: the budget ends them all.
 */
#ifndef EXEC_ICOUNT_H
#define EXEC_ICOUNT_H

#include "ops/core.h"

struct icount {
    bool on;
    u64 target;   /* the count when the budget is used up */
    u64 deadline; /* the board's; beyond the target if that is far away */
};

void icount_start(struct icount *c, struct core *core);
/* Exact, also in what C code does for an instruction, which itself is not among them then. */
u64 icount_now(const struct icount *c, const struct core *core);
/* So many have been; the board gets its turn at once, and sets its next one then. */
void icount_set(struct icount *c, struct core *core, u64 instructions);
/*
 * The board wants its turn behind so many instructions; at once if that is past, but not before
 * the end of the instruction at hand.
 */
void icount_set_deadline(struct icount *c, struct core *core, u64 deadline);
/* Is the budget used up? */
bool icount_is_up(const struct icount *c, const struct core *core);
/* Then: has the deadline come? There is none any more; or there is a new budget. */
bool icount_take_deadline(struct icount *c, struct core *core);
/* Behind the board's turn: the guest comes on by an instruction at least. */
void icount_go_on(struct icount *c, struct core *core);
/* Code was left: gives back what has not run. */
void icount_give_back(struct core *core);

#endif
