/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A PC from its making to its end: what its guest finds, resets, and who controls it meanwhile. */
#include "hw/control.h"
#include "tests/hw/pc_stage.h"

#include "exec/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void look_and_end(struct exec *e)
{
    ck_assert_uint_eq(e->core->pc, 0x100020);
    ck_assert_uint_eq(memory_read(e->memory, 0x100020, 4), 0xf4);
    ck_assert(e->a20);
    pc_end(e, 21);
    pc_end(e, 3); /* too late to say something else */
}

START_TEST(starts_and_ends)
{
    ck_assert_int_eq(pc_run(look_and_end), 43);
}
END_TEST

/* A kernel that no BIOS has started asks QEMU's configuration device for the number of cpus. */
static void ask_for_configuration(struct exec *e)
{
    e->board->port_write(e->board->board.board, 0x510, 0, 2);
    ck_assert_uint_eq(e->board->port_read(e->board->board.board, 0x511, 1), 'Q');
    e->board->port_write(e->board->board.board, 0x510, 5, 2);
    pc_end(e, e->board->port_read(e->board->board.board, 0x511, 1));
}

START_TEST(tells_of_the_machine)
{
    ck_assert_int_eq(pc_run(ask_for_configuration), 3);
}
END_TEST

/* The clock begins with the date that is asked for. */
static void ask_for_the_year(struct exec *e)
{
    e->board->port_write(e->board->board.board, 0x70, 9, 1);
    pc_end(e, e->board->port_read(e->board->board.board, 0x71, 1));
}

START_TEST(clock_begins_with_a_date)
{
    pc_options.rtc_base = RTC_DATE;
    pc_options.rtc_date = 567993600; /* 1988 */
    ck_assert_int_eq(pc_run(ask_for_the_year), 0x88 * 2 + 1);
}
END_TEST

static char bios_name[] = "/tmp/tessera-bios-XXXXXX";

static void in_bios(struct exec *e)
{
    ck_assert_uint_eq(e->core->pc, 0xfff0);
    ck_assert_uint_eq(memory_read(e->memory, 0xfffc0000, 1), 0);
    ck_assert_uint_eq(memory_read(e->memory, 0xfffffff0, 1), 15);
    ck_assert_uint_eq(memory_read(e->memory, 0xffff0, 1), 15);
    ck_assert_uint_eq(memory_read(e->memory, 0xe0000, 1), 8);
    ck_assert_uint_eq(memory_read(e->memory, 0xdffff, 1), 0xff);
    pc_end(e, 0);
}

/* Each 16 KiB of the image hold their number. */
START_TEST(a_bios_is_mapped_twice)
{
    static char bytes[16384];
    int fd = mkstemp(bios_name);
    for (int i = 0; i < 16; i++) {
        memset(bytes, i, sizeof bytes);
        ck_assert_int_eq(write(fd, bytes, sizeof bytes), (ssize_t)sizeof bytes);
    }
    close(fd);
    pc_options.load.bios = bios_name;
    int status = pc_run(in_bios);
    unlink(bios_name);
    ck_assert_int_eq(status, 1);
}
END_TEST

/* Spoils its own memory and state, and resets; comes back as it was first. */
static void reboot(struct exec *e)
{
    ck_assert_uint_eq(memory_read(e->memory, 0x100020, 4), 0xf4);
    ck_assert_uint_eq(e->core->pc, 0x100020);
    ck_assert_uint_eq(fake_in(e, 0x21), 0xb8);
    ck_assert(e->a20);
    if (e->resets == 4)
        pc_end(e, 5);
    memory_write(e->memory, 0x100020, 0, 4);
    fake_out(e, 0x21, 0xff);
    fake_out(e, 0x64, 0xdd);
    if (e->resets == 1)
        fake_out(e, 0x64, 0xfe);
    else if (e->resets == 2)
        fake_out(e, 0xcf9, 0x06);
    else
        fake_out(e, 0x92, 0x01);
}

START_TEST(reset_boots_again)
{
    ck_assert_int_eq(pc_run(reboot), 11);
}
END_TEST

START_TEST(no_reboot_ends)
{
    pc_options.control.no_reboot = true;
    ck_assert_int_eq(pc_run(reboot), 0);
}
END_TEST

