/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outcomes of a case, compared and printed. */
#ifndef TESTS_NATIVE_COMPARE_H
#define TESTS_NATIVE_COMPARE_H

#include "tests/native/generate.h"

#include <stdio.h>

bool same_outcome(const struct test_case *c, const struct case_info *info, const struct outcome *a,
                  const struct outcome *b);
/* The code, the state it starts from, and what differs. */
void print_case(FILE *to, const struct test_case *c);
/* Where a case ended; `registers`: those of the x87, too. */
void print_outcome(FILE *to, const char *name, const struct outcome *o, bool registers);
void print_difference(FILE *to, const struct test_case *c, const struct case_info *info,
                      const char *name_a, const struct outcome *a, const char *name_b,
                      const struct outcome *b);

#endif
