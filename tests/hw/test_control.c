/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Control of a machine, with a host and a machine that only note what they are told. */
#include "hw/control.h"
#include "tests/hw/fixture.h"

#include <semaphore.h>
#include <string.h>

static struct control control;
static char notes[256]; /* a letter for whatever happens */

static void note(char letter)
{
    size_t length = strlen(notes);
    ck_assert_uint_lt(length, sizeof notes - 1);
    notes[length] = letter;
}

static sem_t awake; /* what the cpu's thread waits for */

static void wake(void *host)
{
    (void)host;
    sem_post(&awake);
}

static void running(void *host, bool is)
{
    (void)host;
    note(is ? '+' : '-');
}

static void end(void *host, int status)
{
    (void)status;
    (void)host;
    note('E');
}

static void restart(void *machine)
{
    (void)machine;
    note('R');
}

static void press(void *machine)
{
    (void)machine;
    note('P');
}

static void nmi(void *machine)
{
    (void)machine;
    note('N');
}

static void happened(struct control_listener *l, const struct control_news *news)
{
    (void)l;
    note((char)('a' + news->event));
}
static struct control_listener listener;

static void setup(void)
{
    control_init(&control, &(struct control_host){.wake = wake, .running = running, .end = end});
    control.machine = (struct control_machine){NULL, restart, press, nmi};
    sem_init(&awake, 0, 0);
    listener = (struct control_listener){.happened = happened};
    control_listen(&control, &listener);
    memset(notes, 0, sizeof notes);
}

static void teardown(void)
{
    control_destroy(&control);
    sem_destroy(&awake);
}

START_TEST(tells_once)
{
    struct error error;
    control_start(&control);
    ck_assert(control_continue(&control, &error));
    control_stop(&control, RUN_PAUSED);
    control_stop(&control, RUN_DEBUG);
    ck_assert_str_eq(run_state_name(control_state(&control)), "debug");
    ck_assert(control_continue(&control, &error));
    ck_assert_str_eq(notes, "+d-c+d");
}
END_TEST

START_TEST(what_has_ended_is_not_paused)
{
    struct error error;
    control_start(&control);
    control_stop(&control, RUN_SHUTDOWN);
    control_stop(&control, RUN_PAUSED);
    ck_assert_int_eq(control_state(&control), RUN_SHUTDOWN);
    ck_assert(!control_continue(&control, &error));
    control_reset(&control, CAUSE_SYSTEM_RESET);
    ck_assert(control_continue(&control, &error));
}
END_TEST

START_TEST(resets_and_presses)
{
    struct error error;
    control_reset(&control, CAUSE_SYSTEM_RESET);
    ck_assert(control_power_down(&control, &error));
    ck_assert_int_eq(control_state(&control), RUN_PRELAUNCH);
    ck_assert_str_eq(notes, "RbPe");
    control.machine.press_power = NULL;
    ck_assert(!control_power_down(&control, &error));
    ck_assert(control_send_nmi(&control, &error));
    ck_assert_str_eq(notes, "RbPeN");
    control.machine.send_nmi = NULL;
    ck_assert(!control_send_nmi(&control, &error));
}
END_TEST

/* Whose end it is, and what the options make of it. */
START_TEST(ends_as_the_options_say)
{
    static const struct {
        bool no_reboot, no_shutdown, is_reset;
        const char *notes;
    } cases[] = {
        {false, false, false, "+daE"}, {false, true, false, "+da-c"}, {false, false, true, "+dRb"},
        {false, true, true, "+dRb"},   {true, false, true, "+daE"},   {true, true, true, "+da-c"},
    };
    control.options = (struct control_options){false, cases[_i].no_shutdown, cases[_i].no_reboot};
    control_start(&control);
    if (cases[_i].is_reset)
        control_guest_reset(&control);
    else
        control_shut_down(&control, CAUSE_GUEST_SHUTDOWN);
    ck_assert_str_eq(notes, cases[_i].notes);
}
END_TEST

/* -no-shutdown is about the guest, not about its user. */
START_TEST(a_user_can_always_end)
{
    control.options.no_shutdown = true;
    control_start(&control);
    control_shut_down(&control, CAUSE_QUIT);
    ck_assert_str_eq(notes, "+daE");
}
END_TEST

START_TEST(who_stops_listening_hears_nothing)
{
    control_unlisten(&control, &listener);
    control_unlisten(&control, &listener);
    control_start(&control);
    ck_assert_str_eq(notes, "+");
}
END_TEST

/* --- calls from other threads --- */

enum { CALLERS = 4, CALLS = 500 };
static unsigned calls; /* of the cpu's thread alone */

static void add(void *argument)
{
    *(unsigned *)argument += 1;
    calls++;
}

static void *call_often(void *mine)
{
    for (unsigned i = 0; i < CALLS; i++)
        ck_assert(control_call(&control, add, mine));
    return NULL;
}

START_TEST(calls_are_done_by_one_thread)
{
    pthread_t thread[CALLERS];
    unsigned mine[CALLERS] = {0};
    calls = 0;
    for (unsigned i = 0; i < CALLERS; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, call_often, &mine[i]), 0);
    while (calls < CALLERS * CALLS) {
        sem_wait(&awake);
        control_serve(&control);
    }
    for (unsigned i = 0; i < CALLERS; i++) {
        pthread_join(thread[i], NULL);
        ck_assert_uint_eq(mine[i], CALLS);
    }
}
END_TEST

static void *call_in_vain(void *mine)
{
    while (control_call(&control, add, mine))
        ;
    return NULL;
}

/* Those that wait are refused, and those that come later. */
START_TEST(calls_are_refused_at_the_end)
{
    pthread_t thread[CALLERS];
    unsigned mine[CALLERS] = {0};
    for (unsigned i = 0; i < CALLERS; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, call_in_vain, &mine[i]), 0);
    for (calls = 0; calls < CALLERS; control_serve(&control))
        sem_wait(&awake);
    control_close(&control);
    for (unsigned i = 0; i < CALLERS; i++)
        pthread_join(thread[i], NULL);
}
END_TEST

/* Who is on the cpu's thread already does not wait for himself. */
START_TEST(a_call_may_call)
{
    unsigned mine = 0;
    ck_assert(control_call(&control, add, &mine));
    ck_assert_uint_eq(mine, 1);
}
END_TEST

Suite *control_suite(void)
{
    Suite *s = suite_create("control");
    TCase *c = tcase_create("control");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, tells_once);
    tcase_add_test(c, what_has_ended_is_not_paused);
    tcase_add_test(c, resets_and_presses);
    tcase_add_loop_test(c, ends_as_the_options_say, 0, 6);
    tcase_add_test(c, a_user_can_always_end);
    tcase_add_test(c, who_stops_listening_hears_nothing);
    tcase_add_test(c, calls_are_done_by_one_thread);
    tcase_add_test(c, calls_are_refused_at_the_end);
    tcase_add_test(c, a_call_may_call);
    suite_add_tcase(s, c);
    return s;
}
