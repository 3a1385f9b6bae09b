/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When stack windows (ops/window.h) are forgotten: the softmmu tells. */
#ifndef EXEC_WINDOW_H
#define EXEC_WINDOW_H

#include "ops/core.h"

/* All translations have gone. */
void window_forget(struct core *core);
/* Some have: a window stays if the TLB's entry that it was filled from has stayed. */
void window_forget_lost(struct core *core);
/* This host memory, of `size` bytes, is not to be stored to without asking any more. */
void window_forget_host(struct core *core, const u8 *host, size_t size);

#endif
