/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See hpet.h. Register names are the specification's. */
#include "hw/clock/hpet.h"

#include "exec/exec.h"
#include "exec/memory.h"

#include <string.h>

enum { REGION_SIZE = 1024, TICK_NS = 10, PERIOD_FS = TICK_NS * 1000000 };

/* Matches closer to each other than this come together: the guest is to get on, too. */
enum { LEAST_PERIOD = 20000 / TICK_NS };

/* Offsets */
enum {
    CAPABILITIES = 0x000,
    CONFIG = 0x010,
    STATUS = 0x020,
    COUNTER = 0x0f0,
    FIRST_TIMER = 0x100,
    TIMER_SIZE = 0x20,
    TIMER_CONFIG = 0x00,
    TIMER_COMPARATOR = 0x08,
};
enum { REVISION = 1, HAS_64_BITS = 1 << 13, HAS_LEGACY = 1 << 15, VENDOR = 0x8086 };
enum { ENABLE_CNF = 1, LEG_RT_CNF = 2 };
enum {
    TN_LEVEL = 0x002,
    TN_INT_ENB = 0x004,
    TN_PERIODIC = 0x008,
    TN_PER_CAP = 0x010,
    TN_SIZE_CAP = 0x020,
    TN_VAL_SET = 0x040,
    TN_32MODE = 0x100,
    TN_ROUTE_SHIFT = 9,
    TN_ROUTE = 0x1f << TN_ROUTE_SHIFT,
    TN_WRITABLE = TN_LEVEL | TN_INT_ENB | TN_PERIODIC | TN_32MODE | TN_ROUTE,
};
/* The inputs that the ISA bus has not. */
enum { ROUTES = 0xf00000, FIRST_ROUTE = 20 };

/* --- counting --- */

static bool counts(const struct hpet *s)
{
    return s->config & ENABLE_CNF;
}

static uint64_t counter(const struct hpet *s)
{
    return s->count + (counts(s) ? (timers_now(s->timers) - s->since) / TICK_NS : 0);
}

static void set_counter(struct hpet *s, uint64_t count)
{
    s->count = count;
    s->since = timers_now(s->timers);
}

static uint64_t mask_of(const struct hpet_timer *t)
{
    return t->config & TN_32MODE ? UINT32_MAX : UINT64_MAX;
}

/* Not while it is being told when to begin. */
static bool repeats(const struct hpet_timer *t)
{
    return t->config & TN_PERIODIC && t->period && !t->begins;
}

/* By how much a comparator is behind the counter; negative: it is to come. */
static int64_t behind(const struct hpet_timer *t)
{
    uint64_t difference = counter(t->hpet) - t->comparator;
    return t->config & TN_32MODE ? (int32_t)difference : (int64_t)difference;
}

/* A comparator that repeats is ahead. */
static void catch_up(struct hpet_timer *t)
{
    uint64_t late = (uint64_t)behind(t);
    if (!repeats(t) || behind(t) < 0)
        return;
    if (t->period < LEAST_PERIOD)
        late += LEAST_PERIOD;
    t->comparator += (late / t->period + 1) * t->period;
    t->comparator &= mask_of(t);
}

/* --- outputs --- */

static unsigned number_of(const struct hpet_timer *t)
{
    return (unsigned)(t - t->hpet->timer);
}

static bool is_legacy(const struct hpet_timer *t)
{
    return t->hpet->config & LEG_RT_CNF && number_of(t) < HPET_LEGACY;
}

static bool is_held(const struct hpet_timer *t)
{
    uint8_t held = t->config & TN_LEVEL ? t->hpet->status : t->hpet->raised;
    return t->config & TN_INT_ENB && held >> number_of(t) & 1;
}

static void update_outputs(struct hpet *s)
{
    bool legacy[HPET_LEGACY];
    uint32_t routes = 0;
    for (unsigned i = 0; i < HPET_LEGACY; i++)
        legacy[i] = s->config & LEG_RT_CNF ? is_held(&s->timer[i]) : s->replaced >> i & 1;
    for (unsigned i = 0; i < HPET_TIMERS; i++)
        if (!is_legacy(&s->timer[i]) && is_held(&s->timer[i]))
            routes |= 1u << ((s->timer[i].config & TN_ROUTE) >> TN_ROUTE_SHIFT);
    for (unsigned i = 0; i < HPET_LEGACY; i++)
        irq_set(&s->legacy[i], legacy[i]);
    for (unsigned i = FIRST_ROUTE; i < HPET_ROUTES; i++)
        irq_set(&s->to[i], routes >> i & 1);
}

