/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a snapshot holds: all of a machine, whatever engine runs it; and the way back to it. */
#include "tests/snapshot/stage.h"

#include "exec/guest.h"
#include "exec/i386/board.h"
#include "exec/memory.h"
#include "exec/ppc/board.h"
#include "hw/host/clock.h"
#include "tests/hw/tables.h"

#include <stdlib.h>
#include <unistd.h>

static const char *const engines[] = {"template", "interp", "ir", "mixed", "lockstep"};
enum { ENGINES = sizeof engines / sizeof *engines };

/* --- the tables --- */

START_TEST(every_member_of_a_cpu_is_state_or_is_said_not_to_be)
{
    struct tables all = {0};
    char missing[4096];
    tables_add(&all, i386_guest.state);
    tables_add(&all, ppc_guest.state);
    unsigned members = tables_find_missing(&all, missing, sizeof missing);
    ck_assert_str_eq(missing, "");
    ck_assert_uint_gt(members, all.count);
}
END_TEST

/* --- to a file and back --- */

/* In the middle of whatever Linux does, to a machine that has done something else. */
START_TEST(another_engine_has_all_of_it)
{
    struct stage s;
    stage_open_linux(&s, engines[_i]);
    stage_run(&s, 300 + 170 * (unsigned)_i);
    int fd = stage_save(&s);
    char *text = stage_print(&s);
    struct stage_memory memory = stage_memory(&s);
    stage_close(&s);
    stage_open_linux(&s, engines[(_i + 1) % ENGINES]);
    stage_run(&s, 100);
    stage_load(&s, fd);
    stage_expect_same_text(text, stage_print(&s));
    stage_expect_same_memory(memory, stage_memory(&s));
    stage_run(&s, 100);
    close(fd);
    stage_close(&s);
}
END_TEST

START_TEST(time_stands_still_between)
{
    struct stage s;
    stage_open_small(&s);
    stage_run(&s, 20);
    struct timers *q = &s.machine.host->timers;
    int fd = stage_save(&s);
    uint64_t then = timers_now(q);
    usleep(300000);
    stage_load(&s, fd);
    uint64_t now = timers_now(q);
    ck_assert_uint_lt(now, then + 200 * (uint64_t)NS_PER_MS);
    close(fd);
    stage_close(&s);
}
END_TEST

/* --- back to a point --- */

static void go_back(struct stage *s)
{
    struct error error = {""};
    ck_assert_msg(snapshot_revert(&s->machine, &error), "%s", error.text);
}

static void mark(struct stage *s)
{
    struct error error = {""};
    ck_assert_msg(snapshot_mark(&s->machine, &error), "%s", error.text);
}

START_TEST(one_goes_back_as_often_as_one_likes)
{
    struct stage s;
    stage_open_linux(&s, engines[_i]);
    for (unsigned point = 0; point < 2; point++) {
        stage_run(&s, 400);
        mark(&s);
        for (unsigned i = 0; i < 3; i++) {
            char *text = stage_print(&s);
            struct stage_memory memory = stage_memory(&s);
            stage_run(&s, 60);
            go_back(&s);
            stage_expect_same_text(text, stage_print(&s));
            stage_expect_same_memory(memory, stage_memory(&s));
        }
    }
    stage_close(&s);
}
END_TEST

START_TEST(without_a_point_there_is_no_way_back)
{
    struct stage s;
    struct error error;
    stage_open_small(&s);
    ck_assert(!snapshot_revert(&s.machine, &error));
    ck_assert_str_eq(error.text, "there is no point to go back to");
    stage_close(&s);
}
END_TEST

/* What is said to be changed to whom keeps translated code. */
struct changes {
    struct memory_listener listener;
    uint32_t page; /* the only one that there are to be, */
    unsigned count;
    unsigned others; /* but for what devices map anew, below 1 MiB and above RAM */
};

static void note_change(void *owner, uint32_t address, unsigned size)
{
    struct changes *c = owner;
    (void)size;
    if (address == c->page)
        c->count++;
    else if (address >= 1 << 20 && address < 8 << 20)
        c->others++;
}

START_TEST(code_in_pages_that_have_not_changed_stays)
{
    enum { CODE = 0x300000, DATA = 0x400000 };
    struct changes c = {.listener = {.code_written = note_change, .owner = &c}, .page = CODE};
    struct stage s;
    stage_open_small(&s);
    struct memory *m = s.machine.memory;
    mark(&s);
    memory_write(m, DATA, 0x12345678, 4);
    memory_write(m, CODE, 0x12345678, 4);
    memory_mark_code(m, CODE, true); /* made from what is to be no more */
    memory_mark_code(m, CODE + PAGE_SIZE, true);
    memory_listen(m, &c.listener);
    go_back(&s);
    memory_unlisten(m, &c.listener);
    ck_assert_uint_eq(memory_read(m, DATA, 4), 0);
    ck_assert_uint_eq(memory_read(m, CODE, 4), 0);
    ck_assert_uint_eq(c.count, 1);
    ck_assert_uint_eq(c.others, 0);
    stage_close(&s);
}
END_TEST

/* How long it takes is printed, not judged. */
START_TEST(going_back_over_a_thousand_pages)
{
    enum { PAGES = 1000, ROUNDS = 10 };
    struct stage s;
    uint64_t time = 0;
    stage_open_linux(&s, "template");
    stage_run(&s, 300);
    mark(&s);
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct stage_memory memory = stage_memory(&s);
        for (uint32_t page = 0; page < PAGES; page++)
            memory_write(s.machine.memory, 0x800000 + page * PAGE_SIZE, page + 1, 4);
        uint64_t from = host_clock();
        go_back(&s);
        time += host_clock() - from;
        stage_expect_same_memory(memory, stage_memory(&s));
    }
    fprintf(stderr, "going back over %d pages: %.2f ms\n", PAGES,
            (double)time / ROUNDS / NS_PER_MS);
    stage_close(&s);
}
END_TEST

START_TEST(to_a_file_and_back)
{
    struct stage s;
    stage_open_linux(&s, "template");
    stage_run(&s, 3000);
    uint64_t from = host_clock();
    int fd = stage_save(&s);
    uint64_t saved = host_clock();
    stage_load(&s, fd);
    uint64_t loaded = host_clock();
    fprintf(stderr, "to a file of %s: %.0f ms, and back: %.0f ms\n",
            size_text((uint64_t)lseek(fd, 0, SEEK_END)).text, (double)(saved - from) / NS_PER_MS,
            (double)(loaded - saved) / NS_PER_MS);
    close(fd);
    stage_close(&s);
}
END_TEST

Suite *state_suite(void)
{
    Suite *suite = suite_create("state");
    TCase *c = tcase_create("state"), *time = tcase_create("time");
    tcase_set_timeout(c, 600);
    tcase_add_test(c, every_member_of_a_cpu_is_state_or_is_said_not_to_be);
    tcase_add_loop_test(c, another_engine_has_all_of_it, 0, ENGINES);
    tcase_add_test(c, time_stands_still_between);
    tcase_add_loop_test(c, one_goes_back_as_often_as_one_likes, 0, ENGINES);
    tcase_add_test(c, without_a_point_there_is_no_way_back);
    tcase_add_test(c, code_in_pages_that_have_not_changed_stays);
    tcase_set_timeout(time, 600);
    tcase_add_test(time, going_back_over_a_thousand_pages);
    tcase_add_test(time, to_a_file_and_back);
    suite_add_tcase(suite, c);
    suite_add_tcase(suite, time);
    return suite;
}
