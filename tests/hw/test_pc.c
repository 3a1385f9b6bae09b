/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine around a cpu that is a C function: waking, idling, resets, ends. */
#include "hw/control.h"
#include "hw/host/surroundings.h"
#include "hw/host/terminal.h"
#include "hw/pc/pc.h"
#include "tests/hw/fake_exec.h"
#include "tests/hw/fixture.h"

#include "exec/memory.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct options options;
static void *pc;
static unsigned runs; /* of the guest */
static int to_stdin;

/* The least Multiboot kernel there is: a header with addresses, loaded at 1 MiB. */
static const uint32_t kernel[] = {
    0x1badb002, 0x00010000, 0u - 0x1badb002 - 0x00010000, 0x100000, 0x100000, 0, 0, 0x100020, 0xf4,
};

static void setup(void)
{
    int in[2];
    ck_assert_int_eq(pipe(in), 0);
    dup2(in[0], STDIN_FILENO);
    close(in[0]);
    to_stdin = in[1];
    runs = 0;
    pc = NULL;
    options = (struct options){
        .load.ram_size = 16u << 20,
        .exec.cache_size = 1 << 20,
        .serial[0] = {.kind = OUTSIDE_STDIO},
        .debug_exit = true,
        .debug_exit_port = 0xf4,
        .debug_exit_size = 4,
    };
}

static void teardown(void)
{
    if (pc)
        pc_machine.destroy(pc);
}

