/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/exec/soft.h"
#include "tests/suites.h"

TEST_MAIN(soft_x87_suite, soft_sse_suite)
