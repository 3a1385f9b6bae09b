/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Guest time by instructions, and what comes in by it. */
#include "hw/host/counted_port.h"
#include "hw/host/counted_time.h"
#include "hw/host/disk_counted.h"
#include "tests/hw/fake_disk.h"
#include "tests/hw/fake_exec.h"
#include "tests/hw/fixture.h"

#include <errno.h>
#include <string.h>

static struct exec cpu;
static struct counted_time counted;

static void moved(void *owner, uint64_t deadline)
{
    (void)deadline;
    counted_time_set_deadline(owner);
}

static struct timers *start(unsigned shift)
{
    struct timers *q = new_timers();
    cpu = (struct exec){.deadline = 0};
    counted_time_start(&counted, q, shift);
    counted.exec = &cpu;
    q->moved = moved;
    q->owner = &counted;
    return q;
}

/* --- time --- */

static uint64_t fired_at;

static void fire(void *device, uint64_t now)
{
    (void)device;
    fired_at = now;
}

START_TEST(instructions_are_time)
{
    struct timers *q = start(3);
    test_time += 12345; /* the host's is nothing to it */
    ck_assert_uint_eq(timers_now(q), 0);
    cpu.instructions = 5;
    ck_assert_uint_eq(timers_now(q), 40);
}
END_TEST

START_TEST(the_deadline_is_where_time_has_come)
{
    struct timers *q = start(3);
    struct timer t;
    timer_init(&t, q, fire, NULL);
    timer_set(&t, 41); /* 5 instructions are 40 ns */
    ck_assert_uint_eq(cpu.deadline, 6);
    cpu.instructions = 5;
    timers_run(q);
    ck_assert_uint_eq(fired_at, 0);
    cpu.instructions = 6;
    timers_run(q);
    ck_assert_uint_eq(fired_at, 48);
}
END_TEST

START_TEST(a_halt_is_skipped)
{
    struct timers *q = start(0);
    struct timer t;
    timer_init(&t, q, fire, NULL);
    cpu.instructions = 100;
    timer_set(&t, 1000);
    ck_assert_uint_eq(counted_time_left(&counted), 900);
    counted_time_skip(&counted);
    ck_assert_uint_eq(timers_now(q), 1000);
    timers_run(q);
    ck_assert_uint_eq(fired_at, 1000);
    timer_set(&t, 1010);
    ck_assert_uint_eq(cpu.deadline, 110);
    counted_time_skip(&counted);
    ck_assert_uint_eq(counted_time_left(&counted), 0);
}
END_TEST

START_TEST(looks_come_by_guest_time)
{
    struct timers *q = start(0);
    timers_run(q);
    ck_assert(!counted_time_take_look(&counted));
    for (unsigned i = 1; i <= 3; i++) {
        cpu.instructions = (uint64_t)i * COUNTED_LOOK_NS;
        timers_run(q);
        ck_assert(counted_time_take_look(&counted));
        ck_assert(!counted_time_take_look(&counted));
    }
}
END_TEST

/* --- ports --- */

START_TEST(a_port_takes_what_it_has_room_for)
{
    static struct counted_port p;
    static uint8_t bytes[COUNTED_PORT_ROOM], out[COUNTED_PORT_ROOM];
    struct far_end far;
    far_end_init(&far, "abc");
    struct chardev *end = counted_port_init(&p, &far.chardev, &counted);
    ck_assert_uint_eq(end->take(end, out, 8), 0); /* until somebody adds it */
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < sizeof bytes; i++)
            bytes[i] = (uint8_t)(i * 7 + round);
        ck_assert_uint_eq(counted_port_room(&p), COUNTED_PORT_ROOM);
        counted_port_add(&p, bytes, sizeof bytes);
        ck_assert_uint_eq(counted_port_room(&p), 0);
        ck_assert_uint_eq(end->take(end, out, 100), 100);
        ck_assert_uint_eq(end->take(end, out + 100, sizeof out), sizeof out - 100);
        ck_assert_mem_eq(bytes, out, sizeof out);
    }
}
END_TEST

