/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tessera built without any of the libraries that it can do without, and without each of them: it
 * runs guests, and what is not there it says in a line, with the package that it would be built
 * with.
 */
#include "emulator.h"
#include "test_guests.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static void setup(void)
{
    setenv("TESSERA", "build/bare/tessera", 1);
}

static const struct {
    const char *arguments[4], *says;
} refused[] = {
    {{"-display", "sdl"}, "libsdl2-dev"},
    {{"-display", "vnc=127.0.0.1:7"}, "libvncserver-dev"},
    {{"-display", "web=127.0.0.1:5707"}, "libvncserver-dev"},
    {{"-display", "curses"}, "libncurses-dev"},
    {{"-hda", "nbd:unix:/nobody"}, "libnbd-dev"},
    {{"-drive", "file=COPYING,format=qcow2,readonly=on"}, "libnbd-dev"},
    {{"-nic", "user"}, "libslirp-dev"},
};

START_TEST(says_what_is_missing)
{
    struct emulator *e = emulator_start(ON_PIPES, refused[_i].arguments);
    emulator_expect(e, "tessera: ");
    emulator_expect(e, refused[_i].says);
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    ck_assert_str_eq(strchr(e->text, '\n'), "\n");
    emulator_kill(e);
}
END_TEST

static const char *const programs[] = {
    "build/bare/tessera",        "build/bare/without-ADPLUG",    "build/bare/without-CAPSTONE",
    "build/bare/without-CURSES", "build/bare/without-FDT",       "build/bare/without-LIBEDIT",
    "build/bare/without-LIBNBD", "build/bare/without-SDL2",      "build/bare/without-SECCOMP",
    "build/bare/without-SLIRP",  "build/bare/without-VNCSERVER", "build/bare/without-XKBCOMMON",
};

START_TEST(runs_a_guest)
{
    setenv("TESSERA", programs[_i], 1);
    struct emulator *e =
        emulator_start(ON_TERMINAL, (const char *[]){"-kernel", DEFAULT_GUEST, NULL});
    emulator_expect(e, "> ");
    emulator_send(e, "help\r");
    emulator_expect(e, "> ");
    emulator_kill(e);
}
END_TEST

/* Instructions of a guest whose disassembler is missing are listed as numbers. */
START_TEST(lists_words)
{
    struct emulator *e =
        emulator_start(ON_TERMINAL, (const char *[]){"-M", "ppc-bare", "-kernel", PPC_PROGRAM, "-d",
                                                     "in_asm", "-D", "/dev/stdout", NULL});
    emulator_expect(e, ".long");
    emulator_kill(e);
}
END_TEST

Suite *without_suite(void)
{
    Suite *suite = suite_create("without");
    TCase *c = tcase_create("without");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_loop_test(c, says_what_is_missing, 0, sizeof refused / sizeof *refused);
    tcase_add_loop_test(c, runs_a_guest, 0, sizeof programs / sizeof *programs);
    tcase_add_test(c, lists_words);
    suite_add_tcase(suite, c);
    return suite;
}
