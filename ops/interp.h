/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stream that the direct-threaded interpreter runs: the micro-ops without their machine code.
 */
#ifndef OPS_INTERP_H
#define OPS_INTERP_H

#include "ops/types.h"

typedef void interp_fn(void); /* an op_fn, which only the ops' compiler can name */

struct interp_insn {
    interp_fn *run;
    u64 param[5];
    const struct interp_insn *taken, *cold;
};

#endif
