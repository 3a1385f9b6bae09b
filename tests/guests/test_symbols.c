/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -perfmap, -jitdump and -gdbjit: what host tools make of the code of the default guest. */
#include "emulator.h"
#include "test_guests.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FEW_BLOCKS = 100 };

/* Runs the default guest to its prompt, ends it there; its process's number. */
static pid_t run_with(const char *option)
{
    struct emulator *e = emulator_start(ON_PIPES, (const char *[]){option, NULL});
    pid_t pid = e->pid;
    emulator_expect(e, "\n> ");
    emulator_kill(e);
    return pid;
}

static FILE *open_made(const char *format, pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, format, (int)pid);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "no %s", path);
    unlink(path);
    return file;
}

/* The guest's address in a name. */
static unsigned named_address(const char *name)
{
    static const char prefix[] = "template_";
    unsigned address;
    char rest;
    ck_assert_msg(strncmp(name, prefix, strlen(prefix)) == 0, "%s", name);
    ck_assert_msg(sscanf(name + strlen(prefix), "%8x%c", &address, &rest) == 1, "%s", name);
    return address;
}

START_TEST(perf_map_names_blocks)
{
    FILE *map = open_made("/tmp/perf-%d.map", run_with("-perfmap"));
    char line[128];
    char name[64];
    unsigned blocks = 0;
    unsigned in_guest = 0;
    unsigned long last = 0, end = 0;
    while (fgets(line, sizeof line, map) && strchr(line, '\n')) {
        unsigned long start;
        unsigned long size;
        ck_assert_msg(sscanf(line, "%lx %lx %63s", &start, &size, name) == 3, "%s", line);
        ck_assert(start >= end || start == last); /* the newest may give its place to the next */
        ck_assert_uint_gt(size, 0);
        last = start;
        end = start + size;
        in_guest += named_address(name) >= 0x100000;
        blocks++;
    }
    fclose(map);
    ck_assert_uint_gt(blocks, FEW_BLOCKS);
    ck_assert_uint_gt(in_guest, FEW_BLOCKS);
}
END_TEST

/* A jitdump record of a block's code, but for its name and code. */
struct load {
    uint32_t id, record_size;
    uint64_t time;
    uint32_t pid, tid;
    uint64_t address, at, size, index;
};

START_TEST(jitdump_has_the_code)
{
    pid_t pid = run_with("-jitdump");
    FILE *dump = open_made("jit-%d.dump", pid);
    uint32_t header[6];
    uint64_t header_rest[2];
    struct load load;
    uint64_t time = 0;
    uint64_t blocks = 0;
    ck_assert_uint_eq(fread(header, sizeof header, 1, dump), 1);
    ck_assert_uint_eq(fread(header_rest, sizeof header_rest, 1, dump), 1);
    ck_assert_uint_eq(header[0], 0x4a695444);
    ck_assert_uint_eq(header[1], 1);
    ck_assert_uint_eq(header[2], sizeof header + sizeof header_rest);
    ck_assert_uint_eq(header[3], 62); /* EM_X86_64 */
    ck_assert_uint_eq(header[5], (uint32_t)pid);
    while (fread(&load, sizeof load, 1, dump) == 1) {
        char name[64] = "";
        size_t length = load.record_size - sizeof load - load.size;
        ck_assert_uint_eq(load.id, 0);
        ck_assert_uint_eq(load.pid, (uint32_t)pid);
        ck_assert_uint_ge(load.time, time);
        ck_assert_uint_eq(load.index, blocks);
        ck_assert_uint_eq(load.address, load.at);
        ck_assert_uint_lt(length, sizeof name);
        if (fread(name, 1, length, dump) != length || fseek(dump, (long)load.size, SEEK_CUR))
            break; /* it was killed while it wrote */
        ck_assert_uint_eq(strlen(name) + 1, length);
        named_address(name);
        time = load.time;
        blocks++;
    }
    fclose(dump);
    ck_assert_uint_gt(blocks, FEW_BLOCKS);
}
END_TEST

