/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An emulator as a child process on a terminal, and what a test says to it and waits for.
 *
 *   struct emulator *e = emulator_start(ON_TERMINAL, (const char *[]){"-m", "64", NULL});
 *   emulator_expect(e, "> ");
 *   emulator_send(e, "help\r");
 *   emulator_kill(e);
 *
 * Waiting ends in a test failure, with the last of the output, after a time in which even a
 * hundred times slower machine would have answered, or when the emulator has ended.
 */
#ifndef TESTS_GUESTS_EMULATOR_H
#define TESTS_GUESTS_EMULATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

enum connection { ON_TERMINAL, ON_PIPES };

struct emulator {
    pid_t pid;
    int in, out;             /* the terminal's master side (both the same), or two pipes */
    int slave;               /* kept open, for its settings and so that they outlive the child */
    struct termios settings; /* the terminal's, before the child started */
    char *text;              /* all output so far, without CR and cursor positions */
    size_t length;           /* of text */
    size_t lone_lf;          /* how many LF in it had no CR before them */
    char last;               /* byte of it, CR and zeros included */
    size_t seen;             /* how much of it emulator_expect has consumed */
    bool ended;              /* its output has ended */
    /* If it is set: is given all output as it comes, byte for byte. */
    void (*listener)(void *owner, const char *bytes, size_t size);
    void *owner;
    int wait_status; /* once reaped; pid is 0 then */
};

/* The emulator under test: $TESSERA, or ./tessera. */
const char *emulator_program(void);
/* Is it QEMU, tried in tessera's place? Tests of tessera's own options leave themselves out. */
bool emulator_is_qemu(void);

struct emulator *emulator_start(enum connection connection, const char *const *arguments);
/* For when it goes wrong on purpose: `setup` runs in the child before the program. */
struct emulator *emulator_start_with(enum connection connection, const char *const *arguments,
                                     void (*setup)(void));
/* Another one than that under test. */
struct emulator *emulator_start_program(const char *program, enum connection connection,
                                        const char *const *arguments, void (*setup)(void));
void emulator_send(struct emulator *e, const char *text);
void emulator_send_bytes(struct emulator *e, const char *bytes, size_t size);
/* Waits for the text in what has not been consumed, and consumes through its end. */
void emulator_expect(struct emulator *e, const char *text);
/* Like emulator_expect for "@STATUS@"; returns the number. */
int emulator_expect_status(struct emulator *e);
/* Waits until the output, after what has been consumed, is at least so long. */
void emulator_expect_bytes(struct emulator *e, size_t size);
/* Reads what comes in these milliseconds; returns false if the emulator ended. */
bool emulator_watch(struct emulator *e, int milliseconds);
/* Waits for the end; returns the wait status as of waitpid. */
int emulator_wait(struct emulator *e);
/* The same, reading nothing meanwhile. */
int emulator_wait_unread(struct emulator *e);
/* Processor time used so far over a stretch of wall time: a fraction of one core. */
double emulator_load(struct emulator *e, double seconds);
/* Ends it if it has not ended, and frees. */
void emulator_kill(struct emulator *e);

#endif
