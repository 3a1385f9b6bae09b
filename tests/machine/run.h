/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One guest in one emulator: started, let run for a while, and told to end by SIGTERM, which it
 * must do.
 */
#ifndef TESTS_MACHINE_RUN_H
#define TESTS_MACHINE_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "ops/i386/cpu.h"

struct job {
    const char *program; /* the emulator */
    const char *frame;   /* frame.S, as linked */
    const char *engine;  /* for -jit; NULL: one by the seed */
    bool sanitized;      /* it is under sanitizers, which need system calls that it does not */
    bool save;           /* keep the image, and do not run it */
    int patience_ms;     /* how long a guest may be silent until it is ended */
};

/* How to run a number of seeds went. */
struct tally {
    u64 runs, pieces, failures;
};

/* Runs a seed's guest; says what went wrong, and how to do it again, on standard error. */
void run_seed(const struct job *job, u64 seed, struct tally *tally);
/* The same for many, by `workers` processes, each of which takes its share. */
void run_seeds(const struct job *job, u64 first, u64 count, unsigned workers, struct tally *tally);

#endif
