/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user's terminal: Ctrl-A keys, and its settings before and after. */
#include "emulator.h"
#include "test_guests.h"
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

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

Suite *terminal_suite(void)
{
    Suite *suite = suite_create("terminal");
    TCase *c = tcase_create("terminal");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_test(c, ctrl_a_x_leaves);
    tcase_add_test(c, control_keys_reach_the_guest);
    tcase_add_test(c, sigterm_restores);
    suite_add_tcase(suite, c);
    return suite;
}
