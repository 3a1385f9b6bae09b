/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Displays, without a machine. */
#include "tests/display/stage.h"
#include "tests/suites.h"

#include <stdlib.h>

/* What libraries leave behind, once in a program. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libtinfo\nleak:libSDL2\nleak:libX11\nleak:libdbus\nleak:rfbGetClient\nleak:"
           "offer\n";
}

TEST_MAIN(keymap_suite, vnc_suite, web_suite, curses_suite, sdl_suite)
