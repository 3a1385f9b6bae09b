/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Images of our own for ppce500 (start.S) that ask about TLBs, interrupts, debug events,
 * reservations and guest state, in each engine and in QEMU: the answers are those of checks.def,
 * and QEMU's differ where it says so.
 */
#include "tests/guests/emulator.h"
#include "tests/suites.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static const char *const images[] = {"tlb", "interrupt", "debug", "reservation", "hypervisor"};
enum { IMAGES = sizeof images / sizeof *images };

static const struct {
    const char *option, *value;
} engines[] = {
    {"-jit", "template"},
    {"-jit-cache", "1M"},
    {"-jit", "ir"},
    {"-jit", "mixed:2"},
    {"-jit", "interp"},
    {"-jit", "lockstep"},
    {"-jit", "lockstep:template,ir"},
};
enum { ENGINES = sizeof engines / sizeof *engines };

#define RIGHT NULL
static const char ABSENT[] = "";
static const struct check {
    const char *image, *name, *answer, *section, *qemu;
} checks[] = {
#define CHECK(image, name, answer, section, qemu) {#image, name, answer, section, qemu},
#include "tests/ppc/system/checks.def"
#undef CHECK
};
enum { CHECKS = sizeof checks / sizeof *checks };

static struct emulator *run(const char *program, const char *option, const char *value,
                            const char *image)
{
    char path[64];
    snprintf(path, sizeof path, BUILD "/ppc-system/%s.elf", image);
    struct emulator *e =
        emulator_start_program(program, ON_PIPES,
                               (const char *[]){"-M", "ppce500", "-nographic", "-m", "64", option,
                                                value, "-kernel", path, NULL},
                               NULL);
    int status = emulator_wait(e);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0 && strstr(e->text, "\nend:"),
                  "%s %s %s, %s:%s", program, option, value, image, e->text);
    return e;
}

/* Does the image say this, on a line of its own? */
static bool says(const char *text, const char *name, const char *answer)
{
    char line[256];
    snprintf(line, sizeof line, "\n%s: %s\n", name, answer);
    return strstr(text, line) != NULL;
}

/* Lines that answer. */
static unsigned lines_of(const char *text)
{
    unsigned lines = 0;
    for (const char *at = text; (at = strstr(at, ": ")) != NULL; at++)
        lines++;
    return lines;
}

static void check_answers(const char *image, const char *text, bool is_qemu)
{
    unsigned wrong = 0, asked = 0;
    for (unsigned i = 0; i < CHECKS; i++) {
        const struct check *c = &checks[i];
        if (strcmp(c->image, image) != 0)
            continue;
        if (is_qemu && c->qemu == ABSENT)
            continue;
        asked++;
        if (says(text, c->name, c->answer) == !(is_qemu && c->qemu))
            continue;
        fprintf(stderr, "%s: %s (%s): %s is expected%s\n", image, c->name, c->section, c->answer,
                is_qemu && c->qemu ? " to be otherwise" : "");
        wrong++;
    }
    ck_assert_uint_eq(asked, lines_of(text));
    ck_assert_msg(wrong == 0, "%u answers are not right:%s", wrong, text);
}

START_TEST(each_engine)
{
    const char *image = images[_i / ENGINES];
    int engine = _i % ENGINES;
    struct emulator *e =
        run(emulator_program(), engines[engine].option, engines[engine].value, image);
    check_answers(image, e->text, false);
    emulator_kill(e);
}
END_TEST

START_TEST(qemu)
{
    struct emulator *e = run("qemu-system-ppc", "-cpu", "e500mc", images[_i]);
    check_answers(images[_i], e->text, true);
    emulator_kill(e);
}
END_TEST

static Suite *images_suite(void)
{
    Suite *suite = suite_create("PowerPC images");
    TCase *c = tcase_create("PowerPC images");
    tcase_set_timeout(c, 300);
    tcase_add_loop_test(c, each_engine, 0, IMAGES * ENGINES);
    tcase_add_loop_test(c, qemu, 0, IMAGES);
    suite_add_tcase(suite, c);
    return suite;
}

TEST_MAIN(images_suite)
