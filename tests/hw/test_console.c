/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ends of serial lines outside the guest: standard input and output, files. */
#include "exec/file.h"
#include "hw/host/console.h"
#include "tests/hw/fixture.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static struct timers *timers;
static struct console console;
static int to_stdin, from_stdout;
static atomic_uint drained; /* how often the owner of an output has been told */
static unsigned waited;     /* how often it has waited, */
static bool gives_up;       /* and whether it does not any more */
static size_t thrown_away;  /* bytes of output, by take_a_page */
static struct error error;

static void note_drained(void *owner)
{
    (void)owner;
    drained++;
}

static void take_a_page(void);

static bool wait_for_room(void *owner)
{
    (void)owner;
    waited++;
    if (gives_up)
        return false;
    take_a_page();
    return true;
}

static const struct output_owner owner = {note_drained, wait_for_room, NULL};

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
    ck_assert(console_open(&console, timers, &owner, &error));
    ck_assert(output_start(&console.output, &error));
}

static void type(const char *text)
{
    ck_assert_int_eq(write(to_stdin, text, strlen(text)), (ssize_t)strlen(text));
    console_poll(&console);
}

static const char *taken(void)
{
    static char text[4096 + 1];
    size_t n = console.chardev.take(&console.chardev, (uint8_t *)text, sizeof text - 1);
    text[n] = 0;
    return text;
}

/* What has come out, and at least so much. */
static const char *shown(size_t least)
{
    static char text[3 * OUTPUT_ROOM];
    size_t n = 0;
    do {
        poll(&(struct pollfd){.fd = from_stdout, .events = POLLIN}, 1, n < least ? -1 : 0);
        ssize_t more = read(from_stdout, text + n, sizeof text - 1 - n);
        n += more > 0 ? (size_t)more : 0;
    } while (n < least);
    text[n] = 0;
    return text;
}

/* Less, if there is less at this moment. */
static void take_a_page(void)
{
    char page[4096];
    poll(&(struct pollfd){.fd = from_stdout, .events = POLLIN}, 1, -1);
    ssize_t n = read(from_stdout, page, sizeof page);
    ck_assert_int_gt(n, 0);
    thrown_away += (size_t)n;
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
    ck_assert_ptr_nonnull(strstr(shown(80), "Ctrl-A x"));
    ck_assert_str_eq(taken(), "");
    ck_assert(!console.quit);
    type("\x01x");
    ck_assert(console.quit);
    ck_assert(!console_wants_input(&console));
}
END_TEST

/* What a monitor reads, if anything. */
static const char *line_read(int fd)
{
    static char text[256];
    ssize_t n = read(fd, text, sizeof text - 1);
    text[n > 0 ? n : 0] = 0;
    return text;
}

START_TEST(ctrl_a_c_turns_to_a_monitor)
{
    int ends[2];
    type("\x01"
         "cx");
    ck_assert_ptr_nonnull(strstr(shown(30), "no monitor"));
    ck_assert_str_eq(taken(), "x");
    ck_assert_int_eq(pipe2(ends, O_NONBLOCK), 0);
    console_share(&console, ends[1], false);
    type("one\x01"
         "c");
    ck_assert_str_eq(line_read(ends[0]), "\n");
    type("infox\x7f status");
    ck_assert_str_eq(line_read(ends[0]), "");
    type("\r\x7f");
    ck_assert_str_eq(line_read(ends[0]), "info status\n");
    type("nonsense\x15"
         "\x01\x01q\r\x01"
         "ctwo\x01x");
    ck_assert_str_eq(line_read(ends[0]), "\nq\n");
    ck_assert_str_eq(taken(), "onetwo");
    ck_assert(console.quit);
}
END_TEST

START_TEST(a_line_to_a_monitor_has_an_end)
{
    int ends[2];
    ck_assert_int_eq(pipe2(ends, O_NONBLOCK), 0);
    console_share(&console, ends[1], false);
    console.is_terminal = true;
    type("\x01"
         "c");
    line_read(ends[0]);
    shown(2);
    for (unsigned i = 0; i < CONSOLE_LINE - 1; i++)
        console_key(&console, 'a');
    ck_assert_str_eq(shown(CONSOLE_LINE - 1) + CONSOLE_LINE - 2, "a");
    console_key(&console, 'b');
    console_key(&console, 27);
    ck_assert_str_eq(shown(2), "\a\a");
    console_key(&console, 8);
    ck_assert_str_eq(shown(3), "\b \b");
    console_write(&console, "said\n", 5);
    ck_assert_str_eq(shown(5), "said\n");
}
END_TEST

