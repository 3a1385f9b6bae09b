/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clock, wires and serial lines for tests. */
#include "tests/hw/fixture.h"

#include <string.h>

uint64_t test_time;

uint64_t test_clock(void)
{
    return test_time;
}

struct timers *new_timers(void)
{
    static struct timers timers;
    timers_init(&timers, test_clock);
    return &timers;
}

void advance(struct timers *q, uint64_t ns)
{
    uint64_t end = test_time + ns;
    while (timers_next(q) != TIMER_NEVER && q->origin + timers_next(q) <= end) {
        if (q->origin + timers_next(q) > test_time)
            test_time = q->origin + timers_next(q);
        timers_run(q);
    }
    test_time = end;
}

static void set_wire(void *chip, unsigned input, bool level)
{
    struct wire *w = chip;
    (void)input;
    w->rises += level && !w->level;
    w->level = level;
}

struct irq_line wire_line(struct wire *w)
{
    *w = (struct wire){0};
    return (struct irq_line){set_wire, w, 0};
}

static size_t take(struct chardev *c, uint8_t *bytes, size_t room)
{
    struct far_end *f = (struct far_end *)c;
    size_t n = 0;
    while (n < room && *f->text)
        bytes[n++] = (uint8_t)*f->text++;
    return n;
}

static bool ready(struct chardev *c)
{
    return !((struct far_end *)c)->stuck;
}

static void put(struct chardev *c, uint8_t byte)
{
    struct far_end *f = (struct far_end *)c;
    f->waited += f->stuck;
    if (f->count + 1 < sizeof f->sent)
        f->sent[f->count++] = (char)byte;
}

void far_end_init(struct far_end *f, const char *text)
{
    memset(f, 0, sizeof *f);
    f->chardev = (struct chardev){take, ready, put};
    f->text = text;
}

uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}
