/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The micro-ops as a direct-threaded interpreter (-jit interp), and the gates of both engines. */
#define HOLES 0
#include "exec/i386/i386.h"
#include "ops/i386/op.h"
#include "ops/i386/slow.h"
#include "ops/i386/table.h"

/* clang-format off */
GATE_OF_TEMPLATES(mem, helper_slow_mem)
GATE_OF_TEMPLATES(segment, helper_slow_segment)
GATE_OF_INTERPRETER(mem, helper_slow_mem)
GATE_OF_INTERPRETER(segment, helper_slow_segment)
/* clang-format on */

#include "ops/i386/each.h"

#include "ops/entries.h"
