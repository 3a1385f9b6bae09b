/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs the images of this folder, in each engine, in QEMU and in Bochs, and has one test for each
 * check that they report: the rows of checks.def. So it does with other ways of a run to end, and
 * with SeaBIOS, a BIOS that nobody here wrote.
 */
#include "tests/suites.h"
#include "tests/system/checks.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { LONGEST = 60, MOST_TESTS = 8192 };

/* --- what there is --- */

/* What an image's own report does not show: how the emulator ends, or that it does not. */
enum { GOES_ON = -1 };
static const struct ending {
    struct setting setting;
    int status;
    const char *text;
} endings[] = {
#define RESETS(name, way)                                                                          \
    {                                                                                              \
        {name, "reset.elf", {"-no-reboot", "-append", way}}, 0, ""                                 \
    }
    RESETS("port 92h with -no-reboot", "a"),
    RESETS("the 8042 with -no-reboot", "b"),
    RESETS("the 8042's output port with -no-reboot", "c"),
    RESETS("port CF9h with -no-reboot", "d"),
    RESETS("a triple fault with -no-reboot", "e"),
#undef RESETS
    {{"isa-debug-exit", "reset.elf", {"-append", "f"}}, 0x15 << 1 | 1, ""},
    {{"interrupts of real-address mode", "reset.elf", {"-append", "h"}},
     1,
     "ok interrupts of real-address mode: the timer wakes HLT, and is counted\nend\n"},
    {{"HLT with IF clear", "reset.elf", {"-append", "g"}}, GOES_ON, "ok HLT with IF clear\n"},
};
enum { ENDINGS = sizeof endings / sizeof *endings };

/* Debian's builds, which QEMU depends on. */
static const struct setting seabios[] = {
    {"128 KiB", "/usr/share/seabios/bios.bin", {"-global", "isa-debugcon.iobase=0x402"}},
    {"256 KiB", "/usr/share/seabios/bios-256k.bin", {"-global", "isa-debugcon.iobase=0x402"}},
};
enum { BIOSES = sizeof seabios / sizeof *seabios };

/* What SeaBIOS says on its way to the end of POST, in this order. */
static const char *const milestones[] = {
    "SeaBIOS (version",     "=== PCI device probing ===", "PCI: init bdf=00:01.0 id=8086:7000",
    "Found 1 serial ports", "PS2 keyboard initialized",   "All threads complete.",
    "enter handle_19:",     "Booting from Hard Disk...",  "No bootable device.",
};
enum { MILESTONES = sizeof milestones / sizeof *milestones };

static struct all_runs {
    struct run image[ENGINES][IMAGES];
    struct run ending[ENGINES][ENDINGS];
    struct run seabios[ENGINES][BIOSES];
} runs;

/* One check in one engine. */
static struct test {
    enum engine engine;
    const struct check *check;
} tests[MOST_TESTS];

/* --- the tests --- */

static const char *tail(const struct run *run)
{
    return run->text + (run->length > 200 ? run->length - 200 : 0);
}

START_TEST(holds)
{
    const struct test *t = &tests[_i];
    const char *engine = engine_names[t->engine], *image = images[t->check->image].name;
    const struct run *run = &runs.image[t->engine][t->check->image];
    const char *line = run_line(run, t->check->name);
    ck_assert_msg(line, "%s, %s: no word of \"%s\"; it ended with:\n%s", engine, image,
                  t->check->name, tail(run));
    ck_assert_msg(strncmp(line, "ok ", 3) == 0, "%s, %s (%s): %s", engine, image, t->check->section,
                  line);
}
END_TEST

/* What checks.def says that a peer does otherwise, it does. */
START_TEST(differs)
{
    const struct test *t = &tests[_i];
    const char *line = run_line(&runs.image[t->engine][t->check->image], t->check->name);
    ck_assert_msg(!line || strncmp(line, "ok ", 3) != 0, "%s, %s: as checks.def does not say: %s",
                  engine_names[t->engine], images[t->check->image].name, line);
}
END_TEST

/* The first line that is of no check of the image, NULL if there is none such. */
static const char *unknown_line(const struct run *run, enum image image)
{
    static char line[256];
    const char *next;
    for (const char *at = run->text; *at; at = next) {
        size_t length = strcspn(at, "\n");
        bool known = strncmp(at, "end\n", 4) == 0;
        snprintf(line, sizeof line, "%.*s", (int)length, at);
        for (unsigned i = 0; i < check_count && !known; i++) {
            const char *own = checks[i].image == image ? run_line(run, checks[i].name) : NULL;
            known = own && strcmp(own, line) == 0;
        }
        if (!known)
            return line;
        next = at + length + (at[length] == '\n');
    }
    return NULL;
}

/* _i = engine * IMAGES + image */
START_TEST(comes_to_its_end)
{
    enum engine engine = (enum engine)(_i / IMAGES);
    enum image image = (enum image)(_i % IMAGES);
    const struct run *run = &runs.image[engine][image];
    const char *engine_name = engine_names[engine], *name = images[image].name;
    ck_assert_msg(run_is_complete(run), "%s, %s: wait status %x; it ended with:\n%s", engine_name,
                  name, (unsigned)run->status, tail(run));
    const char *line = unknown_line(run, image);
    ck_assert_msg(!line, "%s, %s: no row in checks.def: %s", engine_name, name, line);
}
END_TEST

