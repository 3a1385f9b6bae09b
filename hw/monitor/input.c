/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that press keys and move the mouse. */
#include "hw/host/input.h"
#include "hw/host/tap.h"
#include "hw/monitor/monitor.h"

#include <stdlib.h>
#include <string.h>

enum { USUAL_MS = 100, LONGEST_MS = 60000, FARTHEST = 100000 };

bool monitor_sendkey(struct monitor_call *c)
{
    uint64_t ms = USUAL_MS;
    if (c->words > 1 && !monitor_number(c, c->word[1], LONGEST_MS, &ms))
        return false;
    return fingers_press_named(&c->monitor->fingers, c->word[0], (unsigned)ms, c->error);
}

/* "\n", "\t", "\e" and "\\" in place; what else follows a backslash is an error. */
static bool unescape(char *text, struct error *error)
{
    static const char escapes[] = "ntbe\\", meanings[] = "\n\t\b\x1b\\";
    char *to = text;
    for (; *text; text++) {
        const char *escape = *text == '\\' && text[1] ? strchr(escapes, text[1]) : NULL;
        if (*text == '\\' && !escape)
            return error_set(error, "%.2s: not \\n, \\t, \\b, \\e or \\\\", text);
        if (escape)
            text++;
        *to++ = escape ? meanings[escape - escapes] : *text;
    }
    *to = 0;
    return true;
}

bool monitor_type(struct monitor_call *c)
{
    char *text = strdup(c->text);
    if (!text)
        return error_set(c->error, "the host is out of memory");
    bool done = unescape(text, c->error) && fingers_type(&c->monitor->fingers, text, c->error);
    free(text);
    return done;
}

/* A terminal's Enter key is CR. */
bool monitor_send(struct monitor_call *c)
{
    const struct machine_parts *p = &c->monitor->parts;
    if (!p->serial)
        return error_set(c->error, "there is no serial line, or no -script to look at it");
    char *text = strdup(c->text);
    bool done = text && unescape(text, c->error);
    for (char *at = text; done && (at = strchr(at, '\n'));)
        *at = '\r';
    if (done && !tap_send(p->serial, text))
        done = error_set(c->error, "the guest has not taken what was sent before");
    free(text);
    p->control->host.wake(p->control->host.host);
    return done;
}

/* A way, in either direction. */
static bool distance(struct monitor_call *c, unsigned word, int *way)
{
    uint64_t value;
    const char *text = c->word[word];
    bool back = *text == '-';
    if (!monitor_number(c, text + back, FARTHEST, &value))
        return false;
    *way = back ? -(int)value : (int)value;
    return true;
}

static bool has_mouse(struct monitor_call *c)
{
    return c->monitor->parts.input || error_set(c->error, "this machine has no mouse");
}

bool monitor_mouse_move(struct monitor_call *c)
{
    int dx, dy, dz = 0;
    if (!has_mouse(c) || !distance(c, 0, &dx) || !distance(c, 1, &dy) ||
        (c->words > 2 && !distance(c, 2, &dz)))
        return false;
    input_motion(c->monitor->parts.input, dx, dy, dz);
    return true;
}

bool monitor_mouse_button(struct monitor_call *c)
{
    uint64_t state;
    if (!has_mouse(c) || !monitor_number(c, c->word[0], (1 << BUTTONS) - 1, &state))
        return false;
    for (unsigned i = 0; i < BUTTONS; i++)
        input_button(c->monitor->parts.input, i, state >> i & 1);
    return true;
}
