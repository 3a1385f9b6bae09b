/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The serial line on standard input and output. Ctrl-A begins a command to the emulator:
 * Ctrl-A x leaves, Ctrl-A h lists the commands, Ctrl-A Ctrl-A sends one Ctrl-A to the guest.
 */
#ifndef HW_CONSOLE_H
#define HW_CONSOLE_H

#include "hw/chardev.h"

enum { CONSOLE_INPUT = 4096 };

struct console {
    struct chardev chardev;
    struct output output;
    struct timer look; /* at whose the terminal is */
    bool away;         /* in the background of a terminal: it is not to be read */
    unsigned head, count;
    uint8_t input[CONSOLE_INPUT]; /* typed, and not yet taken by the guest */
    bool escaped;                 /* Ctrl-A was the last key */
    bool ended;                   /* standard input is at its end */
    bool quit;                    /* Ctrl-A x was typed */
};

void console_init(struct console *c, struct timers *timers);
/* Standard input is a terminal's, maybe: notices when that becomes ours, or somebody else's. */
void console_start(struct console *c);
/* Is it worth waiting for standard input? */
bool console_wants_input(const struct console *c);
/* Reads what there is, without waiting. */
void console_poll(struct console *c);
/* A byte as if typed, as console_poll sees it. */
void console_key(struct console *c, uint8_t key);

#endif
