/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The past of a replay, and the way back there: the nearest moment that was kept is restored, and
 * what came behind it is done again, up to the instruction that is wanted.
 *
 *   struct timeline *t = timeline_create(&machine, &error);      the machine is ready to run
 *   timeline_go(t, timeline_now(t) - 1);                         one instruction back
 *   timeline_back_to_stop(t, &stop);                             to a debugger's last stop
 *
 * As the replay goes, a moment is kept every sixteen million instructions, when no disk is at work:
 * the state of cpu and devices, and of memory and disks the pages that are written to until the
 * next one. So the way back leads through all of them, and costs no more than what was written. In
 * front of where one goes back to, they are closer: then the next step back is short.
 *
 * They are thinned out: one goes when the gap that it leaves is small beside its distance from the
 * present, so that their number grows as the logarithm of the time. Should they take more than
 * TIMELINE_MOST bytes, more of them go. The first one stays, and with it what the guest has
 * overwritten since: that alone may take as much as the guest's memory and what it has written to
 * disks.
 *
 * All of it is for the cpu's thread while exec_run does not run, and not for lockstep. When it
 * returns the guest is stopped. Nobody outside is told of the past again; what is logged is not.
 */
#ifndef HW_SNAPSHOT_TIMELINE_H
#define HW_SNAPSHOT_TIMELINE_H

#include "exec/stops.h"
#include "hw/snapshot/snapshot.h"

#include <stdio.h>

enum { TIMELINE_MOST = 512 << 20 };

struct timeline;
/* From now on the past is kept; the guest's end stops it, and leaves it to be looked at. */
struct timeline *timeline_create(const struct snapshot_machine *m, struct error *error);
void timeline_destroy(struct timeline *t); /* which may be NULL */

/* There is no way back behind the present any more, as when another medium is in a drive. */
void timeline_begin_here(struct timeline *t);

/* Instructions that have been executed; and from where on there is a past. */
uint64_t timeline_now(const struct timeline *t);
uint64_t timeline_begin(const struct timeline *t);
/* To where so many have been: back, not behind the beginning, or forth, not beyond the end. */
void timeline_go(struct timeline *t, uint64_t instructions);
/*
 * To the last breakpoint before the present, or before the last instruction that has met a
 * watchpoint; false if there is none: to the beginning.
 */
bool timeline_back_to_stop(struct timeline *t, struct stop *stop);
/* The cpu has met a stop (exec_on_stop). True if that is the timeline's affair: it is at work. */
bool timeline_heeds(struct timeline *t, const struct stop *stop);

/* Where it is, what is kept, and digests of all of the guest's state; for people and tests. */
void timeline_print(struct timeline *t, FILE *to);

#endif