void hpet_set_legacy(void *chip, unsigned input, bool level)
{
    struct hpet *s = chip;
    uint8_t bit = (uint8_t)(1u << input);
    s->replaced = level ? s->replaced | bit : s->replaced & (uint8_t)~bit;
    if (!(s->config & LEG_RT_CNF))
        irq_set(&s->legacy[input], level);
}

/* --- matching --- */

/* The host's alarm only if something comes of it. */
static void arm(struct hpet_timer *t)
{
    const struct hpet *s = t->hpet;
    bool matters = counts(s) && t->config & (TN_INT_ENB | TN_LEVEL);
    /* What is passed comes when the counter has gone round; 64 bits do that in nobody's life. */
    uint64_t left = (t->comparator - counter(s)) & mask_of(t);
    timer_set(&t->timer, matters && left < (uint64_t)1 << 56
                             ? s->since + (counter(s) - s->count + left) * TICK_NS
                             : TIMER_NEVER);
}

static void matched(void *device, uint64_t now)
{
    struct hpet_timer *t = device;
    struct hpet *s = t->hpet;
    uint8_t bit = (uint8_t)(1u << number_of(t));
    (void)now;
    s->raised &= (uint8_t)~bit;
    update_outputs(s);
    if (t->config & TN_LEVEL)
        s->status |= bit;
    else
        s->raised |= bit;
    update_outputs(s);
    catch_up(t);
    if (repeats(t))
        arm(t);
}

/* What is due, and has not been noticed, is not to be forgotten by what a register says next. */
static void settle(struct hpet *s)
{
    for (unsigned i = 0; i < HPET_TIMERS; i++) {
        struct hpet_timer *t = &s->timer[i];
        if (t->timer.deadline > timers_now(s->timers))
            continue;
        timer_cancel(&t->timer);
        matched(t, 0);
    }
}

static void arm_all(struct hpet *s)
{
    for (unsigned i = 0; i < HPET_TIMERS; i++) {
        catch_up(&s->timer[i]);
        arm(&s->timer[i]);
    }
    update_outputs(s);
}

/* --- registers --- */

static uint64_t read_timer(struct hpet_timer *t, unsigned offset)
{
    catch_up(t);
    if (offset == TIMER_CONFIG)
        return t->config | TN_PER_CAP | TN_SIZE_CAP | (uint64_t)ROUTES << 32;
    return offset == TIMER_COMPARATOR ? t->comparator : 0;
}

/* All 64 bits. */
static uint64_t read_register(struct hpet *s, unsigned offset)
{
    unsigned timer = (offset - FIRST_TIMER) / TIMER_SIZE;
    if (offset >= FIRST_TIMER && timer < HPET_TIMERS)
        return read_timer(&s->timer[timer], offset % TIMER_SIZE);
    switch (offset) {
    case CAPABILITIES:
        return (uint64_t)PERIOD_FS << 32 | (uint32_t)VENDOR << 16 | HAS_LEGACY | HAS_64_BITS |
               (HPET_TIMERS - 1) << 8 | REVISION;
    case CONFIG:
        return s->config;
    case STATUS:
        return s->status;
    case COUNTER:
        return counter(s);
    default:
        return 0;
    }
}

/* A route that there is not is not taken. */
static void write_timer_config(struct hpet_timer *t, uint32_t value)
{
    uint32_t route = (value & TN_ROUTE) >> TN_ROUTE_SHIFT;
    if (!(ROUTES >> route & 1))
        value = (value & ~(uint32_t)TN_ROUTE) | (t->config & TN_ROUTE);
    t->config = value & TN_WRITABLE;
    if (value & TN_VAL_SET)
        t->begins = value & TN_32MODE ? 1 : 3;
    t->comparator &= mask_of(t);
    t->period &= mask_of(t);
    if (!(t->config & TN_LEVEL))
        t->hpet->status &= (uint8_t) ~(1u << number_of(t));
}

static void set_half(uint64_t *of, unsigned half, uint32_t value)
{
    *of = (*of & ~((uint64_t)UINT32_MAX << 32 * half)) | (uint64_t)value << 32 * half;
}

/*
 * 2.3.9.2.2: a timer that repeats is told how often; or, behind Tn_VAL_SET, when to begin: each
 * half once.
 */
static void write_comparator(struct hpet_timer *t, unsigned half, uint32_t value)
{
    bool periodic = t->config & TN_PERIODIC;
    if (!periodic || t->begins & 1u << half)
        set_half(&t->comparator, half, value);
    if (periodic)
        set_half(&t->period, half, value);
    t->begins = t->begins & 1u << half ? t->begins & (uint8_t) ~(1u << half) : 0;
    t->comparator &= mask_of(t);
    t->period &= mask_of(t);
}