START_TEST(a_port_is_ready_whatever_the_outside_says)
{
    static struct counted_port p;
    struct far_end far;
    far_end_init(&far, "");
    far.stuck = true;
    struct chardev *end = counted_port_init(&p, &far.chardev, &counted);
    ck_assert(end->ready(end));
    end->put(end, 'x');
    ck_assert_uint_eq(far.waited, 1);
}
END_TEST

/* --- disks --- */

static unsigned dones;

static void done(void *owner)
{
    (void)owner;
    dones++;
}

static struct disk_request read_request(uint8_t *data, uint64_t offset)
{
    return (struct disk_request){
        .operation = DISK_READ, .offset = offset, .size = 512, .data = data, .done = done};
}

START_TEST(a_disk_is_done_at_its_time)
{
    static uint8_t bytes[4096], data[512];
    struct timers *q = start(0);
    struct fake_disk below;
    memset(bytes, 0x5a, sizeof bytes);
    fake_disk_init(&below, bytes, sizeof bytes);
    struct disk *d = disk_counted_create(&below.disk, q);
    struct disk_request r = read_request(data, 512);
    dones = 0;
    disk_submit(d, &r);
    ck_assert(fake_disk_deliver(&below)); /* the host is early */
    ck_assert_uint_eq(dones, 0);
    ck_assert_uint_eq(data[0], 0);
    uint64_t due = timers_next(q);
    ck_assert_uint_gt(due, 0);
    cpu.instructions = due - 1;
    timers_run(q);
    ck_assert_uint_eq(dones, 0);
    cpu.instructions = due;
    timers_run(q);
    ck_assert_uint_eq(dones, 1);
    ck_assert_int_eq(r.error, 0);
    ck_assert_uint_eq(data[0], 0x5a);
    ck_assert(!r.pending);
    disk_counted_destroy(d);
}
END_TEST

START_TEST(a_withdrawn_request_is_not_done)
{
    static uint8_t bytes[4096], data[512];
    struct timers *q = start(0);
    struct fake_disk below;
    memset(bytes, 0x5a, sizeof bytes);
    fake_disk_init(&below, bytes, sizeof bytes);
    struct disk *d = disk_counted_create(&below.disk, q);
    struct disk_request first = read_request(data, 0), second = read_request(data, 512);
    dones = 0;
    disk_submit(d, &first);
    disk_submit(d, &second);
    disk_withdraw(&first);
    while (fake_disk_deliver(&below))
        ;
    cpu.instructions = NS_PER_S;
    timers_run(q);
    ck_assert_uint_eq(dones, 1);
    ck_assert(!second.pending);
    ck_assert_uint_eq(data[0], 0x5a);
    disk_counted_destroy(d);
}
END_TEST

START_TEST(errors_come_through)
{
    static uint8_t bytes[4096], data[512];
    struct timers *q = start(0);
    struct fake_disk below;
    fake_disk_init(&below, bytes, sizeof bytes);
    below.error = ENOSPC;
    struct disk *d = disk_counted_create(&below.disk, q);
    struct disk_request r = read_request(data, 0);
    disk_submit(d, &r);
    fake_disk_deliver(&below);
    cpu.instructions = NS_PER_S;
    timers_run(q);
    ck_assert_int_eq(r.error, ENOSPC);
    disk_counted_destroy(d);
}
END_TEST

Suite *counted_suite(void)
{
    Suite *suite = suite_create("counted");
    TCase *tc = tcase_create("counted");
    tcase_add_test(tc, instructions_are_time);
    tcase_add_test(tc, the_deadline_is_where_time_has_come);
    tcase_add_test(tc, a_halt_is_skipped);
    tcase_add_test(tc, looks_come_by_guest_time);
    tcase_add_test(tc, a_port_takes_what_it_has_room_for);
    tcase_add_test(tc, a_port_is_ready_whatever_the_outside_says);
    tcase_add_test(tc, a_disk_is_done_at_its_time);
    tcase_add_test(tc, a_withdrawn_request_is_not_done);
    tcase_add_test(tc, errors_come_through);
    suite_add_tcase(suite, tc);
    return suite;
}
