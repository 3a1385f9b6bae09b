/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a machine has around it on the host, see surroundings.h. */
#include "hw/host/surroundings.h"

#include "exec/guest.h"
#include "hw/host/clock.h"
#include "hw/host/disk_counted.h"
#include "hw/host/replay_machine.h"
#include "hw/host/terminal.h"

#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void surroundings_stop(struct surroundings *s, int status)
{
    if (!s->stopped)
        s->status = status;
    s->stopped = true;
    exec_stop(s->exec);
}

void surroundings_end_guest(struct surroundings *s, int status)
{
    if (!s->keeper.keeper) {
        surroundings_stop(s, status);
        return;
    }
    s->status = status;
    control_stop(&s->control, RUN_SHUTDOWN);
}

/* --- output --- */

/* Numbered from 0: the console's and the files'; NULL where there is none. */
enum { OUTPUTS = 1 + SURROUNDINGS_FILES };
static struct output *output(struct surroundings *s, unsigned number)
{
    if (number == 0)
        return s->has_console ? &s->console.output : NULL;
    return number <= s->files ? &s->file[number - 1].output : NULL;
}

static void flush(struct surroundings *s)
{
    for (unsigned i = 0; i < OUTPUTS; i++)
        if (output(s, i))
            output_flush(output(s, i));
}

void surroundings_wake(struct surroundings *s)
{
    exec_request(s->exec);
    bell_ring(&s->bell);
}

/* From an output's thread, a disk's, or a network's. */
static void wake(void *owner)
{
    surroundings_wake(owner);
}

/* --- time and input --- */

/* By the host's clock. */
static uint64_t deadline_of(const struct timers *q)
{
    return q->is_stopped || timers_next(q) == TIMER_NEVER ? TIMER_NEVER
                                                          : q->origin + timers_next(q);
}

static uint64_t next_deadline(const struct surroundings *s)
{
    uint64_t guest = deadline_of(&s->timers), host = deadline_of(&s->host_timers);
    return guest < host ? guest : host;
}

static void set_deadline(struct surroundings *s)
{
    s->time.exec = s->exec;
    if (s->time.on) {
        s->time.mark_at = s->replay ? replay_due(s->replay) : UINT64_MAX;
        counted_time_set_deadline(&s->time);
    } else {
        alarm_set(&s->alarm, next_deadline(s));
    }
}

static void deadline_moved(void *owner, uint64_t deadline)
{
    struct surroundings *s = owner;
    (void)deadline;
    set_deadline(s);
}

static void ring(void *target)
{
    struct surroundings *s = target;
    exec_request(s->exec);
}

/* --- what comes in where time is counted: recorded, or as it was recorded --- */

static void fetch(struct surroundings *s, unsigned number)
{
    struct counted_port *p = &s->port[number];
    uint8_t data[1 + COUNTED_PORT_ROOM] = {(uint8_t)number};
    size_t size = p->outside->take(p->outside, data + 1, counted_port_room(p));
    if (!size || replay_plays(s->replay))
        return;
    counted_port_add(p, data + 1, size);
    if (replay_records(s->replay))
        replay_note(s->replay, REPLAY_BYTES, exec_instructions(s->exec), data, size + 1);
}

static void replay_bytes(struct surroundings *s, uint64_t count)
{
    const struct replay_event *e;
    while ((e = replay_at(s->replay, REPLAY_BYTES, count))) {
        struct counted_port *p = &s->port[e->data[0] < s->ports ? e->data[0] : 0];
        size_t size = e->size - 1, room = s->ports ? counted_port_room(p) : 0;
        counted_port_add(p, e->data + 1, size < room ? size : room);
        replay_go_on(s->replay);
    }
}

static void fail(struct surroundings *s, const struct error *error)
{
    fprintf(stderr, "tessera: %s\n", error->text);
    s->differs = true;
    if (s->keeper.keeper)
        s->control.no_more = "the replay differs here; back N goes back by N instructions";
    surroundings_end_guest(s, 1);
}

/* What the cpu is here is what a search for the reason begins with. */
static void check_mark(struct surroundings *s)
{
    struct error error = {0};
    if (replay_mark(s->replay, &s->subject, exec_instructions(s->exec), &error))
        return;
    fail(s, &error);
    s->subject.guest->print_state(exec_core(s->exec), stderr);
}

