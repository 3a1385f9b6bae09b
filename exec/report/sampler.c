/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See sampler.h. */
#include "exec/report/sampler.h"
#include "exec/host/host.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* timer_create(2) has this name, glibc only since late. */
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

/*
 * SIGPROF, which is of a lower number than the alarm's: of signals that are due together, the
 * one of the lowest number sees the context that both have interrupted.
 */
enum { INTERVAL_NS = 1000000 };

const char *const activity_names[ACTIVITIES] = {"loop", "translation", "helpers", "code"};

struct sampler {
    timer_t timer;
    uintptr_t code;
    size_t size;
    volatile sig_atomic_t now; /* enum activity */
    volatile uint64_t counts[ACTIVITIES];
};

static void sample(int signal_number, siginfo_t *info, void *context)
{
    struct sampler *s = info->si_value.sival_ptr;
    (void)signal_number;
    if (info->si_code != SI_TIMER) /* somebody's kill */
        return;
    enum activity at = (enum activity)s->now;
    if (at == IN_HELPERS && host_interrupted_at(context) - s->code < s->size)
        at = IN_CODE;
    s->counts[at] += 1 + (uint64_t)info->si_overrun;
}

struct sampler *sampler_create(const void *code, size_t size)
{
    struct sampler *s = calloc(1, sizeof *s);
    struct sigaction action = {.sa_sigaction = sample, .sa_flags = SA_SIGINFO | SA_RESTART};
    struct sigevent event = {
        .sigev_notify = SIGEV_THREAD_ID,
        .sigev_signo = SIGPROF,
        .sigev_value.sival_ptr = s,
        .sigev_notify_thread_id = gettid(),
    };
    struct itimerspec interval = {.it_interval.tv_nsec = INTERVAL_NS,
                                  .it_value.tv_nsec = INTERVAL_NS};
    if (!s)
        return NULL;
    s->code = (uintptr_t)code;
    s->size = size;
    sigemptyset(&action.sa_mask);
    if (sigaction(SIGPROF, &action, NULL) ||
        timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &s->timer)) {
        free(s);
        return NULL;
    }
    timer_settime(s->timer, 0, &interval, NULL);
    return s;
}

void sampler_destroy(struct sampler *s)
{
    if (!s)
        return;
    timer_delete(s->timer);
    signal(SIGPROF, SIG_IGN); /* one may be pending */
    free(s);
}

enum activity sampler_enter(struct sampler *s, enum activity now)
{
    enum activity before = (enum activity)s->now;
    s->now = now;
    return before;
}

uint64_t sampler_count(const struct sampler *s, enum activity activity)
{
    return s->counts[activity];
}
