/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The user's terminal while the guest has it: raw, so that every key is the guest's, and put back
 * whenever the emulator ends or is stopped, by whatever way that can be noticed.
 *
 * SIGINT, SIGTERM, SIGHUP and SIGPIPE ask for an end: the first sets terminal_signal and
 * writes to a file descriptor that the machine waits for; a second one ends the program at once.
 */
#ifndef HW_TERMINAL_H
#define HW_TERMINAL_H

#include <signal.h>

extern volatile sig_atomic_t terminal_signal; /* 0, or the signal that asked for an end */

/* `wake_fd` is an eventfd. */
void terminal_catch_signals(int wake_fd);
/* If standard input is a terminal, makes it raw; undone at exit. */
void terminal_enter(void);
void terminal_leave(void);

#endif
