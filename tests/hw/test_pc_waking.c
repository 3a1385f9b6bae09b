/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a PC's cpu rests, and is woken: by time, by input and room for output, by signals. */
#include "hw/host/surroundings.h"
#include "hw/host/terminal.h"
#include "tests/hw/pc_stage.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Counter 0 at 100 Hz. */
static void start_ticks(struct exec *e)
{
    fake_out(e, 0x43, 0x34);
    fake_out(e, 0x40, 11932 & 0xff);
    fake_out(e, 0x40, 11932 >> 8);
}

static bool take_tick(struct exec *e)
{
    if (!e->intr)
        return false;
    bool tick = e->board->board.acknowledge(e->board->board.board) == 0x08;
    fake_out(e, 0x20, 0x20);
    return tick;
}

/* A guest that never halts is interrupted at the rate it has asked for. */
static void busy(struct exec *e)
{
    static unsigned ticks;
    if (!pc_runs++)
        start_ticks(e);
    ticks += take_tick(e);
    if (ticks == 50)
        pc_end(e, 0);
}

START_TEST(a_busy_guest_is_interrupted)
{
    double start = seconds();
    ck_assert_int_eq(pc_run(busy), 1);
    ck_assert_double_ge(seconds() - start, 0.48);
}
END_TEST

static void idling(struct exec *e)
{
    static unsigned ticks;
    if (!pc_runs++)
        start_ticks(e);
    ticks += take_tick(e);
    if (ticks == 50)
        pc_end(e, 0);
    pc_halt(e);
}

START_TEST(an_idle_guest_sleeps)
{
    double start = seconds();
    pc_run(idling);
    ck_assert_double_ge(seconds() - start, 0.48);
    ck_assert_uint_le(pc_runs, 500);
}
END_TEST

static void no_device(void *device, uint64_t now)
{
    (void)device, (void)now;
}

/*
 * What a halt waits for wakes it by itself: of many halts some, unless the host is always late,
 * end without the signal that is there for a busy guest.
 */
static unsigned halts, rings;

static void halting_for_a_moment(struct exec *e)
{
    enum { MANY = 200 };
    static struct timer soon;
    struct machine_parts parts = pc_machine.parts(pc);
    if (!pc_runs++)
        timer_init(&soon, parts.timers, no_device, NULL);
    if (soon.deadline == TIMER_NEVER) {
        timer_set(&soon, timers_now(parts.timers) + 2 * (uint64_t)NS_PER_MS);
        halts++;
    }
    rings = atomic_load(&parts.host->alarm.rings);
    if (halts == MANY)
        pc_end(e, 0);
    pc_halt(e);
}

START_TEST(a_halt_is_not_rung_for)
{
    ck_assert_int_eq(pc_run(halting_for_a_moment), 1);
    ck_assert_uint_lt(rings, halts - 1);
}
END_TEST

/* In libc's place: how often the cpu's thread looks whether there is something. */
static pthread_t cpu_thread;
static unsigned polls;
int poll(struct pollfd *fds, nfds_t count, int timeout)
{
    if (pthread_equal(pthread_self(), cpu_thread))
        polls++;
    return (int)syscall(SYS_poll, fds, count, timeout);
}

START_TEST(a_halt_does_not_look_for_input)
{
    polls = halts = 0;
    cpu_thread = pthread_self();
    ck_assert_int_eq(pc_run(halting_for_a_moment), 1);
    ck_assert_uint_lt(polls, halts / 2);
}
END_TEST

static void no_ring(void *target)
{
    (void)target;
}

/* Far away, so that nothing comes: the timer is behind each halt's end, and set once for it; near
 * the deadline behind it, and not behind that. */
