/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs kernels and prints, for each, a line "> NAME" before it and "NAME CHECKSUM NANOSECONDS"
 * after it.
 *   kernels [SCALE [NAME,NAME...]]
 * As a machine's first process it restarts the machine at the end.
 */
#include "kernels.h"

void bench_main(int argc, char **argv);

static const struct kernel {
    const char *name;
    kernel_fn *run;
} kernels[] = {
#define KERNEL(name, function, group, stresses) {#name, function},
#include "kernels.def"
#undef KERNEL
};

void *map_memory(u32 size, int protection)
{
    enum { MAP_PRIVATE_ANONYMOUS = 0x22 };
    int at = system_call(SYS_MMAP2, 0, (int)size, protection, MAP_PRIVATE_ANONYMOUS, -1, 0);
    if (at < 0 && at > -4096)
        system_call(SYS_EXIT, 2, 0, 0, 0, 0, 0);
    return (void *)at;
}

void unmap_memory(void *at, u32 size)
{
    system_call(SYS_MUNMAP, (int)at, (int)size, 0, 0, 0, 0);
}

static u64 now_ns(void)
{
    enum { CLOCK_MONOTONIC = 1 };
    struct {
        u64 seconds, nanoseconds;
    } t = {0, 0};
    system_call(SYS_CLOCK_GETTIME64, CLOCK_MONOTONIC, (int)&t, 0, 0, 0, 0);
    return t.seconds * 1000000000 + t.nanoseconds;
}

struct line {
    char text[80];
    u32 length;
};

static void add_text(struct line *line, const char *text)
{
    while (*text && line->length < sizeof(line->text))
        line->text[line->length++] = *text++;
}

static void add_hex(struct line *line, u32 n)
{
    char digits[9] = {0};
    for (int i = 0; i < 8; i++)
        digits[i] = "0123456789abcdef"[n >> (28 - 4 * i) & 15];
    add_text(line, digits);
}

static void add_decimal(struct line *line, u64 n)
{
    char digits[21] = {0};
    u32 at = sizeof(digits) - 1;
    do {
        /* n / 10 without the 64-bit division of a library: by 16-bit digits. */
        u32 rest = 0;
        u64 quotient = 0;
        for (int shift = 48; shift >= 0; shift -= 16) {
            u32 part = rest << 16 | (u32)(n >> shift & 0xffff);
            quotient = quotient << 16 | part / 10;
            rest = part % 10;
        }
        digits[--at] = (char)('0' + rest);
        n = quotient;
    } while (n);
    add_text(line, digits + at);
}

static void write_line(struct line *line)
{
    add_text(line, "\n");
    system_call(SYS_WRITE, 1, (int)line->text, (int)line->length, 0, 0, 0);
}

static void run(const struct kernel *kernel, u32 scale)
{
    struct line before = {.length = 0};
    add_text(&before, "> ");
    add_text(&before, kernel->name);
    write_line(&before);

    u64 start = now_ns();
    u32 checksum = kernel->run(scale);
    u64 time = now_ns() - start;

    struct line after = {.length = 0};
    add_text(&after, kernel->name);
    add_text(&after, " ");
    add_hex(&after, checksum);
    add_text(&after, " ");
    add_decimal(&after, time);
    write_line(&after);
}

/* Is the name one of the comma-separated list? */
static int listed(const char *list, const char *name)
{
    for (; *list; list++) {
        const char *n = name;
        for (; *n && *list == *n; list++)
            n++;
        if (!*n && (!*list || *list == ','))
            return 1;
        while (*list && *list != ',')
            list++;
        if (!*list)
            break;
    }
    return 0;
}

static u32 number(const char *text)
{
    u32 n = 0;
    for (; *text >= '0' && *text <= '9'; text++)
        n = n * 10 + (u32)(*text - '0');
    return n;
}

static void restart_machine(void)
{
    enum { MAGIC1 = (int)0xfee1dead, MAGIC2 = 672274793, RESTART = 0x01234567 };
    system_call(SYS_REBOOT, MAGIC1, MAGIC2, RESTART, 0, 0, 0);
}

void bench_main(int argc, char **argv)
{
    u32 scale = argc > 1 ? number(argv[1]) : 100;
    const char *list = argc > 2 ? argv[2] : "";
    for (u32 i = 0; i < sizeof(kernels) / sizeof(*kernels); i++)
        if (!*list || listed(list, kernels[i].name))
            run(&kernels[i], scale ? scale : 100);
    struct line done = {.length = 0};
    add_text(&done, "bench: done");
    write_line(&done);
    if (system_call(SYS_GETPID, 0, 0, 0, 0, 0, 0) == 1)
        restart_machine();
    system_call(SYS_EXIT, 0, 0, 0, 0, 0, 0);
}
