/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line that makes an emulator the machine that is wanted; see player.h. */
#ifndef TESTS_MEDIA_MACHINE_H
#define TESTS_MEDIA_MACHINE_H

#include "tests/media/player.h"

enum { COMMAND_WORDS = 60, COMMAND_BYTES = 4096 };

struct command {
    const char *word[COMMAND_WORDS + 1]; /* the program, its arguments, NULL */
    unsigned words;
    char bytes[COMMAND_BYTES]; /* what words point to */
    size_t used;
};

/*
 * `folder` is for the emulator's files: "serial", what comes by COM1; Tessera's "picture", and
 * "monitor", a socket; floppies and CDs that its `change` may name. `written`: what is written to
 * disks stays.
 */
void machine_command(struct command *c, enum machine machine, const char *arguments,
                     const char *file, bool written, const char *folder);

#endif
