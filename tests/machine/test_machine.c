/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random whole-machine guests, some hundred in each engine; or as many as one likes:
 *
 *   build/tests/test_machine --seeds 1 1000 --program build/san/tessera --sanitized
 *
 * --engine chooses one, else a seed does; --patience says how many ms of silence end a guest (slow
 * emulators need more to get as far); --save keeps the first seed's image and prints the command
 * that runs it.
 */
#include "tests/machine/run.h"
#include "tests/suites.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORKERS = 2, SEEDS = 200, PATIENCE_MS = 40, CASE_TIMEOUT = 3600 };

static const char *const engines[] = {"template", "interp", "ir", "mixed:4", "lockstep"};

static struct job usual_job(void)
{
    const char *program = getenv("TESSERA");

    return (struct job){
        .program = program && *program ? program : BUILD "/bare/quick",
        .frame = BUILD "/machine/frame.bin",
        .patience_ms = PATIENCE_MS,
    };
}

/* Each engine has seeds of its own. */
START_TEST(guests_end_by_sigterm)
{
    struct job job = usual_job();
    struct tally tally = {0};

    job.engine = engines[_i];
    run_seeds(&job, 1 + (u64)_i * SEEDS, SEEDS, WORKERS, &tally);
    ck_assert_uint_eq(tally.runs, SEEDS);
    ck_assert_uint_eq(tally.failures, 0);
}
END_TEST

static Suite *machine_suite(void)
{
    Suite *suite = suite_create("random machines");
    TCase *c = tcase_create("random machines");

    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_loop_test(c, guests_end_by_sigterm, 0, sizeof engines / sizeof *engines);
    suite_add_tcase(suite, c);
    return suite;
}

static int usage(void)
{
    fprintf(
        stderr,
        "usage: test_machine [--seeds FIRST COUNT] [--engine NAME] [--program FILE] [--sanitized] "
        "[--patience MS] [--save]\n");
    return 2;
}

static int run_some(const struct job *job, u64 first, u64 count)
{
    struct tally tally = {0};

    if (job->save) {
        run_seed(job, first, &tally);
        return 0;
    }
    run_seeds(job, first, count, WORKERS, &tally);
    printf("%llu guests, %llu bytes heard of them, %llu failures\n", (unsigned long long)tally.runs,
           (unsigned long long)tally.pieces, (unsigned long long)tally.failures);
    return tally.failures != 0;
}

int main(int argc, char **argv)
{
    struct job job = usual_job();
    u64 first = 1, count = 100;

    if (argc == 1)
        return run_suites((suite_maker *const[]){machine_suite}, 1);
    for (int i = 1; i < argc; i++) {
        int left = argc - i - 1;
        if (strcmp(argv[i], "--save") == 0)
            job.save = true;
        else if (strcmp(argv[i], "--sanitized") == 0)
            job.sanitized = true;
        else if (strcmp(argv[i], "--engine") == 0 && left > 0)
            job.engine = argv[++i];
        else if (strcmp(argv[i], "--program") == 0 && left > 0)
            job.program = argv[++i];
        else if (strcmp(argv[i], "--patience") == 0 && left > 0)
            job.patience_ms = atoi(argv[++i]);
        else if (strcmp(argv[i], "--seeds") == 0 && left > 1) {
            first = strtoull(argv[++i], NULL, 0);
            count = strtoull(argv[++i], NULL, 0);
        } else
            return usage();
    }
    return run_some(&job, first, count);
}
