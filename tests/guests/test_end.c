/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An end that somebody asks for, by a signal or by Ctrl-A x, comes at once, whatever the guest does
 * and whoever does not read what it says; and what is read slowly is read to the end.
 */
#include "emulator.h"
#include "rom.h"
#include "test_guests.h"
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/tessera-end-XXXXXX";
static char rom[64], fifo[64], errors[64], done[64];

static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(rom, sizeof rom, "%s/rom", folder);
    snprintf(fifo, sizeof fifo, "%s/fifo", folder);
    snprintf(errors, sizeof errors, "%s/errors", folder);
    snprintf(done, sizeof done, "%s/done", folder);
}

static void teardown(void)
{
    unlink(rom);
    unlink(fifo);
    unlink(errors);
    unlink(done);
    rmdir(folder);
}

/* --- guests --- */

#define SERIAL 0xba, 0xf8, 0x03 /* mov $0x3f8, %dx */

static const unsigned char resets[] = {ROM_OUT(0x64, 0xfe), ROM_FOREVER};
static const unsigned char triple_faults[] = {
    0x2e, 0x0f, 0x01, 0x1e, 0x08, 0x00, /* lidt %cs:8 */
    0x0f, 0x0b,                         /* ud2 */
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, /* limit 0 */
};
static const unsigned char does_nothing[] = {ROM_FOREVER};
static const unsigned char halts[] = {0xfa, 0xf4, 0xeb, 0xfc};
/* Sends without looking whether it can, and looking. */
static const unsigned char floods[] = {SERIAL, 0xb0, 'x', 0xee, 0xeb, 0xfb};
static const unsigned char polls[] = {
    0xba,   0xfd, 0x03, 0xec, 0xa8, 0x20, 0x74, 0xfb, /* 1: LSR; test $0x20, %al; jz */
    SERIAL, 0xb0, 'x',  0xee, 0xeb, 0xf0,             /* jmp 1b */
};
/* By REP OUTSB. */
static const unsigned char string[] = {SERIAL, 0xb9, 0xff, 0xff, 0xf3, 0x6e, 0xeb, 0xf6};

struct guest {
    const char *name;
    const unsigned char *code;
    size_t size;
    bool writes;
};
#define GUEST(code, writes)                                                                        \
    {                                                                                              \
#code, code, sizeof(code), writes                                                          \
    }
static const struct guest guests[] = {
    GUEST(resets, false), GUEST(triple_faults, false), GUEST(does_nothing, false),
    GUEST(halts, false),  GUEST(floods, true),         GUEST(polls, true),
    GUEST(string, true),
};
enum { GUESTS = sizeof guests / sizeof *guests };

/* --- ways to ask for an end --- */

static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
enum { CTRL_A_X = sizeof signals / sizeof *signals, WAYS };

static void ask(struct emulator *e, int way)
{
    if (way < CTRL_A_X)
        ck_assert_int_eq(kill(e->pid, signals[way]), 0);
    else
        emulator_send(e, "\x01x");
}

static void check_end(struct emulator *e, int way)
{
    int status = emulator_wait_unread(e);
    if (way < CTRL_A_X) {
        ck_assert(WIFSIGNALED(status));
        ck_assert_int_eq(WTERMSIG(status), signals[way]);
    } else {
        ck_assert(WIFEXITED(status));
        ck_assert_int_eq(WEXITSTATUS(status), 0);
    }
}
/* --- the tests --- */

static struct emulator *start(enum connection connection, const struct guest *guest)
{
    rom_write(rom, guest->code, guest->size);
    return emulator_start(connection, (const char *[]){"-nographic", "-bios", rom, NULL});
}

/* Until nothing more fits into the pipe that nobody reads: its pages need not be full. */
static void wait_until_full(const struct emulator *e)
{
    int there = 0;
    while (there < 56 * 1024) {
        ck_assert_int_eq(ioctl(e->out, FIONREAD, &there), 0);
        usleep(1000);
    }
}