START_TEST(work_after_a_halt_is_rung_for)
{
    enum { TICK = 4 * NS_PER_MS };
    struct alarm a;
    struct error error;
    uint64_t deadline = host_clock() + 1000 * (uint64_t)NS_PER_S;
    ck_assert(alarm_create(&a, &error) && alarm_start(&a, no_ring, no_ring, NULL, &error));
    for (unsigned i = 0; i < 10; i++, deadline += TICK) {
        uint64_t before = atomic_load(&a.armed);
        alarm_set(&a, deadline);
        ck_assert_uint_eq(atomic_load(&a.armed), i ? before : deadline);
        alarm_rest(&a, deadline, TICK);
        ck_assert_uint_gt(atomic_load(&a.armed), deadline + TICK / 2);
        ck_assert_uint_lt(atomic_load(&a.armed), deadline + TICK);
    }
    alarm_rest(&a, deadline, NS_PER_US);
    ck_assert_uint_eq(atomic_load(&a.armed), deadline + NS_PER_MS);
    alarm_set(&a, deadline - NS_PER_S);
    ck_assert_uint_eq(atomic_load(&a.armed), deadline - NS_PER_S);
    alarm_rest(&a, TIMER_NEVER, TIMER_NEVER);
    ck_assert_uint_eq(atomic_load(&a.armed), deadline - NS_PER_S);
    alarm_destroy(&a);
}
END_TEST

/* All that ring before it is heard are one; a wait behind that ends by the clock. */
START_TEST(a_bell_is_heard_once)
{
    struct bell b;
    int value;
    bell_init(&b);
    for (unsigned i = 0; i < 3; i++) {
        bell_ring(&b);
        bell_ring(&b);
        ck_assert(sem_getvalue(&b.sem, &value) == 0 && value == 1);
        bell_wait(&b, i ? TIMER_NEVER : host_clock() + 1000 * (uint64_t)NS_PER_S);
        ck_assert(sem_getvalue(&b.sem, &value) == 0 && value == 0);
    }
    uint64_t until = host_clock() + NS_PER_MS;
    bell_wait(&b, until);
    ck_assert_uint_ge(host_clock(), until);
    bell_destroy(&b);
}
END_TEST

static void *ring_later(void *bell)
{
    nanosleep(&(struct timespec){.tv_nsec = NS_PER_MS}, NULL);
    bell_ring(bell);
    return NULL;
}

START_TEST(a_bell_wakes_who_sleeps)
{
    struct bell b;
    pthread_t thread;
    bell_init(&b);
    for (unsigned i = 0; i < 10; i++) {
        ck_assert_int_eq(pthread_create(&thread, NULL, ring_later, &b), 0);
        bell_wait(&b, TIMER_NEVER);
        pthread_join(thread, NULL);
    }
    bell_destroy(&b);
}
END_TEST

/* Moves the deadline about as guests do, while the other thread sleeps and wakes. */
static void reprogram(struct exec *e)
{
    static uint32_t state = 1;
    static unsigned ticks;
    uint32_t count = next_random(&state) % 3000 + 100;
    ticks += take_tick(e);
    fake_out(e, 0x43, 0x38);
    fake_out(e, 0x40, (uint8_t)count);
    fake_out(e, 0x40, (uint8_t)(count >> 8));
    /* busy, or halted, until the tick that must come: a test without end, if it does not */
    bool busy_wait = next_random(&state) & 1;
    while (!e->intr) {
        if (!busy_wait)
            pc_halt(e);
        fake_step(e);
    }
    if (++pc_runs == 500)
        pc_end(e, 0);
}

START_TEST(no_deadline_is_missed)
{
    ck_assert_int_eq(pc_run(reprogram), 1);
}
END_TEST

/* --- input --- */

/* Reads the serial line by polling, and ends at a 'q'. */
static void read_serial(struct exec *e)
{
    static char text[64];
    static size_t length;
    if (!pc_runs++)
        ck_assert_int_eq(write(pc_to_stdin, "typed q", 7), 7);
    while (fake_in(e, 0x3fd) & 1 && length < sizeof text - 1)
        text[length++] = (char)fake_in(e, 0x3f8);
    if (!strchr(text, 'q'))
        return;
    ck_assert_str_eq(text, "typed q");
    pc_end(e, 0);
}

START_TEST(a_busy_guest_gets_input)
{
    ck_assert_int_eq(pc_run(read_serial), 1);
}
END_TEST

static void read_serial_idle(struct exec *e)
{
    read_serial(e);
    pc_halt(e);
}

START_TEST(an_idle_guest_gets_input)
{
    ck_assert_int_eq(pc_run(read_serial_idle), 1);
}
END_TEST

static void type_quit(struct exec *e)
{
    if (!pc_runs++)
        ck_assert_int_eq(write(pc_to_stdin, "\x01x", 2), 2);
    (void)e;
}

START_TEST(ctrl_a_x_ends_a_busy_guest)
{
    ck_assert_int_eq(pc_run(type_quit), 0);
}
END_TEST

