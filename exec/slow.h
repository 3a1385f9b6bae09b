/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The slow path of memory ops, for the guests' gates: ops/slow.h says what it is asked for. */
#ifndef EXEC_SLOW_H
#define EXEC_SLOW_H

#include "ops/core.h"

/*
 * Does the access of one or two locations that core->slow describes (not of a field), at a linear
 * address; raises what it raises.
 */
void exec_slow_access(struct core *core, u32 linear, bool user);

#endif