/* What is typed before the terminal is raw is edited by it, and maybe lost. */
static void wait_until_raw(const struct emulator *e)
{
    struct termios t = {.c_lflag = ICANON};
    while (t.c_lflag & ICANON) {
        usleep(1000);
        ck_assert_int_eq(tcgetattr(e->slave, &t), 0);
    }
}

START_TEST(whatever_the_guest_does)
{
    const struct guest *guest = &guests[_i / WAYS];
    struct emulator *e = start(ON_PIPES, guest);
    if (guest->writes)
        wait_until_full(e);
    else
        emulator_watch(e, 100);
    ask(e, _i % WAYS);
    check_end(e, _i % WAYS);
    emulator_kill(e);
}
END_TEST

/* UD2, and no table of interrupts: a triple fault is the first thing that it does. */
START_TEST(a_kernel_that_resets_at_once)
{
    enum { AT = 0x100000, MAGIC = 0x1badb002, HAS_ADDRESSES = 0x10000, HEADER = 8 * 4 };
    static const uint32_t kernel[] = {
        MAGIC, HAS_ADDRESSES, 0u - MAGIC - HAS_ADDRESSES, AT, AT, 0, 0, AT + HEADER, 0x0b0f,
    };
    FILE *file = fopen(rom, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(kernel, sizeof kernel, 1, file), 1);
    fclose(file);
    struct emulator *e =
        emulator_start(ON_PIPES, (const char *[]){"-nographic", "-m", "4", "-kernel", rom, NULL});
    emulator_watch(e, 100);
    ask(e, _i);
    check_end(e, _i);
    emulator_kill(e);
}
END_TEST

/* As by Ctrl-S at a terminal that is not raw. */
START_TEST(a_stopped_terminal)
{
    const struct guest *guest = &guests[_i / WAYS];
    struct emulator *e = start(ON_TERMINAL, guest);
    wait_until_raw(e);
    ck_assert_int_eq(tcflow(e->slave, TCOOFF), 0);
    emulator_watch(e, 300);
    ask(e, _i % WAYS);
    check_end(e, _i % WAYS);
    emulator_kill(e);
}
END_TEST

/* A serial line, the parallel port and the debug console into a FIFO. */
START_TEST(a_fifo_that_nobody_reads)
{
    static const char *const options[] = {"-serial", "-parallel", "-debugcon"};
    static const unsigned char code[] = {
        ROM_OUT(0x3f8, 'x'), ROM_OUT(0xe9, 'y'), ROM_OUT(0x378, 'z'),
        ROM_OUT(0x37a, 1),   ROM_OUT(0x37a, 0),  0xeb,
        (unsigned char)-32,
    };
    char to[80];
    snprintf(to, sizeof to, "file:%s", fifo);
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    int reader = open(fifo, O_RDONLY | O_NONBLOCK);
    ck_assert_int_ge(reader, 0);
    rom_write(rom, code, sizeof code);
    struct emulator *e = emulator_start(
        ON_PIPES, (const char *[]){"-nographic", "-bios", rom, options[_i / WAYS], to, NULL});
    struct emulator in_fifo = {.out = reader};
    wait_until_full(&in_fifo);
    if (_i % WAYS != CTRL_A_X ||
        _i / WAYS > 0) { /* with the serial line in there, no key is read */
        ask(e, _i % WAYS);
        check_end(e, _i % WAYS);
    }
    close(reader);
    emulator_kill(e);
}
END_TEST

START_TEST(behind_many_keys)
{
    const struct guest *guest = &guests[2]; /* reads none of them */
    struct emulator *e = start(_i ? ON_PIPES : ON_TERMINAL, guest);
    if (e->slave >= 0)
        wait_until_raw(e);
    for (unsigned i = 0; i < 2000; i++)
        emulator_send(e, "0123456789");
    emulator_send(e, "\x01x");
    check_end(e, CTRL_A_X);
    emulator_kill(e);
}
END_TEST

/* --- nothing is lost --- */

