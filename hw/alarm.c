/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The thread that wakes a busy cpu. `wanted` and `sleeping` are each written by one side and read
 * by the other, sequentially consistent: either the cpu's thread sees that the other sleeps too
 * long and kicks it, or the other sees the new deadline before it sleeps.
 */
#include "hw/alarm.h"

#include "hw/timer.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { KICK, WAKE, INPUT, DESCRIPTORS };

static void kick(struct alarm *a)
{
    static const uint64_t one = 1;
    while (write(a->kick_fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

/* Says what it is going to sleep for, and makes sure that this is still what is wanted. */
static uint64_t agree_on_deadline(struct alarm *a)
{
    uint64_t deadline = atomic_load(&a->wanted);
    for (;;) {
        atomic_store(&a->sleeping, deadline);
        uint64_t again = atomic_load(&a->wanted);
        if (again == deadline)
            return deadline;
        deadline = again;
    }
}

static void sleep_until(struct pollfd *fds, uint64_t deadline)
{
    uint64_t now = host_clock(), left = deadline > now ? deadline - now : 0;
    struct timespec t = {.tv_sec = (time_t)(left / NS_PER_S), .tv_nsec = (long)(left % NS_PER_S)};
    if (ppoll(fds, DESCRIPTORS, deadline == TIMER_NEVER ? NULL : &t, NULL) < 0)
        for (unsigned i = 0; i < DESCRIPTORS; i++)
            fds[i].revents = 0;
}

static void handle(struct alarm *a, struct pollfd *fds, uint64_t deadline)
{
    uint64_t count;
    if (fds[KICK].revents && read(a->kick_fd, &count, sizeof count) < 0)
        return;
    /* One ring a deadline; whoever hears it sets the next. */
    bool due = host_clock() >= deadline &&
               atomic_compare_exchange_strong(&a->wanted, &deadline, TIMER_NEVER);
    bool input = fds[INPUT].revents && atomic_exchange(&a->watching, false);
    if (fds[WAKE].revents)
        fds[WAKE].fd = -1; /* ends everything; once is enough */
    if (due || input || fds[WAKE].revents)
        a->ring(a->target);
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
        uint64_t deadline = agree_on_deadline(a);
        fds[INPUT].fd = atomic_load(&a->watching) ? STDIN_FILENO : -1;
        sleep_until(fds, deadline);
        handle(a, fds, deadline);
    }
    return NULL;
}

bool alarm_create(struct alarm *a, struct error *error)
{
    memset(a, 0, sizeof *a);
    atomic_init(&a->wanted, TIMER_NEVER);
    atomic_init(&a->sleeping, TIMER_NEVER);
    a->kick_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    a->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (a->kick_fd < 0 || a->wake_fd < 0)
        return error_set(error, "no event descriptor: %s", strerror(errno));
    return true;
}

/* All signals are the main thread's. */
static int start_thread(struct alarm *a)
{
    enum { STACK = 128 * 1024 };
    sigset_t all, old;
    pthread_attr_t attributes;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    int failed = pthread_create(&a->thread, &attributes, run, a);
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return failed;
}

bool alarm_start(struct alarm *a, void (*ring)(void *target), void *target, struct error *error)
{
    a->ring = ring;
    a->target = target;
    int failed = start_thread(a);
    if (failed)
        return error_set(error, "no thread: %s", strerror(failed));
    a->running = true;
    return true;
}

void alarm_destroy(struct alarm *a)
{
    if (a->running) {
        atomic_store(&a->ended, true);
        kick(a);
        pthread_join(a->thread, NULL);
    }
    close(a->kick_fd);
    close(a->wake_fd);
}

void alarm_set(struct alarm *a, uint64_t deadline)
{
    atomic_store(&a->wanted, deadline);
    if (deadline < atomic_load(&a->sleeping))
        kick(a);
}

void alarm_watch_input(struct alarm *a)
{
    if (!atomic_exchange(&a->watching, true))
        kick(a);
}
