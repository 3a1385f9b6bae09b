/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cases that once differed. */
#ifndef TESTS_NATIVE_NAMED_H
#define TESTS_NATIVE_NAMED_H

#include "tests/native/generate.h"

unsigned named_count(void);
const char *named_name(unsigned i);
void named_case(unsigned i, struct test_case *c, struct case_info *info);

#endif
