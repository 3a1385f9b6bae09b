/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The machine: a PC with a 440FX chipset, its devices wired to each other, to the cpu and to the
 * world outside.
 *
 *   struct pc *pc = pc_create(&options, default_kernel, &error);
 *   if (pc_start(pc, &error))
 *       status = pc_run(pc);
 *   pc_destroy(pc);
 */
#ifndef HW_PC_PC_H
#define HW_PC_PC_H

#include "hw/options.h"

struct pc;

/* NULL and an error for what the user got wrong, or if the host lacks something. */
struct pc *pc_create(const struct options *options, struct default_kernel fallback,
                     struct error *error);
/* The last of setting up: timers and threads. The calling thread is to be the cpu's. */
bool pc_start(struct pc *pc, struct error *error);
/* Runs the guest to its end; the exit status it has chosen, or 0. */
int pc_run(struct pc *pc);
/* Its cpu. */
struct exec *pc_exec(struct pc *pc);
/* Counters; the same as JSON, false if it could not be written. */
void pc_print_stats(struct pc *pc, FILE *to);
bool pc_write_stats(struct pc *pc, FILE *to);
void pc_destroy(struct pc *pc);

#endif
