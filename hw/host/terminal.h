/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The user's terminal while the guest has it: raw, so that every key is the guest's and its output
 * arrives as it is, and put back whenever the emulator ends or is stopped, by whatever way that can
 * be noticed. In the background of a terminal it is left alone, until we come to the foreground.
 *
 * Signals that ask for an end (SIGINT, SIGTERM, SIGALRM, ...) do so in order: the first sets
 * terminal_signal and writes to a file descriptor that the machine waits for; one that comes later
 * ends the program at once, and so do those of a crash.
 */
#ifndef HW_HOST_TERMINAL_H
#define HW_HOST_TERMINAL_H

#include <signal.h>
#include <stdbool.h>

extern volatile sig_atomic_t terminal_signal; /* 0, or the signal that asked for an end */

/* `wake_fd` is an eventfd. What is ignored stays so. */
void terminal_catch_signals(int wake_fd);
enum terminal_mode {
    TERMINAL_RAW, /* all keys as they are, and output, too */
    TERMINAL_KEYS /* keys one by one, without an echo; those that make signals do so */
};
/* For what of standard input and output is a terminal; undone at exit. */
void terminal_enter(enum terminal_mode mode);
void terminal_leave(void);
/* From the handler of a signal: puts the terminal back, and does what the signal does by default.
 */
void terminal_die(int signal_number);
/*
 * Somebody draws on standard output: what is to be written whenever the terminal becomes ours and
 * before it is somebody else's again, and an eventfd that says that all has to be drawn anew, in
 * another size perhaps. NULL: nobody draws. Stays the caller's.
 */
struct terminal_drawing {
    const char *begin, *end;
    int redraw_fd;
};
void terminal_draw(const struct terminal_drawing *d);
/*
 * May standard input be read? Not from the background of a terminal: it is the shell's. Whoever
 * wants to read asks each time, and again after a while: nothing tells us that we are in the
 * foreground.
 */
bool terminal_is_ours(void);

#endif
