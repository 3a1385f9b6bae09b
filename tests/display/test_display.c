/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Displays, without a machine. */
#include "tests/display/stage.h"

#include <stdlib.h>

/* What libraries leave behind, once in a program. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libtinfo\nleak:libSDL2\nleak:libX11\nleak:libdbus\nleak:rfbGetClient\nleak:"
           "offer\n";
}

int main(void)
{
    SRunner *runner = srunner_create(keymap_suite());
    srunner_add_suite(runner, vnc_suite());
    srunner_add_suite(runner, web_suite());
    srunner_add_suite(runner, curses_suite());
    srunner_add_suite(runner, sdl_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
