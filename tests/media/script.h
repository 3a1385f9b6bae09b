/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scripts: what is done with a medium, and what is to be seen then, a step a line.
 *
 *   image NAME SHA-256       a medium, found in a folder; or, without a digest, a path
 *   from TEXT                where it comes from; for people
 *   play TITLE               a script for it, of the lines that follow
 *   on MACHINE...            where it runs: template, ir, seabios, bochs-bios, qemu, bochs
 *                            (tests/media/player.h)
 *   with ARGUMENTS           of the emulator; FILE is the medium
 *   put FILE...              files of the same folder that are put on it before
 *   copied                   the medium is a copy, in the folder that `host` has, as "medium"; what
 *                            is written to it and to other disks is there
 *
 *   wait TEXT                until a line of the screen holds it
 *   gone TEXT                until none does
 *   serial TEXT              until it came by COM1
 *   type KEYS                characters and <enter>, <f1>, <alt-x>, ... (tests/media/keys.c)
 *   picture X Y W H DIGEST   until that part of the picture has this digest; in Tessera alone
 *   command TEXT             to Tessera's monitor, for the mouse: mouse_move 8 -3, mouse_button 1
 *   host LINE                for a shell, in a folder of the play's own from which the command
 *                            `change` takes images; it succeeds
 *   pause SECONDS            where nothing shows that a program listens
 *   ended                    until the emulator has ended by itself
 *   show                     prints the screen; for those who write scripts
 *
 * What begins with # is a comment.
 */
#ifndef TESTS_MEDIA_SCRIPT_H
#define TESTS_MEDIA_SCRIPT_H

#include "tests/media/player.h"

#include <stddef.h>

enum { SCRIPT_IMAGES = 80, SCRIPT_PLAYS = 160, SCRIPT_STEPS = 60 };

struct script_image {
    const char *name, *digest; /* or NULL */
};

struct script_play {
    const struct script_image *image;
    const char *title, *arguments, *put;
    bool copied, on[MACHINES];
    struct script_step {
        const struct script_verb *verb;
        const char *rest; /* of the line */
    } step[SCRIPT_STEPS];
    unsigned steps;
};

struct script {
    char *text;
    struct script_image image[SCRIPT_IMAGES];
    struct script_play play[SCRIPT_PLAYS];
    unsigned images, plays;
};

/* Errors end the program with a line that says where they are. */
void script_read(struct script *s, const char *path);
/* What goes wrong fails the test that calls it. `folder`: of its media; or NULL. */
void script_run(const struct script_play *play, enum machine machine, const char *folder);

#endif
