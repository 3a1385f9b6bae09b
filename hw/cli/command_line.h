/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: `tessera -kernel bzImage -m 256`, spelled as QEMU's is, with one dash or two.
 */
#ifndef HW_CLI_COMMAND_LINE_H
#define HW_CLI_COMMAND_LINE_H

#include "hw/cli/setting.h"
#include "hw/options.h"

/* All options, in the order of the help; the last has no name. */
extern const struct setting option_table[];
/* On failure, too, the options are to be freed. */
bool options_parse(struct options *o, int argc, char **argv, struct error *error);
void options_free(struct options *o);
void options_print_help(FILE *to);
/* What -device makes, but for network cards and what is for the USB: number 0, 1, ..., then NULL.
 */
const char *device_name(unsigned i, const char **help);
/* Places for sound, likewise. */
choice_fn audio_choice, chardev_choice;

#endif
