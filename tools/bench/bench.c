/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `make bench`. Settings come by the environment:
 *   BENCH=fib,copy   only these kernels (and no boots)
 *   BENCH_ROUNDS=3   rounds, the engines by turns; the best time of each counts
 *   BENCH_SCALE=100  more or less work
 *   BENCH_INTERP=1   Tessera's interpreter too
 */
#include "tools/bench/bench.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NATIVE, QEMU_USER, QEMU_SYSTEM, TESSERA, INTERP, ENGINES };

static const char *setting(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

/* A machine whose first process is the benchmark program: `program`, then `options`. */
static void make_machine(struct engine *engine, const char *const *program, const char *append)
{
    static const char *const options[] = {"-nographic", "-no-reboot",  "-m",
                                          "256",        "-kernel",     LINUX_KERNEL,
                                          "-initrd",    KERNELS_AS_OS, "-append"};
    int n = 0;
    for (; program[n]; n++)
        engine->arguments[n] = program[n];
    for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
        engine->arguments[n++] = options[i];
    engine->arguments[n] = append;
}

static void make_process(struct engine *engine, const char *runner, const char *scale,
                         const char *names)
{
    int n = 0;
    if (runner)
        engine->arguments[n++] = runner;
    engine->arguments[n++] = KERNELS;
    engine->arguments[n++] = scale;
    engine->arguments[n] = names;
}

static void make_engines(struct engine *engines, const char *names)
{
    static char append[512];
    const char *scale = setting("BENCH_SCALE", "100");
    static const char *const qemu[] = {"qemu-system-i386", "-accel", "tcg", NULL};
    static const char *const tessera[] = {"./tessera", NULL};
    static const char *const interp[] = {"./tessera", "-jit", "interp", NULL};

    snprintf(append, sizeof(append), "console=ttyS0 quiet -- %s %s", scale, names);
    make_process(&engines[NATIVE], NULL, scale, names);
    make_process(&engines[QEMU_USER], "qemu-i386", scale, names);
    make_machine(&engines[QEMU_SYSTEM], qemu, append);
    make_machine(&engines[TESSERA], tessera, append);
    make_machine(&engines[INTERP], interp, append);
    engines[NATIVE].name = "native";
    engines[QEMU_USER].name = "QEMU user";
    engines[QEMU_SYSTEM].name = "QEMU system";
    engines[TESSERA].name = "Tessera";
    engines[INTERP].name = "interp";
    engines[INTERP].left_out = !getenv("BENCH_INTERP");
}

static void leave_out_missing(struct engine *engines)
{
    for (int i = 0; i < ENGINES; i++) {
        struct engine *e = &engines[i];
        if (!e->left_out && !program_exists(e->arguments[0])) {
            e->left_out = true;
            printf("%s is left out: %s is not there\n", e->name, e->arguments[0]);
        }
    }
}

static void run_rounds(struct engine *engines, struct kernel_list *kernels, int rounds)
{
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < ENGINES; i++) {
            struct engine *e = &engines[i];
            if (e->left_out || (i == INTERP && round))
                continue;
            if (!run_kernels(e, kernels)) {
                e->left_out = true;
                printf("%s is left out: it did not come to the end\n", e->name);
            }
        }
}

static void run_boots(const struct engine *engines)
{
    static const int which[] = {QEMU_SYSTEM, TESSERA};
    static const char *const options[] = {
        "-nographic", "-m",         "256",
        "-kernel",    LINUX_KERNEL, "-initrd",
        LINUX_INITRD, "-append",    "console=ttyS0 rdinit=/bin/sh"};
    struct boot boots[2] = {{NULL, {0}, 0}};
    int count = 0;
    for (size_t i = 0; i < 2; i++)
        if (program_exists(engines[which[i]].arguments[0]))
            boots[count++].engine = &engines[which[i]];
    for (int round = 0; round < BOOT_ROUNDS; round++)
        for (int i = 0; i < count; i++) {
            struct boot *b = &boots[i];
            const char *arguments[MAX_ARGUMENTS] = {b->engine->arguments[0]};
            for (size_t k = 0; k < sizeof(options) / sizeof(*options); k++)
                arguments[k + 1] = options[k];
            if (isatty(STDERR_FILENO))
                fprintf(stderr, "\r%-20s boot %d      ", b->engine->name, round + 1);
            double seconds = run_until(arguments, "~ # ");
            if (seconds > 0)
                b->seconds[b->count++] = seconds;
        }
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%40s\r", "");
    report_boots(stdout, boots, count);
}

int main(void)
{
    static struct engine engines[ENGINES];
    static struct kernel_list kernels;
    const char *names = setting("BENCH", "");
    long rounds = strtol(setting("BENCH_ROUNDS", "3"), NULL, 10);

    make_engines(engines, names);
    leave_out_missing(engines);
    run_rounds(engines, &kernels, rounds > 0 ? (int)rounds : 1);
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%40s\r", "");
    if (!kernels.count) {
        fprintf(stderr, "bench: nothing ran; BENCH names kernels, separated by commas\n");
        return 1;
    }
    printf("\nThe same 32-bit program everywhere; times as multiples of native; speedup is QEMU\n"
           "system's time over Tessera's.\n\n");
    report_kernels(stdout, &kernels, engines, ENGINES);
    for (int i = 0; i < ENGINES; i++)
        if (engines[i].bad_clock)
            printf("%s's clock went wrong: times are the host's\n", engines[i].name);
    int wrong = report_differences(stdout, &kernels, engines, ENGINES);
    if (!*names)
        run_boots(engines);
    return wrong ? 1 : 0;
}