enum { LENGTH = 400000 };
/* clang-format off */
#define SEND(length, look)                                                                         \
    0x66, 0xb9, (length)&0xff, (length) >> 8 & 0xff, (length) >> 16, 0, /* mov $length, %ecx */    \
    look SERIAL,                                                        /* 1: */                   \
    0x88, 0xc8, 0x24, 0x3f, 0x04, 0x30, 0xee,                           /* 6 bits of it, + 30h */  \
    0x66, 0x49, 0x75                                                    /* dec %ecx; jnz 1b */
#define LOOK 0xba, 0xfd, 0x03, 0xec, 0xa8, 0x20, 0x74, 0xfb,
#define EXIT ROM_OUT(0xf4, 0x2a), ROM_FOREVER

static const unsigned char sends[] = {SEND(LENGTH, ), 0xf2, EXIT};
static const unsigned char sends_and_looks[] = {SEND(LENGTH, LOOK), 0xea, EXIT};
static const unsigned char sends_more_than_a_pipe_takes[] = {
    SEND(100000, ), 0xf2, ROM_OUT(0xe9, 'd'), ROM_FOREVER};
/* clang-format on */
static const struct guest senders[] = {GUEST(sends, true), GUEST(sends_and_looks, true)};

/* The guest has ended long before; its reader comes late, and goes slowly at first. */
START_TEST(a_slow_reader_gets_all)
{
    rom_write(rom, senders[_i].code, senders[_i].size);
    struct emulator *e =
        emulator_start(ON_PIPES, (const char *[]){"-nographic", "-bios", rom, "-device",
                                                  "isa-debug-exit,iobase=0xf4,iosize=0x04", NULL});
    wait_until_full(e);
    for (unsigned i = 0; i < 20; i++) {
        emulator_expect_bytes(e, i * 1000);
        usleep(5000);
    }
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 2 * 0x2a + 1);
    ck_assert_uint_eq(e->length, LENGTH);
    for (unsigned i = 0; i < LENGTH; i++)
        ck_assert_int_eq(e->text[i], ((LENGTH - i) & 0x3f) + 0x30);
    emulator_kill(e);
}
END_TEST

static void errors_to_file(void)
{
    dup2(open(errors, O_WRONLY | O_CREAT, 0600), STDERR_FILENO);
}

static size_t read_file(const char *path, char *text, size_t room)
{
    int fd = open(path, O_RDONLY);
    ssize_t n = fd >= 0 ? read(fd, text, room - 1) : 0;
    close(fd);
    text[n > 0 ? n : 0] = 0;
    return strlen(text);
}

START_TEST(what_nobody_has_read_is_reported)
{
    char text[256], to[80];
    snprintf(to, sizeof to, "file:%s", done);
    rom_write(rom, sends_more_than_a_pipe_takes, sizeof sends_more_than_a_pipe_takes);
    struct emulator *e = emulator_start_with(
        ON_PIPES, (const char *[]){"-nographic", "-bios", rom, "-debugcon", to, NULL},
        errors_to_file);
    while (!read_file(done, text, sizeof text))
        usleep(1000);
    ask(e, 0);
    check_end(e, 0);
    read_file(errors, text, sizeof text);
    ck_assert_ptr_eq(strstr(text, "tessera: standard output: "), text);
    ck_assert_str_eq(strstr(text, " bytes"), " bytes that nobody has read are lost\n");
    emulator_kill(e);
}
END_TEST

Suite *end_suite(void)
{
    Suite *suite = suite_create("end");
    TCase *c = tcase_create("end");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_loop_test(c, whatever_the_guest_does, 0, GUESTS * WAYS);
    tcase_add_loop_test(c, a_kernel_that_resets_at_once, 0, WAYS);
    tcase_add_loop_test(c, a_stopped_terminal, 4 * WAYS, GUESTS * WAYS);
    tcase_add_loop_test(c, a_fifo_that_nobody_reads, 0, 3 * WAYS);
    tcase_add_loop_test(c, behind_many_keys, 0, 2);
    tcase_add_loop_test(c, a_slow_reader_gets_all, 0, 2);
    tcase_add_test(c, what_nobody_has_read_is_reported);
    suite_add_tcase(suite, c);
    return suite;
}
