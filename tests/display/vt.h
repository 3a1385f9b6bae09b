/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A terminal: as much of ECMA-48 and xterm's own as curses uses for TERM=xterm-256color. */
#ifndef TESTS_DISPLAY_VT_H
#define TESTS_DISPLAY_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VT_ROWS = 50, VT_COLUMNS = 132, VT_PARAMETERS = 16 };

struct vt {
    unsigned rows, columns;
    struct vt_cell {
        uint32_t character;
        uint8_t front, back; /* xterm's colours; 255: the default */
        bool bold;
    } cell[VT_ROWS][VT_COLUMNS], pen;
    unsigned row, column;
    unsigned top, bottom; /* the rows that scroll */
    bool is_wrapping;     /* the last column has been written */
    bool is_alternate, is_cursor_hidden;
    /* A sequence that is not whole yet. */
    char sequence[64];
    unsigned length;
    uint32_t unicode;
    unsigned more; /* bytes of it */
};

void vt_init(struct vt *v, unsigned rows, unsigned columns);
void vt_feed(struct vt *v, const char *bytes, size_t size);
/* A row's text as UTF-8, without the blanks at its end; until the next call. */
const char *vt_row(const struct vt *v, unsigned row);

#endif
