/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stack window in a stream: see window.c. */
#ifndef TRANSLATE_WINDOW_H
#define TRANSLATE_WINDOW_H

#include "translate/uop.h"

/* What lies in the window, or is used of it: [low, high), from where the stack pointer is. */
struct window_reach {
    s16 low, high;
};

/* `moved` where it is not known how far the stack pointer is from where it was at the check. */
#define WINDOW_LOST INT16_MIN

static inline bool window_covers(struct window_reach seen, struct window_reach used)
{
    return seen.low <= used.low && used.low < used.high && used.high <= seen.high;
}

/*
 * Lets those of a stream's accesses that may go by the stack window do so, behind a check in front;
 * false, and nothing is done, if there are none, or the mode says so. `failures` is the address,
 * below 2 GiB, of 32 bits that are counted down whenever the check fails, and lead to the exec loop
 * when they are 0; or 0. Behind stream_drop_dead, which finds the addresses that are wanted in T0.
 *
 * What leads to other blocks is told how far the stack pointer has `moved` since the check: a block
 * that uses no more of the window than the check has seen needs none of its own, if it is reached
 * so (chain() in exec/block.c). So nobody may forget the window until there.
 */
bool stream_use_window(struct stream *s, u32 failures);

#endif
