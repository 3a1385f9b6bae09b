/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The serial line on standard input and output. */
#include "hw/console.h"

#include "hw/terminal.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { CTRL_A = 1 };

static size_t take(struct chardev *chardev, uint8_t *bytes, size_t room)
{
    struct console *c = (struct console *)chardev;
    size_t n = 0;
    while (n < room && c->count) {
        bytes[n++] = c->input[c->head];
        c->head = (c->head + 1) % CONSOLE_INPUT;
        c->count--;
    }
    return n;
}

static void put(struct chardev *chardev, uint8_t byte)
{
    output_put(&((struct console *)chardev)->output, byte);
}

static const uint64_t look_again = 200 * NS_PER_MS;

static void look(void *console, uint64_t now)
{
    struct console *c = console;
    c->away = !terminal_is_ours();
    timer_set(&c->look, now + look_again);
}

void console_start(struct console *c)
{
    if (isatty(STDIN_FILENO))
        look(c, timers_now(c->look.timers));
}

void console_init(struct console *c, struct timers *timers)
{
    memset(c, 0, sizeof *c);
    c->chardev.take = take;
    c->chardev.put = put;
    output_init(&c->output, STDOUT_FILENO, "standard output", timers);
    timer_init(&c->look, timers, look, c);
}

static void help(struct console *c)
{
    static const char text[] = "\r\n"
                               "Ctrl-A h       this help\r\n"
                               "Ctrl-A x       leave the emulator\r\n"
                               "Ctrl-A Ctrl-A  send Ctrl-A\r\n";
    for (const char *p = text; *p; p++)
        output_put(&c->output, (uint8_t)*p);
    output_flush(&c->output);
}

static void type(struct console *c, uint8_t key)
{
    if (c->count < CONSOLE_INPUT)
        c->input[(c->head + c->count++) % CONSOLE_INPUT] = key;
}

static void command(struct console *c, uint8_t key)
{
    if (key == 'x')
        c->quit = true;
    else if (key == 'h' || key == '?')
        help(c);
    else if (key == CTRL_A)
        type(c, key);
}

void console_key(struct console *c, uint8_t key)
{
    bool escaped = c->escaped;
    c->escaped = !escaped && key == CTRL_A;
    if (escaped)
        command(c, key);
    else if (!c->escaped)
        type(c, key);
}

bool console_wants_input(const struct console *c)
{
    return !c->ended && !c->quit && !c->away && c->count < CONSOLE_INPUT;
}

static bool readable(void)
{
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&p, 1, 0) > 0;
}

void console_poll(struct console *c)
{
    uint8_t bytes[CONSOLE_INPUT];
    while (console_wants_input(c) && readable()) {
        c->away = !terminal_is_ours();
        if (c->away)
            return;
        ssize_t n = read(STDIN_FILENO, bytes, CONSOLE_INPUT - c->count);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            return;
        if (n <= 0)
            c->ended = true;
        for (ssize_t i = 0; i < n; i++)
            console_key(c, bytes[i]);
    }
}
