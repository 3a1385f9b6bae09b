/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A machine that is used as its user would: it boots from a medium, its screen is looked at, its
 * keys are pressed. Tessera, QEMU and Bochs all show text screens on a terminal by curses.
 *
 *   struct player *p = player_start(ON_QEMU, "FreeDOS", "-fda FILE", "floppy.img", false, NULL);
 *   player_wait(p, "A:\\>");
 *   player_type(p, "dir<enter>");
 *   player_end(p);
 *
 * What does not come within PLAY_SECONDS of the environment (300) is a test failure, which shows
 * the screen and keeps its picture.
 */
#ifndef TESTS_MEDIA_PLAYER_H
#define TESTS_MEDIA_PLAYER_H

#include "tests/display/vt.h"

#include <stdbool.h>
#include <stdint.h>

/* Who runs it, and by which BIOS. */
enum machine {
    BY_TEMPLATE, /* Tessera with our BIOS */
    BY_IR,
    BY_SEABIOS,    /* Tessera with SeaBIOS and the VGA BIOS that Debian has for it */
    BY_BOCHS_BIOS, /* Tessera with Bochs's BIOS and VGA BIOS */
    ON_QEMU,       /* with our BIOS, as Bochs */
    ON_BOCHS,
    MACHINES
};
extern const char *const machine_names[MACHINES];

struct player {
    enum machine machine;
    const char *title; /* of what is played, for messages; the caller's */
    struct emulator *emulator;
    struct vt screen;
    char folder[32];    /* its files, below /tmp */
    size_t serial_seen; /* how much of what came by COM1 has been waited for */
};

/*
 * Arguments are as Tessera's and QEMU's, with FILE in place of the medium; Bochs knows of -m, -fda,
 * -cdrom and -hda. Nothing is written to the medium, nor to other disks unless it is `copied`: then
 * its copy is "medium" in the player's folder. `put`: files that are put on it, a floppy disk with
 * a FAT, before it is used; or NULL.
 */
struct player *player_start(enum machine machine, const char *title, const char *arguments,
                            const char *file, bool copied, const char *put);
void player_end(struct player *p);

/* Waits until a line of the screen holds that text; until none does. */
void player_wait(struct player *p, const char *text);
void player_wait_gone(struct player *p, const char *text);
/* Waits for a text on COM1, behind what has been waited for. */
void player_wait_serial(struct player *p, const char *text);
/* Presses keys one after the other: characters, and names of keys (tests/media/keys.h). */
void player_type(struct player *p, const char *keys);
/*
 * Tessera's alone, others do nothing: waits until this part of the picture has a digest, which is
 * 16 digits.
 */
struct region {
    unsigned x, y, width, height;
};
void player_wait_picture(struct player *p, const struct region *r, const char *digest);
/* Likewise: gives a command to the monitor, as for the mouse, for which a terminal has no keys. */
void player_command(struct player *p, const char *command);
/* Has a shell do something in the player's folder, from which Tessera's `change` takes images. */
void player_host(struct player *p, const char *line);
/* Waits for the emulator's end. */
void player_wait_end(struct player *p);
/* Prints the screen: for those who write a script. */
void player_show(struct player *p);

#endif
