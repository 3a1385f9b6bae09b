/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tools/run-tests.py and tools/unchecked.py: a failure is never lost, and what has changed is
 * looked at again. The Makefile: nothing is run twice for the same. tools/i386-native.c: who runs
 * what. tools/names.py: what is named is there. tools/lint.sh: who may know whom. Each of the
 * scripts beside this file tests one of them.
 */
#include "tests/suites.h"

#include <check.h>
#include <stdio.h>

/* Runs a script of Python tests, whose output is for people. */
static void passes(const char *script, const char *argument)
{
    char command[256];
    snprintf(command, sizeof command, "PYTHONDONTWRITEBYTECODE=1 python3 tests/tools/%s %s 2>&1",
             script, argument);
    ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c): a shell is what is wanted */
}

START_TEST(failures_are_reported)
{
    passes("test_run_tests.py", BUILD "/tests/tools/two_suites");
}
END_TEST

START_TEST(what_changed_is_looked_at_again)
{
    passes("test_unchecked.py", "");
}
END_TEST

START_TEST(a_build_runs_no_more_than_it_must)
{
    passes("test_make.py", BUILD);
}
END_TEST

START_TEST(a_system_of_i386_is_made_by_the_hosts_programs)
{
    passes("test_i386_native.py", "");
}
END_TEST

START_TEST(rooms_are_kept_apart)
{
    passes("test_lint.py", "");
}
END_TEST

START_TEST(what_is_named_is_there)
{
    passes("test_names.py", "");
}
END_TEST

static Suite *tools_suite(void)
{
    Suite *suite = suite_create("tools");
    TCase *c = tcase_create("tools");
    tcase_set_timeout(c, 200);
    tcase_add_test(c, failures_are_reported);
    tcase_add_test(c, what_changed_is_looked_at_again);
    tcase_add_test(c, a_build_runs_no_more_than_it_must);
    tcase_add_test(c, a_system_of_i386_is_made_by_the_hosts_programs);
    tcase_add_test(c, rooms_are_kept_apart);
    tcase_add_test(c, what_is_named_is_there);
    suite_add_tcase(suite, c);
    return suite;
}

TEST_MAIN(tools_suite)
