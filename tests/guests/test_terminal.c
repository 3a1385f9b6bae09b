/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user's terminal: Ctrl-A keys, and its settings before and after. */
#include "emulator.h"
#include "test_guests.h"
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static struct emulator *start_on_terminal(void)
{
    const char *arguments[] = {"-nographic", "-kernel", DEFAULT_GUEST, NULL};
    return emulator_start(ON_TERMINAL, arguments);
}

static struct termios settings(const struct emulator *e)
{
    struct termios t;
    memset(&t, 0, sizeof(t));
    ck_assert_int_eq(tcgetattr(e->slave, &t), 0);
    return t;
}

static void check_restored(const struct emulator *e)
{
    struct termios after = settings(e);
    ck_assert_uint_eq(e->settings.c_iflag, after.c_iflag);
    ck_assert_uint_eq(e->settings.c_oflag, after.c_oflag);
    ck_assert_uint_eq(e->settings.c_cflag, after.c_cflag);
    ck_assert_uint_eq(e->settings.c_lflag, after.c_lflag);
    ck_assert_mem_eq(e->settings.c_cc, after.c_cc, sizeof(after.c_cc));
}

START_TEST(ctrl_a_x_leaves)
{
    struct emulator *e = start_on_terminal();
    emulator_expect(e, "> ");
    struct termios during = settings(e);
    ck_assert_uint_eq(during.c_lflag & (ICANON | ECHO), 0);
    emulator_send(e, "\x01x");
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 0);
    check_restored(e);
    emulator_kill(e);
}
END_TEST

/* Ctrl-C is the guest's; Ctrl-A Ctrl-A is one Ctrl-A for the guest, which rings at it. */
START_TEST(control_keys_reach_the_guest)
{
    struct emulator *e = start_on_terminal();
    emulator_expect(e, "> ");
    emulator_send(e, "abc\x03");
    emulator_expect(e, "abc^C\n> ");
    emulator_send(e, "\x01\x01");
    emulator_expect(e, "\a");
    emulator_kill(e);
}
END_TEST

START_TEST(sigterm_restores)
{
    struct emulator *e = start_on_terminal();
    emulator_expect(e, "> ");
    ck_assert_int_eq(kill(e->pid, SIGTERM), 0);
    emulator_wait(e);
    check_restored(e);
    emulator_kill(e);
}
END_TEST

/* --- in the background --- */

static volatile sig_atomic_t told;

static void note(int signal_number)
{
    (void)signal_number;
    told = 1;
}

/* What a shell does: waits for its job, which SIGUSR1 tells it to bring to the foreground. */
static _Noreturn void watch(pid_t job)
{
    int status = 0;
    while (waitpid(job, &status, WUNTRACED) != job)
        if (told && tcsetpgrp(STDIN_FILENO, job) == 0)
            told = 0;
    if (WIFSTOPPED(status))
        kill(-job, SIGKILL);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WSTOPSIG(status));
}

/* The child becomes a shell, and its child the emulator, in the background of its terminal. */
static void under_a_shell(void)
{
    struct sigaction a = {.sa_handler = note};
    sigaction(SIGUSR1, &a, NULL);
    signal(SIGTTOU, SIG_IGN);
    pid_t job = fork();
    if (job > 0)
        watch(job);
    signal(SIGTTOU, SIG_DFL);
    signal(SIGUSR1, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0);
}

START_TEST(runs_in_the_background)
{
    struct emulator *e =
        emulator_start_with(ON_TERMINAL, (const char *[]){"-no-reboot", NULL}, under_a_shell);
    emulator_expect(e, "> ");
    check_restored(e); /* it is not ours */
    emulator_send(e, "for the shell\r");
    ck_assert(emulator_watch(e, 500));
    ck_assert_int_eq(kill(e->pid, SIGUSR1), 0);
    while (settings(e).c_lflag & ICANON) /* until the case's timeout */
        emulator_watch(e, 50);
    emulator_send(e, "\rhelp\r");
    emulator_expect(e, "this list");
    emulator_send(e, "\x01x");
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 0);
    check_restored(e);
    emulator_kill(e);
}
END_TEST

/* Lines of the log, and of the end, are whole lines, whatever the guest wrote before. */
START_TEST(log_on_the_terminal_is_in_lines)
{
    const char *arguments[] = {"-kernel", DEFAULT_GUEST, "-append", "do=reboot", "-no-reboot",
                               "-d",      "int",         "-stats",  NULL};
    struct emulator *e = emulator_start(ON_TERMINAL, arguments);
    emulator_wait(e);
    ck_assert_ptr_nonnull(strstr(e->text, "interrupt "));
    ck_assert_ptr_nonnull(strstr(e->text, "blocks translated"));
    ck_assert_uint_eq(e->lone_lf, 0);
    emulator_kill(e);
}
END_TEST

Suite *terminal_suite(void)
{
    Suite *suite = suite_create("terminal");
    TCase *c = tcase_create("terminal");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_test(c, ctrl_a_x_leaves);
    tcase_add_test(c, control_keys_reach_the_guest);
    tcase_add_test(c, sigterm_restores);
    if (!emulator_is_qemu()) {
        tcase_add_test(c, runs_in_the_background);
        tcase_add_test(c, log_on_the_terminal_is_in_lines);
    }
    suite_add_tcase(suite, c);
    return suite;
}
