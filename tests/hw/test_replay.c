/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of recordings: written and read again; damaged and hostile ones. */
#include "hw/host/replay.h"
#include "hw/host/replay_machine.h"
#include "tests/hw/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/tessera-replay-XXXXXX";
static struct error error;
static struct replay_start start;

static void new_file(void)
{
    strcpy(path, "/tmp/tessera-replay-XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    *error.text = 0;
}

static void write_file(const void *bytes, size_t size)
{
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, size, f), size);
    fclose(f);
}

static size_t read_file(uint8_t *bytes, size_t room)
{
    FILE *f = fopen(path, "rb");
    ck_assert_ptr_nonnull(f);
    size_t size = fread(bytes, 1, room, f);
    fclose(f);
    return size;
}

#define MACHINE "-M: pc\n-m: 128 MiB\n"

/* START, then these. */
static void record(void)
{
    const struct replay_start began = {.shift = 3, .time_of_day = -5, .machine = MACHINE};
    uint8_t digest[28] = {1, 2, 3}, mouse[16] = {4}, status[4] = {7};
    new_file();
    struct replay *r = replay_create(path, &began, &error);
    ck_assert_ptr_nonnull(r);
    ck_assert(replay_records(r) && !replay_plays(r));
    replay_note(r, REPLAY_BYTES, 10, "\1hello", 6);
    replay_note(r, REPLAY_DIGEST, 10, digest, sizeof digest);
    replay_note(r, REPLAY_KEY, 20, "\x1c\1", 2);
    replay_note(r, REPLAY_MOUSE, 1u << 28, mouse, sizeof mouse);
    replay_note(r, REPLAY_END, (1u << 28) + 1, status, sizeof status);
    replay_close(r);
}

START_TEST(comes_back_as_it_was)
{
    record();
    struct replay *r = replay_open(path, &start, &error);
    ck_assert_msg(r != NULL, "%s", error.text);
    ck_assert_uint_eq(start.shift, 3);
    ck_assert_int_eq(start.time_of_day, -5);
    ck_assert_str_eq(start.machine, MACHINE);
    ck_assert(replay_plays(r) && !replay_records(r));
    ck_assert_ptr_null(replay_at(r, REPLAY_BYTES, 9));
    ck_assert_ptr_null(replay_at(r, REPLAY_KEY, 10));
    const struct replay_event *e = replay_at(r, REPLAY_BYTES, 10);
    ck_assert_ptr_nonnull(e);
    ck_assert_uint_eq(e->size, 6);
    ck_assert_mem_eq(e->data, "\1hello", 6);
    static const enum replay_kind kinds[] = {REPLAY_DIGEST, REPLAY_KEY, REPLAY_MOUSE, REPLAY_END};
    for (unsigned i = 0; i < 4; i++) {
        replay_go_on(r);
        ck_assert_int_eq(replay_next(r)->kind, kinds[i]);
    }
    ck_assert_uint_eq(replay_next(r)->count, (1u << 28) + 1);
    replay_go_on(r);
    ck_assert_ptr_null(replay_next(r));
    replay_go_on(r);
    ck_assert_ptr_null(replay_next(r));
    replay_close(r);
    unlink(path);
}
END_TEST

/* Cut anywhere, it is good as far as it goes. */
START_TEST(breaks_off_anywhere)
{
    uint8_t bytes[512];
    record();
    size_t size = read_file(bytes, sizeof bytes);
    for (size_t cut = 0; cut < size; cut++) {
        unsigned events = 0;
        write_file(bytes, cut);
        struct replay *r = replay_open(path, &start, &error);
        for (; replay_next(r); replay_go_on(r))
            events++;
        ck_assert_uint_lt(events, 5);
        ck_assert(r || *error.text);
        replay_close(r);
    }
    unlink(path);
}
END_TEST

/* Whatever is changed, what it says is what an event may be, and counts do not go back. */
START_TEST(may_be_anything)
{
    static uint8_t good[512], bytes[512];
    record();
    size_t size = read_file(good, sizeof good);
    uint32_t random = 1;
    for (unsigned round = 0; round < 3000; round++) {
        memcpy(bytes, good, size);
        for (unsigned n = next_random(&random) % 4 + 1; n--;)
            bytes[next_random(&random) % size] = (uint8_t)next_random(&random);
        write_file(bytes, size);
        struct replay *r = replay_open(path, &start, &error);
        uint64_t count = 0;
        for (const struct replay_event *e; (e = replay_next(r)); replay_go_on(r)) {
            ck_assert(e->kind >= REPLAY_START && e->kind < REPLAY_KINDS);
            ck_assert_uint_le(e->size, REPLAY_MOST);
            ck_assert_uint_ge(e->count, count);
            count = e->count;
        }
        ck_assert(!r || start.shift <= 10);
        replay_close(r);
    }
    unlink(path);
}
END_TEST

