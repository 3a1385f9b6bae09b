/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A test program with two suites, of which the second fails if FAIL is in the environment. */
#include "tests/suites.h"

START_TEST(holds)
{
    ck_assert_int_eq(1 + 1, 2);
}
END_TEST

START_TEST(fails_if_told_to)
{
    ck_assert_ptr_null(getenv("FAIL"));
}
END_TEST

static Suite *suite_of(const char *name, const TTest *test)
{
    Suite *suite = suite_create(name);
    TCase *c = tcase_create(name);
    tcase_add_test(c, test);
    suite_add_tcase(suite, c);
    return suite;
}

static Suite *first_suite(void)
{
    return suite_of("the first", holds);
}

static Suite *second_suite(void)
{
    return suite_of("the second", fails_if_told_to);
}

TEST_MAIN(first_suite, second_suite)
