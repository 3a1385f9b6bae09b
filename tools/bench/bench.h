/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Comparing engines: the same benchmark program on the host itself, under QEMU's user and system
 * emulation, and in Tessera, all in one run.
 */
#ifndef TOOLS_BENCH_BENCH_H
#define TOOLS_BENCH_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* What the build and the guest fetcher have made. */
#define KERNELS       "build/bench/kernels"
#define KERNELS_AS_OS "build/bench/initrd.cpio"
#define LINUX_KERNEL  "build/guests/linux"
#define LINUX_INITRD  "build/guests/initrd.gz"

enum { MAX_KERNELS = 32, MAX_ARGUMENTS = 24, NAME_SIZE = 16 };

/* The kernels in the order in which the first engine ran them. */
struct kernel_list {
    int count;
    char names[MAX_KERNELS][NAME_SIZE];
};

struct result {
    bool done;
    uint32_t checksum;
    double seconds; /* the best of the rounds */
};

struct engine {
    const char *name;
    const char *arguments[MAX_ARGUMENTS]; /* program first, NULL last */
    bool left_out;
    bool bad_clock; /* its guest's clock and the host's differed; the host's was taken */
    struct result results[MAX_KERNELS];
};

/* --- run.c --- */

/* One round of all kernels; keeps the better times. False if it did not come to the end. */
bool run_kernels(struct engine *engine, struct kernel_list *kernels);
/* Seconds from the start of the program until it has printed `text`; negative if it never does. */
double run_until(const char *const *arguments, const char *text);
/* Is the program there to run: a path, or a name found in $PATH? */
bool program_exists(const char *name);

/* --- report.c --- */

enum { BOOT_ROUNDS = 3 };

struct boot {
    const struct engine *engine;
    double seconds[BOOT_ROUNDS];
    int count;
};

/* Ratios to the first engine's times, and of the third's to each later one's. */
void report_kernels(FILE *to, const struct kernel_list *kernels, const struct engine *engines,
                    int engine_count);
/* Prints results that differ from the first engine's that has one; returns how many do. */
int report_differences(FILE *to, const struct kernel_list *kernels, const struct engine *engines,
                       int engine_count);
void report_boots(FILE *to, struct boot *boots, int count);

#endif
