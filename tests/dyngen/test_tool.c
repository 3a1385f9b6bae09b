/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_tool.c: dyngen itself, as a user runs it.
 *
 * Each file of bad/ breaks one rule. It says itself what dyngen must answer, after "wrong: ", and
 * which options dyngen gets, after "options: ". All of them are given to two builds of dyngen,
 * the second under the sanitizers.
 */
#include "tests/dyngen/running.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef BUILD
#define BUILD "build"
#endif
#define HERE    BUILD "/tests/dyngen/"
#define SCRATCH HERE "scratch"
static const char *const dyngens[] = {BUILD "/bin/dyngen", BUILD "/san/bin/dyngen"};

struct result {
    int status; /* exit status; -1 if it crashed */
    char text[16384];
};

static struct result shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static struct result shell(const char *format, ...)
{
    struct result r = {0};
    char command[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(command, sizeof command - 8, format, args);
    va_end(args);
    strcat(command, " 2>&1");
    FILE *f = popen(command, "r"); /* NOLINT(cert-env33-c) */
    ck_assert_ptr_nonnull(f);
    size_t n = fread(r.text, 1, sizeof r.text - 1, f);
    r.text[n] = 0;
    while (fgetc(f) != EOF)
        ;
    int status = pclose(f);
    r.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return r;
}

static void expect_text(const struct result *r, const char *text, const char *what)
{
    ck_assert_msg(strstr(r->text, text) != NULL, "%s: expected \"%s\", got \"%s\"", what, text,
                  r->text);
}

/* Refused: status 1, one line, which says this; and nothing is written. */
static void refused(const struct result *r, const char *text, const char *what)
{
    ck_assert_msg(r->status == 1, "%s: status %d: %s", what, r->status, r->text);
    expect_text(r, text, what);
    const char *line_end = strchr(r->text, '\n');
    ck_assert_msg(line_end && !line_end[1], "%s: not one line: %s", what, r->text);
    ck_assert_msg(!strncmp(r->text, "dyngen: ", 8), "%s: %s", what, r->text);
    struct result ls = shell("ls " SCRATCH);
    ck_assert_msg(!ls.text[0], "%s: left behind: %s", what, ls.text);
}

static void fresh_scratch(void)
{
    ck_assert_int_eq(shell("rm -rf " SCRATCH " && mkdir -p " SCRATCH).status, 0);
}

/* What follows a key in a source's comments, up to the line's end; false if there is none. */
static bool note(const char *source, const char *key, char *value, size_t size)
{
    FILE *f = fopen(source, "r");
    ck_assert_msg(f != NULL, "%s", source);
    char line[512];
    bool found = false;
    while (!found && fgets(line, sizeof line, f)) {
        char *at = strstr(line, key);
        if (!at)
            continue;
        line[strcspn(line, "\n")] = 0;
        char *end = strstr(line, " */");
        if (end)
            *end = 0;
        snprintf(value, size, "%s", at + strlen(key));
        found = true;
    }
    fclose(f);
    return found;
}

static void check_bad(const char *dyngen, const char *name)
{
    char source[512], wrong[512], options[256] = "";
    snprintf(source, sizeof source, "tests/dyngen/bad/%s", name);
    ck_assert_msg(note(source, "wrong: ", wrong, sizeof wrong), "%s says nothing", source);
    note(source, "options: ", options, sizeof options);
    int stem = (int)strcspn(name, ".");
    struct result r =
        shell("%s %s -o " SCRATCH "/bad.c " HERE "bad/%.*s.o", dyngen, options, stem, name);
    refused(&r, wrong, name);
    char object[256];
    snprintf(object, sizeof object, HERE "bad/%.*s.o: ", stem, name);
    expect_text(&r, object, name);
}

START_TEST(bad_objects)
{
    DIR *dir = opendir("tests/dyngen/bad");
    ck_assert_ptr_nonnull(dir);
    int count = 0;
    for (struct dirent *d; (d = readdir(dir));)
        if (d->d_name[0] != '.') {
            check_bad(dyngens[_i], d->d_name);
            count++;
        }
    closedir(dir);
    ck_assert_int_gt(count, 80);
}
END_TEST

static struct result run_dyngen(int which, const char *arguments)
{
    return shell("%s %s", dyngens[which], arguments);
}

START_TEST(bad_files)
{
    struct {
        const char *arguments, *text;
    } cases[] = {
        {"-o " SCRATCH "/x.c " HERE "missing.o", "missing.o: cannot be read: No such file"},
        {"-o " SCRATCH "/x.c tests", "tests: cannot be read: not a regular file"},
        {"-o " SCRATCH "/x.c tests/dyngen/ops.c", "is not an object file, or is damaged"},
        {"-o " SCRATCH "/x.c /dev/null", "/dev/null: cannot be read: not a regular file"},
        {"-o " SCRATCH "/x.c " BUILD "/bin/dyngen", "is linked; dyngen reads relocatable objects"},
        {"-o " SCRATCH "/x.c " HERE "ops.o " HERE "ops.o",
         "is also defined in " HERE "ops.o; give each op a name of its own"},
        {"-o " SCRATCH "/x.c", "no object given; see dyngen --help"},
        {HERE "ops.o", "no output given; use -o FILE.c, --list or --dump OP"},
        {"-o " SCRATCH "/x " HERE "ops.o", "/x: the output's name must end in .c"},
        {"-o " SCRATCH "/none/x.c " HERE "ops.o", "/none/x.h: cannot be written: No such file"},
        {"-o", "-o needs a value; see dyngen --help"},
        {"--lift " HERE "ops.o", "unknown option --lift; see dyngen --help"},
        {"--dump absent " HERE "ops.o", "there is no op_absent; see dyngen --list"},
        {"--helpers " HERE "none -o " SCRATCH "/x.c " HERE "ops.o",
         "none: the list of helpers cannot be read"},
        {"--helper-prefix x_ -o " SCRATCH "/x.c " HERE "helper_op.o",
         "op_x+0x1: mem_load is not a helper that ops may use"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct result r = run_dyngen(_i, cases[i].arguments);
        refused(&r, cases[i].text, cases[i].arguments);
    }
}
END_TEST

START_TEST(truncated)
{
    struct stat st;
    ck_assert_int_eq(stat(HERE "more_ops.o", &st), 0);
    /* The section headers are at the end, so every prefix lacks something. */
    for (long size = 0; size < st.st_size; size += 61) {
        ck_assert_int_eq(shell("head -c %ld " HERE "more_ops.o > " HERE "truncated.o", size).status,
                         0);
        struct result r = shell("%s -o " SCRATCH "/x.c " HERE "truncated.o", dyngens[_i]);
        refused(&r, "truncated.o: ", "truncated object");
    }
}
END_TEST

/* Damaged objects are refused or taken, but never crash dyngen. */
START_TEST(damaged)
{
    static uint8_t object[65536], copy[65536];
    FILE *f = fopen(HERE "more_ops.o", "rb");
    ck_assert_ptr_nonnull(f);
    size_t size = fread(object, 1, sizeof object, f);
    fclose(f);
    unsigned seed = 20240229;
    for (int round = 0; round < 200; round++) {
        unsigned start = seed;
        memcpy(copy, object, size);
        for (int k = 0; k < 1 + round % 4; k++) {
            seed = seed * 1103515245 + 12345;
            size_t at = (seed >> 8) % size;
            seed = seed * 1103515245 + 12345;
            copy[at] = (uint8_t)(seed >> 16);
        }
        f = fopen(HERE "damaged.o", "wb");
        ck_assert(f && fwrite(copy, 1, size, f) == size && fclose(f) == 0);
        struct result r =
            shell("ASAN_OPTIONS=exitcode=99:detect_leaks=0 "
                  "UBSAN_OPTIONS=exitcode=99 %s -o " HERE "damaged_out.c " HERE "damaged.o",
                  dyngens[1]);
        ck_assert_msg(r.status == 0 || r.status == 1, "seed %u: status %d: %s", start, r.status,
                      r.text);
        for (char *line = strtok(r.text, "\n"); line; line = strtok(NULL, "\n"))
            ck_assert_msg(!strncmp(line, "dyngen: ", 8), "seed %u: %s", start, line);
    }
}
END_TEST

START_TEST(allowed_helpers)
{
    FILE *f = fopen(HERE "helpers.txt", "w");
    ck_assert_ptr_nonnull(f);
    fputs("# those of ops.c\ntest_helper\ntest_subtract\nmem_load # and one more\ntest_leave\n", f);
    fclose(f);
    struct result r = run_dyngen(_i, "--helpers " HERE "helpers.txt -o " SCRATCH "/x.c " HERE
                                     "ops.o " HERE "helper_op.o");
    ck_assert_msg(r.status == 0 && !r.text[0], "%s", r.text);
    r = run_dyngen(_i, "--helper-prefix=mem_ --helper-prefix test_ -o " SCRATCH "/x.c " HERE
                       "ops.o " HERE "helper_op.o");
    ck_assert_msg(r.status == 0 && !r.text[0], "%s", r.text);
}
END_TEST

START_TEST(deterministic)
{
    ck_assert_int_eq(run_dyngen(0, "-o " SCRATCH "/x.c " HERE "ops.o " HERE "more_ops.o").status,
                     0);
    ck_assert_int_eq(run_dyngen(1, "-o " SCRATCH "/y.c " HERE "ops.o " HERE "more_ops.o").status,
                     0);
    struct result r = shell("sed s/y.h/x.h/ " SCRATCH "/y.c | cmp - " SCRATCH "/x.c && "
                            "sed s/Y_H/X_H/ " SCRATCH "/y.h | cmp - " SCRATCH "/x.h");
    ck_assert_msg(r.status == 0, "%s", r.text);
    r = shell("ls " SCRATCH);
    ck_assert_str_eq(r.text, "x.c\nx.h\ny.c\ny.h\n");
}
END_TEST

/* Whoever opens the output while dyngen is writing it finds the old one or the new one. */
START_TEST(never_half_written)
{
    ck_assert_int_eq(run_dyngen(0, "-o " SCRATCH "/x.c " HERE "ops.o").status, 0);
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 60; i++)
            if (run_dyngen(0, "-o " SCRATCH "/x.c " HERE "ops.o").status)
                _exit(1);
        _exit(0);
    }
    int status = 0;
    struct stat first;
    ck_assert_int_eq(stat(SCRATCH "/x.c", &first), 0);
    for (bool done = false; !done;) {
        done = waitpid(child, &status, WNOHANG) == child;
        int fd = open(SCRATCH "/x.c", O_RDONLY);
        ck_assert_int_ge(fd, 0);
        char end[16] = "";
        ck_assert(lseek(fd, -5, SEEK_END) > 0 && read(fd, end, 5) == 5);
        struct stat st;
        ck_assert(fstat(fd, &st) == 0 && st.st_size == first.st_size);
        close(fd);
        ck_assert_msg(end[4] == '\n' && end[3] == ';', "ends in %s", end);
    }
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

START_TEST(list_and_dump)
{
    struct result r = run_dyngen(_i, "--list " HERE "ops.o");
    ck_assert_int_eq(r.status, 0);
    expect_text(&r, "\nif_less ", "--list");
    expect_text(&r, "taken", "--list");
    expect_text(&r, "test_helper", "--list");
    r = run_dyngen(_i, "--dump op_lea " HERE "ops.o");
    ck_assert_int_eq(r.status, 0);
    expect_text(&r, "lea ", "--dump");
    expect_text(&r, "__op_param1+0, R_X86_64_32S, 32 bits wrap", "--dump");
    r = run_dyngen(_i, "--dump load " HERE "ops.o");
    expect_text(&r, "__op_param1+0, R_X86_64_32S, 32 bits signed", "--dump");
    r = run_dyngen(_i, "--dump set " HERE "ops.o");
    expect_text(&r, "__op_param1+0, R_X86_64_32, 32 bits unsigned", "--dump");
    r = run_dyngen(_i, "--dump number " HERE "ops.o");
    expect_text(&r, "^ .LCPI", "--dump");
    expect_text(&r, "-4, R_X86_64_PC32, 32 bits relative", "--dump");
    ck_assert_msg(!strstr(r.text, "+12"), "%s", r.text);
    r = run_dyngen(_i, "--dump cold_once " HERE "thread_ops.o");
    expect_text(&r, "3:  0f 85 00 00 00 00              jne    0x9\n", "--dump");
    expect_text(&r, "^ __op_cold-4, R_X86_64_PLT32, 32 bits relative\n    9:  41 ff", "--dump");
    r = run_dyngen(_i, "--dump loop_at_limit " HERE "thread_ops.o");
    expect_text(&r, "0f 85 79 ff ff ff              jne    0x9\n", "--dump");
    r = run_dyngen(_i, "--help");
    ck_assert_int_eq(r.status, 0);
    expect_text(&r, "Usage: dyngen", "--help");
    r = run_dyngen(_i, "--version");
    ck_assert_int_eq(r.status, 0);
    expect_text(&r, "dyngen 1.0", "--version");
}
END_TEST

START_TEST(calculator)
{
    struct {
        const char *expression, *answer;
        int status;
    } cases[] = {
        {"42", "42\n", 0},
        {"1+2*3", "7\n", 0},
        {"(1+2)*3 - -4", "13\n", 0},
        {"100/7/2", "7\n", 0},
        {"2-3-4", "-5\n", 0},
        {"-(2+3)*-(4)", "20\n", 0},
        {"2147483647*2147483647", "4611686014132420609\n", 0},
        {"-2^2 + 2^3^2 * 10^0", "508\n", 0},
        {"3^-1", "0\n", 0},
        {"1/(2-2)", "calc: division by zero\n", 1},
        {"4294967296", "calc: a number is too large\n", 1},
        {"1+", "calc: a number is missing\n", 1},
        {"(1", "calc: ) is missing\n", 1},
        {"1 2", "calc: the expression goes on after its end\n", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct result r = shell(BUILD "/dyngen/example/calc '%s'", cases[i].expression);
        ck_assert_str_eq(r.text, cases[i].answer);
        ck_assert_int_eq(r.status, cases[i].status);
    }
}
END_TEST

TCase *tool_tests(void)
{
    TCase *tool = tcase_create("tool");
    tcase_set_timeout(tool, 300);
    tcase_add_checked_fixture(tool, fresh_scratch, NULL);
    tcase_add_loop_test(tool, bad_objects, 0, 2);
    tcase_add_loop_test(tool, bad_files, 0, 2);
    tcase_add_loop_test(tool, truncated, 0, 2);
    tcase_add_test(tool, damaged);
    tcase_add_loop_test(tool, allowed_helpers, 0, 2);
    tcase_add_test(tool, deterministic);
    tcase_add_test(tool, never_half_written);
    tcase_add_loop_test(tool, list_and_dump, 0, 2);
    tcase_add_test(tool, calculator);
    return tool;
}
