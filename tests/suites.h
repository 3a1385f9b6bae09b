/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a Check program runs its suites.
 */
#ifndef TESTS_SUITES_H
#define TESTS_SUITES_H

#include <check.h>
#include <stddef.h>
#include <stdlib.h>

#ifdef __SANITIZE_ADDRESS__
#include "tests/leaks.h"
#endif

typedef Suite *suite_maker(void);

/*
 * Check gives a test four seconds unless it is told otherwise, which is a judgement by the clock:
 * somebody's machine may be slow or busy. What tests say themselves is meant for an idle one. To
 * be called before a test case is made, as create_runner() does.
 */
static inline void allow_minutes(void)
{
    setenv("CK_DEFAULT_TIMEOUT", "60", 0);
    setenv("CK_TIMEOUT_MULTIPLIER", "5", 0);
}

/* Makes COUNT suites, in this order, and has RUNNER run them, too. */
static inline void add_suites(SRunner *runner, suite_maker *const make[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        srunner_add_suite(runner, make[i]());
}

static inline SRunner *create_runner(suite_maker *const make[], size_t count)
{
    allow_minutes();
#ifdef __SANITIZE_ADDRESS__
    read_before_leaks();
#endif
    SRunner *runner = srunner_create(NULL);
    add_suites(runner, make, count);
    return runner;
}

/* Runs what RUNNER holds, as the environment wants it, and frees it. Gives an exit status. */
static inline int run_to_end(SRunner *runner)
{
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static inline int run_suites(suite_maker *const make[], size_t count)
{
    return run_to_end(create_runner(make, count));
}

/* The main() of a program that does nothing else: of the functions that make its suites. */
#define TEST_MAIN(...)                                                                             \
    int main(void)                                                                                 \
    {                                                                                              \
        suite_maker *const make[] = {__VA_ARGS__};                                                 \
        return run_suites(make, sizeof make / sizeof *make);                                       \
    }

#endif
