/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Guest time by executed instructions (-icount): each takes 2^shift nanoseconds, and while the cpu
 * is halted, time is put forward to whatever comes next. So a run depends on nothing but what it is
 * given; and that comes in, as keys and bytes of the terminal do, only when the outside is looked
 * at, which is done at fixed guest times.
 */
#ifndef HW_HOST_COUNTED_TIME_H
#define HW_HOST_COUNTED_TIME_H

#include "exec/exec.h"
#include "hw/timer.h"

#include <stdbool.h>
#include <stdint.h>

enum { ICOUNT_USUAL_SHIFT = 1, ICOUNT_MOST_SHIFT = 10, COUNTED_LOOK_NS = 10 * NS_PER_MS };

struct counted_time {
    bool on;
    bool due; /* the outside is to be looked at */
    unsigned shift;
    struct exec *exec; /* NULL: there is no cpu yet, so nothing has run */
    struct timers *timers;
    uint64_t skipped; /* nanoseconds for which the cpu was halted */
    struct timer look;
    uint64_t stop_at;  /* the board is to have its turn then, too; UINT64_MAX: nobody wants that */
    uint64_t mark_at;  /* likewise */
    uint64_t furthest; /* it has been there already, and gone back: what goes out has gone */
};

/* From now on it tells the time of these timers. */
void counted_time_start(struct counted_time *t, struct timers *timers, unsigned shift);
/* Tells the cpu when the first of them is due. */
void counted_time_set_deadline(struct counted_time *t);
/* The cpu is halted: puts the clock forward to the first of them. */
void counted_time_skip(struct counted_time *t);
/* For how long that is, in nanoseconds. */
uint64_t counted_time_left(const struct counted_time *t);
/* Has this been run before, so that nobody outside is to be told again? */
bool counted_time_is_past(const struct counted_time *t);
/* Has stop_at come? */
bool counted_time_is_up(const struct counted_time *t);
/* Is it time to look at the outside? Only once. */
bool counted_time_take_look(struct counted_time *t);

#endif
