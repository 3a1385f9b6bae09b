/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stack window in a stream: see window.c. */
#ifndef TRANSLATE_WINDOW_H
#define TRANSLATE_WINDOW_H

#include "translate/uop.h"

/*
 * The stream with those of its accesses that may go by the stack window, and their check in front,
 * in `to`; false if there are none, or the mode says so, and `to` is undefined. `failures` is the
 * address, below 2 GiB, of 32 bits that are counted down whenever the check fails, and lead to the
 * exec loop when they are 0; or 0.
 */
bool stream_use_window(const struct stream *s, u32 failures, struct stream *to);

#endif