static void write_config(struct hpet *s, uint32_t value)
{
    uint64_t count = counter(s);
    s->config = value & (ENABLE_CNF | LEG_RT_CNF);
    set_counter(s, count);
}

static void write_timer(struct hpet_timer *t, unsigned offset, uint32_t value)
{
    catch_up(t);
    if (offset == TIMER_CONFIG)
        write_timer_config(t, value);
    else if ((offset & ~4u) == TIMER_COMPARATOR)
        write_comparator(t, offset / 4 & 1, value);
}

static void write_counter(struct hpet *s, unsigned half, uint32_t value)
{
    uint64_t count = counter(s);
    set_half(&count, half, value);
    set_counter(s, count);
}

static void write_register(struct hpet *s, unsigned offset, uint32_t value)
{
    unsigned timer = (offset - FIRST_TIMER) / TIMER_SIZE;
    if (offset >= FIRST_TIMER && timer < HPET_TIMERS)
        write_timer(&s->timer[timer], offset % TIMER_SIZE, value);
    else if (offset == CONFIG)
        write_config(s, value);
    else if (offset == STATUS)
        s->status &= (uint8_t)~value;
    else if ((offset & ~4u) == COUNTER)
        write_counter(s, offset / 4 & 1, value);
}

static uint32_t read(void *device, uint32_t offset, unsigned size)
{
    struct hpet *s = device;
    (void)size;
    return (uint32_t)(read_register(s, offset & ~7u) >> 8 * (offset & 7));
}

static void write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct hpet *s = device;
    if (size != 4 || offset & 3) {
        log_if(LOG_GUEST_ERRORS, "hpet: write of %u bytes to %03x\n", size, offset);
        return;
    }
    settle(s);
    write_register(s, offset, value);
    arm_all(s);
}

/* --- the whole --- */

static void reset(void *device)
{
    struct hpet *s = device;
    s->config = 0;
    s->status = s->raised = 0;
    s->count = s->since = 0;
    for (unsigned i = 0; i < HPET_TIMERS; i++) {
        struct hpet_timer *t = &s->timer[i];
        t->config = FIRST_ROUTE << TN_ROUTE_SHIFT;
        t->comparator = UINT64_MAX;
        t->period = 0;
        t->begins = 0;
    }
    arm_all(s);
}

bool hpet_init(struct hpet *s, struct memory *memory, struct timers *timers, struct irq_line to,
               const struct irq_line legacy[HPET_LEGACY])
{
    memset(s, 0, sizeof *s);
    s->timers = timers;
    for (unsigned i = 0; i < HPET_ROUTES; i++)
        s->to[i] = (struct irq_line){to.set, to.chip, i};
    memcpy(s->legacy, legacy, sizeof s->legacy);
    for (unsigned i = 0; i < HPET_TIMERS; i++) {
        s->timer[i].hpet = s;
        timer_init(&s->timer[i].timer, timers, matched, &s->timer[i]);
    }
    reset(s);
    return memory_map_io(memory, (uint32_t)HPET_BASE, REGION_SIZE, read, write, s);
}

static const struct state_field timer_fields[] = {
    {NOT_STATE(hpet_timer, hpet)},
    {STATE_OF_TIMER(hpet_timer, timer)},
    {STATE(hpet_timer, config)},
    {STATE(hpet_timer, comparator)},
    {STATE(hpet_timer, period)},
    {STATE(hpet_timer, begins), .most = 3},
    {0},
};
static const struct state_table timer_state = STATE_TABLE(hpet_timer, 1, timer_fields);

static const struct state_field fields[] = {
    {NOT_STATE(hpet, timers)},
    {NOT_STATE(hpet, to)},
    {NOT_STATE(hpet, legacy)},
    {STATE(hpet, config)},
    {STATE(hpet, status), .most = (1 << HPET_TIMERS) - 1},
    {STATE(hpet, raised), .most = (1 << HPET_TIMERS) - 1},
    {STATE(hpet, count)},
    {STATE(hpet, since)},
    {STATE(hpet, replaced), .most = (1 << HPET_LEGACY) - 1},
    {STATE_ARRAY_OF(hpet, timer, &timer_state)},
    {0},
};
static const struct state_table state = STATE_TABLE(hpet, 1, fields);
const struct device hpet_device = {.name = "hpet", .reset = reset, .state = &state};
