/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The MPIC's global timers (10.3.2): each counts down from its base to 0, interrupts, and begins
 * again. Counts are not counted: they follow from the time at which they began.
 */
#include "exec/exec.h"
#include "hw/intc/mpic_internal.h"

#include <string.h>

enum { TIMERS_A_GROUP = 4, COUNT = 0x7fffffff };
#define INHIBITED 0x80000000u /* GTBCR */
#define TOGGLE    0x80000000u /* GTCCR */
/* TCR */
enum { CLOCK_RATIO_SHIFT = 8, CLOCK_RATIO = 3, CASCADE = 7, BY_RTC = 0x10000 };

/* Platform clock of 400 MHz, divided by 8 or more. */
enum { FASTEST_TICK_NS = 20 };
/* A guest that wants more interrupts than that is to get on, too. */
enum { LEAST_PERIOD_NS = 20000 };

static unsigned number_of(const struct mpic_timer *t)
{
    return (unsigned)(t - t->mpic->timer);
}

static uint64_t tick_of(const struct mpic_timer *t)
{
    uint32_t control = t->mpic->timer_control[number_of(t) / TIMERS_A_GROUP];
    return (uint64_t)FASTEST_TICK_NS << (control >> CLOCK_RATIO_SHIFT & CLOCK_RATIO);
}

static uint64_t period_of(const struct mpic_timer *t)
{
    return (t->base & COUNT) * tick_of(t);
}

static bool counts(const struct mpic_timer *t)
{
    return !(t->base & INHIBITED) && t->base & COUNT;
}

uint32_t mpic_timer_count(const struct mpic_timer *t)
{
    if (!counts(t))
        return t->stopped;
    uint64_t gone = timers_now(t->mpic->timers) - t->since;
    uint32_t left = (t->base & COUNT) - (uint32_t)(gone % period_of(t) / tick_of(t));
    return left | (gone / period_of(t) & 1 ? TOGGLE : 0);
}

static void arm(struct mpic_timer *t, uint64_t now)
{
    if (!counts(t)) {
        timer_cancel(&t->timer);
        return;
    }
    uint64_t periods = (now - t->since) / period_of(t) + 1;
    uint64_t least = (LEAST_PERIOD_NS - 1) / period_of(t);
    timer_set(&t->timer, t->since + (periods + least) * period_of(t));
}

static void fire(void *device, uint64_t now)
{
    struct mpic_timer *t = device;
    mpic_raise(t->mpic, MPIC_FIRST_TIMER + number_of(t));
    arm(t, now);
}

/* Of the count only what has been begun anew is kept. */
static void start(struct mpic_timer *t, uint32_t base)
{
    t->base = base;
    t->since = timers_now(t->mpic->timers);
    arm(t, t->since);
}

/* Counting begins when CI goes from 1 to 0. */
void mpic_timer_set_base(struct mpic_timer *t, uint32_t value)
{
    t->stopped = value & INHIBITED ? mpic_timer_count(t) : value & COUNT;
    start(t, value);
}

void mpic_timer_control(struct mpic *s, unsigned group, uint32_t value)
{
    if (value & (CASCADE | BY_RTC))
        log_if(LOG_UNIMP, "mpic: timers in cascade, or by the RTC: %08x\n", value);
    s->timer_control[group] = value;
    for (unsigned i = 0; i < TIMERS_A_GROUP; i++)
        start(&s->timer[group * TIMERS_A_GROUP + i], s->timer[group * TIMERS_A_GROUP + i].base);
}

void mpic_timers_reset(struct mpic *s)
{
    memset(s->frequency, 0, sizeof s->frequency);
    memset(s->timer_control, 0, sizeof s->timer_control);
    for (unsigned i = 0; i < MPIC_TIMERS; i++) {
        s->timer[i].stopped = 0;
        s->timer[i].since = 0;
        s->timer[i].base = INHIBITED;
        timer_cancel(&s->timer[i].timer);
    }
}

void mpic_timers_init(struct mpic *s)
{
    for (unsigned i = 0; i < MPIC_TIMERS; i++) {
        s->timer[i].mpic = s;
        timer_init(&s->timer[i].timer, s->timers, fire, &s->timer[i]);
    }
}

static const struct state_field fields[] = {
    {NOT_STATE(mpic_timer, mpic)}, {STATE_OF_TIMER(mpic_timer, timer)}, {STATE(mpic_timer, base)},
    {STATE(mpic_timer, since)},    {STATE(mpic_timer, stopped)},        {0},
};
const struct state_table mpic_timer_state = STATE_TABLE(mpic_timer, 1, fields);
