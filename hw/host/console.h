/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The serial line on standard input and output, which a monitor may share. Ctrl-A begins a command
 * to the emulator: Ctrl-A x leaves, Ctrl-A c turns the keyboard to the monitor and back, Ctrl-A h
 * lists the commands, Ctrl-A Ctrl-A sends one Ctrl-A to the guest.
 */
#ifndef HW_HOST_CONSOLE_H
#define HW_HOST_CONSOLE_H

#include "hw/host/chardev.h"
#include "hw/host/console_line.h"

/*
 * What is typed and the guest does not read is kept, so that a command behind it is found. More
 * waits outside, but for what comes from a terminal: that is lost, with a bell.
 */
enum { CONSOLE_INPUT = 1 << 20 };

struct console {
    struct chardev chardev;
    struct chardev text; /* for the debug port, whose lines end in LF: CR LF on a raw terminal */
    struct output output;
    struct timer look; /* at whose the terminal is */
    bool away;         /* in the background of a terminal: it is not to be read */
    unsigned head, count;
    bool is_terminal;             /* standard input is one */
    bool overrun;                 /* keys were lost, and the bell has rung */
    bool escaped;                 /* Ctrl-A was the last key */
    bool ended;                   /* standard input is at its end */
    bool quit;                    /* Ctrl-A x was typed */
    struct console_line line;     /* to the monitor, if there is one, */
    bool is_edited;               /* by it, which gets each key; */
    bool in_monitor;              /* and it is what keys go to */
    uint8_t input[CONSOLE_INPUT]; /* typed, not yet taken by the guest; last: it is large */
};

/* `owner` is that of the output; stays the caller's. */
bool console_open(struct console *c, struct timers *timers, const struct output_owner *owner,
                  struct error *error);
void console_close(struct console *c);
/* Standard input is a terminal's, maybe: notices when that becomes ours, or somebody else's. */
void console_start(struct console *c);
/* The same at once: for who waits while no timer runs, at most so long. */
void console_look(struct console *c);
extern const uint64_t console_look_again;
/* Is it worth waiting for standard input? */
bool console_wants_input(const struct console *c);
/* Reads what there is, without waiting. */
void console_poll(struct console *c);
/*
 * From here on Ctrl-A c turns to a monitor, which reads from a pipe of which `fd` is the other end,
 * the caller's: keys, if it edits lines itself, or lines; an empty one each time. -1: no longer.
 */
void console_share(struct console *c, int fd, bool is_edited);
/* What the monitor says: behind what has been shown so far, ahead of what is shown next. */
void console_write(struct console *c, const char *text, size_t size);
/* A byte as if typed, as console_poll sees it. */
void console_key(struct console *c, uint8_t key);

#endif
