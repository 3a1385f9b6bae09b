/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The serial line on standard input and output. */
#include "hw/host/console.h"

#include "exec/file.h"
#include "hw/host/terminal.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

const uint64_t console_look_again = 200 * NS_PER_MS;

enum { CTRL_A = 1, CTRL_U = 0x15 };

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

void console_look(struct console *c)
{
    c->away = c->is_terminal && !terminal_is_ours();
}

static void look(void *console, uint64_t now)
{
    struct console *c = console;
    console_look(c);
    timer_set(&c->look, now + console_look_again);
}

void console_start(struct console *c)
{
    if (c->is_terminal)
        look(c, timers_now(c->look.timers));
}

static bool ready(struct chardev *chardev)
{
    return output_ready(&((struct console *)chardev)->output);
}

static struct console *of_text(struct chardev *text)
{
    return (struct console *)((char *)text - offsetof(struct console, text));
}

static size_t take_no_text(struct chardev *text, uint8_t *bytes, size_t room)
{
    (void)text;
    (void)bytes;
    (void)room;
    return 0;
}

static bool text_ready(struct chardev *text)
{
    return output_ready(&of_text(text)->output);
}

static void put_text(struct chardev *text, uint8_t byte)
{
    struct console *c = of_text(text);
    if (byte == '\n' && files_crlf && isatty(STDOUT_FILENO))
        output_put(&c->output, '\r');
    output_put(&c->output, byte);
}

bool console_open(struct console *c, struct timers *timers, const struct output_owner *owner,
                  struct error *error)
{
    memset(c, 0, offsetof(struct console, input));
    c->chardev = (struct chardev){take, ready, put};
    c->text = (struct chardev){take_no_text, text_ready, put_text};
    c->is_terminal = isatty(STDIN_FILENO);
    c->line.fd = -1;
    timer_init(&c->look, timers, look, c);
    return output_open(&c->output, STDOUT_FILENO, "standard output", timers, owner, error);
}

void console_close(struct console *c)
{
    output_close(&c->output);
}

/* The emulator's own words; they do not wait behind a guest's. */
static void say(struct console *c, const char *text)
{
    if (strlen(text) > output_room(&c->output))
        return;
    for (; *text; text++)
        output_put(&c->output, (uint8_t)*text);
    output_flush(&c->output);
}

static void type(struct console *c, uint8_t key)
{
    if (c->count < CONSOLE_INPUT) {
        c->input[(c->head + c->count++) % CONSOLE_INPUT] = key;
        c->overrun = false;
    } else {
        if (!c->overrun)
            say(c, "\a");
        c->overrun = true;
    }
}

void console_share(struct console *c, int fd, bool is_edited)
{
    c->line.fd = fd;
    c->is_edited = is_edited;
    c->in_monitor = false;
}

void console_write(struct console *c, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        put_text(&c->text, (uint8_t)text[i]);
    output_flush(&c->output);
}

static void send_key(struct console *c, uint8_t key)
{
    if (write(c->line.fd, &key, 1) < 0)
        say(c, "\a");
}

static void turn(struct console *c)
{
    if (c->line.fd < 0) {
        say(c, "\r\nthere is no monitor here (-serial mon:stdio)\r\n");
        return;
    }
    c->in_monitor = !c->in_monitor;
    say(c, "\r\n");
    if (c->in_monitor && c->is_edited)
        send_key(c, CTRL_U);
    if (c->in_monitor)
        console_line_send_none(&c->line);
}

/* A key for whom the keyboard is turned to. */
static void pass(struct console *c, uint8_t key)
{
    if (!c->in_monitor) {
        type(c, key);
        return;
    }
    if (c->is_edited) {
        send_key(c, key);
        return;
    }
    const char *shown = console_line_key(&c->line, key);
    if (c->is_terminal)
        say(c, shown);
}

static void command(struct console *c, uint8_t key)
{
    if (key == 'x')
        c->quit = true;
    else if (key == 'c')
        turn(c);
    else if (key == 'h' || key == '?')
        say(c, "\r\n"
               "Ctrl-A h       this help\r\n"
               "Ctrl-A x       leave the emulator\r\n"
               "Ctrl-A c       turn to the monitor, and back\r\n"
               "Ctrl-A Ctrl-A  send Ctrl-A\r\n");
    else if (key == CTRL_A)
        pass(c, key);
}

void console_key(struct console *c, uint8_t key)
{
    bool escaped = c->escaped;
    c->escaped = !escaped && key == CTRL_A;
    if (escaped)
        command(c, key);
    else if (!c->escaped)
        pass(c, key);
}

bool console_wants_input(const struct console *c)
{
    return !c->ended && !c->quit && !c->away && (c->is_terminal || c->count < CONSOLE_INPUT);
}

static bool readable(void)
{
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&p, 1, 0) > 0;
}

void console_poll(struct console *c)
{
    uint8_t bytes[4096];
    while (console_wants_input(c) && readable()) {
        console_look(c);
        if (c->away)
            return;
        size_t room = CONSOLE_INPUT - c->count;
        bool all = c->is_terminal || room > sizeof bytes;
        ssize_t n = read(STDIN_FILENO, bytes, all ? sizeof bytes : room);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            return;
        if (n <= 0)
            c->ended = true;
        for (ssize_t i = 0; i < n; i++)
            console_key(c, bytes[i]);
    }
}
