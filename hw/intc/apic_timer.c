/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The local APIC's timer (Intel SDM vol. 3, 11.5.4): one-shot and periodic. The count is not
 * counted: it follows from the clock and the time at which it began. It is the host's alarm only
 * while its end interrupts.
 */
#include "hw/intc/apic_internal.h"

/* Ends closer to each other than this come together: the guest is to get on, too. */
enum { LEAST_PERIOD_NS = 20000 };

/* TMDCR: 000b is 2, 110b is 128, 111b is 1; bit 2 is written in bit 3. */
static unsigned shift_of(const struct apic *s)
{
    unsigned code = (s->divide & 3) | (s->divide >> 1 & 4);
    return (code + 1) & 7;
}

static bool is_periodic(const struct apic *s)
{
    return s->lvt[LVT_TIMER] & LVT_PERIODIC;
}

static uint64_t period(const struct apic *s)
{
    return (uint64_t)s->initial << shift_of(s);
}

static uint64_t elapsed(const struct apic *s)
{
    uint64_t now = timers_now(s->timers);
    return now > s->loaded ? now - s->loaded : 0;
}

uint32_t apic_timer_count(const struct apic *s)
{
    uint64_t e = elapsed(s);
    if (!s->initial)
        return 0;
    if (is_periodic(s))
        e %= period(s);
    else if (e >= period(s))
        return 0;
    return s->initial - (uint32_t)(e >> shift_of(s));
}

/* The next end after a time, if somebody hears of it. */
static uint64_t next_end(const struct apic *s, uint64_t time)
{
    uint64_t end = s->loaded + period(s);
    if (!s->initial || s->lvt[LVT_TIMER] & LVT_MASKED)
        return TIMER_NEVER;
    if (!is_periodic(s))
        return end > time ? end : TIMER_NEVER;
    if (period(s) < LEAST_PERIOD_NS)
        time += LEAST_PERIOD_NS;
    return end > time ? end : end + (time - s->loaded) / period(s) * period(s);
}

static void arm(struct apic *s)
{
    timer_set(&s->timer, next_end(s, timers_now(s->timers)));
}

/* However short it is, it ends. */
void apic_timer_load(struct apic *s, uint32_t count)
{
    s->initial = count;
    s->loaded = timers_now(s->timers);
    timer_set(&s->timer, next_end(s, s->loaded));
}

/* The count is what it was; from here on it goes at another pace. */
void apic_timer_divide(struct apic *s, uint8_t divide)
{
    uint32_t count = apic_timer_count(s);
    s->divide = divide & 0xb;
    uint64_t gone = (uint64_t)(s->initial - count) << shift_of(s), now = timers_now(s->timers);
    s->loaded = now > gone ? now - gone : 0;
    arm(s);
}

/* An end that is due, and has not been noticed, is by the entry before. */
void apic_timer_set_entry(struct apic *s, uint32_t entry)
{
    if (s->timer.deadline <= timers_now(s->timers)) {
        timer_cancel(&s->timer);
        apic_interrupt_locally(s, LVT_TIMER);
    }
    s->lvt[LVT_TIMER] = entry;
    arm(s);
}

void apic_timer_ended(void *chip, uint64_t now)
{
    struct apic *s = chip;
    (void)now;
    apic_interrupt_locally(s, LVT_TIMER);
    arm(s);
}
