/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stream that the direct-threaded interpreter runs: the micro-ops without their machine code.
 */
#ifndef OPS_I386_INTERP_H
#define OPS_I386_INTERP_H

#include "ops/i386/cpu.h"

typedef void interp_fn(void); /* an op_fn, which only the ops' compiler can name */

struct interp_insn {
    interp_fn *run;
    u64 param[5];
    const struct interp_insn *taken, *cold;
};

/* One function a template, in the order of ops.def. */
extern interp_fn *const interp_ops[];
/* Where all of them are. */
const void *interp_code(size_t *size);
/* Runs a stream from `code`; returns when it leaves. */
void interp_enter(struct cpu *cpu, const void *code);
/* The same for templates' code. */
void template_enter(struct cpu *cpu, const void *code);

#endif
