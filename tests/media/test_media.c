/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Media that come out of Debian's packages, and those that are made of them here, played by the
 * scripts of tests/media/MEDIA.
 */
#include "tests/assert.h"
#include "tests/media/script.h"
#include "tests/suites.h"

#include <stdlib.h>

enum { LONGEST = 900 };

static struct script script;

/* _i = play * MACHINES + machine */
START_TEST(plays)
{
    const struct script_play *play = &script.play[_i / MACHINES];
    enum machine machine = (enum machine)(_i % MACHINES);
    if (play->on[machine])
        script_run(play, machine, NULL);
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite = suite_create("media");
    script_read(&script, argc > 1 ? argv[1] : "tests/media/MEDIA");
    for (unsigned i = 0; i < script.plays; i++) {
        TCase *c = tcase_create(script.play[i].title);
        tcase_set_timeout(c, LONGEST);
        tcase_add_loop_test(c, plays, (int)(i * MACHINES), (int)((i + 1) * MACHINES));
        suite_add_tcase(suite, c);
    }
    SRunner *runner = srunner_create(suite);
    return run_to_end(runner);
}