/* GDB, with a breakpoint in a helper that generated code calls. */
START_TEST(gdb_sees_guest_addresses)
{
    char command[1024];
    char line[512];
    unsigned in_code = 0;
    unsigned in_main = 0;
    snprintf(command, sizeof command,
             "timeout 200 gdb -q -nx -batch -ex 'set confirm off' -ex 'set pagination off' "
             "-ex 'handle SIG34 nostop noprint pass' -ex 'break helper_cpuid' -ex run "
             "-ex bt -ex continue -ex bt -ex continue -ex bt -ex continue -ex bt -ex kill "
             "--args %s -gdbjit -serial null </dev/null 2>&1",
             emulator_program());
    FILE *gdb = popen(command, "r"); /* NOLINT(cert-env33-c): a shell is what is wanted */
    ck_assert_ptr_nonnull(gdb);
    while (fgets(line, sizeof line, gdb)) {
        const char *name = strstr(line, " in template_0010");
        in_code += name && line[0] == '#' && line[1] == '1';
        in_main += line[0] == '#' && strstr(line, " main (") != NULL;
    }
    pclose(gdb);
    ck_assert_uint_eq(in_code, 4);
    ck_assert_uint_eq(in_main, 4);
}
END_TEST

/* --- perf --- */

static char folder[PATH_MAX]; /* for what perf leaves behind */
static char program[PATH_MAX];
static const char *perf_option;

/* In a child: becomes perf, and the emulator perf's child. */
static void under_perf(void)
{
    if (chdir(folder) == 0)
        execlp("perf", "perf", "record", "-q", "-k", "1", "-e", "cpu-clock", "-o", "perf.data",
               program, perf_option, "-no-reboot", NULL);
    _exit(127);
}

static void start_perf_test(void)
{
    snprintf(folder, sizeof folder, "%s/tessera-perf-XXXXXX", P_tmpdir);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_ptr_nonnull(realpath(emulator_program(), program));
}

static void end_perf_test(void)
{
    char command[2 * PATH_MAX + 128];
    snprintf(command, sizeof command,
             "rm -f /tmp/perf-$(perf script -i '%s/perf.data' -F pid 2>/dev/null | head -1 |"
             " tr -d ' ').map; rm -r '%s'",
             folder, folder);
    ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c) */
}

/* Kernels may forbid it. */
static bool perf_is_allowed(void)
{
    return system("perf record -q -e cpu-clock -o /dev/null true >/dev/null 2>&1") ==
           0; /* NOLINT */
}

/* A loop of the guest's, recorded. */
static void record_loop(const char *option)
{
    perf_option = option;
    struct emulator *e = emulator_start_with(ON_PIPES, (const char *[]){NULL}, under_perf);
    emulator_expect(e, "\n> ");
    emulator_send(e, "run crc\r");
    emulator_expect(e, " ok\n");
    emulator_send(e, "reboot\r");
    emulator_wait(e);
    emulator_kill(e);
}

/* The percentage of samples that `perf report` gives to blocks by their names. */
static double reported(const char *prepare, const char *data)
{
    char command[PATH_MAX + 256];
    char line[512];
    double sum = 0;
    snprintf(command, sizeof command,
             "cd '%s' && %s perf report -i %s --stdio --percent-limit 0 2>/dev/null", folder,
             prepare, data);
    FILE *report = popen(command, "r"); /* NOLINT(cert-env33-c): a shell is what is wanted */
    ck_assert_ptr_nonnull(report);
    while (fgets(line, sizeof line, report)) {
        const char *name = strstr(line, "template_0");
        if (!name) /* the emulator's own functions are template_engine and the like */
            continue;
        char *end = line + strcspn(line, "\n");
        while (end[-1] == ' ')
            end--;
        *end = 0;
        ck_assert_uint_gt(named_address(name), 0);
        sum += strtod(line, NULL);
    }
    pclose(report);
    return sum;
}

START_TEST(perf_report_names_blocks)
{
    if (!perf_is_allowed())
        return;
    start_perf_test();
    record_loop("-perfmap");
    ck_assert_double_gt(reported("", "perf.data"), 1);
    end_perf_test();
}
END_TEST

START_TEST(perf_inject_finds_the_code)
{
    if (!perf_is_allowed())
        return;
    start_perf_test();
    record_loop("-jitdump");
    ck_assert_double_gt(reported("perf inject --jit -i perf.data -o jit.data && ", "jit.data"), 1);
    end_perf_test();
}
END_TEST

Suite *symbols_suite(void)
{
    Suite *suite = suite_create("symbols");
    TCase *tcase = tcase_create("symbols");
    tcase_set_timeout(tcase, 300);
    if (!emulator_is_qemu()) {
        tcase_add_test(tcase, perf_map_names_blocks);
        tcase_add_test(tcase, jitdump_has_the_code);
        tcase_add_test(tcase, perf_report_names_blocks);
        tcase_add_test(tcase, perf_inject_finds_the_code);
        tcase_add_test(tcase, gdb_sees_guest_addresses);
    }
    suite_add_tcase(suite, tcase);
    return suite;
}