/* Behind a look: has all been taken that was recorded up to here? */
static void check_replay(struct surroundings *s, uint64_t count)
{
    const struct replay_event *e = replay_next(s->replay);
    struct error error = {0};
    if (e && e->kind == REPLAY_END && replay_is_due(s->replay, e, count)) {
        surroundings_end_guest(s, (int)replay_number(e->data, 4));
    } else if (!e) {
        error_set(&error, "-replay %s: the recording breaks off after %" PRIu64 " instructions",
                  replay_path(s->replay), count);
        fail(s, &error);
    } else if (replay_is_due(s->replay, e, count) &&
               (e->count < count || !replay_next_act(s->replay))) {
        error_set(&error,
                  "-replay %s: differs: what came in after %" PRIu64
                  " instructions does not fit in here",
                  replay_path(s->replay), e->count);
        fail(s, &error);
    }
}

static void look_at_replay(struct surroundings *s, void (*then)(struct surroundings *s))
{
    uint64_t count = exec_instructions(s->exec);
    struct error error = {0};
    replay_bytes(s, count);
    if (!replay_check(s->replay, &s->subject, count, &error))
        fail(s, &error);
    then(s);
    if (replay_plays(s->replay) && !s->stopped && control_is_running(&s->control))
        check_replay(s, count);
}

static void poll_ports(struct surroundings *s)
{
    if (control_is_running(&s->control))
        s->machine.poll_ports(s->machine.machine);
}

static void poll_outside(struct surroundings *s)
{
    if (s->input && !alarm_is_watching(&s->alarm))
        console_poll(&s->console);
    for (unsigned i = 0; i < s->ports && control_is_running(&s->control); i++)
        fetch(s, i);
    if (s->replay && control_is_running(&s->control))
        look_at_replay(s, poll_ports);
    else
        poll_ports(s);
    if (s->machine.show)
        s->machine.show(s->machine.machine);
    if (s->input && !s->time.on && console_wants_input(&s->console))
        alarm_watch_input(&s->alarm);
}

/* Where time is counted, each is delivered in its own time: disk_counted.h. */
static void deliver_disks(struct surroundings *s)
{
    for (unsigned i = 0; i < s->disks && !s->time.on; i++)
        disk_deliver(s->disk[i]);
}

static void deliver_nets(struct surroundings *s)
{
    for (unsigned i = 0; i < s->nets; i++)
        if (s->time.on)
            net_counted_look(&s->counted_net[i], s->exec);
        else
            net_deliver(s->net[i]);
}

static struct disk *busy_disk(const struct surroundings *s)
{
    for (unsigned i = 0; i < s->disks; i++)
        if (!disk_is_idle(s->disk[i]))
            return s->disk[i];
    return NULL;
}

bool surroundings_drain(struct surroundings *s, struct error *error)
{
    enum { PATIENCE_S = 10, LOOK_AGAIN_MS = 100 };
    uint64_t until = host_clock() + (uint64_t)PATIENCE_S * NS_PER_S;
    const struct disk *d;
    deliver_disks(s);
    for (unsigned i = 0; i < s->disks; i++)
        disk_counted_finish(s->counted_disk[i]);
    while ((d = busy_disk(s))) {
        uint64_t now = host_clock();
        if (now > until)
            return error_set(error, "%s: does not answer", d->name);
        bell_wait(&s->bell, now + LOOK_AGAIN_MS * (uint64_t)NS_PER_MS);
        deliver_disks(s);
    }
    return true;
}

static bool is_end_asked(const struct surroundings *s)
{
    return terminal_signal || s->console.quit || atomic_load(&s->has_left);
}

static void look_at_end(struct surroundings *s)
{
    if (is_end_asked(s) && !s->stopped)
        control_shut_down(&s->control, terminal_signal ? CAUSE_SIGNAL : CAUSE_USER);
}

static void look_outside(struct surroundings *s)
{
    timers_run(&s->host_timers);
    deliver_disks(s);
    deliver_nets(s);
    poll_outside(s);
    look_at_end(s);
    if (control_is_called(&s->control))
        exec_stop(s->exec);
}

/* --- what was done to the machine by a monitor --- */

