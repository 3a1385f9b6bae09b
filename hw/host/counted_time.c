/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See counted_time.h. */
#include "hw/host/counted_time.h"

/* There may be no cpu yet. */
static uint64_t instructions(const struct counted_time *t)
{
    return t->exec ? exec_instructions(t->exec) : 0;
}

static uint64_t tell(void *teller)
{
    const struct counted_time *t = teller;
    return (instructions(t) << t->shift) + t->skipped;
}

static void look(void *time, uint64_t now)
{
    struct counted_time *t = time;
    t->due = true;
    timer_set(&t->look, now + COUNTED_LOOK_NS);
}

void counted_time_start(struct counted_time *t, struct timers *timers, unsigned shift)
{
    *t = (struct counted_time){
        .on = true, .shift = shift, .timers = timers, .stop_at = UINT64_MAX, .mark_at = UINT64_MAX};
    timers_tell(timers, tell, t);
    timer_init(&t->look, timers, look, t);
    timer_set(&t->look, COUNTED_LOOK_NS);
}

/* By the clock. */
static uint64_t deadline(const struct counted_time *t)
{
    return t->timers->origin + timers_next(t->timers);
}

void counted_time_set_deadline(struct counted_time *t)
{
    if (!t->exec)
        return;
    uint64_t at = deadline(t), run = at > t->skipped ? at - t->skipped : 0;
    uint64_t count = (run + (1u << t->shift) - 1) >> t->shift;
    count = count < t->stop_at ? count : t->stop_at;
    exec_set_deadline(t->exec, count < t->mark_at ? count : t->mark_at);
}

bool counted_time_is_past(const struct counted_time *t)
{
    return instructions(t) < t->furthest;
}

bool counted_time_is_up(const struct counted_time *t)
{
    return instructions(t) >= t->stop_at;
}

uint64_t counted_time_left(const struct counted_time *t)
{
    uint64_t next = timers_next(t->timers), now = timers_now(t->timers);
    return next > now ? next - now : 0;
}

void counted_time_skip(struct counted_time *t)
{
    t->skipped += counted_time_left(t);
}

bool counted_time_take_look(struct counted_time *t)
{
    bool due = t->due;
    t->due = false;
    return due;
}
