/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The x87 in guest code: both suites. */
#include "tests/exec/machine.h"
#include "tests/suites.h"

TEST_MAIN(x87_code_suite, x87_trap_suite)
