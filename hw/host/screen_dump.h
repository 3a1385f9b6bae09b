/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files for scripts, which hold what is on the screen: at the end, and each time that SIGUSR1 asks
 * for it. They are opened before the guest runs, since none can be opened while it does; plain
 * files with their folder (hw/host/folder.h), so that one that could not be written whole leaves
 * the one before as it was. Others, such as pipes and /dev/stdout, are written to as they are.
 */
#ifndef HW_HOST_SCREEN_DUMP_H
#define HW_HOST_SCREEN_DUMP_H

#include "hw/host/error.h"

#include <stdbool.h>

struct folder;
struct screen;

struct screen_dump {
    struct screen_file {
        const char *path; /* NULL: not wanted */
        int fd;           /* or -1, and: */
        struct folder *folder;
    } picture, text;
};

/*
 * Paths are the caller's. `wake` is called by the signal's handler; it is to lead to
 * screen_dump_poll. One in a program. On failure, too, it is to be closed.
 */
bool screen_dump_open(struct screen_dump *d, const char *picture, const char *text,
                      void (*wake)(void *owner), void *owner, struct error *error);
void screen_dump_close(struct screen_dump *d);
/* On the cpu's thread: writes the files if they have been asked for; at the end. */
void screen_dump_poll(struct screen_dump *d, struct screen *s);
void screen_dump_write(struct screen_dump *d, struct screen *s);

#endif
