/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ends of serial lines outside the guest: standard input and output, files. */
#include "exec/file.h"
#include "hw/console.h"
#include "tests/hw/fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct timers *timers;
static struct console console;
static int to_stdin, from_stdout;

/* Each test is a process of its own, so it may have its own standard input and output. */
static void setup(void)
{
    int in[2], out[2];
    ck_assert_int_eq(pipe(in), 0);
    ck_assert_int_eq(pipe(out), 0);
    fflush(NULL);
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    close(in[0]);
    close(out[1]);
    to_stdin = in[1];
    from_stdout = out[0];
    fcntl(from_stdout, F_SETFL, O_NONBLOCK);
    test_time = 5;
    timers = new_timers();
    console_init(&console, timers);
}

static void type(const char *text)
{
    ck_assert_int_eq(write(to_stdin, text, strlen(text)), (ssize_t)strlen(text));
    console_poll(&console);
}

static const char *taken(void)
{
    static char text[CONSOLE_INPUT + 1];
    size_t n = console.chardev.take(&console.chardev, (uint8_t *)text, CONSOLE_INPUT);
    text[n] = 0;
    return text;
}

static const char *shown(void)
{
    static char text[8192];
    ssize_t n = read(from_stdout, text, sizeof text - 1);
    text[n > 0 ? n : 0] = 0;
    return text;
}

static void put(const char *text)
{
    for (; *text; text++)
        console.chardev.put(&console.chardev, (uint8_t)*text);
}

START_TEST(what_is_typed_comes_in)
{
    console_poll(&console); /* nothing there: does not wait */
    ck_assert_str_eq(taken(), "");
    type("hello");
    ck_assert_str_eq(taken(), "hello");
}
END_TEST

START_TEST(ctrl_a_commands)
{
    type("a\x01\x01"
         "b\x01zc");
    ck_assert_str_eq(taken(), "a\x01"
                              "bc");
    type("\x01");
    type("h");
    ck_assert_ptr_nonnull(strstr(shown(), "Ctrl-A x"));
    ck_assert_str_eq(taken(), "");
    ck_assert(!console.quit);
    type("\x01x");
    ck_assert(console.quit);
    ck_assert(!console_wants_input(&console));
}
END_TEST

START_TEST(ctrl_a_x_works_while_the_guest_does_not_read)
{
    for (unsigned i = 0; i < 100; i++)
        type("0123456789");
    type("\x01x");
    ck_assert(console.quit);
}
END_TEST

START_TEST(more_than_fits_waits_outside)
{
    char text[3 * CONSOLE_INPUT + 1] = "";
    size_t got = 0;
    for (size_t i = 0; i < sizeof text - 1; i++)
        text[i] = (char)('a' + i % 23);
    type(text);
    ck_assert(!console_wants_input(&console));
    while (got < sizeof text - 1) {
        size_t n = strlen(taken());
        ck_assert_uint_gt(n, 0);
        got += n;
        console_poll(&console);
    }
    ck_assert_uint_eq(got, sizeof text - 1);
}
END_TEST

START_TEST(the_end_of_input_is_just_that)
{
    type("last");
    close(to_stdin);
    console_poll(&console);
    ck_assert(console.ended);
    ck_assert(!console.quit);
    ck_assert(!console_wants_input(&console));
    ck_assert_str_eq(taken(), "last");
}
END_TEST

START_TEST(output_is_collected_and_timely)
{
    put("some text");
    ck_assert_str_eq(shown(), "");
    advance(timers, 2 * NS_PER_MS);
    ck_assert_str_eq(shown(), "some text");
    ck_assert_uint_eq(timers_next(timers), TIMER_NEVER);
    for (unsigned i = 0; i < 4095; i++)
        put("x");
    ck_assert_str_eq(shown(), "");
    put("y"); /* full */
    ck_assert_uint_eq(strlen(shown()), 4096);
    put("z");
    output_flush(&console.output);
    ck_assert_str_eq(shown(), "z");
}
END_TEST

START_TEST(files)
{
    static struct chardev_file file;
    struct error error;
    char name[] = "/tmp/tessera-chardev-XXXXXX", text[64] = "";
    int fd = mkstemp(name);
    ck_assert_int_eq(write(fd, "old contents", 12), 12);
    ck_assert(chardev_file_open(&file, name, timers, &error));
    file.chardev.put(&file.chardev, 'o');
    file.chardev.put(&file.chardev, 'k');
    uint8_t byte;
    ck_assert_uint_eq(file.chardev.take(&file.chardev, &byte, 1), 0);
    chardev_file_close(&file);
    ck_assert_int_eq(pread(fd, text, sizeof text, 0), 2);
    ck_assert_str_eq(text, "ok");
    unlink(name);
    close(fd);
    ck_assert(!chardev_file_open(&file, "/no-such-folder/file", timers, &error));
    ck_assert_str_eq(error.text, "/no-such-folder/file: No such file or directory");
    ck_assert(!chardev_file_open(&file, "/", timers, &error));
}
END_TEST

static char told[256];

static void note_loss(const char *name, int error)
{
    size_t length = strlen(told);
    snprintf(told + length, sizeof told - length, "%s: %s;", name, strerror(error));
}

START_TEST(a_full_disk_is_told_once)
{
    struct output output;
    files_on_loss(note_loss);
    output_init(&output, open("/dev/full", O_WRONLY), "out.log", timers);
    for (unsigned i = 0; i < 3; i++) {
        output_put(&output, 'x');
        output_flush(&output);
    }
    ck_assert_str_eq(told, "out.log: No space left on device;");
    ck_assert(!files_close());
}
END_TEST

Suite *console_suite(void)
{
    Suite *suite = suite_create("console");
    TCase *c = tcase_create("console");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, what_is_typed_comes_in);
    tcase_add_test(c, ctrl_a_commands);
    tcase_add_test(c, ctrl_a_x_works_while_the_guest_does_not_read);
    tcase_add_test(c, more_than_fits_waits_outside);
    tcase_add_test(c, the_end_of_input_is_just_that);
    tcase_add_test(c, output_is_collected_and_timely);
    tcase_add_test(c, files);
    tcase_add_test(c, a_full_disk_is_told_once);
    suite_add_tcase(suite, c);
    return suite;
}
