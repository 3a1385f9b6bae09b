/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 8254 interval timer. Section names are those of Intel's data sheet. */
#include "hw/clock/i8254.h"

#include <string.h>

enum { CONTROL = 3, READ_BACK = 3 };
enum { ACCESS_LATCH, ACCESS_LOW, ACCESS_HIGH, ACCESS_BOTH };
enum { STATUS_OUT = 0x80, STATUS_NULL = 0x40 };

/* Edges closer to each other than this come together: the guest is to get on, too. */
static const int64_t least_ticks = I8254_HZ / 50000;

/* Edges missed because the host was late are repeated, but not more than this much time's. */
static const int64_t longest_lag = I8254_HZ / 2;

static const int64_t never = INT64_MAX;

static int64_t tick_of(uint64_t ns)
{
    return (int64_t)muldiv(ns, I8254_HZ, NS_PER_S);
}

/* The first nanosecond of a tick to come. */
static uint64_t time_of(int64_t tick)
{
    return tick == never ? TIMER_NEVER : muldiv((uint64_t)tick, NS_PER_S, I8254_HZ) + 1;
}

static int64_t tick_now(const struct i8254 *s)
{
    return tick_of(timers_now(s->timers));
}

/* --- counts and outputs --- */

static bool is_bcd(const struct i8254_counter *c)
{
    return c->control & 1;
}

static unsigned access_of(const struct i8254_counter *c)
{
    return c->control >> 4 & 3;
}

static uint32_t decode_count(const struct i8254_counter *c, uint16_t value)
{
    if (!is_bcd(c))
        return value ? value : 0x10000;
    uint32_t count = 0;
    for (int shift = 12; shift >= 0; shift -= 4)
        count = count * 10 + (value >> shift & 15);
    return count ? count : 10000;
}

/* `count` may be negative, after the terminal count: it wraps. */
static uint16_t encode_count(const struct i8254_counter *c, int64_t count)
{
    if (!is_bcd(c))
        return (uint16_t)count;
    count = (count % 10000 + 10000) % 10000;
    return (uint16_t)(count / 1000 << 12 | count / 100 % 10 << 8 | count / 10 % 10 << 4 |
                      count % 10);
}

static int64_t elapsed(const struct i8254_counter *c, int64_t tick)
{
    int64_t end = c->state == I8254_RUNNING ? tick : c->stopped;
    return end > c->start ? end - c->start : 0;
}

/* Mode 3: the high part of a period; an odd count is high one tick longer. */
static uint32_t high_part(uint32_t count)
{
    return (count + 1) / 2;
}

static bool counter_out(const struct i8254_counter *c, int64_t tick)
{
    int64_t e = elapsed(c, tick);
    if (c->state == I8254_IDLE)
        return c->mode != 0;
    if (tick < c->start)
        return c->out_before;
    switch (c->mode) {
    case 0:
    case 1:
        return e >= c->count;
    case 2:
        return !c->gate || e % c->count != c->count - 1;
    case 3:
        return !c->gate || e % c->count < high_part(c->count);
    default:
        return e != c->count;
    }
}

static uint16_t counter_value(const struct i8254_counter *c, int64_t tick)
{
    int64_t e = elapsed(c, tick), phase = e % c->count;
    if (c->mode == 2)
        return encode_count(c, c->count - phase);
    if (c->mode != 3)
        return encode_count(c, c->count - e);
    if (phase >= high_part(c->count))
        phase -= high_part(c->count);
    return encode_count(c, (c->count & ~1u) - 2 * phase);
}

static uint8_t counter_status(const struct i8254_counter *c, int64_t tick)
{
    return (counter_out(c, tick) ? STATUS_OUT : 0) | (tick < c->null_until ? STATUS_NULL : 0) |
           c->control;
}

/* --- loading and gates --- */

