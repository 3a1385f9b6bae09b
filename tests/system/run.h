/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Test images in emulators: all of them are run first, a few at a time, and what they wrote to
 * the debug port is kept for the tests to look at.
 */
#ifndef TESTS_SYSTEM_RUN_H
#define TESTS_SYSTEM_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Ways to run an image. */
enum engine {
    TEMPLATE,
    SMALL_CACHE,
    IR,
    MIXED,
    INTERP,
    LOCKSTEP,
    LOCKSTEP_IR,
    QEMU,
    BOCHS,
    ENGINES
};
enum { PEERS = ENGINES - QEMU }; /* other emulators */
extern const char *const engine_names[ENGINES];

enum { RUN_ARGUMENTS = 8 }; /* at most, with the NULL at the end */

struct run {
    /* What to run: the caller fills these in. */
    enum engine engine;
    const char *file; /* *.bin: a BIOS; else a kernel. In the build's folder, or with a path */
    const char *const *arguments; /* beside the engine's and what all have in common; not Bochs's */
    const char *bochs;            /* more lines of its configuration; or NULL */
    const char *until;            /* ends it when it has written this; else it ends by itself */
    double longest;               /* seconds */

    /* How it went. */
    char *text;
    size_t length;
    int status; /* as of waitpid; -1 if it was ended */
    pid_t pid;  /* while it runs */
    int output;
    bool asked; /* to end, as it has written what was waited for */
    double start;
};

void run_all(struct run *const *runs, size_t count);
/* The line "ok NAME" or "failed NAME: ..." of a check, terminated; NULL if there is none. */
const char *run_line(const struct run *run, const char *name);
/* Did the image come to its end, and end the emulator (isa-debug-exit makes 1 of 0)? */
bool run_is_complete(const struct run *run);

#endif
