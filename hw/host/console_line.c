/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See console_line.h. */
#include "hw/host/console_line.h"

#include <stdbool.h>
#include <unistd.h>

enum { CTRL_C = 3, CTRL_H = 8, CTRL_U = 0x15, DEL = 0x7f };

/* All or nothing: it is shorter than what a pipe takes at once. */
static bool send_line(struct console_line *l)
{
    l->text[l->length] = '\n';
    if (write(l->fd, l->text, l->length + 1) < 0)
        return false;
    l->length = 0;
    return true;
}

void console_line_send_none(struct console_line *l)
{
    l->length = 0;
    send_line(l);
}

static const char *add(struct console_line *l, uint8_t key)
{
    static char shown[2];
    if (key < ' ' || l->length == CONSOLE_LINE - 1)
        return "\a";
    l->text[l->length++] = (char)key;
    shown[0] = (char)key;
    return shown;
}

const char *console_line_key(struct console_line *l, uint8_t key)
{
    switch (key) {
    case '\r':
    case '\n':
        return send_line(l) ? "\r\n" : "\a";
    case DEL:
    case CTRL_H:
        return l->length && l->length-- ? "\b \b" : "";
    case CTRL_C:
    case CTRL_U:
        console_line_send_none(l);
        return "\r\n";
    default:
        return add(l, key);
    }
}
