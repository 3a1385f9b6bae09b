/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each target over its corpus: what was found once, and what reaches the most code. */
#include "tests/fuzz/fuzz.h"

#include <check.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "exec/exec.h"

static void replay_file(const char *path, void (*target)(const uint8_t *bytes, size_t size))
{
    static uint8_t bytes[1 << 20];
    FILE *file = fopen(path, "rb");

    ck_assert_msg(file != NULL, "%s", path);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    uint8_t *copy = malloc(size ? size : 1); /* so that a read beyond it shows */
    ck_assert_ptr_nonnull(copy);
    for (size_t i = 0; i < size; i++)
        copy[i] = bytes[i];
    mark_point();
    target(copy, size);
    free(copy);
}

static void replay(const char *pattern, void (*target)(const uint8_t *bytes, size_t size))
{
    glob_t found;

    ck_assert_msg(glob(pattern, 0, NULL, &found) == 0, "nothing at %s", pattern);
    for (size_t i = 0; i < found.gl_pathc; i++)
        replay_file(found.gl_pathv[i], target);
    globfree(&found);
}

START_TEST(decoder)
{
    replay("tests/fuzz/corpus/decoder/*", fuzz_decoder);
}
END_TEST

START_TEST(guest)
{
    replay("tests/fuzz/corpus/guest/*", fuzz_guest);
}
END_TEST

START_TEST(loader)
{
    replay("tests/fuzz/corpus/loader/*", fuzz_loader);
}
END_TEST

START_TEST(options)
{
    replay("tests/fuzz/corpus/options/*", fuzz_options);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("fuzz corpus");
    TCase *c = tcase_create("fuzz corpus");
    SRunner *runner = srunner_create(s);

    tcase_set_timeout(c, 300);
    tcase_add_test(c, decoder);
    tcase_add_test(c, guest);
    tcase_add_test(c, loader);
    tcase_add_test(c, options);
    suite_add_tcase(s, c);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
