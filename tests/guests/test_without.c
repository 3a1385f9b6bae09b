/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tessera built without any of the libraries that it can do without: it runs guests, and what is
 * not there it says in a line, with the package that it would be built with.
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

START_TEST(runs_a_guest)
{
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
    tcase_add_test(c, runs_a_guest);
    tcase_add_test(c, lists_words);
    suite_add_tcase(suite, c);
    return suite;
}
