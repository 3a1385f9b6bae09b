/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See control.h. A call waits in a list, in the caller's own memory, until the cpu's thread comes.
 */
#include "hw/control.h"

#include <stddef.h>

struct control_call {
    struct control_call *next;
    void (*function)(void *argument);
    void *argument;
    enum { CALL_WAITS, CALL_DONE, CALL_REFUSED } outcome;
};

/* --- names --- */

#define NAME(value, text) [value] = (text),

const char *run_state_name(enum run_state state)
{
    static const char *const names[] = {RUN_STATES(NAME)};
    return names[state];
}

const char *control_cause_name(enum control_cause cause)
{
    static const char *const names[] = {CONTROL_CAUSES(NAME)};
    return names[cause];
}

const char *control_event_name(enum control_event event)
{
    static const char *const names[] = {CONTROL_EVENTS(NAME)};
    return names[event];
}

/* --- calls --- */

static bool wait_for(struct control *c, struct control_call *call)
{
    pthread_mutex_lock(&c->lock);
    if (c->closed)
        call->outcome = CALL_REFUSED;
    else
        c->last = &(*c->last = call)->next;
    atomic_store(&c->is_called, true);
    pthread_mutex_unlock(&c->lock);
    c->host.wake(c->host.host);
    pthread_mutex_lock(&c->lock);
    while (call->outcome == CALL_WAITS)
        pthread_cond_wait(&c->answered, &c->lock);
    pthread_mutex_unlock(&c->lock);
    return call->outcome == CALL_DONE;
}

bool control_call(struct control *c, void (*function)(void *argument), void *argument)
{
    struct control_call call = {.function = function, .argument = argument};
    if (!pthread_equal(pthread_self(), c->thread))
        return wait_for(c, &call);
    function(argument);
    return true;
}

/* The first that waits, which is taken out of the list; locked. */
static struct control_call *take_call(struct control *c)
{
    struct control_call *call = c->first;
    if (call)
        c->first = call->next;
    if (!c->first)
        c->last = &c->first;
    return call;
}

static void answer(struct control *c, struct control_call *call, int outcome)
{
    call->outcome = outcome;
    pthread_cond_broadcast(&c->answered);
}

void control_serve(struct control *c)
{
    struct control_call *call;
    atomic_store(&c->is_called, false);
    pthread_mutex_lock(&c->lock);
    while ((call = take_call(c))) {
        pthread_mutex_unlock(&c->lock);
        call->function(call->argument);
        pthread_mutex_lock(&c->lock);
        answer(c, call, CALL_DONE);
    }
    pthread_mutex_unlock(&c->lock);
}

void control_close(struct control *c)
{
    struct control_call *call;
    pthread_mutex_lock(&c->lock);
    c->closed = true;
    while ((call = take_call(c)))
        answer(c, call, CALL_REFUSED);
    pthread_mutex_unlock(&c->lock);
}

/* --- listeners --- */

void control_listen(struct control *c, struct control_listener *listener)
{
    listener->next = c->listeners;
    c->listeners = listener;
}

void control_unlisten(struct control *c, struct control_listener *listener)
{
    struct control_listener **at = &c->listeners;
    while (*at && *at != listener)
        at = &(*at)->next;
    if (*at)
        *at = listener->next;
}

static void tell_all(struct control *c, const struct control_news *news)
{
    struct control_listener *next;
    for (struct control_listener *l = c->listeners; l; l = next) {
        next = l->next;
        l->happened(l, news);
    }
}

static void tell(struct control *c, enum control_event event, enum control_cause cause)
{
    tell_all(c, &(struct control_news){.event = event, .cause = cause});
}

/* --- the machine --- */

bool control_is_running(const struct control *c)
{
    return c->state == RUN_RUNNING;
}

enum run_state control_state(const struct control *c)
{
    return c->state;
}

void control_stop(struct control *c, enum run_state why)
{
    bool was_running = control_is_running(c);
    if (c->state == RUN_SHUTDOWN && why == RUN_PAUSED)
        return;
    c->state = why;
    if (!was_running)
        return;
    c->host.running(c->host.host, false);
    tell(c, EVENT_STOP, 0);
}

bool control_continue(struct control *c, struct error *error)
{
    if (c->state == RUN_SHUTDOWN)
        return error_set(error, "%s", c->no_more);
    if (control_is_running(c))
        return true;
    c->state = RUN_RUNNING;
    c->host.running(c->host.host, true);
    tell(c, EVENT_RESUME, 0);
    return true;
}

static void note(struct control *c, enum control_act act)
{
    if (c->host.acts)
        c->host.acts(c->host.host, act);
}

void control_reset(struct control *c, enum control_cause cause)
{
    if (cause == CAUSE_SYSTEM_RESET)
        note(c, ACT_RESET);
    c->machine.restart(c->machine.machine);
    if (c->state == RUN_SHUTDOWN)
        c->state = RUN_PAUSED;
    tell(c, EVENT_RESET, cause);
}

bool control_power_down(struct control *c, struct error *error)
{
    if (!c->machine.press_power)
        return error_set(error, "this machine has no power button");
    note(c, ACT_POWER);
    c->machine.press_power(c->machine.machine);
    tell(c, EVENT_POWERDOWN, 0);
    return true;
}

void control_tray_moved(struct control *c, unsigned drive, bool open)
{
    tell_all(c, &(struct control_news){.event = EVENT_TRAY, .drive = drive, .open = open});
}

bool control_send_nmi(struct control *c, struct error *error)
{
    if (!c->machine.send_nmi)
        return error_set(error, "this machine has no NMI");
    note(c, ACT_NMI);
    c->machine.send_nmi(c->machine.machine);
    return true;
}

static bool is_guests(enum control_cause cause)
{
    return cause == CAUSE_GUEST_SHUTDOWN || cause == CAUSE_GUEST_RESET;
}

void control_shut_down(struct control *c, enum control_cause cause)
{
    tell(c, EVENT_SHUTDOWN, cause);
    if (is_guests(cause) && c->options.no_shutdown)
        control_stop(c, RUN_SHUTDOWN);
    else
        c->host.end(c->host.host, 0);
}

void control_exit(struct control *c, int status)
{
    tell(c, EVENT_SHUTDOWN, CAUSE_QUIT);
    c->host.end(c->host.host, status);
}

void control_guest_reset(struct control *c)
{
    if (c->options.no_reboot)
        control_shut_down(c, CAUSE_GUEST_RESET);
    else
        control_reset(c, CAUSE_GUEST_RESET);
}

/* --- for who runs it --- */

void control_init(struct control *c, const struct control_host *host)
{
    *c = (struct control){.host = *host,
                          .state = RUN_PRELAUNCH,
                          .no_more = "the guest has ended; system_reset starts it again",
                          .thread = pthread_self()};
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->answered, NULL);
    c->last = &c->first;
}

void control_destroy(struct control *c)
{
    pthread_mutex_destroy(&c->lock);
    pthread_cond_destroy(&c->answered);
}

void control_start(struct control *c)
{
    struct error none;
    if (!c->options.stopped)
        control_continue(c, &none);
}
