/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raw mode and signals. */
#include "hw/terminal.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

volatile sig_atomic_t terminal_signal;

static volatile sig_atomic_t raw; /* the terminal is in our hands */
static struct termios before, during;
static int wake;

void terminal_leave(void)
{
    if (raw)
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    raw = 0;
}

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

static void die_of(int signal_number)
{
    terminal_leave();
    by_default(signal_number);
}

static void asked_to_end(int signal_number)
{
    static const uint64_t one = 1;
    int saved = errno;
    if (terminal_signal) {
        die_of(signal_number);
        return;
    }
    terminal_signal = signal_number;
    if (write(wake, &one, sizeof one) < 0)
        die_of(signal_number);
    errno = saved;
}

static void handle(int signal_number, void (*handler)(int))
{
    struct sigaction a = {.sa_handler = handler};
    struct sigaction old;
    sigemptyset(&a.sa_mask);
    /* What our parent has chosen to ignore (nohup) stays ignored. */
    if (sigaction(signal_number, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
        sigaction(signal_number, &a, NULL);
}

/* Ctrl-Z is the guest's, but somebody else may stop us. */
static void stopped(int signal_number)
{
    int saved = errno;
    if (raw)
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    by_default(signal_number);
    errno = saved;
}

static void continued(int signal_number)
{
    int saved = errno;
    (void)signal_number;
    handle(SIGTSTP, stopped);
    pid_t owner = tcgetpgrp(STDIN_FILENO); /* none if it is not the controlling terminal */
    if (raw && (owner < 0 || owner == getpgrp()))
        tcsetattr(STDIN_FILENO, TCSANOW, &during);
    errno = saved;
}

void terminal_catch_signals(int wake_fd)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGQUIT};
    wake = wake_fd;
    for (unsigned i = 0; i < sizeof ends / sizeof *ends; i++)
        handle(ends[i], asked_to_end);
    for (unsigned i = 0; i < sizeof crashes / sizeof *crashes; i++)
        handle(crashes[i], die_of);
    handle(SIGTSTP, stopped);
    handle(SIGCONT, continued);
}

void terminal_enter(void)
{
    if (raw || tcgetattr(STDIN_FILENO, &before) != 0)
        return;
    during = before;
    during.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | IGNCR | INLCR | INPCK | ISTRIP | IXON);
    during.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
    during.c_cc[VMIN] = 1;
    during.c_cc[VTIME] = 0;
    atexit(terminal_leave);
    raw = 1;
    tcsetattr(STDIN_FILENO, TCSANOW, &during);
}
