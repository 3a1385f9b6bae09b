/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line that is typed on a raw terminal: Backspace takes a byte back, Ctrl-U and Ctrl-C all of it.
 */
#ifndef HW_HOST_CONSOLE_LINE_H
#define HW_HOST_CONSOLE_LINE_H

#include <stdint.h>

enum { CONSOLE_LINE = 1024 };

struct console_line {
    int fd; /* a pipe that is not waited for, to who reads lines; -1: nobody does */
    unsigned length;
    char text[CONSOLE_LINE];
};

/* What is to be shown of the key. Enter sends the line; a bell: it was not taken. */
const char *console_line_key(struct console_line *l, uint8_t key);
/* An empty line is sent, in place of what has been typed. */
void console_line_send_none(struct console_line *l);

#endif
