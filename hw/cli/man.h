/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of tessera(1) that is made from the table of options. */
#ifndef HW_CLI_MAN_H
#define HW_CLI_MAN_H

#include <stdio.h>

/* Every option, in roff with the man macros. */
void man_print_options(FILE *to);

#endif
