/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MMX and SSE in guest code: both suites. */
#include "tests/exec/machine.h"
#include "tests/suites.h"

TEST_MAIN(sse_code_suite)