static void note_act(void *host, enum control_act act)
{
    struct surroundings *s = host;
    uint8_t data = (uint8_t)act;
    if (replay_records(s->replay))
        replay_note(s->replay, REPLAY_ACT, exec_instructions(s->exec), &data, 1);
}

static bool has_act(const struct surroundings *s)
{
    const struct replay_event *e = replay_next_act(s->replay);
    return e && replay_is_due(s->replay, e, exec_instructions(s->exec)) &&
           control_is_running(&s->control);
}

static bool act(struct surroundings *s, const struct replay_event *e, struct error *error)
{
    if (e->kind == REPLAY_MEDIUM)
        return s->actor.change ? s->actor.change(s->actor.actor, e->data, e->size, error)
                               : error_set(error, "there is no drive");
    if (e->data[0] == ACT_RESET)
        control_reset(&s->control, CAUSE_SYSTEM_RESET);
    return e->data[0] == ACT_POWER ? control_power_down(&s->control, error)
           : e->data[0] == ACT_NMI ? control_send_nmi(&s->control, error)
                                   : e->data[0] == ACT_RESET || error_set(error, "is unknown");
}

void surroundings_act_again(struct surroundings *s)
{
    static struct replay_event e;
    struct error why, error;
    while (has_act(s)) {
        e = *replay_next_act(s->replay);
        replay_go_on(s->replay);
        if (act(s, &e, &why))
            continue;
        error_set(&error, "-replay %s: differs: what was done after %" PRIu64 " instructions: %s",
                  replay_path(s->replay), e.count, why.text);
        fail(s, &error);
    }
}

void surroundings_service(struct surroundings *s)
{
    timers_run(&s->timers);
    if (s->replay && control_is_running(&s->control))
        check_mark(s);
    if (!s->time.on || counted_time_take_look(&s->time)) {
        look_outside(s);
        if (s->keeper.looked && control_is_running(&s->control))
            s->keeper.looked(s->keeper.keeper);
    }
    if (s->time.on && (counted_time_is_up(&s->time) || has_act(s)))
        exec_stop(s->exec);
    set_deadline(s);
}

/* Sleeps until something may have happened outside, or until a time of the host's clock. */
static void wait_outside(struct surroundings *s, uint64_t until)
{
    if (s->input && console_wants_input(&s->console))
        alarm_watch_input(&s->alarm);
    bell_wait(&s->bell, until);
}

/* Until a timer is due, or something else happens. */
static void rest(struct surroundings *s)
{
    flush(s);
    timers_make_up(&s->timers);
    uint64_t deadline = next_deadline(s), now = host_clock();
    uint64_t left = deadline > now ? deadline - now : 0;
    if (left)
        alarm_rest(&s->alarm, deadline, left);
    wait_outside(s, deadline);
}

/* Whatever comes in meanwhile waits for its time. */
static void sleep_for(struct surroundings *s, uint64_t ns)
{
    uint64_t until = host_clock() + ns;
    while (host_clock() < until && !is_end_asked(s))
        bell_wait(&s->bell, until);
}

static void rest_in_counted_time(struct surroundings *s)
{
    flush(s);
    if (s->sleeps)
        sleep_for(s, counted_time_left(&s->time));
    counted_time_skip(&s->time);
}

void surroundings_idle(struct surroundings *s)
{
    if (s->time.on)
        rest_in_counted_time(s);
    else
        rest(s);
    surroundings_service(s);
}

/* Where timers stand still. */
static void wait_and_listen(struct surroundings *s, uint64_t ns)
{
    wait_outside(s, host_clock() + ns);
    if (!s->input)
        return;
    console_look(&s->console);
    console_poll(&s->console);
}

/* The guest sends what nobody takes, and has not asked whether it can. */
static bool wait_for_room(void *owner)
{
    struct surroundings *s = owner;
    if (!is_end_asked(s))
        wait_and_listen(s, console_look_again);
    if (!is_end_asked(s))
        return true;
    exec_request(s->exec);
    return false;
}

/* --- the end of output --- */

/* Once an end is asked for, a reader that has taken nothing for a second is given up. */
static bool is_awaited(struct surroundings *s, struct output *o)
{
    return output_pending(o) && !(s->is_ending && output_stuck(o) > NS_PER_S);
}

