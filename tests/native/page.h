/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page COVERAGE: what has been run, by processor and group, and what is known to differ. */
#ifndef TESTS_NATIVE_PAGE_H
#define TESTS_NATIVE_PAGE_H

#include "tests/native/run.h"

void page_print(FILE *to, const struct tally *t);
/* Is the file the page but for numbers? */
bool page_is_fresh(const char *file, const struct tally *t);

#endif
