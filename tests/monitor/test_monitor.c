/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Monitors, by Python scripts that talk to ./tessera as its users' programs do; each of their tests
 * is one here.
 */
#include "tests/assert.h"
#include "tests/suites.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATIENCE_S = 300 };

enum { SCRIPTS = 5, MOST = 64 };

/* The names of a script's tests: its functions that take a program. */
static struct script {
    const char *name;
    char test[MOST][64];
    unsigned count;
} scripts[SCRIPTS] = {
    {.name = "hmp"}, {.name = "qmp"}, {.name = "script"}, {.name = "terminal"}, {.name = "lines"}};

static void list_tests(struct script *s)
{
    char path[64], line[256], end[16];
    snprintf(path, sizeof path, "tests/monitor/%s.py", s->name);
    FILE *f = fopen(path, "r");
    ck_assert_msg(f != NULL, "%s is not there", path);
    while (fgets(line, sizeof line, f) && s->count < MOST)
        s->count += sscanf(line, "def %63[a-z_0-9](program%15[)]", s->test[s->count], end) == 2;
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

/* _i: a script's number, and its test's. */
START_TEST(script)
{
    const struct script *s = &scripts[_i / MOST];
    run(s->name, s->test[_i % MOST], "./tessera");
}
END_TEST

static Suite *script_suite(unsigned number)
{
    struct script *s = &scripts[number];
    Suite *suite = suite_create(s->name);
    TCase *c = tcase_create(s->name);
    int first = (int)number * MOST;
    list_tests(s);
    tcase_set_timeout(c, PATIENCE_S);
    tcase_add_loop_test(c, script, first, first + (int)s->count);
    suite_add_tcase(suite, c);
    return suite;
}

int main(void)
{
    allow_minutes();
    SRunner *runner = srunner_create(script_suite(0));
    for (unsigned i = 1; i < SCRIPTS; i++)
        srunner_add_suite(runner, script_suite(i));
    return run_to_end(runner);
}
