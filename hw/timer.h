/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The virtual clock, in nanoseconds since power-on, and the timers that run by it.
 *
 *   timer_init(&s->tick, timers, tick, s);
 *   timer_set(&s->tick, timers_now(timers) + 1000);      tick(s, now) is called once
 *
 * Where timers are patient, time does not run past a deadline by more than that until timers_run():
 * a host that gives its processor to others for a while takes no ticks from the guest, which would
 * otherwise see its clock leap over several of them. What the clock then lags behind the host's is
 * made up while the guest idles.
 *
 * All of it belongs to the cpu's thread.
 */
#ifndef HW_TIMER_H
#define HW_TIMER_H

#include "hw/device.h"

#include <stdbool.h>
#include <stdint.h>

#define TIMER_NEVER UINT64_MAX
/* A host that is away for longer than this was stopped, and the guest is to see that. */
#define TIMERS_LONGEST_ABSENCE NS_PER_S
enum { NS_PER_US = 1000, NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

struct timer;
struct timers {
    struct timer *first; /* by deadline; equal ones in the order they were set */
    uint64_t (*clock)(void);
    uint64_t (*tell)(void *teller); /* in its place, if it is not NULL */
    void *teller;
    uint64_t origin;
    void (*moved)(void *owner, uint64_t deadline); /* the next deadline is another one now */
    void *owner;
    bool is_stopped;   /* the clock stands still, at `saved` */
    uint64_t saved;    /* the time when the state was saved, or the clock stopped */
    uint64_t patience; /* how late timers may be served unseen; 0: as late as it is */
    uint64_t lag;      /* how much of the host's time has been left out */
    uint64_t seen;     /* the time when the next deadline became another one */
};
/* The clock as a device: restored, it goes on from the time that was saved. */
extern const struct device clock_device;

typedef void timer_fn(void *device, uint64_t now);
struct timer {
    struct timers *timers;
    struct timer *next;
    uint64_t deadline; /* TIMER_NEVER when it is not in the queue */
    timer_fn *fire;
    void *device;
};

/* Time 0 is now. `clock` is host_clock, or a test's. */
void timers_init(struct timers *q, uint64_t (*clock)(void));
/* From now on somebody else tells the time, which begins with 0 again. */
void timers_tell(struct timers *q, uint64_t (*tell)(void *teller), void *teller);
uint64_t timers_now(const struct timers *q);
/* The next deadline, or TIMER_NEVER. */
uint64_t timers_next(const struct timers *q);
/* Fires what is due; a timer set again by its own function waits for the next call. */
void timers_run(struct timers *q);
/* The guest waits for the next deadline, and does not see how long: makes up what lags. */
void timers_make_up(struct timers *q);
/* Lets the clock stand still, and go on from there. */
void timers_stop(struct timers *q);
void timers_continue(struct timers *q);

/*
 * The queue as it is, and so again: with timers of the same deadline in their order, which no
 * device's state tells. How many there are, of which `room` are written; all of them are to exist
 * when they are put back.
 */
struct timer_place {
    struct timer *timer;
    uint64_t deadline;
};
size_t timers_list(const struct timers *q, struct timer_place *to, size_t room);
void timers_put_list(struct timers *q, const struct timer_place *from, size_t count);

void timer_init(struct timer *t, struct timers *q, timer_fn *fire, void *device);
/* Sets or moves the deadline; TIMER_NEVER cancels. */
void timer_set(struct timer *t, uint64_t deadline);
void timer_cancel(struct timer *t);

/* a * b / c without overflow in between. */
static inline uint64_t muldiv(uint64_t a, uint64_t b, uint64_t c)
{
    return (uint64_t)((unsigned __int128)a * b / c);
}

#endif
