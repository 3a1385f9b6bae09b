/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part of the build: prints the options for tessera.1 (hw/rules.mk). */
#include "hw/cli/man.h"

#include <stdlib.h>

int main(void)
{
    man_print_options(stdout);
    return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
