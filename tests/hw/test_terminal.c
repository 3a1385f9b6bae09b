/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal's settings while the guest has it, when we are stopped, and when we end. */
#include "hw/terminal.h"
#include "tests/hw/fixture.h"

#include <fcntl.h>
#include <pty.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int terminal; /* the user's end */
static pid_t child;

/* What an emulator does, as far as the terminal sees it. */
static _Noreturn void emulate(void)
{
    uint64_t count;
    int wake = eventfd(0, 0);
    terminal_catch_signals(wake);
    terminal_enter();
    if (read(wake, &count, sizeof count) < 0) /* until a signal asks for an end */
        while (!terminal_signal)
            pause();
    exit(7);
}

static void setup(void)
{
    int slave;
    ck_assert_int_eq(openpty(&terminal, &slave, NULL, NULL, NULL), 0);
    child = fork();
    ck_assert_int_ge(child, 0);
    if (!child) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setpgid(0, 0); /* a job of ours: one of nobody's cannot be stopped */
        dup2(slave, STDIN_FILENO);
        emulate();
    }
    close(slave);
}

static void teardown(void)
{
    kill(child, SIGKILL);
    close(terminal);
}

static bool is_raw(void)
{
    struct termios t = {0};
    ck_assert_int_eq(tcgetattr(terminal, &t), 0);
    return !(t.c_lflag & (ICANON | ECHO | ISIG));
}

static void expect_raw(bool raw)
{
    for (unsigned i = 0; i < 500 && is_raw() != raw; i++)
        usleep(10000);
    ck_assert_int_eq(is_raw(), raw);
}

START_TEST(is_put_back_by_each_end)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGSEGV, SIGABRT, SIGQUIT};
    int status, signal_number = signals[_i];
    expect_raw(true);
    kill(child, signal_number);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    if (_i < 4)
        ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    else
        ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == signal_number);
    expect_raw(false);
}
END_TEST

START_TEST(is_lent_while_stopped)
{
    int status;
    for (unsigned i = 0; i < 3; i++) {
        expect_raw(true);
        kill(child, SIGTSTP);
        ck_assert_int_eq(waitpid(child, &status, WUNTRACED), child);
        ck_assert(WIFSTOPPED(status));
        expect_raw(false);
        kill(child, SIGCONT);
    }
    expect_raw(true);
}
END_TEST

Suite *terminal_suite(void)
{
    Suite *suite = suite_create("terminal");
    TCase *c = tcase_create("terminal");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_loop_test(c, is_put_back_by_each_end, 0, 7);
    tcase_add_test(c, is_lent_while_stopped);
    suite_add_tcase(suite, c);
    return suite;
}
