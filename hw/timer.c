/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The virtual clock and its timer queue: a sorted list, since a PC has about ten timers. */
#include "hw/timer.h"

#include <stddef.h>

void timers_init(struct timers *q, uint64_t (*clock)(void))
{
    *q = (struct timers){.clock = clock, .origin = clock()};
}

static uint64_t clock_of(const struct timers *q)
{
    return q->tell ? q->tell(q->teller) : q->clock();
}

void timers_tell(struct timers *q, uint64_t (*tell)(void *teller), void *teller)
{
    q->tell = tell;
    q->teller = teller;
    q->origin = clock_of(q);
    q->saved = 0;
}

/* How much of the time that has passed, by the host's clock, is to be left out. */
static uint64_t absence(const struct timers *q, uint64_t passed)
{
    if (!q->patience || q->tell || !q->first)
        return 0;
    uint64_t due = q->first->deadline > q->seen ? q->first->deadline : q->seen;
    uint64_t last = due + q->patience;
    return passed > last && passed - last <= TIMERS_LONGEST_ABSENCE ? passed - last : 0;
}

uint64_t timers_now(const struct timers *q)
{
    if (q->is_stopped)
        return q->saved;
    uint64_t passed = clock_of(q) - q->origin;
    return passed - absence(q, passed);
}

/* Before the next deadline becomes another one: the time that the guest sees goes on from here. */
static void leave_out_absence(struct timers *q)
{
    if (!q->patience || q->is_stopped)
        return;
    uint64_t passed = clock_of(q) - q->origin, away = absence(q, passed);
    q->origin += away;
    q->lag += away;
    q->seen = passed - away;
}

void timers_make_up(struct timers *q)
{
    uint64_t now = timers_now(q), next = timers_next(q);
    if (!q->lag || q->is_stopped || next <= now)
        return;
    uint64_t skipped = next - now < q->lag ? next - now : q->lag;
    q->origin -= skipped;
    q->lag -= skipped;
    if (q->moved)
        q->moved(q->owner, next);
}

uint64_t timers_next(const struct timers *q)
{
    return q->first ? q->first->deadline : TIMER_NEVER;
}

static void unlink_timer(struct timer *t)
{
    struct timer **at = &t->timers->first;
    while (*at && *at != t)
        at = &(*at)->next;
    if (*at)
        *at = t->next;
    t->deadline = TIMER_NEVER;
}

static void link_timer(struct timer *t)
{
    struct timer **at = &t->timers->first;
    while (*at && (*at)->deadline <= t->deadline)
        at = &(*at)->next;
    t->next = *at;
    *at = t;
}

void timers_run(struct timers *q)
{
    leave_out_absence(q);
    uint64_t now = timers_now(q);
    /* How many are due is settled before the first fires, so that this always comes to an end. */
    unsigned count = 0;
    for (struct timer *t = q->first; t && t->deadline <= now; t = t->next)
        count++;
    while (count-- && q->first && q->first->deadline <= now) {
        struct timer *t = q->first;
        unlink_timer(t);
        t->fire(t->device, now);
    }
}

void timers_stop(struct timers *q)
{
    q->saved = timers_now(q);
    q->is_stopped = true;
}

/* The clock goes on from `saved`. */
static void go_on(struct timers *q)
{
    q->origin = clock_of(q) - q->saved;
    q->seen = q->saved;
    q->lag = 0;
    if (q->moved)
        q->moved(q->owner, timers_next(q));
}

void timers_continue(struct timers *q)
{
    if (!q->is_stopped)
        return;
    q->is_stopped = false;
    go_on(q);
}

void timer_init(struct timer *t, struct timers *q, timer_fn *fire, void *device)
{
    *t = (struct timer){.timers = q, .deadline = TIMER_NEVER, .fire = fire, .device = device};
}

void timer_set(struct timer *t, uint64_t deadline)
{
    struct timers *q = t->timers;
    if (t->deadline == deadline)
        return;
    uint64_t before = timers_next(q);
    leave_out_absence(q);
    if (t->deadline != TIMER_NEVER)
        unlink_timer(t);
    t->deadline = deadline;
    if (deadline != TIMER_NEVER)
        link_timer(t);
    if (q->moved && timers_next(q) != before)
        q->moved(q->owner, timers_next(q));
}

void timer_cancel(struct timer *t)
{
    timer_set(t, TIMER_NEVER);
}

/* --- the queue --- */

size_t timers_list(const struct timers *q, struct timer_place *to, size_t room)
{
    size_t count = 0;
    for (struct timer *t = q->first; t; t = t->next, count++)
        if (count < room)
            to[count] = (struct timer_place){t, t->deadline};
    return count;
}

void timers_put_list(struct timers *q, const struct timer_place *from, size_t count)
{
    while (q->first)
        unlink_timer(q->first);
    for (size_t i = 0; i < count; i++) {
        from[i].timer->deadline = from[i].deadline;
        link_timer(from[i].timer);
    }
    if (q->moved)
        q->moved(q->owner, timers_next(q));
}

/* --- state --- */

static void save_time(void *device)
{
    struct timers *q = device;
    q->saved = timers_now(q);
}

static void restore_time(void *device)
{
    go_on(device);
}

static const struct state_field fields[] = {
    {NOT_STATE(timers, first)}, /* timers are their owners' */
    {NOT_STATE(timers, clock)},  {NOT_STATE(timers, tell)},       {NOT_STATE(timers, teller)},
    {NOT_STATE(timers, origin)}, {NOT_STATE(timers, moved)},      {NOT_STATE(timers, owner)},
    {STATE(timers, saved)},      {NOT_STATE(timers, is_stopped)}, {NOT_STATE(timers, patience)},
    {NOT_STATE(timers, lag)},    {NOT_STATE(timers, seen)},       {0},
};
static const struct state_table state = STATE_TABLE(timers, 1, fields);
const struct device clock_device = {
    .name = "clock", .state = &state, .saving = save_time, .restored = restore_time};