/* The level of the gate is of no interest, its rising edge loads the counter. */
static bool is_triggered(const struct i8254_counter *c)
{
    return c->mode == 1 || c->mode == 5;
}

static bool is_periodic(const struct i8254_counter *c)
{
    return c->mode == 2 || c->mode == 3;
}

static void load(struct i8254_counter *c, int64_t tick)
{
    c->out_before = c->mode != 0 && (is_periodic(c) || counter_out(c, tick));
    c->count = c->reload;
    c->start = tick + 1; /* the clock pulse after */
    c->stopped = tick;
    if (c->null_until == never)
        c->null_until = c->start;
    c->renewed = false;
    c->state = c->gate || is_triggered(c) ? I8254_RUNNING : I8254_STOPPED;
}

/* When a count written while another runs takes over: "Mode 2", "Mode 3", notes. */
static int64_t next_renewal(const struct i8254_counter *c, int64_t tick)
{
    int64_t e = elapsed(c, tick), phase = e % c->count;
    uint32_t high = high_part(c->count);
    if (c->mode == 3 && phase < high && high < c->count)
        return c->start + e - phase + high;
    return c->start + e - phase + c->count;
}

static void renew(struct i8254_counter *c)
{
    bool low_half = c->mode == 3 && (c->renewal - c->start) % c->count != 0;
    c->count = c->reload;
    c->start = c->renewal - (low_half ? high_part(c->count) : 0);
    c->renewed = false;
}

static bool renewal_is_due(const struct i8254_counter *c, int64_t tick)
{
    return c->renewed && tick >= c->renewal;
}

static void counter_sync(struct i8254_counter *c, int64_t tick)
{
    if (renewal_is_due(c, tick))
        renew(c);
}

/* A trigger loads the count, the end of a period under way, or the next clock pulse. */
static void set_count(struct i8254_counter *c, uint16_t value, int64_t tick)
{
    bool under_way = is_periodic(c) && c->state != I8254_IDLE && tick >= c->start;
    c->reload = decode_count(c, value);
    c->null_until = never;
    if (under_way && c->state == I8254_RUNNING) {
        c->renewal = c->renewed ? c->renewal : next_renewal(c, tick);
        c->null_until = c->renewal;
        c->renewed = true;
    } else if (!under_way && !is_triggered(c)) {
        load(c, tick);
    }
}

static void stop(struct i8254_counter *c, int64_t tick)
{
    if (c->state != I8254_RUNNING)
        return;
    c->stopped = tick;
    c->state = I8254_STOPPED;
    if (c->renewed)
        c->null_until = never;
    c->renewed = false;
}

static void go_on(struct i8254_counter *c, int64_t tick)
{
    if (c->state != I8254_STOPPED)
        return;
    int64_t since = c->stopped > c->start ? c->stopped : c->start;
    if (tick > since)
        c->start += tick - since;
    c->state = I8254_RUNNING;
}

/* "Gate Pin Operations Summary" */
static void set_gate(struct i8254_counter *c, bool level, int64_t tick)
{
    bool rising = level && !c->gate;
    c->gate = level;
    if (!level && !is_triggered(c))
        stop(c, tick);
    else if (rising && (c->mode == 0 || c->mode == 4))
        go_on(c, tick);
    else if (rising && c->reload)
        load(c, tick);
}

/* --- counter 0's edges --- */

/* Rising edges of OUT in ticks first+1 .. last, with the count unchanged. */
static int64_t edges(const struct i8254_counter *c, int64_t first, int64_t last)
{
    if (c->state != I8254_RUNNING || last < c->start)
        return 0;
    int64_t from = first > c->start ? first - c->start : 0, to = last - c->start;
    if (is_periodic(c))
        return to / c->count - from / c->count;
    int64_t at = c->mode == 4 ? c->count + 1ll : c->count;
    return (c->mode == 0 || c->mode == 4) && from < at && at <= to;
}

