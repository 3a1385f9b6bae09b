/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_EXEC_TEST_UOPS_H
#define TESTS_EXEC_TEST_UOPS_H

#include "tests/assert.h"

TCase *liveness_case(void);
TCase *tables_case(void);
TCase *ppc_case(void);

#endif