/* _i = engine * ENDINGS + ending */
START_TEST(ends_so)
{
    enum engine engine = (enum engine)(_i / ENDINGS);
    const struct ending *ending = &endings[_i % ENDINGS];
    const struct run *run = &runs.ending[engine][_i % ENDINGS];
    bool went_on = run->status == GOES_ON;
    bool right = ending->status == GOES_ON
                     ? went_on
                     : WIFEXITED(run->status) && WEXITSTATUS(run->status) == ending->status;
    ck_assert_msg(right, "%s, %s: wait status %x; it wrote:\n%s", engine_names[engine],
                  ending->setting.name, (unsigned)run->status, run->text);
    ck_assert_msg(strcmp(run->text, ending->text) == 0, "%s, %s: it wrote:\n%s",
                  engine_names[engine], ending->setting.name, run->text);
}
END_TEST

/* _i = engine * BIOSES + bios */
START_TEST(seabios_finds_no_disk)
{
    enum engine engine = (enum engine)(_i / BIOSES);
    const struct run *run = &runs.seabios[engine][_i % BIOSES];
    const char *at = run->text;
    for (unsigned i = 0; i < MILESTONES; i++) {
        at = strstr(at, milestones[i]);
        ck_assert_msg(at, "%s, SeaBIOS of %s: no \"%s\"; it wrote:\n%s", engine_names[engine],
                      seabios[_i % BIOSES].name, milestones[i], run->text);
    }
}
END_TEST

START_TEST(page_is_current)
{
    char *page = NULL, *file = NULL;
    size_t size = 0, file_size = 0;
    FILE *to = open_memstream(&page, &size), *from = fopen("tests/system/PEERS", "r");
    ck_assert(to && from);
    report_peers(to);
    fclose(to);
    ck_assert(getdelim(&file, &file_size, 0, from) > 0);
    fclose(from);
    ck_assert_msg(strcmp(page, file) == 0, "tests/system/PEERS is out of date: write it again by "
                                           "build/tests/test_system --report");
    free(page);
    free(file);
}
END_TEST

/* Of an image of which a peer gets nothing right there is nothing to see. */
static bool image_is_for(enum image image, enum engine engine)
{
    for (unsigned i = 0; i < check_count; i++)
        if (checks[i].image == image && !check_difference(&checks[i], engine))
            return true;
    return false;
}

/* The checks that an engine passes, or that a peer does not; returns their end in `tests`. */
static int collect(int count, enum engine engine, bool passed)
{
    for (unsigned i = 0; i < check_count && count < MOST_TESTS; i++)
        if (image_is_for(checks[i].image, engine) && check_is_asked(&checks[i], engine) &&
            passed == !check_difference(&checks[i], engine))
            tests[count++] = (struct test){engine, &checks[i]};
    return count;
}

static TCase *engine_case(enum engine engine)
{
    static int first;
    int e = (int)engine, passed = collect(first, engine, true);
    int count = collect(passed, engine, false);
    TCase *c = tcase_create(engine_names[engine]);
    tcase_add_loop_test(c, holds, first, passed);
    tcase_add_loop_test(c, differs, passed, count);
    first = count;
    for (int i = 0; i < IMAGES; i++)
        if (image_is_for((enum image)i, engine))
            tcase_add_loop_test(c, comes_to_its_end, e * IMAGES + i, e * IMAGES + i + 1);
    if (engine != BOCHS)
        tcase_add_loop_test(c, ends_so, e * ENDINGS, (e + 1) * ENDINGS);
    if (engine < QEMU)
        tcase_add_loop_test(c, seabios_finds_no_disk, e * BIOSES, (e + 1) * BIOSES);
    return c;
}

static TCase *page_case(void)
{
    TCase *c = tcase_create("page");
    tcase_add_test(c, page_is_current);
    return c;
}

static Suite *system_suite(void)
{
    Suite *s = suite_create("system");
    for (enum engine engine = 0; engine < ENGINES; engine++)
        suite_add_tcase(s, engine_case(engine));
    suite_add_tcase(s, page_case());
    return s;
}

/* --- running them --- */

static struct run *queue[sizeof runs / sizeof(struct run)];
static size_t queued;

static void enqueue(struct run *run, enum engine engine, const struct setting *setting)
{
    *run = (struct run){.engine = engine,
                        .file = setting->file,
                        .arguments = setting->arguments,
                        .longest = LONGEST};
    queue[queued++] = run;
}

static void enqueue_all(enum engine engine)
{
    for (enum image i = 0; i < IMAGES; i++)
        if (image_is_for(i, engine))
            enqueue(&runs.image[engine][i], engine, &images[i]);
    for (unsigned i = 0; i < ENDINGS && engine != BOCHS; i++) {
        enqueue(&runs.ending[engine][i], engine, &endings[i].setting);
        if (endings[i].status == GOES_ON)
            runs.ending[engine][i].longest = 2;
    }
    for (unsigned i = 0; i < BIOSES && engine < QEMU; i++) {
        enqueue(&runs.seabios[engine][i], engine, &seabios[i]);
        runs.seabios[engine][i].until = milestones[MILESTONES - 1];
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--report") == 0) {
        report_peers(stdout);
        return EXIT_SUCCESS;
    }
    for (enum engine engine = 0; engine < ENGINES; engine++)
        enqueue_all(engine);
    run_all(queue, queued);
    return run_suites((suite_maker *const[]){system_suite}, 1);
}
