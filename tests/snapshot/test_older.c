/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A snapshot that an older Tessera has written, and its guest goes on. older.tessera is of commit
 * 05843409f564, of tables cpu 1 and i8042 1 (each is 2 today): that version was run with the
 * command line below, with older.rom (older.S), and ended by SIGTERM when 588 letters had been
 * written.
 */
#include "tests/guests/emulator.h"
#include "tests/snapshot/stage.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OLDER_FILE "tests/snapshot/older.tessera"
enum { LETTERS = 2000, WRITTEN = 588, GUEST_STATUS = 43 };

static const char *const engines[] = {"template", "ir", "interp", "mixed"};
static const char rom[] = BUILD "/tests/snapshot/older.rom";
static char written[64], state[64];

static void make_name(char *name, const char *template)
{
    strcpy(name, template);
    int fd = mkstemp(name);
    ck_assert_int_ge(fd, 0);
    close(fd);
}

static void setup(void)
{
    make_name(written, "/tmp/tessera-letters-XXXXXX");
    make_name(state, "/tmp/tessera-newer-XXXXXX");
}

static void teardown(void)
{
    unlink(written);
    unlink(state);
}

/* What the guest writes from its beginning on. */
static void compute(char *letters)
{
    uint32_t x = 1;
    for (unsigned i = 0; i < LETTERS; i++) {
        x = x * 1664525 + 1013904223;
        letters[i] = (char)('A' + ((x >> 16) + i + 1) % 16);
    }
}

static struct emulator *start(const char *engine, const char *from)
{
    char debugcon[80], incoming[80];
    snprintf(debugcon, sizeof debugcon, "file:%s", written);
    snprintf(incoming, sizeof incoming, "file:%s", from ? from : "");
    return emulator_start(ON_PIPES,
                          (const char *const[]){"-m", "1", "-vga", "none", "-display", "none",
                                                "-serial", "null", "-bios", rom, "-device",
                                                "isa-debug-exit", "-debugcon", debugcon, "-jit",
                                                engine, from ? "-incoming" : NULL, incoming, NULL});
}

static void expect_letters(struct emulator *e, unsigned first)
{
    char letters[LETTERS], got[LETTERS + 1];
    int status = emulator_wait(e), fd = open(written, O_RDONLY | O_CLOEXEC);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == GUEST_STATUS, "%s", e->text);
    compute(letters);
    ck_assert_int_eq(read(fd, got, sizeof got), LETTERS - first);
    ck_assert_mem_eq(got, letters + first, LETTERS - first);
    close(fd);
    emulator_kill(e);
}

/* _i: in which engine. */
START_TEST(its_guest_goes_on)
{
    expect_letters(start(engines[_i], OLDER_FILE), WRITTEN);
}
END_TEST

START_TEST(from_its_beginning_the_guest_does_the_same)
{
    expect_letters(start("template", NULL), 0);
}
END_TEST

/* --- the file --- */

static struct stage_bytes read_older(void)
{
    int fd = open(OLDER_FILE, O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    struct stage_bytes file = stage_bytes(fd);
    close(fd);
    return file;
}

/* The version of a device's state: behind its name and the size. */
static uint8_t *version_of(const struct stage_bytes *contents, const char *device)
{
    enum { SIZE = 4 };
    uint8_t *at = memmem(contents->at, contents->size, device, strlen(device));
    ck_assert_msg(at != NULL, "%s", device);
    return at + strlen(device) + SIZE;
}

/* The test is of what it says. */
START_TEST(it_is_of_older_tables)
{
    struct stage_bytes file = read_older(), contents = stage_unpack(&file);
    struct stage s;
    stage_open_small(&s);
    int fd = stage_save(&s);
    struct stage_bytes today = stage_bytes(fd), now = stage_unpack(&today);
    ck_assert_uint_eq(*version_of(&contents, "i8042-0"), 1);
    ck_assert_uint_gt(*version_of(&now, "i8042-0"), 1);
    close(fd);
    stage_close(&s);
    free(file.at);
    free(contents.at);
    free(today.at);
    free(now.at);
}
END_TEST

static const struct {
    const char *device, *line;
} newer[] = {{"i8042-0", "i8042-0: i8042 of version 77: only versions 1 to 2 are known"},
             {"piix3-0", "piix3-0: piix3 of version 77: only versions 1 to 2 are known"},
             {"i8254-0", "i8254-0: i8254 of version 77: only versions 1 to 1 are known"}};

/* _i: one of those. */
START_TEST(what_is_newer_is_refused_in_a_line)
{
    char line[200];
    struct stage_bytes file = read_older(), contents = stage_unpack(&file);
    *version_of(&contents, newer[_i].device) = 77;
    int from = stage_pack(&file, contents.at, contents.size);
    struct stage_bytes packed = stage_bytes(from);
    int to = open(state, O_WRONLY | O_CLOEXEC);
    ck_assert_int_eq(write(to, packed.at, packed.size), (ssize_t)packed.size);
    struct emulator *e = start("template", state);
    int status = emulator_wait(e);
    snprintf(line, sizeof line, "tessera: %s: %s\n", state, newer[_i].line);
    ck_assert_str_eq(e->text, line);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    emulator_kill(e);
    close(from);
    close(to);
    free(file.at);
    free(contents.at);
    free(packed.at);
}
END_TEST

Suite *older_suite(void)
{
    Suite *suite = suite_create("older");
    TCase *c = tcase_create("older");
    tcase_set_timeout(c, 120);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_loop_test(c, its_guest_goes_on, 0, sizeof engines / sizeof *engines);
    tcase_add_test(c, from_its_beginning_the_guest_does_the_same);
    tcase_add_test(c, it_is_of_older_tables);
    tcase_add_loop_test(c, what_is_newer_is_refused_in_a_line, 0, sizeof newer / sizeof *newer);
    suite_add_tcase(suite, c);
    return suite;
}
