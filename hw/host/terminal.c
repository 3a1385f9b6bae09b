/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raw mode and signals. */
#include "hw/host/terminal.h"

#include "exec/file.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

volatile sig_atomic_t terminal_signal;

/*
 * Standard input and output, usually the same terminal. They are made raw in this order and put
 * back in the other, each to what it was when its turn came.
 */
static struct end {
    int fd;
    bool terminal;
    volatile sig_atomic_t raw; /* as `during` says; `before` is what to put back */
    struct termios before, during;
} ends[] = {{.fd = STDIN_FILENO}, {.fd = STDOUT_FILENO}};
enum { ENDS = sizeof ends / sizeof *ends };

static const struct terminal_drawing *volatile drawing;
static volatile sig_atomic_t entered;   /* they are to be raw, while we are in the foreground, */
static enum terminal_mode entered_mode; /* in this way */
static int wake;

/* --- raw mode --- */

/* A terminal that is not the one that controls us has no foreground. */
static bool in_foreground(int fd)
{
    pid_t owner = tcgetpgrp(fd);
    return owner < 0 || owner == getpgrp();
}

static void write_drawing(int fd, const char *text)
{
    if (write(fd, text, strlen(text)) < 0)
        return; /* a terminal that takes nothing */
}

static void ask_for_redraw(void)
{
    static const uint64_t one = 1;
    if (drawing && write(drawing->redraw_fd, &one, sizeof one) < 0)
        return; /* it has been asked for more often than it can count */
}

static void choose_modes(struct end *e)
{
    bool all = entered_mode == TERMINAL_RAW;
    e->during = e->before;
    if (all)
        e->during.c_oflag &= ~(tcflag_t)OPOST;
    if (e->fd != STDIN_FILENO)
        return;
    if (all)
        e->during.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | IGNCR | INLCR | INPCK | ISTRIP);
    e->during.c_iflag &= ~(tcflag_t)IXON;
    e->during.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | (all ? ISIG : 0));
    e->during.c_cc[VMIN] = 1;
    e->during.c_cc[VTIME] = 0;
}

static void make_raw(struct end *e)
{
    if (!e->terminal || !in_foreground(e->fd))
        return;
    /* Raw although somebody has stopped us without our knowing: `before` is the older one. */
    if (!e->raw && tcgetattr(e->fd, &e->before) != 0)
        return;
    choose_modes(e);
    e->raw = 1;
    tcsetattr(e->fd, TCSANOW, &e->during);
    files_crlf = entered_mode == TERMINAL_RAW;
    if (drawing && e->fd == STDOUT_FILENO) {
        write_drawing(e->fd, drawing->begin);
        ask_for_redraw();
    }
}

/* In the background it is somebody else's, who has set it as he wants it. */
static void put_back(struct end *e)
{
    bool ours = e->raw && in_foreground(e->fd);
    if (ours && drawing && e->fd == STDOUT_FILENO)
        write_drawing(e->fd, drawing->end);
    if (ours)
        tcsetattr(e->fd, TCSANOW, &e->before);
    e->raw = 0;
}

static void make_all_raw(void)
{
    for (unsigned i = 0; i < ENDS; i++)
        make_raw(&ends[i]);
}

static void put_all_back(void)
{
    for (unsigned i = ENDS; i-- > 0;)
        put_back(&ends[i]);
    files_crlf = 0;
}

void terminal_enter(enum terminal_mode mode)
{
    static bool at_exit;
    entered_mode = mode;
    if (!at_exit)
        atexit(terminal_leave);
    at_exit = true;
    for (unsigned i = 0; i < ENDS; i++)
        ends[i].terminal = isatty(ends[i].fd);
    entered = 1;
    make_all_raw();
}

void terminal_leave(void)
{
    if (entered)
        put_all_back();
    entered = 0;
}

static void resized(int signal_number)
{
    int saved = errno;
    (void)signal_number;
    ask_for_redraw();
    errno = saved;
}

void terminal_draw(const struct terminal_drawing *d)
{
    struct sigaction a = {.sa_handler = resized, .sa_flags = SA_ONSTACK | SA_RESTART};
    sigfillset(&a.sa_mask);
    drawing = d;
    if (d)
        sigaction(SIGWINCH, &a, NULL);
}

bool terminal_is_ours(void)
{
    if (!entered || !ends[0].terminal)
        return true;
    if (!in_foreground(STDIN_FILENO))
        return false;
    if (!ends[0].raw)
        make_all_raw();
    return true;
}

/* --- signals --- */

/* What the signal does by default, now. */
static void by_default(int signal_number)
{
    sigset_t only;
    signal(signal_number, SIG_DFL);
    sigemptyset(&only);
    sigaddset(&only, signal_number);
    raise(signal_number);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
}

void terminal_die(int signal_number)
{
    terminal_leave();
    by_default(signal_number);
}

static uint64_t milliseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* timeout(1) signals its child and then the group that the child is in: that is asking once. */
static void asked_to_end(int signal_number)
{
    enum { ONCE_MS = 200 };
    static const uint64_t one = 1;
    static uint64_t asked;
    int saved = errno;
    if (terminal_signal) {
        if (milliseconds() - asked >= ONCE_MS)
            terminal_die(signal_number);
        errno = saved;
        return;
    }
    asked = milliseconds();
    terminal_signal = signal_number;
    files_hurry = 1;
    if (write(wake, &one, sizeof one) < 0)
        terminal_die(signal_number);
    errno = saved;
}

static void catch (int signal_number, void (*handler)(int))
{
    struct sigaction a = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
    sigfillset(&a.sa_mask);
    sigaction(signal_number, &a, NULL);
}

/* What our parent has chosen to ignore (nohup) stays ignored. */
static bool is_ignored(int signal_number)
{
    struct sigaction a;
    return sigaction(signal_number, NULL, &a) == 0 && !(a.sa_flags & SA_SIGINFO) &&
           a.sa_handler == SIG_IGN;
}

/* Ctrl-Z is the guest's, but somebody else may stop us. */
static void stopped(int signal_number)
{
    int saved = errno;
    put_all_back();
    by_default(signal_number);
    errno = saved;
}

static void continued(int signal_number)
{
    int saved = errno;
    (void)signal_number;
    catch (SIGTSTP, stopped);
    if (entered)
        make_all_raw();
    errno = saved;
}

/* A stack that is full must not keep a handler from running. */
static void give_handlers_a_stack(void)
{
    static uint8_t stack[64 * 1024];
    sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
}

static void (*handler_of(int signal_number))(int)
{
    switch (signal_number) {
    case SIGKILL:
    case SIGSTOP:
        return NULL; /* nobody can */
    case SIGCHLD:
    case SIGURG:
    case SIGWINCH:
    case SIGTTIN:
    case SIGTTOU:
        return NULL; /* none of them ends us */
    case SIGTSTP:
        return stopped;
    case SIGCONT:
        return continued;
    case SIGSEGV:
    case SIGBUS:
    case SIGILL:
    case SIGFPE:
    case SIGABRT:
    case SIGQUIT:
    case SIGTRAP:
    case SIGSYS:
        return terminal_die;
    default:
        return asked_to_end;
    }
}

void terminal_catch_signals(int wake_fd)
{
    wake = wake_fd;
    give_handlers_a_stack();
    for (int i = 1; i <= SIGRTMAX; i++) {
        void (*handler)(int) = handler_of(i);
        if (handler && !is_ignored(i))
            catch (i, handler);
    }
}
