/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs cases in the emulator, under a kernel of the tests' own (kernel.S):
 *
 *   struct native_guest *g = guest_create(JIT_TEMPLATE);
 *   guest_run(g, arena, cases, outcomes, count);
 *   guest_destroy(g);
 */
#ifndef TESTS_NATIVE_GUEST_H
#define TESTS_NATIVE_GUEST_H

#include "exec/exec.h"
#include "tests/native/case.h"

struct native_guest *guest_create(enum jit jit);
void guest_destroy(struct native_guest *g);
/* `arena` is what the areas hold before each case. */
void guest_run(struct native_guest *g, const u8 *arena, const struct test_case *cases,
               struct outcome *outcomes, u32 count);

#endif
