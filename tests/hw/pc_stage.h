/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A PC around a cpu that is a C function, with the least kernel there is and its serial line on
 * stdin and stdout, for one test:
 *
 *   tcase_add_checked_fixture(c, pc_setup, pc_teardown);
 *   pc_options.control.no_reboot = true;           before pc_run
 *   ck_assert_int_eq(pc_run(guest), 2 * value + 1);
 */
#ifndef TESTS_HW_PC_STAGE_H
#define TESTS_HW_PC_STAGE_H

#include "hw/pc/pc.h"
#include "tests/hw/fake_exec.h"
#include "tests/hw/fixture.h"

extern struct options pc_options;
extern const struct default_kernel pc_kernel;
extern void *pc;
extern unsigned pc_runs; /* for the guest to count its calls in; from 0 */
extern int pc_to_stdin;  /* what is written there is typed */

void pc_setup(void);
void pc_teardown(void);
/* Makes it and runs that guest to its end: the process's exit status. */
int pc_run(void (*guest)(struct exec *));

/* --- for guests --- */

void pc_halt(struct exec *e);
/* By the device of -device isa-debug-exit. */
void pc_end(struct exec *e, unsigned value);

#endif