static int64_t next_edge(const struct i8254_counter *c, int64_t tick)
{
    if (c->state != I8254_RUNNING)
        return never;
    int64_t e = elapsed(c, tick), at = c->count;
    if (is_periodic(c))
        at = (e / c->count + 1) * c->count;
    else if (c->mode == 4)
        at++;
    else if (c->mode != 0)
        return never;
    return e < at ? c->start + at : never;
}

static void pulse(struct i8254 *s)
{
    irq_set(&s->irq, false);
    irq_set(&s->irq, true);
}

static void deliver(struct i8254 *s, int64_t count)
{
    if (!count)
        return;
    int64_t most = longest_lag / s->counter[0].count + 1;
    int64_t behind = s->behind + count - 1;
    s->behind = (unsigned)(behind < most ? behind : most);
    pulse(s);
}

/* Brings counter 0's interrupts up to a tick. */
static void catch_up(struct i8254 *s, int64_t tick)
{
    struct i8254_counter *c = &s->counter[0];
    int64_t count = 0;
    if (renewal_is_due(c, tick)) {
        count = edges(c, s->seen, c->renewal);
        s->seen = c->renewal;
        renew(c);
    }
    count += edges(c, s->seen, tick);
    s->seen = tick;
    deliver(s, count);
}

static void set_timer(struct i8254 *s)
{
    const struct i8254_counter *c = &s->counter[0];
    int64_t tick = next_edge(c, s->seen);
    if (c->count < least_ticks && tick < s->seen + least_ticks)
        tick = s->seen + least_ticks;
    if (c->renewed && c->renewal < tick)
        tick = c->renewal;
    timer_set(&s->timer, time_of(tick));
}

static void fire(void *device, uint64_t now)
{
    struct i8254 *s = device;
    int64_t tick = tick_of(now);
    catch_up(s, tick);
    set_timer(s);
}

void i8254_irq_taken(struct i8254 *s)
{
    if (s->behind) {
        s->behind--;
        pulse(s);
    }
}

/* --- the registers --- */

/* "Counter Latch Command": ignored until the last one has been read. */
static void latch_count(struct i8254_counter *c, int64_t tick)
{
    if (c->count_latched)
        return;
    c->latch = counter_value(c, tick);
    c->count_latched = true;
}

static void latch_status(struct i8254_counter *c, int64_t tick)
{
    if (!c->status_latched)
        c->status = counter_status(c, tick);
    c->status_latched = true;
}

static void read_back(struct i8254 *s, uint8_t command, int64_t tick)
{
    for (unsigned i = 0; i < 3; i++) {
        struct i8254_counter *c = &s->counter[i];
        if (!(command & 2u << i))
            continue;
        counter_sync(c, tick);
        if (!(command & 0x20))
            latch_count(c, tick);
        if (!(command & 0x10))
            latch_status(c, tick);
    }
}

static void set_control(struct i8254_counter *c, uint8_t value)
{
    bool gate = c->gate;
    *c = (struct i8254_counter){.control = value & 0x3f, .mode = value >> 1 & 7, .gate = gate};
    if (c->mode > 5)
        c->mode -= 4;
    c->count = 0x10000; /* undefined by the data sheet */
    c->null_until = never;
}

static void write_control(struct i8254 *s, uint8_t value, int64_t tick)
{
    unsigned n = value >> 6;
    if (n == READ_BACK) {
        read_back(s, value, tick);
    } else if ((value >> 4 & 3) == ACCESS_LATCH) {
        counter_sync(&s->counter[n], tick);
        latch_count(&s->counter[n], tick);
    } else {
        set_control(&s->counter[n], value);
        if (n == 0)
            s->behind = 0;
    }
}

/* Mode 0: "writing the first byte disables counting", and OUT is low. */
static void disable(struct i8254_counter *c, int64_t tick)
{
    stop(c, tick);
    c->state = I8254_IDLE;
}