START_TEST(creation_fails_with_a_reason)
{
    struct error error;
    pc_options.exec.cache_size = 0;
    ck_assert_ptr_null(pc_machine.create(&pc_options, pc_kernel, &error));
    ck_assert_str_eq(error.text, "no room");
    pc_options.exec.cache_size = 1;
    pc_options.serial[1] = (struct outside){.kind = OUTSIDE_FILE, .path = "/no-such-folder/x"};
    ck_assert_ptr_null(pc_machine.create(&pc_options, pc_kernel, &error));
    ck_assert_str_eq(error.text, "/no-such-folder/x: No such file or directory");
    pc_options.serial[1].kind = OUTSIDE_NONE;
    pc_options.debug_exit_port = 0xffff;
    ck_assert_ptr_null(pc_machine.create(&pc_options, pc_kernel, &error));
}
END_TEST

/* The machine's list of devices, while it runs. */
static void go_back(struct exec *e)
{
    static uint8_t saved[1 << 16];
    struct error error = {""};
    struct devices *devices = pc_machine.parts(pc).devices;
    fake_out(e, 0x80, 0x42);
    size_t size = devices_save(devices, saved, sizeof saved);
    ck_assert_uint_le(size, sizeof saved);
    fake_out(e, 0x80, 0x17);
    ck_assert_msg(devices_restore(devices, saved, size, &error), "%s", error.text);
    ck_assert_uint_eq(fake_in(e, 0x80), 0x42);
    pc_end(e, 0);
}

START_TEST(devices_are_restored)
{
    ck_assert_int_eq(pc_run(go_back), 1);
}
END_TEST

static void x87_error(struct exec *e)
{
    fake_out(e, 0x21, 0xfb);
    fake_out(e, 0xa1, 0xdf);
    ck_assert(!e->board->ferr(e->board->board.board, true));
    ck_assert(e->intr);
    ck_assert_int_eq(e->board->board.acknowledge(e->board->board.board), 0x75);
    fake_out(e, 0xf0, 0);
    ck_assert(e->board->ferr(e->board->board.board, true));
    pc_end(e, 0);
}

START_TEST(an_x87_error_is_irq_13)
{
    ck_assert_int_eq(pc_run(x87_error), 1);
}
END_TEST

/* --- control --- */

/* Someone who watches from another thread, and does as `watch` says. */
static void (*watch)(struct control *c);
static pthread_t watcher;
static unsigned long counted; /* what the guest has done */

static void *run_watcher(void *control)
{
    watch(control);
    return NULL;
}

/* A guest that counts by its own clock, at first starting the watcher. */
static void count(struct exec *e)
{
    (void)e;
    struct control *c = pc_machine.parts(pc).control;
    if (!pc_runs++)
        ck_assert_int_eq(pthread_create(&watcher, NULL, run_watcher, c), 0);
    counted++;
}

static void count_halted(struct exec *e)
{
    count(e);
    pc_halt(e);
}

struct seen {
    struct control *control;
    enum run_state state;
    uint64_t time;
    unsigned long counted;
};

static void look(void *argument)
{
    struct seen *s = argument;
    struct exec *e = pc_machine.parts(pc).exec;
    s->state = control_state(s->control);
    s->time = e->board->board.clock(e->board->board.board);
    s->counted = counted;
}

static void stop_it(void *control)
{
    control_stop(control, RUN_PAUSED);
}

static void continue_it(void *control)
{
    struct error error;
    ck_assert(control_continue(control, &error));
}

static void quit(void *control)
{
    control_shut_down(control, CAUSE_QUIT);
}

static struct seen seen_by(struct control *c)
{
    struct seen s = {.control = c};
    ck_assert(control_call(c, look, &s));
    return s;
}

