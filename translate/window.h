/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stack window in a stream: see window.c. */
#ifndef TRANSLATE_WINDOW_H
#define TRANSLATE_WINDOW_H

#include "translate/uop.h"

/*
 * Lets those of a stream's accesses that may go by the stack window do so, behind a check in front;
 * false, and nothing is done, if there are none, or the mode says so. `failures` is the address,
 * below 2 GiB, of 32 bits that are counted down whenever the check fails, and lead to the exec loop
 * when they are 0; or 0. Behind stream_drop_dead, which finds the addresses that are wanted in T0.
 */
bool stream_use_window(struct stream *s, u32 failures);

#endif