static void write_counter(struct i8254_counter *c, uint8_t value, int64_t tick)
{
    counter_sync(c, tick);
    switch (access_of(c)) {
    case ACCESS_LOW:
        set_count(c, value, tick);
        break;
    case ACCESS_HIGH:
        set_count(c, (uint16_t)(value << 8), tick);
        break;
    case ACCESS_BOTH:
        if (c->write_high) {
            set_count(c, (uint16_t)(value << 8 | c->low), tick);
        } else {
            c->low = value;
            if (c->mode == 0)
                disable(c, tick);
        }
        c->write_high = !c->write_high;
        break;
    default: /* no control word yet */
        break;
    }
}

/* Anything written to counter 0 may change its output and its next edge. */
static void counter0_changed(struct i8254 *s, int64_t tick)
{
    s->seen = tick;
    irq_set(&s->irq, counter_out(&s->counter[0], tick));
    set_timer(s);
}

static void tell_listener(const struct i8254 *s)
{
    if (s->listener.changing)
        s->listener.changing(s->listener.owner);
}

void i8254_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    (void)size;
    struct i8254 *s = device;
    int64_t tick = tick_now(s);
    catch_up(s, tick);
    if (offset == 2 || (offset == CONTROL && value >> 6 == 2))
        tell_listener(s);
    if (offset == CONTROL)
        write_control(s, (uint8_t)value, tick);
    else
        write_counter(&s->counter[offset], (uint8_t)value, tick);
    if (offset == 0 || (offset == CONTROL && value >> 6 == 0 && (value & 0x30)))
        counter0_changed(s, tick);
}

static uint8_t read_counter(struct i8254_counter *c, int64_t tick)
{
    if (c->status_latched) {
        c->status_latched = false;
        return c->status;
    }
    uint16_t value = c->count_latched ? c->latch : counter_value(c, tick);
    if (access_of(c) != ACCESS_BOTH) {
        c->count_latched = false;
        return (uint8_t)(access_of(c) == ACCESS_HIGH ? value >> 8 : value);
    }
    bool high = c->read_high;
    c->read_high = !high;
    if (high)
        c->count_latched = false;
    return (uint8_t)(high ? value >> 8 : value);
}

uint32_t i8254_read(void *device, uint32_t offset, unsigned size)
{
    (void)size;
    struct i8254 *s = device;
    int64_t tick = tick_now(s);
    if (offset == CONTROL)
        return 0xff; /* "no-operation (3-state)" */
    catch_up(s, tick);
    counter_sync(&s->counter[offset], tick);
    return read_counter(&s->counter[offset], tick);
}

void i8254_set_gate2(struct i8254 *s, bool level)
{
    int64_t tick = tick_now(s);
    tell_listener(s);
    counter_sync(&s->counter[2], tick);
    set_gate(&s->counter[2], level, tick);
}

bool i8254_out2(const struct i8254 *s)
{
    struct i8254_counter c = s->counter[2];
    int64_t tick = tick_now(s);
    counter_sync(&c, tick);
    return counter_out(&c, tick);
}

bool i8254_moves2(const struct i8254 *s)
{
    struct i8254_counter c = s->counter[2];
    int64_t tick = tick_now(s);
    counter_sync(&c, tick);
    return c.state == I8254_RUNNING && (is_periodic(&c) || elapsed(&c, tick) <= c.count);
}

/* --- for how long OUT is high: in 2^-16 ticks, times as well --- */

enum { FRACTION = 16 };

