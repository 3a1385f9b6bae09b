/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The micro-ops as a direct-threaded interpreter (-jit interp), and the gates of both engines. */
#define HOLES 0
#include "exec/ppc/ppc.h"
#include "ops/ppc/op.h"
#include "ops/ppc/table.h"

/* clang-format off */
GATE_OF_TEMPLATES(mem, ppc_helper_slow_mem)
GATE_OF_INTERPRETER(mem, ppc_helper_slow_mem)
/* clang-format on */

#include "ops/ppc/each.h"

#include "ops/entries.h"