/* So many letters are typed, unless the console wants no more; how many are not. */
static size_t type_much(size_t count)
{
    static const char text[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    for (size_t n; count && console_wants_input(&console); count -= n) {
        n = count < sizeof text - 1 ? count : sizeof text - 1;
        ck_assert_int_eq(write(to_stdin, text, n), (ssize_t)n);
        console_poll(&console);
    }
    return count;
}

START_TEST(ctrl_a_x_works_while_the_guest_does_not_read)
{
    ck_assert_uint_eq(type_much(100000), 0);
    type("\x01x");
    ck_assert(console.quit);
}
END_TEST

/* What does not fit is lost, and heard; commands are not. */
START_TEST(a_terminal_never_hides_ctrl_a_x)
{
    console.is_terminal = true;
    ck_assert_uint_eq(type_much(CONSOLE_INPUT), 0);
    ck_assert_str_eq(shown(0), "");
    ck_assert_uint_eq(type_much(10000), 0);
    ck_assert_str_eq(shown(1), "\a");
    type("\x01x");
    ck_assert(console.quit);
    size_t got = 0;
    while (*taken())
        got++;
    ck_assert_uint_gt(got, 0);
}
END_TEST

START_TEST(more_than_fits_waits_outside)
{
    size_t left = type_much(CONSOLE_INPUT + 100000), got = 0;
    ck_assert_uint_ge(left, 1);
    ck_assert_uint_eq(console.count, CONSOLE_INPUT);
    type("xy");
    ck_assert_uint_eq(console.count, CONSOLE_INPUT);
    for (size_t n; (n = strlen(taken())); got += n)
        console_poll(&console);
    ck_assert_uint_eq(got, CONSOLE_INPUT + 100000 - left + 2);
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
    ck_assert_str_eq(shown(0), "");
    advance(timers, 2 * NS_PER_MS);
    ck_assert_str_eq(shown(9), "some text");
    ck_assert_uint_eq(timers_next(timers), TIMER_NEVER);
    for (unsigned i = 0; i < 4095; i++)
        put("x");
    ck_assert_str_eq(shown(0), "");
    put("y"); /* enough */
    ck_assert_uint_eq(strlen(shown(4096)), 4096);
    put("z");
    output_flush(&console.output);
    ck_assert_str_eq(shown(1), "z");
}
END_TEST

/* --- a reader that does not read: the pipe takes some, the ring the rest --- */

/* The pipe takes nothing, and what it took is no longer counted as waiting for it. */
static bool pipe_is_full(size_t count)
{
    struct pollfd pipe_end = {.fd = STDOUT_FILENO, .events = POLLOUT};
    int taken;
    ck_assert_int_eq(ioctl(from_stdout, FIONREAD, &taken), 0);
    return poll(&pipe_end, 1, 0) == 0 && (size_t)taken + output_pending(&console.output) == count;
}

static size_t put_until_full(void)
{
    size_t count = 0;
    for (;; count++) {
        while (!console.chardev.ready(&console.chardev))
            if (pipe_is_full(count))
                return count;
        put("x");
    }
}

START_TEST(nobody_waits_for_a_reader)
{
    size_t count = put_until_full();
    ck_assert_uint_ge(count, OUTPUT_ROOM);
    ck_assert_uint_eq(output_room(&console.output), 0);
    ck_assert_uint_eq(waited, 0);
    type("\x01h"); /* is not heard, but does not wait */
    drained = 0;
    ck_assert(!console.chardev.ready(&console.chardev));
    take_a_page();
    while (!drained)
        sched_yield();
    ck_assert(console.chardev.ready(&console.chardev));
    put("y");
    output_flush(&console.output);
    ck_assert_uint_eq(waited, 0);
    ck_assert_uint_eq(strlen(shown(count + 1 - thrown_away)), count + 1 - thrown_away);
    while (output_pending(&console.output))
        sched_yield();
}
END_TEST

START_TEST(who_does_not_ask_waits)
{
    size_t count = put_until_full();
    put("y");
    output_flush(&console.output);
    ck_assert_uint_gt(waited, 0);
    const char *rest = shown(count + 1 - thrown_away);
    ck_assert_int_eq(rest[strlen(rest) - 1], 'y');
}
END_TEST

/* An end was asked for: neither a byte more nor the end waits for the reader. */
START_TEST(an_end_waits_for_no_reader)
{
    put_until_full();
    gives_up = true;
    put("y");
    ck_assert_uint_eq(waited, 1);
    ck_assert_uint_eq(output_pending(&console.output), OUTPUT_ROOM);
    ck_assert(!output_close(&console.output));
}
END_TEST

static void put_text(const char *text)
{
    for (; *text; text++)
        console.text.put(&console.text, (uint8_t)*text);
    output_flush(&console.output);
}

/* Standard output becomes a raw terminal; the user's end of it. */
static void show_on_terminal(void)
{
    int slave;
    struct termios t;
    ck_assert_int_eq(openpty(&from_stdout, &slave, NULL, NULL, NULL), 0);
    ck_assert_int_eq(tcgetattr(slave, &t), 0);
    cfmakeraw(&t);
    ck_assert_int_eq(tcsetattr(slave, TCSANOW, &t), 0);
    ck_assert_int_eq(fcntl(from_stdout, F_SETFL, O_NONBLOCK), 0);
    dup2(slave, STDOUT_FILENO);
}

START_TEST(text_of_the_debug_port_has_cr_on_a_raw_terminal_only)
{
    files_crlf = 1;
    put_text("a\n");
    ck_assert_str_eq(shown(2), "a\n");
    show_on_terminal();
    put_text("b\n");
    ck_assert_str_eq(shown(3), "b\r\n");
    put("c\n");
    output_flush(&console.output);
    ck_assert_str_eq(shown(2), "c\n");
}
END_TEST

START_TEST(files)
{
    static struct chardev_file file;
    char name[] = "/tmp/tessera-chardev-XXXXXX", text[64] = "";
    int fd = mkstemp(name);
    ck_assert_int_eq(write(fd, "old contents", 12), 12);
    ck_assert(chardev_file_open(&file, name, false, timers, &owner, &error));
    ck_assert(output_start(&file.output, &error));
    file.chardev.put(&file.chardev, 'o');
    file.chardev.put(&file.chardev, 'k');
    uint8_t byte;
    ck_assert_uint_eq(file.chardev.take(&file.chardev, &byte, 1), 0);
    output_flush(&file.output);
    while (output_pending(&file.output))
        sched_yield();
    chardev_file_close(&file);
    ck_assert_int_eq(pread(fd, text, sizeof text, 0), 2);
    ck_assert_str_eq(text, "ok");
    unlink(name);
    close(fd);
    ck_assert(!chardev_file_open(&file, "/no-such-folder/file", false, timers, &owner, &error));
    ck_assert_str_eq(error.text, "/no-such-folder/file: No such file or directory");
    ck_assert(!chardev_file_open(&file, "/", false, timers, &owner, &error));
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
    int full = open("/dev/full", O_WRONLY);
    files_on_loss(note_loss);
    ck_assert(output_open(&output, full, "out.log", timers, &owner, &error));
    ck_assert(output_start(&output, &error));
    for (unsigned i = 0; i < 3; i++) {
        output_put(&output, 'x');
        output_flush(&output);
        while (output_pending(&output))
            sched_yield();
    }
    ck_assert_uint_eq(waited, 0);
    ck_assert(output_close(&output));
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
    tcase_add_test(c, ctrl_a_c_turns_to_a_monitor);
    tcase_add_test(c, a_line_to_a_monitor_has_an_end);
    tcase_add_test(c, ctrl_a_x_works_while_the_guest_does_not_read);
    tcase_add_test(c, a_terminal_never_hides_ctrl_a_x);
    tcase_add_test(c, more_than_fits_waits_outside);
    tcase_add_test(c, the_end_of_input_is_just_that);
    tcase_add_test(c, output_is_collected_and_timely);
    tcase_add_test(c, nobody_waits_for_a_reader);
    tcase_add_test(c, who_does_not_ask_waits);
    tcase_add_test(c, an_end_waits_for_no_reader);
    tcase_add_test(c, text_of_the_debug_port_has_cr_on_a_raw_terminal_only);
    tcase_add_test(c, files);
    tcase_add_test(c, a_full_disk_is_told_once);
    suite_add_tcase(suite, c);
    return suite;
}