static int64_t least_of(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Of the time since the count was loaded. */
static int64_t high_since_load(const struct i8254_counter *c, int64_t x)
{
    int64_t one = 1 << FRACTION, count = (int64_t)c->count << FRACTION;
    int64_t high = (int64_t)high_part(c->count) << FRACTION, low = count - one;
    switch (c->mode) {
    case 0:
    case 1:
        return x > count ? x - count : 0;
    case 2:
        return x / count * low + least_of(x % count, low);
    case 3:
        return x / count * high + least_of(x % count, high);
    default:
        return x > count ? x - least_of(x - count, one) : x;
    }
}

/* With the count unchanged. */
static int64_t high_between(const struct i8254_counter *c, int64_t from, int64_t to)
{
    int64_t start = c->start * (1 << FRACTION), high = 0;
    if (from >= to)
        return 0;
    if (c->state == I8254_IDLE)
        return c->mode != 0 ? to - from : 0;
    if (from < start) {
        int64_t loaded = least_of(start, to);
        high = c->out_before ? loaded - from : 0;
        from = loaded;
    }
    if (c->state == I8254_STOPPED)
        return high + (counter_out(c, from >> FRACTION) ? to - from : 0);
    return high + high_since_load(c, to - start) - high_since_load(c, from - start);
}

uint64_t i8254_high_time2(const struct i8254 *s, uint64_t from, uint64_t to)
{
    const uint64_t hz = (uint64_t)I8254_HZ << FRACTION;
    struct i8254_counter c = s->counter[2];
    int64_t begin = (int64_t)muldiv(from, hz, NS_PER_S), end = (int64_t)muldiv(to, hz, NS_PER_S);
    int64_t high = 0;
    if (renewal_is_due(&c, end >> FRACTION)) {
        int64_t renewal = c.renewal * (1 << FRACTION);
        high = high_between(&c, begin, renewal);
        renew(&c);
        begin = begin > renewal ? begin : renewal;
    }
    return (uint64_t)(high + high_between(&c, begin, end));
}

void i8254_reset(void *device)
{
    struct i8254 *s = device;
    for (unsigned i = 0; i < 3; i++) {
        s->counter[i].gate = i != 2;
        set_control(&s->counter[i], ACCESS_BOTH << 4);
    }
    s->behind = 0;
    counter0_changed(s, tick_now(s));
}

void i8254_init(struct i8254 *s, struct timers *timers, struct irq_line irq)
{
    memset(s, 0, sizeof *s);
    s->timers = timers;
    s->irq = irq;
    timer_init(&s->timer, timers, fire, s);
    i8254_reset(s);
}

/* --- state --- */

static const struct state_field counter_fields[] = {
    {STATE(i8254_counter, mode), .most = 5},
    {STATE(i8254_counter, control), .most = 0x3f},
    {STATE(i8254_counter, gate)},
    {STATE(i8254_counter, state), .most = I8254_STOPPED},
    {STATE(i8254_counter, start)},
    {STATE(i8254_counter, stopped)},
    {STATE(i8254_counter, out_before)},
    {STATE(i8254_counter, count), .least = 1, .most = 0x10000},
    {STATE(i8254_counter, reload), .most = 0x10000},
    {STATE(i8254_counter, null_until)},
    {STATE(i8254_counter, renewed)},
    {STATE(i8254_counter, renewal)},
    {STATE(i8254_counter, write_high)},
    {STATE(i8254_counter, read_high)},
    {STATE(i8254_counter, low)},
    {STATE(i8254_counter, count_latched)},
    {STATE(i8254_counter, status_latched)},
    {STATE(i8254_counter, latch)},
    {STATE(i8254_counter, status)},
    {0},
};
static const struct state_table counter_state = STATE_TABLE(i8254_counter, 1, counter_fields);

static const struct state_field fields[] = {
    {NOT_STATE(i8254, timers)},
    {STATE_OF_TIMER(i8254, timer)},
    {STATE_ARRAY_OF(i8254, counter, &counter_state)},
    {STATE(i8254, seen)},
    {STATE(i8254, behind)},
    {NOT_STATE(i8254, irq)},
    {NOT_STATE(i8254, listener)},
    {0},
};
static const struct state_table state = STATE_TABLE(i8254, 1, fields);
const struct device i8254_device = {.name = "i8254", .reset = i8254_reset, .state = &state};
