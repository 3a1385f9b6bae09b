/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each target over what it is known by: corpus/, the few inputs that reach all the code that
 * libFuzzer could reach, and found/, those that were faults once.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/suites.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void target_fn(const uint8_t *bytes, size_t size);

static unsigned digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c ? strchr(digits, c) : NULL;
    ck_assert_ptr_nonnull(found);
    return (unsigned)(found - digits);
}

/* Just as many bytes as there are, so that a read beyond them shows. */
static uint8_t *parse_line(const char *line, size_t size)
{
    uint8_t *bytes = malloc(size ? size : 1);

    ck_assert_ptr_nonnull(bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(digit(line[2 * i]) << 4 | digit(line[2 * i + 1]));
    return bytes;
}

static unsigned replay_file(const char *path, target_fn *target)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    unsigned inputs = 0;

    ck_assert_msg(file != NULL, "%s", path);
    for (int number = 1; getline(&line, &room, file) >= 0; number++) {
        if (*line == '#')
            continue;
        size_t size = strcspn(line, "\n") / 2;
        uint8_t *bytes = parse_line(line, size);
        _mark_point(path, number); /* a crash is reported as having happened there */
        target(bytes, size);
        free(bytes);
        inputs++;
    }
    free(line);
    fclose(file);
    return inputs;
}

static void replay(const char *name, target_fn *target)
{
    char path[64];

    snprintf(path, sizeof path, "tests/fuzz/corpus/%s.hex", name);
    ck_assert_uint_gt(replay_file(path, target), 0);
    snprintf(path, sizeof path, "tests/fuzz/found/%s.hex", name);
    replay_file(path, target);
}

START_TEST(decoder)
{
    replay("decoder", fuzz_decoder);
}
END_TEST

START_TEST(devices)
{
    replay("devices", fuzz_devices);
}
END_TEST

START_TEST(firmware)
{
    replay("firmware", fuzz_firmware);
}
END_TEST

START_TEST(guest)
{
    replay("guest", fuzz_guest);
}
END_TEST

START_TEST(http)
{
    replay("http", fuzz_http);
}
END_TEST

START_TEST(image)
{
    replay("image", fuzz_image);
}
END_TEST

START_TEST(loader)
{
    replay("loader", fuzz_loader);
}
END_TEST

START_TEST(options)
{
    replay("options", fuzz_options);
}
END_TEST

START_TEST(ppce500)
{
    replay("ppce500", fuzz_ppce500);
}
END_TEST

START_TEST(virtio)
{
    replay("virtio", fuzz_virtio);
}
END_TEST

static Suite *fuzz_corpus_suite(void)
{
    Suite *s = suite_create("fuzz corpus");
    TCase *c = tcase_create("fuzz corpus");

    tcase_set_timeout(c, 300);
    tcase_add_test(c, decoder);
    tcase_add_test(c, devices);
    tcase_add_test(c, firmware);
    tcase_add_test(c, guest);
    tcase_add_test(c, http);
    tcase_add_test(c, image);
    tcase_add_test(c, loader);
    tcase_add_test(c, options);
    tcase_add_test(c, ppce500);
    tcase_add_test(c, virtio);
    suite_add_tcase(s, c);
    return s;
}

TEST_MAIN(fuzz_corpus_suite)
