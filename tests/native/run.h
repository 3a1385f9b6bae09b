/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs many cases, natively and in each engine, and compares:
 *
 *   struct run *r = run_create();
 *   run_generated(r, seed, 0, 100000);
 *   ... r->tally ...
 *   run_destroy(r);
 */
#ifndef TESTS_NATIVE_RUN_H
#define TESTS_NATIVE_RUN_H

#include "tests/native/compare.h"

struct tally {
    u64 cases, sequences;
    u64 unreachable; /* cases that touch the helper's memory, and are not run there */
    u64 differences;
    u64 executed[MAX_ENTRIES];  /* cases that an entry was in, */
    u64 completed[MAX_ENTRIES]; /* and those of it alone in which it did not fault */
};

enum { ENGINES = 3 };

struct run {
    struct tally tally;
    u64 most_shown; /* differences that are printed; the rest is counted */
    bool progress;  /* a line on standard error, where that is a terminal */
    struct host *host;
    struct native_guest *guests[ENGINES];
};

struct run *run_create(void);
void run_destroy(struct run *r);
void run_generated(struct run *r, u64 seed, u64 first, u64 count);
/* One case, all of it printed. */
void run_and_show(struct run *r, u64 seed, u64 n);
/* Cases of one's own, `count` up to BATCH. */
void run_cases(struct run *r, const struct test_case *cases, const struct case_info *infos,
               u32 count);

#endif