/* The clock stands still, and the guest, until it may go on; calls are served all the while. */
static void stop_and_go(struct control *c)
{
    static const struct timespec a_while = {.tv_nsec = 20 * NS_PER_MS};
    ck_assert_int_eq(seen_by(c).state, RUN_RUNNING);
    ck_assert(control_call(c, stop_it, c));
    struct seen before = seen_by(c);
    nanosleep(&a_while, NULL);
    struct seen after = seen_by(c);
    ck_assert_int_eq(before.state, RUN_PAUSED);
    ck_assert_uint_eq(after.time, before.time);
    ck_assert_uint_eq(after.counted, before.counted);
    ck_assert(control_call(c, continue_it, c));
    ck_assert_int_eq(seen_by(c).state, RUN_RUNNING);
    ck_assert(control_call(c, quit, c));
    ck_assert(!control_call(c, look, &after)); /* it has ended */
}

START_TEST(stops_and_goes_on)
{
    counted = 0;
    watch = stop_and_go;
    ck_assert_int_eq(pc_run(_i ? count_halted : count), 0);
    pthread_join(watcher, NULL);
}
END_TEST

/* With -S it waits before the first instruction. */
static void let_go(struct control *c)
{
    struct seen s = seen_by(c);
    ck_assert_int_eq(s.state, RUN_PRELAUNCH);
    ck_assert_uint_eq(s.counted, 0);
    ck_assert_uint_eq(s.time, seen_by(c).time);
    ck_assert(control_call(c, continue_it, c));
}

static void count_and_end(struct exec *e)
{
    counted++;
    pc_end(e, 3);
}

START_TEST(waits_for_the_first_instruction)
{
    struct error error = {""};
    pc_options.control.stopped = true;
    watch = let_go;
    fake_guest = count_and_end;
    counted = 0;
    pc = pc_machine.create(&pc_options, pc_kernel, &error);
    ck_assert_msg(pc != NULL && pc_machine.start(pc, &error), "%s", error.text);
    ck_assert_int_eq(pthread_create(&watcher, NULL, run_watcher, pc_machine.parts(pc).control), 0);
    ck_assert_int_eq(pc_machine.run(pc), 7);
    pthread_join(watcher, NULL);
    ck_assert_uint_eq(counted, 1);
}
END_TEST

static void reset_it(void *control)
{
    control_reset(control, CAUSE_SYSTEM_RESET);
}

static void refuse_to_continue(void *control)
{
    struct error error = {""};
    ck_assert(!control_continue(control, &error));
    ck_assert_ptr_nonnull(strstr(error.text, "system_reset"));
    ck_assert_int_eq(control_state(control), RUN_SHUTDOWN);
}

/* A guest whose reset is its end, and stays to be looked at; it must be reset to go on. */
static void look_at_the_end(struct control *c)
{
    while (seen_by(c).state == RUN_RUNNING)
        ;
    ck_assert(control_call(c, refuse_to_continue, c));
    ck_assert(control_call(c, reset_it, c));
    ck_assert_int_eq(seen_by(c).state, RUN_PAUSED);
    ck_assert(control_call(c, continue_it, c));
}

static void reset_once(struct exec *e)
{
    if (e->resets == 2)
        pc_end(e, 1);
    else if (!pc_runs)
        fake_out(e, 0x92, 1);
    count(e);
}

START_TEST(an_end_is_kept)
{
    pc_options.control = (struct control_options){.no_reboot = true, .no_shutdown = true};
    watch = look_at_the_end;
    ck_assert_int_eq(pc_run(reset_once), 3);
    pthread_join(watcher, NULL);
}
END_TEST

Suite *pc_suite(void)
{
    Suite *suite = suite_create("pc");
    TCase *c = tcase_create("pc");
    tcase_add_checked_fixture(c, pc_setup, pc_teardown);
    tcase_add_test(c, starts_and_ends);
    tcase_add_test(c, reset_boots_again);
    tcase_add_test(c, no_reboot_ends);
    tcase_add_loop_test(c, stops_and_goes_on, 0, 2);
    tcase_add_test(c, waits_for_the_first_instruction);
    tcase_add_test(c, an_end_is_kept);
    tcase_add_test(c, a_bios_is_mapped_twice);
    tcase_add_test(c, an_x87_error_is_irq_13);
    tcase_add_test(c, tells_of_the_machine);
    tcase_add_test(c, clock_begins_with_a_date);
    tcase_add_test(c, creation_fails_with_a_reason);
    tcase_add_test(c, devices_are_restored);
    suite_add_tcase(suite, c);
    return suite;
}
