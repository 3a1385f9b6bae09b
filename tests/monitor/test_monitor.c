/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Monitors, by Python scripts that talk to ./tessera as its users' programs do; each of their tests
 * is one here.
 */
#include "tests/assert.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATIENCE_S = 300 };

/* The names of a script's tests: its functions that take a program. */
static char name[128][64];
static unsigned names;

static void list_tests(const char *script)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "tests/monitor/%s.py", script);
    FILE *f = fopen(path, "r");
    ck_assert_msg(f != NULL, "%s is not there", path);
    while (fgets(line, sizeof line, f) && names < sizeof name / sizeof *name)
        names += sscanf(line, "def %63[a-z_0-9](program):", name[names]) == 1;
    fclose(f);
}

static void run(const char *script, const char *test, const char *program)
{
    char command[512];
    snprintf(command, sizeof command, "python3 -B tests/monitor/%s.py %s %s", script, program,
             test);
    int status = system(command); // NOLINT(bugprone-command-processor)
    ck_assert_msg(status == 0, "%s: status %d", command, status);
}

START_TEST(hmp)
{
    run("hmp", name[_i], "./tessera");
}
END_TEST

static Suite *hmp_suite(void)
{
    Suite *s = suite_create("hmp");
    TCase *c = tcase_create("hmp");
    list_tests("hmp");
    tcase_set_timeout(c, PATIENCE_S);
    tcase_add_loop_test(c, hmp, 0, (int)names);
    suite_add_tcase(s, c);
    return s;
}

int main(void)
{
    SRunner *runner = srunner_create(hmp_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
