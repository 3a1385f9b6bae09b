/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/exec/soft.h"

int main(void)
{
    SRunner *runner = srunner_create(soft_x87_suite());
    srunner_add_suite(runner, soft_sse_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
