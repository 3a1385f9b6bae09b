/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Floating point in C: its suites. */
#ifndef TESTS_EXEC_SOFT_H
#define TESTS_EXEC_SOFT_H

#include <check.h>

Suite *soft_sse_suite(void);
Suite *soft_x87_suite(void);

#endif
