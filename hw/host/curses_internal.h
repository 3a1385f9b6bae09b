/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the files of the curses display. */
#ifndef HW_HOST_CURSES_INTERNAL_H
#define HW_HOST_CURSES_INTERNAL_H

#include "hw/host/display.h"
#include "hw/host/keymap.h"
#include "hw/host/screen.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <stddef.h>

/* Keys of the terminal's, which tells of no releases: each is pressed and let go at once. */
struct curses_keys {
    const struct display_setup *setup;
    struct typist typist;
    bool is_command; /* Ctrl-A was the last key */
    bool wants_help; /* it is to be said what can follow */
};

void curses_init_keys(struct curses_keys *k, const struct display_setup *setup);
/* All that have been typed; true if wants_help has changed. */
bool curses_read_keys(struct curses_keys *k);

/* What is to be written to the terminal before drawing, and in the end. */
void curses_find_sequences(char *begin, char *end, size_t size);

#endif