static int run(void (*guest)(struct exec *))
{
    struct error error = {""};
    fake_guest = guest;
    pc = pc_machine.create(&options,
                           (struct default_kernel){(const uint8_t *)kernel, sizeof kernel}, &error);
    ck_assert_msg(pc != NULL, "%s", error.text);
    ck_assert_msg(pc_machine.start(pc, &error), "%s", error.text);
    pc_machine.power_on(pc);
    return pc_machine.run(pc);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void halt(struct exec *e)
{
    e->board->board.idle(e->board->board.board);
}

static void end(struct exec *e, unsigned value)
{
    e->board->port_write(e->board->board.board, 0xf4, value, 4);
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

static void look_and_end(struct exec *e)
{
    ck_assert_uint_eq(e->core->pc, 0x100020);
    ck_assert_uint_eq(memory_read(e->memory, 0x100020, 4), 0xf4);
    ck_assert(e->a20);
    end(e, 21);
    end(e, 3); /* too late to say something else */
}

START_TEST(starts_and_ends)
{
    ck_assert_int_eq(run(look_and_end), 43);
}
END_TEST

/* A kernel that no BIOS has started asks QEMU's configuration device for the number of cpus. */
static void ask_for_configuration(struct exec *e)
{
    e->board->port_write(e->board->board.board, 0x510, 0, 2);
    ck_assert_uint_eq(e->board->port_read(e->board->board.board, 0x511, 1), 'Q');
    e->board->port_write(e->board->board.board, 0x510, 5, 2);
    end(e, e->board->port_read(e->board->board.board, 0x511, 1));
}

START_TEST(tells_of_the_machine)
{
    ck_assert_int_eq(run(ask_for_configuration), 3);
}
END_TEST

/* The clock begins with the date that is asked for. */
static void ask_for_the_year(struct exec *e)
{
    e->board->port_write(e->board->board.board, 0x70, 9, 1);
    end(e, e->board->port_read(e->board->board.board, 0x71, 1));
}

START_TEST(clock_begins_with_a_date)
{
    options.rtc_base = RTC_DATE;
    options.rtc_date = 567993600; /* 1988 */
    ck_assert_int_eq(run(ask_for_the_year), 0x88 * 2 + 1);
}
END_TEST

/* A guest that never halts is interrupted at the rate it has asked for. */
static void busy(struct exec *e)
{
    static unsigned ticks;
    if (!runs++)
        start_ticks(e);
    ticks += take_tick(e);
    if (ticks == 50)
        end(e, 0);
}

START_TEST(a_busy_guest_is_interrupted)
{
    double start = seconds();
    ck_assert_int_eq(run(busy), 1);
    ck_assert_double_ge(seconds() - start, 0.48);
}
END_TEST

static void idling(struct exec *e)
{
    static unsigned ticks;
    if (!runs++)
        start_ticks(e);
    ticks += take_tick(e);
    if (ticks == 50)
        end(e, 0);
    halt(e);
}

START_TEST(an_idle_guest_sleeps)
{
    double start = seconds();
    run(idling);
    ck_assert_double_ge(seconds() - start, 0.48);
    ck_assert_uint_le(runs, 500);
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
    if (!runs++)
        timer_init(&soon, parts.timers, no_device, NULL);
    if (soon.deadline == TIMER_NEVER) {
        timer_set(&soon, timers_now(parts.timers) + 2 * (uint64_t)NS_PER_MS);
        halts++;
    }
    rings = atomic_load(&parts.host->alarm.rings);
    if (halts == MANY)
        end(e, 0);
    halt(e);
}

START_TEST(a_halt_is_not_rung_for)
{
    ck_assert_int_eq(run(halting_for_a_moment), 1);
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
    ck_assert_int_eq(run(halting_for_a_moment), 1);
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

/* Reads the serial line by polling, and ends at a 'q'. */
static void read_serial(struct exec *e)
{
    static char text[64];
    static size_t length;
    if (!runs++)
        ck_assert_int_eq(write(to_stdin, "typed q", 7), 7);
    while (fake_in(e, 0x3fd) & 1 && length < sizeof text - 1)
        text[length++] = (char)fake_in(e, 0x3f8);
    if (!strchr(text, 'q'))
        return;
    ck_assert_str_eq(text, "typed q");
    end(e, 0);
}

START_TEST(a_busy_guest_gets_input)
{
    ck_assert_int_eq(run(read_serial), 1);
}
END_TEST

static void read_serial_idle(struct exec *e)
{
    read_serial(e);
    halt(e);
}

START_TEST(an_idle_guest_gets_input)
{
    ck_assert_int_eq(run(read_serial_idle), 1);
}
END_TEST

static void type_quit(struct exec *e)
{
    if (!runs++)
        ck_assert_int_eq(write(to_stdin, "\x01x", 2), 2);
    (void)e;
}

START_TEST(ctrl_a_x_ends_a_busy_guest)
{
    ck_assert_int_eq(run(type_quit), 0);
}
END_TEST

static void close_input(struct exec *e)
{
    if (!runs++)
        close(to_stdin);
    if (runs == 1000)
        end(e, 7);
}

START_TEST(the_end_of_input_does_not_end_the_guest)
{
    ck_assert_int_eq(run(close_input), 15);
}
END_TEST

static void signal_self(struct exec *e)
{
    (void)e;
    if (!runs++)
        raise(SIGTERM);
}

START_TEST(sigterm_ends_a_busy_guest)
{
    ck_assert_int_eq(run(signal_self), 0);
    ck_assert_int_eq(terminal_signal, SIGTERM);
}
END_TEST

static void signal_and_halt(struct exec *e)
{
    if (!runs++)
        raise(SIGINT);
    halt(e);
}

START_TEST(sigint_ends_an_idle_guest)
{
    ck_assert_int_eq(run(signal_and_halt), 0);
    ck_assert_int_eq(terminal_signal, SIGINT);
}
END_TEST

/* --- output that nobody reads --- */

/* Sends while it can; then ticks go on, and then it is asked to end. */
static void send_and_tick(struct exec *e)
{
    static unsigned ticks;
    if (!runs++)
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
    ck_assert_int_eq(run(send_and_tick), 0);
    ck_assert_int_eq(terminal_signal, SIGTERM);
}
END_TEST

/* Fills all there is; what is read then makes room, which interrupts. */
static void send_and_halt(struct exec *e)
{
    static char page[4096];
    if (fake_in(e, 0x3fd) & 0x20 && !runs) {
        fake_out(e, 0x3f8, 'x');
        return;
    }
    if (!runs++) {
        fake_out(e, 0x21, 0xef); /* IRQ 4 alone */
        fake_out(e, 0x3f9, 0x02);
        fake_out(e, 0x3fc, 0x08);
        ck_assert(!e->intr);
        ck_assert_int_gt(read(from_stdout, page, sizeof page), 0);
    }
    if (!e->intr) {
        halt(e);
        return;
    }
    ck_assert_uint_eq(fake_in(e, 0x3fa), 0x02);
    raise(SIGTERM);
}

START_TEST(room_wakes_an_idle_guest)
{
    pipe_stdout();
    ck_assert_int_eq(run(send_and_halt), 0);
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
        end(e, 5);
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
    ck_assert_int_eq(run(reboot), 11);
}
END_TEST

START_TEST(no_reboot_ends)
{
    options.control.no_reboot = true;
    ck_assert_int_eq(run(reboot), 0);
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
    if (!runs++)
        ck_assert_int_eq(pthread_create(&watcher, NULL, run_watcher, c), 0);
    counted++;
}

static void count_halted(struct exec *e)
{
    count(e);
    halt(e);
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
    ck_assert_int_eq(run(_i ? count_halted : count), 0);
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
    end(e, 3);
}

START_TEST(waits_for_the_first_instruction)
{
    struct error error = {""};
    options.control.stopped = true;
    watch = let_go;
    fake_guest = count_and_end;
    counted = 0;
    pc = pc_machine.create(&options,
                           (struct default_kernel){(const uint8_t *)kernel, sizeof kernel}, &error);
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
        end(e, 1);
    else if (!runs)
        fake_out(e, 0x92, 1);
    count(e);
}

START_TEST(an_end_is_kept)
{
    options.control = (struct control_options){.no_reboot = true, .no_shutdown = true};
    watch = look_at_the_end;
    ck_assert_int_eq(run(reset_once), 3);
    pthread_join(watcher, NULL);
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
    end(e, 0);
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
    options.load.bios = bios_name;
    int status = run(in_bios);
    unlink(bios_name);
    ck_assert_int_eq(status, 1);
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
            halt(e);
        fake_step(e);
    }
    if (++runs == 500)
        end(e, 0);
}

START_TEST(no_deadline_is_missed)
{
    ck_assert_int_eq(run(reprogram), 1);
}
END_TEST

START_TEST(creation_fails_with_a_reason)
{
    struct error error;
    options.exec.cache_size = 0;
    ck_assert_ptr_null(pc_machine.create(
        &options, (struct default_kernel){(const uint8_t *)kernel, sizeof kernel}, &error));
    ck_assert_str_eq(error.text, "no room");
    options.exec.cache_size = 1;
    options.serial[1] = (struct outside){.kind = OUTSIDE_FILE, .path = "/no-such-folder/x"};
    ck_assert_ptr_null(pc_machine.create(
        &options, (struct default_kernel){(const uint8_t *)kernel, sizeof kernel}, &error));
    ck_assert_str_eq(error.text, "/no-such-folder/x: No such file or directory");
    options.serial[1].kind = OUTSIDE_NONE;
    options.debug_exit_port = 0xffff;
    ck_assert_ptr_null(pc_machine.create(
        &options, (struct default_kernel){(const uint8_t *)kernel, sizeof kernel}, &error));
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
    end(e, 0);
}

START_TEST(devices_are_restored)
{
    ck_assert_int_eq(run(go_back), 1);
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
    end(e, 0);
}

START_TEST(an_x87_error_is_irq_13)
{
    ck_assert_int_eq(run(x87_error), 1);
}
END_TEST

Suite *pc_suite(void)
{
    Suite *suite = suite_create("pc");
    TCase *c = tcase_create("pc");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, starts_and_ends);
    tcase_add_test(c, a_busy_guest_is_interrupted);
    tcase_add_test(c, an_idle_guest_sleeps);
    tcase_add_test(c, a_halt_is_not_rung_for);
    tcase_add_test(c, a_halt_does_not_look_for_input);
    tcase_add_test(c, work_after_a_halt_is_rung_for);
    tcase_add_test(c, a_bell_is_heard_once);
    tcase_add_test(c, a_bell_wakes_who_sleeps);
    tcase_add_test(c, a_busy_guest_gets_input);
    tcase_add_test(c, an_idle_guest_gets_input);
    tcase_add_test(c, ctrl_a_x_ends_a_busy_guest);
    tcase_add_test(c, the_end_of_input_does_not_end_the_guest);
    tcase_add_test(c, sigterm_ends_a_busy_guest);
    tcase_add_test(c, sigint_ends_an_idle_guest);
    tcase_add_test(c, a_guest_lives_while_nobody_reads);
    tcase_add_test(c, room_wakes_an_idle_guest);
    tcase_add_test(c, reset_boots_again);
    tcase_add_test(c, no_reboot_ends);
    tcase_add_loop_test(c, stops_and_goes_on, 0, 2);
    tcase_add_test(c, waits_for_the_first_instruction);
    tcase_add_test(c, an_end_is_kept);
    tcase_add_test(c, a_bios_is_mapped_twice);
    tcase_add_test(c, no_deadline_is_missed);
    tcase_add_test(c, an_x87_error_is_irq_13);
    tcase_add_test(c, tells_of_the_machine);
    tcase_add_test(c, clock_begins_with_a_date);
    tcase_add_test(c, creation_fails_with_a_reason);
    tcase_add_test(c, devices_are_restored);
    suite_add_tcase(suite, c);
    return suite;
}
