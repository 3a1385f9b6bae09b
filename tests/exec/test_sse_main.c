/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MMX and SSE in guest code: both suites. */
#include "tests/exec/machine.h"

int main(void)
{
    SRunner *runner = srunner_create(sse_code_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