static void close_input(struct exec *e)
{
    if (!pc_runs++)
        close(pc_to_stdin);
    if (pc_runs == 1000)
        pc_end(e, 7);
}

START_TEST(the_end_of_input_does_not_end_the_guest)
{
    ck_assert_int_eq(pc_run(close_input), 15);
}
END_TEST

static void signal_self(struct exec *e)
{
    (void)e;
    if (!pc_runs++)
        raise(SIGTERM);
}

START_TEST(sigterm_ends_a_busy_guest)
{
    ck_assert_int_eq(pc_run(signal_self), 0);
    ck_assert_int_eq(terminal_signal, SIGTERM);
}
END_TEST

static void signal_and_halt(struct exec *e)
{
    if (!pc_runs++)
        raise(SIGINT);
    pc_halt(e);
}

START_TEST(sigint_ends_an_idle_guest)
{
    ck_assert_int_eq(pc_run(signal_and_halt), 0);
    ck_assert_int_eq(terminal_signal, SIGINT);
}
END_TEST

/* --- output that nobody reads --- */

/* Sends while it can; then ticks go on, and then it is asked to end. */
static void send_and_tick(struct exec *e)
{
    static unsigned ticks;
    if (!pc_runs++)
        start_ticks(e);
    if (fake_in(e, 0x3fd) & 0x20)
        fake_out(e, 0x3f8, 'x');
    else
        ticks += take_tick(e);
    if (ticks == 10) {
        ticks++;
        raise(SIGTERM);
    }
}

static int from_stdout;

static void pipe_stdout(void)
{
    int out[2];
    ck_assert_int_eq(pipe(out), 0);
    dup2(out[1], STDOUT_FILENO);
    close(out[1]);
    from_stdout = out[0];
}

START_TEST(a_guest_lives_while_nobody_reads)
{
    pipe_stdout();
    ck_assert_int_eq(pc_run(send_and_tick), 0);
    ck_assert_int_eq(terminal_signal, SIGTERM);
}
END_TEST

/* Fills all there is; what is read then makes room, which interrupts. */
static void send_and_halt(struct exec *e)
{
    static char page[4096];
    if (fake_in(e, 0x3fd) & 0x20 && !pc_runs) {
        fake_out(e, 0x3f8, 'x');
        return;
    }
    if (!pc_runs++) {
        fake_out(e, 0x21, 0xef); /* IRQ 4 alone */
        fake_out(e, 0x3f9, 0x02);
        fake_out(e, 0x3fc, 0x08);
        ck_assert(!e->intr);
        ck_assert_int_gt(read(from_stdout, page, sizeof page), 0);
    }
    if (!e->intr) {
        pc_halt(e);
        return;
    }
    ck_assert_uint_eq(fake_in(e, 0x3fa), 0x02);
    raise(SIGTERM);
}

START_TEST(room_wakes_an_idle_guest)
{
    pipe_stdout();
    ck_assert_int_eq(pc_run(send_and_halt), 0);
}
END_TEST

Suite *pc_waking_suite(void)
{
    Suite *suite = suite_create("pc waking");
    TCase *c = tcase_create("pc waking");
    tcase_add_checked_fixture(c, pc_setup, pc_teardown);
    tcase_add_test(c, a_busy_guest_is_interrupted);
    tcase_add_test(c, an_idle_guest_sleeps);
    tcase_add_test(c, a_halt_is_not_rung_for);
    tcase_add_test(c, a_halt_does_not_look_for_input);
    tcase_add_test(c, work_after_a_halt_is_rung_for);
    tcase_add_test(c, a_bell_is_heard_once);
    tcase_add_test(c, a_bell_wakes_who_sleeps);
    tcase_add_test(c, no_deadline_is_missed);
    tcase_add_test(c, a_busy_guest_gets_input);
    tcase_add_test(c, an_idle_guest_gets_input);
    tcase_add_test(c, ctrl_a_x_ends_a_busy_guest);
    tcase_add_test(c, the_end_of_input_does_not_end_the_guest);
    tcase_add_test(c, sigterm_ends_a_busy_guest);
    tcase_add_test(c, sigint_ends_an_idle_guest);
    tcase_add_test(c, a_guest_lives_while_nobody_reads);
    tcase_add_test(c, room_wakes_an_idle_guest);
    suite_add_tcase(suite, c);
    return suite;
}