/* Digests are nearer to each other: to wait for such an event would be for ever. */
START_TEST(ends_before_what_is_too_far)
{
    const struct replay_start began = {.shift = 3, .machine = MACHINE};
    uint8_t digest[28] = {0};
    new_file();
    struct replay *r = replay_create(path, &began, &error);
    replay_note(r, REPLAY_DIGEST, 10, digest, sizeof digest);
    replay_note(r, REPLAY_KEY, 1ull << 40, "\x1c\1", 2);
    replay_close(r);
    struct replay_start read;
    r = replay_open(path, &read, &error);
    ck_assert_ptr_nonnull(r);
    ck_assert_int_eq(replay_next(r)->kind, REPLAY_DIGEST);
    replay_checked(r, 10);
    struct replay_place place = replay_place(r);
    replay_go_on(r);
    ck_assert_ptr_null(replay_next(r));
    replay_return(r, &place);
    ck_assert_int_eq(replay_next(r)->kind, REPLAY_DIGEST);
    replay_close(r);
    unlink(path);
}
END_TEST

/* Version 4 does not know of which machine it is. */
START_TEST(may_be_an_older_one)
{
    static const uint8_t bytes[] = "TESSREPL\4\0\0\0"
                                   "\1\0\0\0\0\0\0\0\0\14\0\0\0\0\0\0\0\0\0\0\0"
                                   "\2\0\0\0\7\0\0\0\0\0\0";
    new_file();
    write_file(bytes, sizeof bytes);
    struct replay *r = replay_open(path, &start, &error);
    ck_assert_msg(r != NULL, "%s", error.text);
    ck_assert_uint_eq(start.shift, 2);
    ck_assert_int_eq(start.time_of_day, 7);
    ck_assert_ptr_null(start.machine);
    replay_close(r);
    unlink(path);
}
END_TEST

static void expect_refusal(const char *recorded, const char *ours, const char *why)
{
    ck_assert(!replay_machine_check(recorded, ours, &error));
    ck_assert_str_eq(error.text, why);
}

START_TEST(is_of_one_machine)
{
    ck_assert(replay_machine_check(MACHINE, MACHINE, &error));
    ck_assert(replay_machine_check(MACHINE, "-m: 128 MiB\n-M: pc\n", &error));
    expect_refusal(MACHINE, "-M: pc\n-m: 12 MiB\n",
                   "the recording has -m: 128 MiB, and this machine 12 MiB");
    expect_refusal(MACHINE, "-m: 128 MiB\n", "the recording has -M: pc, and this machine has not");
    expect_refusal("-m: 128 MiB\n", MACHINE, "the recording is of a machine without -M: pc");
    expect_refusal("-append: a: b\n", "-append: a: c\n",
                   "the recording has -append: a: b, and this machine a: c");
    expect_refusal("-m: 1 MiB\n\nnothing", "-m: 2 MiB\n",
                   "the recording has -m: 1 MiB, and this machine 2 MiB");
}
END_TEST

/* What is done on another display has it all the same. */
START_TEST(console_is_the_recorded_one)
{
    const char without[] = MACHINE "without a serial console: on\n";
    ck_assert(replay_machine_has_console(MACHINE));
    ck_assert(!replay_machine_has_console(without));
    ck_assert(replay_machine_check(MACHINE, without, &error));
    ck_assert(replay_machine_check(without, MACHINE, &error));
}
END_TEST

START_TEST(is_refused_in_a_line)
{
    new_file();
    write_file("something else", 14);
    ck_assert_ptr_null(replay_open(path, &start, &error));
    ck_assert_msg(strstr(error.text, "no recording"), "%s", error.text);
    write_file("TESSREPL\x63\0\0\0", 12);
    ck_assert_ptr_null(replay_open(path, &start, &error));
    ck_assert_msg(strstr(error.text, "another version"), "%s", error.text);
    unlink(path);
    ck_assert_ptr_null(replay_open(path, &start, &error));
    ck_assert_msg(strstr(error.text, "No such file"), "%s", error.text);
    ck_assert_ptr_null(replay_create("/nowhere/at/all", &start, &error));
    ck_assert_msg(strstr(error.text, "-record"), "%s", error.text);
}
END_TEST

Suite *replay_suite(void)
{
    Suite *suite = suite_create("replay");
    TCase *tc = tcase_create("replay");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, comes_back_as_it_was);
    tcase_add_test(tc, breaks_off_anywhere);
    tcase_add_test(tc, may_be_anything);
    tcase_add_test(tc, may_be_an_older_one);
    tcase_add_test(tc, ends_before_what_is_too_far);
    tcase_add_test(tc, is_of_one_machine);
    tcase_add_test(tc, console_is_the_recorded_one);
    tcase_add_test(tc, is_refused_in_a_line);
    suite_add_tcase(suite, tc);
    return suite;
}
