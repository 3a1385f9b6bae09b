/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What wakes a busy cpu. */
#include "hw/host/alarm.h"

#include "hw/host/thread.h"
#include "hw/timer.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

/* timer_create(2) has this name, glibc only since late. */
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

enum { KICK, WAKE, INPUT, DESCRIPTORS };

/*
 * How long a cpu may work after its sleep before it is rung, if its next deadline is not earlier:
 * longer than most work, and than a host is late to wake it. Guests sleep for as long as they did
 * before, by ticks. A little less than that is soon enough, so that the next deadline is no
 * earlier; and far enough away that the host need not set its own clock anew for it.
 */
static uint64_t after_rest(uint64_t left)
{
    uint64_t after = left - left / 8;
    return after > NS_PER_MS ? after : NS_PER_MS;
}

/* --- time --- */

static void signalled(int signal_number, siginfo_t *info, void *context)
{
    struct alarm *a = info->si_value.sival_ptr;
    int saved = errno;
    (void)signal_number;
    (void)context;
    if (info->si_code != SI_TIMER) /* somebody's kill */
        return;
    atomic_store(&a->armed, TIMER_NEVER);
    atomic_fetch_add(&a->rings, 1);
    a->ring(a->target);
    errno = saved;
}

static bool start_timer(struct alarm *a)
{
    struct sigaction action = {.sa_sigaction = signalled, .sa_flags = SA_SIGINFO | SA_RESTART};
    struct sigevent event = {
        .sigev_notify = SIGEV_THREAD_ID,
        .sigev_signo = SIGRTMIN,
        .sigev_value.sival_ptr = a,
        .sigev_notify_thread_id = gettid(),
    };
    sigemptyset(&action.sa_mask);
    a->has_timer = sigaction(SIGRTMIN, &action, NULL) == 0 &&
                   timer_create(CLOCK_MONOTONIC, &event, &a->timer) == 0;
    return a->has_timer;
}

static void set_timer(struct alarm *a, uint64_t deadline)
{
    struct itimerspec t = {.it_value = {.tv_sec = (time_t)(deadline / NS_PER_S),
                                        .tv_nsec = (long)(deadline % NS_PER_S)}};
    if (!a->has_timer)
        return;
    atomic_store(&a->armed, deadline);
    timer_settime(a->timer, TIMER_ABSTIME, &t, NULL);
}

void alarm_set(struct alarm *a, uint64_t deadline)
{
    /* A signal that comes too early is harmless: whoever hears it sets the next deadline. */
    if (deadline < atomic_load(&a->armed))
        set_timer(a, deadline);
}

void alarm_rest(struct alarm *a, uint64_t deadline, uint64_t left)
{
    uint64_t armed = atomic_load(&a->armed), after = after_rest(left);
    bool is_behind = armed > deadline && armed - deadline <= after;
    if (deadline != TIMER_NEVER && !is_behind)
        set_timer(a, deadline + after);
}

/* --- input --- */

static void kick(struct alarm *a)
{
    static const uint64_t one = 1;
    while (write(a->kick_fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

static void handle(struct alarm *a, struct pollfd *fds)
{
    uint64_t count;
    if (fds[KICK].revents && read(a->kick_fd, &count, sizeof count) < 0)
        return;
    bool input = fds[INPUT].revents && atomic_exchange(&a->watching, false);
    bool wake = fds[WAKE].revents;
    if (wake)
        fds[WAKE].fd = -1; /* ends everything; once is enough */
    if (input || wake)
        a->wake(a->target);
}

static void *run(void *argument)
{
    struct alarm *a = argument;
    struct pollfd fds[DESCRIPTORS] = {
        [KICK] = {.fd = a->kick_fd, .events = POLLIN},
        [WAKE] = {.fd = a->wake_fd, .events = POLLIN},
        [INPUT] = {.events = POLLIN},
    };
    while (!atomic_load(&a->ended)) {
        fds[INPUT].fd = atomic_load(&a->watching) ? STDIN_FILENO : -1;
        if (poll(fds, DESCRIPTORS, -1) > 0)
            handle(a, fds);
    }
    return NULL;
}

void alarm_watch_input(struct alarm *a)
{
    if (!atomic_exchange(&a->watching, true))
        kick(a);
}

/* --- both --- */

bool alarm_create(struct alarm *a, struct error *error)
{
    memset(a, 0, sizeof *a);
    atomic_init(&a->armed, TIMER_NEVER);
    a->kick_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    a->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (a->kick_fd < 0 || a->wake_fd < 0)
        return error_set(error, "no event descriptor: %s", strerror(errno));
    return true;
}

bool alarm_start(struct alarm *a, void (*ring)(void *target), void (*wake)(void *target),
                 void *target, struct error *error)
{
    a->ring = ring;
    a->wake = wake;
    a->target = target;
    prctl(PR_SET_TIMERSLACK, 1ul); /* sleeps until a deadline end as exactly as its signal comes */
    a->has_thread = start_timer(a) && thread_start(&a->thread, run, a, 0);
    if (!a->has_thread)
        return error_set(error, "no timer or thread: %s", strerror(errno));
    return true;
}

void alarm_destroy(struct alarm *a)
{
    if (a->has_timer)
        timer_delete(a->timer);
    if (a->has_thread) {
        atomic_store(&a->ended, true);
        kick(a);
        pthread_join(a->thread, NULL);
    }
    if (a->kick_fd >= 0)
        close(a->kick_fd);
    if (a->wake_fd >= 0)
        close(a->wake_fd);
}
