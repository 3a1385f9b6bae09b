/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What begins drawing on the terminal and ends it, for hw/host/terminal.h: by terminfo(5). */
#ifdef HAVE_CURSES

#include "hw/host/curses_internal.h"

#include <string.h>
#include <term.h> /* last: its macros are everyday words */

static char *next, *last; /* of the one who asks: tputs' characters have no other way */

static int put_char(int character)
{
    if (next < last)
        *next++ = (char)character;
    return character;
}

static void add(const char *const *names, char *to, size_t size)
{
    next = to;
    last = to + size - 1;
    for (; *names; names++) {
        const char *text = tigetstr((char *)*names);
        if (text && text != (char *)-1)
            tputs(text, 1, put_char);
    }
    *next = '\0';
}

void curses_find_sequences(char *begin, char *end, size_t size)
{
    static const char *const begins[] = {"smcup", "smkx", "clear", NULL};
    static const char *const ends[] = {"sgr0", "op", "rmkx", "cnorm", "clear", "rmcup", NULL};
    add(begins, begin, size);
    add(ends, end, size);
}

#endif
