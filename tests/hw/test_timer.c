/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The timer queue. */
#include "tests/hw/fixture.h"

static char order[32];
static unsigned fired;

static void note(void *device, uint64_t now)
{
    (void)now;
    order[fired++] = *(const char *)device;
}

static void reset(void)
{
    fired = 0;
    test_time = 1000;
}

START_TEST(fires_in_order_of_deadline)
{
    struct timers *q = new_timers();
    struct timer t[3];
    for (unsigned i = 0; i < 3; i++)
        timer_init(&t[i], q, note, &"abc"[i]);
    timer_set(&t[0], 30);
    timer_set(&t[1], 10);
    timer_set(&t[2], 10); /* equal: in the order they were set */
    ck_assert_uint_eq(timers_next(q), 10);
    test_time += 10;
    timers_run(q);
    ck_assert_uint_eq(fired, 2);
    test_time += 20;
    timers_run(q);
    order[fired] = 0;
    ck_assert_str_eq(order, "bca");
    ck_assert_uint_eq(timers_next(q), TIMER_NEVER);
}
END_TEST

START_TEST(can_be_moved_and_cancelled)
{
    struct timers *q = new_timers();
    struct timer t[2];
    timer_init(&t[0], q, note, &"ab"[0]);
    timer_init(&t[1], q, note, &"ab"[1]);
    timer_set(&t[0], 10);
    timer_set(&t[1], 20);
    timer_set(&t[0], 40);
    ck_assert_uint_eq(timers_next(q), 20);
    timer_cancel(&t[1]);
    timer_cancel(&t[1]);
    ck_assert_uint_eq(timers_next(q), 40);
    test_time += 39;
    timers_run(q);
    ck_assert_uint_eq(fired, 0);
    test_time++;
    timers_run(q);
    ck_assert_uint_eq(fired, 1);
}
END_TEST

static struct timer again;

static void set_again(void *device, uint64_t now)
{
    (void)device;
    fired++;
    timer_set(&again, now); /* already due */
}

START_TEST(a_timer_set_again_by_itself_does_not_hang)
{
    struct timers *q = new_timers();
    timer_init(&again, q, set_again, NULL);
    timer_set(&again, 5);
    test_time += 5;
    timers_run(q);
    ck_assert_uint_eq(fired, 1);
    timers_run(q);
    ck_assert_uint_eq(fired, 2);
}
END_TEST

static uint64_t moved_to;

static void moved(void *owner, uint64_t deadline)
{
    (void)owner;
    moved_to = deadline;
}

START_TEST(tells_when_the_next_deadline_moves)
{
    struct timers *q = new_timers();
    struct timer t[2];
    q->moved = moved;
    timer_init(&t[0], q, note, &"ab"[0]);
    timer_init(&t[1], q, note, &"ab"[1]);
    timer_set(&t[0], 50);
    ck_assert_uint_eq(moved_to, 50);
    moved_to = 0;
    timer_set(&t[1], 60);
    ck_assert_uint_eq(moved_to, 0);
    timer_cancel(&t[0]);
    ck_assert_uint_eq(moved_to, 60);
    timer_cancel(&t[1]);
    ck_assert_uint_eq(moved_to, TIMER_NEVER);
}
END_TEST

START_TEST(a_clock_that_stands_still_goes_on_from_there)
{
    struct timers *q = new_timers();
    struct timer t;
    timer_init(&t, q, note, &"a"[0]);
    timer_set(&t, 30);
    test_time += 20;
    timers_stop(q);
    test_time += 1000;
    timers_run(q);
    ck_assert_uint_eq(timers_now(q), 20);
    ck_assert_uint_eq(fired, 0);
    q->moved = moved;
    timers_continue(q);
    timers_continue(q);
    ck_assert_uint_eq(moved_to, 30);
    test_time += 9;
    timers_run(q);
    ck_assert_uint_eq(fired, 0);
    test_time++;
    timers_run(q);
    ck_assert_uint_eq(fired, 1);
}
END_TEST

enum { PERIOD = 1000000, PATIENCE = 100000, AWAY = 7300000 };
static struct timer ticking;

