/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What machine a recording is of, in words: a line for each thing that the user may choose and the
 * guest can see, "-m: 128 MiB". Of files it is their content that counts, of drives their sizes.
 */
#ifndef HW_HOST_REPLAY_MACHINE_H
#define HW_HOST_REPLAY_MACHINE_H

#include "hw/options.h"

/* `cpu` is its model's name; the text is the caller's to free. NULL: the host is out of memory. */
char *replay_machine_text(const struct options *o, const char *cpu);
/* Did the recorded BIOS have a console on COM1? A replay's is to have what that had. */
bool replay_machine_has_console(const char *recorded);
/* False, and in what they differ, unless ours is as the recorded one, but for such a console. */
bool replay_machine_check(const char *recorded, const char *ours, struct error *error);

#endif
