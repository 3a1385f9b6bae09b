/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables that `make bench` prints. */
#include "tools/bench/bench.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NATIVE, QEMU_SYSTEM = 2, COLUMN = 13 };

/* The product of ratios so far, for a geometric mean. */
struct mean {
    double logarithms;
    int count;
};

static double ratio(const struct result *a, const struct result *b)
{
    return a->done && b->done && b->seconds > 0 ? a->seconds / b->seconds : NAN;
}

static void put_ratio(FILE *to, double r, struct mean *mean)
{
    if (!isfinite(r) || r <= 0) {
        fprintf(to, "%*s", COLUMN, "-");
        return;
    }
    fprintf(to, "%*.2fx", COLUMN - 1, r);
    mean->logarithms += log(r);
    mean->count++;
}

static void put_mean(FILE *to, const struct mean *mean)
{
    if (mean->count)
        fprintf(to, "%*.2fx", COLUMN - 1, exp(mean->logarithms / mean->count));
    else
        fprintf(to, "%*s", COLUMN, "-");
}

/* What a kernel stresses, for the table. */
static const char *about(const char *kernel)
{
    static const char *const texts[][2] = {
        {"fib", "calls, returns"},
        {"qsort", "indirect calls"},
        {"sieve", "byte stores"},
        {"crc", "shifts, flags"},
        {"mul64", "mul, adc"},
        {"div", "div"},
        {"copy", "rep movs"},
        {"list", "dependent loads"},
        {"bytecode", "jump table"},
        {"x87", "fpu"},
        {"bytes", "8-bit registers"},
        {"written", "written, then run"},
        {"getppid", "kernel entry"},
        {"bsearch", "loads, branches"},
        {"matrix", "loads, multiplies"},
        {"mmap", "page faults"},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        if (!strcmp(texts[i][0], kernel))
            return texts[i][1];
    return "";
}

static void put_head(FILE *to, const struct engine *engines, int engine_count)
{
    fprintf(to, "%-10s%-19s%*s", "kernel", "stresses", COLUMN, "native s");
    for (int i = 1; i < engine_count; i++)
        if (!engines[i].left_out)
            fprintf(to, "%*s", COLUMN, engines[i].name);
    for (int i = QEMU_SYSTEM + 1; i < engine_count; i++)
        if (!engines[i].left_out)
            fprintf(to, "%*s", COLUMN, i == QEMU_SYSTEM + 1 ? "speedup" : "interp's");
    fprintf(to, "\n");
}

void report_kernels(FILE *to, const struct kernel_list *kernels, const struct engine *engines,
                    int engine_count)
{
    struct mean slowdown[8] = {{0, 0}};
    struct mean speedup[8] = {{0, 0}};
    put_head(to, engines, engine_count);
    for (int k = 0; k < kernels->count; k++) {
        const struct result *native = &engines[NATIVE].results[k];
        fprintf(to, "%-10s%-19s", kernels->names[k], about(kernels->names[k]));
        if (native->done)
            fprintf(to, "%*.3f", COLUMN, native->seconds);
        else
            fprintf(to, "%*s", COLUMN, "-");
        for (int i = 1; i < engine_count; i++)
            if (!engines[i].left_out)
                put_ratio(to, ratio(&engines[i].results[k], native), &slowdown[i]);
        for (int i = QEMU_SYSTEM + 1; i < engine_count; i++)
            if (!engines[i].left_out)
                put_ratio(to, ratio(&engines[QEMU_SYSTEM].results[k], &engines[i].results[k]),
                          &speedup[i]);
        fprintf(to, "\n");
    }
    fprintf(to, "%-29s%*s", "geometric mean", COLUMN, "");
    for (int i = 1; i < engine_count; i++)
        if (!engines[i].left_out)
            put_mean(to, &slowdown[i]);
    for (int i = QEMU_SYSTEM + 1; i < engine_count; i++)
        if (!engines[i].left_out)
            put_mean(to, &speedup[i]);
    fprintf(to, "\n");
}

int report_differences(FILE *to, const struct kernel_list *kernels, const struct engine *engines,
                       int engine_count)
{
    int differences = 0;
    for (int k = 0; k < kernels->count; k++) {
        const struct engine *oracle = NULL;
        for (int i = 0; i < engine_count; i++) {
            const struct result *r = &engines[i].results[k];
            if (!r->done)
                continue;
            if (!oracle)
                oracle = &engines[i];
            if (r->checksum == oracle->results[k].checksum)
                continue;
            fprintf(to, "WRONG: %s: %s computed %08x, %s %08x\n", kernels->names[k],
                    engines[i].name, r->checksum, oracle->name, oracle->results[k].checksum);
            differences++;
        }
    }
    return differences;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

void report_boots(FILE *to, struct boot *boots, int count)
{
    fprintf(to, "\nfrom start to the shell of Debian 12's installer, median of %d\n", BOOT_ROUNDS);
    for (int i = 0; i < count; i++) {
        struct boot *b = &boots[i];
        qsort(b->seconds, (size_t)b->count, sizeof(*b->seconds), ascending);
        if (b->count)
            fprintf(to, "  %-18s%6.2f s\n", b->engine->name, b->seconds[b->count / 2]);
        else
            fprintf(to, "  %-18s never\n", b->engine->name);
    }
}