static bool all_is_out(struct surroundings *s)
{
    for (unsigned i = 0; i < OUTPUTS; i++)
        if (output(s, i) && is_awaited(s, output(s, i)))
            return false;
    return true;
}

/* Says what is lost, if there is somebody to hear it. */
static void report_lost(struct output *o)
{
    struct pollfd err = {.fd = STDERR_FILENO, .events = POLLOUT};
    size_t lost = output_pending(o);
    if (lost && poll(&err, 1, 0) > 0 && err.revents & POLLOUT)
        fprintf(stderr, "tessera: %s: %zu bytes that nobody has read are lost\n", output_name(o),
                lost);
}

/*
 * A guest that has ended leaves its readers the time that they need, as any program does that
 * writes, until somebody asks for an end.
 */
static void finish_output(struct surroundings *s)
{
    flush(s);
    s->is_ending = is_end_asked(s);
    while (!all_is_out(s)) {
        wait_and_listen(s, s->is_ending ? 50 * NS_PER_MS : console_look_again);
        s->is_ending = is_end_asked(s);
    }
    for (unsigned i = 0; i < OUTPUTS; i++)
        if (output(s, i))
            report_lost(output(s, i));
}

/* --- the machine's control --- */

static void set_running(void *host, bool is)
{
    struct surroundings *s = host;
    atomic_store(&s->is_stopped, !is);
    if (is) {
        timers_continue(&s->timers);
        return;
    }
    timers_stop(&s->timers);
    exec_stop(s->exec);
}

static void end(void *host, int status)
{
    surroundings_stop(host, status);
}

void surroundings_control(struct surroundings *s, const struct control_machine *machine,
                          const struct control_options *options)
{
    s->control.machine = *machine;
    s->control.options = *options;
}

/* What goes on while the guest does not: the screen, the terminal, calls. */
static void pause_guest(struct surroundings *s)
{
    if (!control_is_called(&s->control))
        rest(s);
    timers_run(&s->host_timers);
    poll_outside(s);
    look_at_end(s);
}

static void run_guest(struct surroundings *s)
{
    surroundings_service(s);
    control_start(&s->control);
    while (!s->stopped) {
        surroundings_act_again(s);
        if (control_is_running(&s->control))
            exec_run(s->exec);
        else if (!s->stopped)
            pause_guest(s);
        if (s->keeper.keeper && control_state(&s->control) == RUN_SHUTDOWN && !s->has_told &&
            !s->differs)
            surroundings_tell_end(s);
        control_serve(&s->control);
    }
}

/* --- putting it together --- */

static void start_clock(struct surroundings *s, struct timers *timers)
{
    timers_init(timers, host_clock);
    timers->moved = deadline_moved;
    timers->owner = s;
}

static void start_control(struct surroundings *s)
{
    const struct control_host host = {s, wake, set_running, end, note_act};
    control_init(&s->control, &host);
    timers_stop(&s->timers);
}

static void leave(void *owner)
{
    struct surroundings *s = owner;
    atomic_store(&s->has_left, true);
    surroundings_wake(s);
}

bool surroundings_show(struct surroundings *s, struct screen *screen, struct input *input,
                       const struct display_options *options, struct error *error)
{
    const struct display_setup setup = {
        .screen = screen, .input = input, .is_stopped = &s->is_stopped, .leave = leave, .owner = s};
    atomic_store(&s->is_stopped, s->control.options.stopped);
    return displays_open(&s->displays, options, &setup, error);
}

void surroundings_hide(struct surroundings *s)
{
    displays_close(&s->displays);
}

bool surroundings_init(struct surroundings *s, const struct surroundings_machine *machine,
                       struct error *error)
{
    s->machine = *machine;
    bell_init(&s->bell);
    start_clock(s, &s->timers);
    s->timers.patience = NS_PER_MS;
    start_clock(s, &s->host_timers);
    start_control(s);
    if (!alarm_create(&s->alarm, error))
        return false;
    s->has_alarm = true;
    terminal_catch_signals(s->alarm.wake_fd); /* first: others have a meaning for some of them */
    s->output_owner = (struct output_owner){wake, wait_for_room, s};
    s->disk_owner = (struct disk_owner){wake, s};
    s->net_owner = (struct net_owner){wake, s};
    s->has_console = console_open(&s->console, &s->host_timers, &s->output_owner, error);
    return s->has_console;
}