static void tick(void *device, uint64_t now)
{
    (void)device;
    (void)now;
    fired++;
    timer_set(&ticking, (uint64_t)PERIOD * (fired + 1));
}

static struct timers *patient_timers(void)
{
    struct timers *q = new_timers();
    q->patience = PATIENCE;
    timer_init(&ticking, q, tick, NULL);
    timer_set(&ticking, PERIOD);
    return q;
}

/* While the host is away for some ticks: none is skipped, and the clock shows nothing of it. */
START_TEST(an_absent_host_takes_no_ticks)
{
    struct timers *q = patient_timers();
    test_time += AWAY;
    ck_assert_uint_eq(timers_now(q), PERIOD + PATIENCE);
    timers_run(q);
    ck_assert_uint_eq(fired, 1);
    ck_assert_uint_eq(timers_now(q), PERIOD + PATIENCE);
    for (unsigned i = 2; i < 5; i++) {
        test_time += PERIOD;
        timers_run(q);
        ck_assert_uint_eq(fired, i);
        ck_assert_uint_eq(timers_now(q), i * PERIOD + PATIENCE);
    }
}
END_TEST

/* Time never goes back, whatever becomes the next deadline while one is overdue. */
START_TEST(time_does_not_go_back)
{
    struct timers *q = patient_timers();
    struct timer t;
    timer_init(&t, q, note, &"a"[0]);
    test_time += AWAY;
    uint64_t seen = timers_now(q);
    timer_set(&t, 1);
    ck_assert_uint_eq(timers_now(q), seen);
    test_time += 10;
    ck_assert_uint_eq(timers_now(q), seen + 10);
    timer_cancel(&t);
    timer_cancel(&ticking);
    ck_assert_uint_eq(timers_now(q), seen + 10);
    test_time += AWAY;
    ck_assert_uint_eq(timers_now(q), seen + 10 + AWAY);
}
END_TEST

START_TEST(what_lags_is_made_up_while_the_guest_idles)
{
    struct timers *q = patient_timers();
    q->moved = moved;
    test_time += AWAY;
    timers_run(q);
    timers_make_up(q);
    ck_assert_uint_eq(timers_now(q), timers_next(q)); /* no further than to the deadline */
    ck_assert_uint_eq(moved_to, timers_next(q));
    for (unsigned i = 0; i < 2 * AWAY / PERIOD; i++) {
        timers_run(q);
        timers_make_up(q);
    }
    ck_assert_uint_eq(timers_now(q), AWAY);
    ck_assert_uint_eq(fired, AWAY / PERIOD);
}
END_TEST

/* A host that slept, or that stopped us, is not hidden. */
START_TEST(a_long_absence_is_seen)
{
    struct timers *q = patient_timers();
    test_time += 3600ull * NS_PER_S;
    ck_assert_uint_eq(timers_now(q), 3600ull * NS_PER_S);
    timers_make_up(q);
    ck_assert_uint_eq(timers_now(q), 3600ull * NS_PER_S);
}
END_TEST

START_TEST(muldiv_does_not_overflow)
{
    ck_assert_uint_eq(muldiv((uint64_t)1 << 60, 1193182, NS_PER_S), 1375645186709806ull);
    ck_assert_uint_eq(muldiv(999999999, 1193182, NS_PER_S), 1193181);
}
END_TEST

Suite *timer_suite(void)
{
    Suite *suite = suite_create("timer");
    TCase *c = tcase_create("timer");
    tcase_add_checked_fixture(c, reset, NULL);
    tcase_add_test(c, fires_in_order_of_deadline);
    tcase_add_test(c, can_be_moved_and_cancelled);
    tcase_add_test(c, a_timer_set_again_by_itself_does_not_hang);
    tcase_add_test(c, tells_when_the_next_deadline_moves);
    tcase_add_test(c, a_clock_that_stands_still_goes_on_from_there);
    tcase_add_test(c, an_absent_host_takes_no_ticks);
    tcase_add_test(c, time_does_not_go_back);
    tcase_add_test(c, what_lags_is_made_up_while_the_guest_idles);
    tcase_add_test(c, a_long_absence_is_seen);
    tcase_add_test(c, muldiv_does_not_overflow);
    suite_add_tcase(suite, c);
    return suite;
}
