/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Displays, without a machine. */
#include "tests/display/stage.h"

#include <stdlib.h>

int main(void)
{
    SRunner *runner = srunner_create(keymap_suite());
    srunner_add_suite(runner, vnc_suite());
    srunner_add_suite(runner, web_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