/* A replay's is to be the machine that was recorded. */
static bool open_replay_of(struct surroundings *s, const char *machine, struct options *o,
                           struct replay_start *start, struct error *error)
{
    struct error why;
    start->machine = machine;
    if (o->record)
        s->replay = replay_create(o->record, start, error);
    else
        s->replay = replay_open(o->replay, start, error);
    if (s->replay && o->replay && start->machine &&
        !replay_machine_check(start->machine, machine, &why))
        return error_set(error, "-replay %s: %s", o->replay, why.text);
    if (s->replay && o->replay)
        o->load.serial_console = !start->machine || replay_machine_has_console(start->machine);
    return s->replay;
}

static bool open_replay(struct surroundings *s, struct options *o, const char *cpu,
                        struct replay_start *start, struct error *error)
{
    if (!o->record && !o->replay)
        return true;
    char *machine = replay_machine_text(o, cpu);
    bool good = machine ? open_replay_of(s, machine, o, start, error)
                        : error_set(error, "the host is out of memory");
    free(machine);
    return good;
}

bool surroundings_count_time(struct surroundings *s, struct options *options, const char *cpu,
                             int64_t *time_of_day, struct error *error)
{
    const struct icount_options *o = &options->icount;
    struct replay_start start = {o->shift, *time_of_day, NULL};
    if (!o->on)
        return true;
    if (!open_replay(s, options, cpu, &start, error))
        return false;
    *time_of_day = start.time_of_day;
    if (s->replay)
        replay_clock(s->replay, &s->time.skipped);
    s->sleeps = o->sleeps && !options->replay;
    counted_time_start(&s->time, &s->timers, start.shift);
    return true;
}

void surroundings_set_subject(struct surroundings *s, const struct replay_subject *subject)
{
    s->subject = *subject;
}

void surroundings_destroy(struct surroundings *s)
{
    if (s->has_alarm)
        alarm_destroy(&s->alarm);
    for (unsigned i = 0; i < s->disks; i++) {
        disk_counted_destroy(s->counted_disk[i]);
        disk_close(s->disk[i]);
    }
    for (unsigned i = 0; i < s->nets; i++)
        if (s->net[i])
            net_close(s->net[i]);
    for (unsigned i = 0; i < s->audios; i++)
        audio_close(s->audio[i]);
    for (unsigned i = 0; i < s->files; i++)
        chardev_file_close(&s->file[i]);
    for (unsigned i = 0; i < s->lines; i++)
        chardev_line_close(s->line[i]);
    for (unsigned i = 0; i < s->rings; i++)
        chardev_ring_close(&s->ring[i]);
    if (s->has_console)
        console_close(&s->console);
    replay_close(s->replay);
    bell_destroy(&s->bell);
    control_destroy(&s->control);
}

bool surroundings_start(struct surroundings *s, struct error *error)
{
    for (unsigned i = 0; i < OUTPUTS; i++)
        if (output(s, i) && !output_start(output(s, i), error))
            return false;
    for (unsigned i = 0; i < s->lines; i++)
        if (!chardev_line_start(s->line[i], error))
            return false;
    for (unsigned i = 0; i < s->disks; i++)
        if (!disk_start(s->disk[i], error))
            return false;
    for (unsigned i = 0; i < s->nets; i++)
        if (s->net[i] && !net_start(s->net[i], error))
            return false;
    for (unsigned i = 0; i < s->audios; i++)
        if (!audio_start(s->audio[i], error))
            return false;
    return alarm_start(&s->alarm, ring, wake, s, error);
}

/* The guest has ended, by itself or because it was to. */
static void end_replay(struct surroundings *s)
{
    if (replay_records(s->replay))
        replay_note_end(s->replay, &s->subject, exec_instructions(s->exec), s->status);
    if (replay_plays(s->replay) && !s->keeper.keeper && !s->differs && !is_end_asked(s))
        surroundings_tell_end(s);
}

int surroundings_run(struct surroundings *s)
{
    if (s->input) {
        terminal_enter(TERMINAL_RAW);
        console_start(&s->console);
    }
    run_guest(s);
    end_replay(s);
    control_close(&s->control);
    surroundings_hide(s);
    finish_output(s);
    terminal_leave();
    return s->status;
}
