/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal's settings while the guest has it, when we are stopped, and when we end. */
#include "exec/file.h"
#include "hw/host/terminal.h"
#include "tests/hw/fixture.h"

#include <fcntl.h>
#include <pty.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
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
    terminal_enter(TERMINAL_RAW);
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
        for (int i = 1; i <= SIGRTMAX; i++)
            signal(i, SIG_DFL); /* not Check's, or a sanitizer's */
        setpgid(0, 0);          /* a job of ours: one of nobody's cannot be stopped */
        dup2(slave, STDIN_FILENO);
        dup2(slave, STDOUT_FILENO);
        emulate();
    }
    close(slave);
}

static void teardown(void)
{
    kill(child, SIGKILL);
    close(terminal);
}

/* Keys come as they are, and so does output. */
static bool is_raw(void)
{
    struct termios t = {0};
    ck_assert_int_eq(tcgetattr(terminal, &t), 0);
    bool output = !(t.c_oflag & OPOST), input = !(t.c_lflag & (ICANON | ECHO | ISIG));
    ck_assert_msg(output == input, "half raw");
    return input;
}

static void expect_raw(bool raw)
{
    for (unsigned i = 0; i < 500 && is_raw() != raw; i++)
        usleep(10000);
    ck_assert_int_eq(is_raw(), raw);
}

/* Does it end a process that does nothing about it? signal(7) */
static bool ends(int signal_number)
{
    static const int others[] = {SIGCHLD, SIGURG,  SIGWINCH, SIGCONT,
                                 SIGTSTP, SIGTTIN, SIGTTOU,  SIGSTOP};
    for (unsigned i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i] == signal_number)
            return false;
    return signal_number <= SIGSYS || signal_number >= SIGRTMIN; /* between them, glibc's own */
}

static bool is_crash(int signal_number)
{
    static const int crashes[] = {SIGSEGV, SIGBUS,  SIGILL,  SIGFPE,
                                  SIGABRT, SIGQUIT, SIGTRAP, SIGSYS};
    for (unsigned i = 0; i < sizeof crashes / sizeof *crashes; i++)
        if (crashes[i] == signal_number)
            return true;
    return false;
}

/* SIGKILL can be noticed by nobody. */
START_TEST(is_put_back_by_each_end)
{
    int status, signal_number = _i;
    expect_raw(true);
    if (!ends(signal_number) || signal_number == SIGKILL)
        return;
    kill(child, signal_number);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    if (is_crash(signal_number))
        ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == signal_number);
    else
        ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 7);
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

static void expect_text(int fd, const char *wanted)
{
    char text[64];
    size_t length = 0;
    while (length < strlen(wanted)) {
        ssize_t n = read(fd, text + length, strlen(wanted) - length);
        ck_assert_int_gt(n, 0);
        length += (size_t)n;
    }
    ck_assert_mem_eq(text, wanted, length);
}

/* What we say to a raw terminal begins each line at its left; elsewhere it stays as it is. */
START_TEST(our_lines_end_in_cr_lf)
{
    int ends[2], slave, other;
    ck_assert_int_eq(openpty(&other, &slave, NULL, NULL, NULL), 0);
    ck_assert_int_eq(pipe(ends), 0);
    FILE *on_terminal = file_stream(slave, "terminal"), *on_pipe = file_stream(ends[1], "pipe");
    struct termios t;
    ck_assert_int_eq(tcgetattr(slave, &t), 0);
    cfmakeraw(&t);
    ck_assert_int_eq(tcsetattr(slave, TCSANOW, &t), 0);
    files_crlf = 1;
    fprintf(on_terminal, "one\ntwo\n\nthree");
    fprintf(on_pipe, "one\ntwo\n");
    fflush(NULL);
    files_crlf = 0;
    fprintf(on_terminal, "\n");
    fflush(NULL);
    expect_text(other, "one\r\ntwo\r\n\r\nthree\n");
    expect_text(ends[0], "one\ntwo\n");
    ck_assert(files_close());
}
END_TEST

Suite *terminal_suite(void)
{
    Suite *suite = suite_create("terminal");
    TCase *c = tcase_create("terminal");
    tcase_set_timeout(c, 120);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_loop_test(c, is_put_back_by_each_end, 1, SIGRTMAX + 1);
    tcase_add_test(c, is_lent_while_stopped);
    suite_add_tcase(suite, c);
    c = tcase_create("our lines");
    tcase_add_test(c, our_lines_end_in_cr_lf);
    suite_add_tcase(suite, c);
    return suite;
}
