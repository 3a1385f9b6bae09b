/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real-time clock and CMOS memory. Section names are those of Motorola's data sheet. */
#include "hw/clock/mc146818.h"

#include <string.h>
#include <time.h>

enum {
    SECONDS = 0,
    SECONDS_ALARM = 1,
    MINUTES = 2,
    MINUTES_ALARM = 3,
    HOURS = 4,
    HOURS_ALARM = 5,
    WEEKDAY = 6,
    DAY = 7,
    MONTH = 8,
    YEAR = 9,
    REG_A = 10,
    REG_B = 11,
    REG_C = 12,
    REG_D = 13,
    CENTURY = 0x32,
    CENTURY_PS2 = 0x37, /* the same, where IBM's PS/2 has it */
};

enum { A_UIP = 0x80, A_DIVIDER = 0x70, A_RUNNING = 0x20, A_HELD = 0x60, A_RATE = 0x0f };
enum { B_SET = 0x80, B_INTERRUPTS = 0x70, B_UPDATE = 0x10, B_BINARY = 0x04, B_24H = 0x02 };
enum { C_IRQ = 0x80, C_PERIODIC = 0x40, C_ALARM = 0x20, C_UPDATE = 0x10 };
enum { D_VALID = 0x80, HOUR_PM = 0x80, ALARM_ANY = 0xc0 };

/* "Update Cycle": UIP rises 244 us before an update that takes 1984 us. */
static const int64_t update_ns = 2228 * NS_PER_US;
static const int64_t longest_alarm_search = 24 * 3600;

/* --- encoding --- */

static uint8_t encode(const struct mc146818 *s, int value)
{
    if (s->ram[REG_B] & B_BINARY)
        return (uint8_t)value;
    return (uint8_t)(value / 10 % 10 << 4 | value % 10);
}

static int decode(const struct mc146818 *s, uint8_t value)
{
    if (s->ram[REG_B] & B_BINARY)
        return value;
    return (value >> 4) * 10 + (value & 15);
}

static uint8_t encode_hour(const struct mc146818 *s, int hour)
{
    if (s->ram[REG_B] & B_24H)
        return encode(s, hour);
    int twelve = hour % 12 ? hour % 12 : 12;
    return encode(s, twelve) | (hour >= 12 ? HOUR_PM : 0);
}

static int decode_hour(const struct mc146818 *s, uint8_t value)
{
    if (s->ram[REG_B] & B_24H)
        return decode(s, value);
    return decode(s, value & 0x7f) % 12 + (value & HOUR_PM ? 12 : 0);
}

/* --- the time --- */

static bool is_time(unsigned reg)
{
    return reg == SECONDS || reg == MINUTES || reg == HOURS || (reg >= WEEKDAY && reg <= YEAR) ||
           reg == CENTURY;
}

/* Is the clock running, not set or held in divider reset? */
static bool running(const struct mc146818 *s)
{
    return !(s->ram[REG_B] & B_SET) && (s->ram[REG_A] & A_DIVIDER) == A_RUNNING;
}

static int64_t second_at(const struct mc146818 *s, int64_t now)
{
    return running(s) && now >= s->since ? s->seconds + (now - s->since) / NS_PER_S : s->seconds;
}

static int64_t virtual_now(const struct mc146818 *s)
{
    return (int64_t)timers_now(s->timers);
}

static void split(int64_t seconds, struct tm *tm)
{
    time_t t = seconds;
    if (!gmtime_r(&t, tm))
        memset(tm, 0, sizeof *tm);
}

static void store_time(struct mc146818 *s, int64_t seconds)
{
    struct tm tm;
    split(seconds, &tm);
    int year = ((tm.tm_year + 1900) % 10000 + 10000) % 10000;
    s->ram[SECONDS] = encode(s, tm.tm_sec);
    s->ram[MINUTES] = encode(s, tm.tm_min);
    s->ram[HOURS] = encode_hour(s, tm.tm_hour);
    s->ram[WEEKDAY] = encode(s, (int)((unsigned)tm.tm_wday + s->weekday_shift) % 7 + 1);
    s->ram[DAY] = encode(s, tm.tm_mday);
    s->ram[MONTH] = encode(s, tm.tm_mon + 1);
    s->ram[YEAR] = encode(s, year % 100);
    s->ram[CENTURY] = encode(s, year / 100);
}

/* The time in the registers, dates that do not exist carried over into ones that do. */
static int64_t load_time(struct mc146818 *s)
{
    struct tm tm = {
        .tm_sec = decode(s, s->ram[SECONDS]),
        .tm_min = decode(s, s->ram[MINUTES]),
        .tm_hour = decode_hour(s, s->ram[HOURS]),
        .tm_mday = decode(s, s->ram[DAY]),
        .tm_mon = decode(s, s->ram[MONTH]) - 1,
        .tm_year = decode(s, s->ram[CENTURY]) * 100 + decode(s, s->ram[YEAR]) - 1900,
    };
    int64_t seconds = timegm(&tm);
    int weekday = decode(s, s->ram[WEEKDAY]) - 1 - tm.tm_wday;
    s->weekday_shift = (unsigned)(weekday % 7 + 7) % 7;
    return seconds;
}

/* --- interrupts --- */

static void update_irq(struct mc146818 *s)
{
    bool level = s->ram[REG_C] & s->ram[REG_B] & B_INTERRUPTS;
    s->ram[REG_C] = (s->ram[REG_C] & (uint8_t)~C_IRQ) | (level ? C_IRQ : 0);
    irq_set(&s->irq, level);
}

/* "Rate selection" at the 32.768 kHz time base; in its ticks, 0 for none. */
static uint64_t periodic_ticks(const struct mc146818 *s)
{
    unsigned rate = s->ram[REG_A] & A_RATE;
    if (!rate || (s->ram[REG_A] & A_HELD) == A_HELD)
        return 0;
    return rate < 3 ? 64u << rate : 1u << (rate - 1);
}

static uint64_t periods(const struct mc146818 *s, uint64_t now)
{
    return muldiv(now, 32768, NS_PER_S) / periodic_ticks(s);
}

/* Without its interrupt enabled nobody waits for the periodic flag: it is found out when read. */
static void look_at_periodic(struct mc146818 *s, uint64_t now)
{
    if (periodic_ticks(s) && periods(s, now) != periods(s, s->periodic_seen))
        s->ram[REG_C] |= C_PERIODIC;
    s->periodic_seen = now;
}

static void set_periodic_timer(struct mc146818 *s, uint64_t now)
{
    uint64_t ticks = periodic_ticks(s), next = TIMER_NEVER;
    if (ticks && (s->ram[REG_B] & C_PERIODIC))
        next = muldiv((periods(s, now) + 1) * ticks, NS_PER_S, 32768) + 1;
    timer_set(&s->periodic, next);
}

static void fire_periodic(void *device, uint64_t now)
{
    struct mc146818 *s = device;
    look_at_periodic(s, now);
    update_irq(s);
    set_periodic_timer(s, now);
}

static bool alarm_field(const struct mc146818 *s, unsigned reg, int value)
{
    if ((s->ram[reg] & ALARM_ANY) == ALARM_ANY)
        return true;
    return (reg == HOURS_ALARM ? decode_hour(s, s->ram[reg]) : decode(s, s->ram[reg])) == value;
}

static bool alarm_at(const struct mc146818 *s, int64_t second)
{
    struct tm tm;
    split(second, &tm);
    return alarm_field(s, SECONDS_ALARM, tm.tm_sec) && alarm_field(s, MINUTES_ALARM, tm.tm_min) &&
           alarm_field(s, HOURS_ALARM, tm.tm_hour);
}

static void set_update_timer(struct mc146818 *s, int64_t now)
{
    if (!running(s))
        timer_cancel(&s->update);
    else if (now < s->since)
        timer_set(&s->update, (uint64_t)s->since + NS_PER_S);
    else
        timer_set(&s->update, (uint64_t)(now + NS_PER_S - (now - s->since) % NS_PER_S));
}

static void fire_update(void *device, uint64_t now)
{
    struct mc146818 *s = device;
    int64_t second = second_at(s, (int64_t)now), from = s->checked;
    if (second - from > longest_alarm_search)
        from = second - longest_alarm_search;
    while (from < second)
        if (alarm_at(s, ++from))
            s->ram[REG_C] |= C_ALARM;
    s->checked = second;
    s->ram[REG_C] |= C_UPDATE;
    update_irq(s);
    set_update_timer(s, (int64_t)now);
}

/* --- the registers --- */

static uint8_t read_a(const struct mc146818 *s)
{
    int64_t left = NS_PER_S - (virtual_now(s) - s->since) % NS_PER_S;
    return s->ram[REG_A] | (running(s) && left <= update_ns ? A_UIP : 0);
}

static uint8_t read_c(struct mc146818 *s)
{
    look_at_periodic(s, timers_now(s->timers));
    update_irq(s);
    uint8_t flags = s->ram[REG_C];
    s->ram[REG_C] = 0;
    update_irq(s);
    return flags;
}

uint32_t mc146818_read(void *device, uint32_t offset, unsigned size)
{
    (void)size;
    struct mc146818 *s = device;
    if (offset == 0)
        return 0xff; /* the index cannot be read back */
    if (s->index == REG_A)
        return read_a(s);
    if (s->index == REG_C)
        return read_c(s);
    if (is_time(s->index) && !(s->ram[REG_B] & B_SET))
        store_time(s, second_at(s, virtual_now(s)));
    return s->ram[s->index];
}

static void set_second(struct mc146818 *s, int64_t second, int64_t since)
{
    s->seconds = s->checked = second;
    s->since = since;
}

static void write_time(struct mc146818 *s, uint8_t value)
{
    if (s->ram[REG_B] & B_SET) {
        s->ram[s->index] = value;
        return;
    }
    int64_t now = virtual_now(s), second = second_at(s, now);
    store_time(s, second);
    s->ram[s->index] = value;
    set_second(s, load_time(s), s->since + (second - s->seconds) * NS_PER_S);
}

/* The clock stops and starts by `change` of the control registers; a second begins with it. */
static void write_a(struct mc146818 *s, uint8_t value)
{
    int64_t now = virtual_now(s), second = second_at(s, now);
    bool was = running(s);
    look_at_periodic(s, (uint64_t)now);
    s->ram[REG_A] = value & (uint8_t)~A_UIP;
    if (was && !running(s))
        set_second(s, second, now);
    else if (!was && running(s)) /* "the first update cycle begins one-half second later" */
        set_second(s, second, now - NS_PER_S / 2);
}

static void write_b(struct mc146818 *s, uint8_t value)
{
    int64_t now = virtual_now(s), second = second_at(s, now);
    bool was = s->ram[REG_B] & B_SET, set = value & B_SET;
    look_at_periodic(s, (uint64_t)now);
    if (!was)
        store_time(s, second);
    if (set && !was)
        set_second(s, second, now - (now - s->since) % NS_PER_S);
    s->ram[REG_B] = set ? value & (uint8_t)~B_UPDATE : value;
    if (was && !set)
        set_second(s, load_time(s), now - (now - s->since) % NS_PER_S);
}

void mc146818_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    (void)size;
    struct mc146818 *s = device;
    if (offset == 0) {
        s->index = value & (CMOS_SIZE - 1); /* bit 7 masks NMI of the board's errors: it has none */
        if (s->index == CENTURY_PS2)
            s->index = CENTURY;
        return;
    }
    if (is_time(s->index))
        write_time(s, (uint8_t)value);
    else if (s->index == REG_A)
        write_a(s, (uint8_t)value);
    else if (s->index == REG_B)
        write_b(s, (uint8_t)value);
    else if (s->index != REG_C && s->index != REG_D)
        s->ram[s->index] = (uint8_t)value;
    update_irq(s);
    set_update_timer(s, virtual_now(s));
    set_periodic_timer(s, timers_now(s->timers));
}

void mc146818_reset(void *device)
{
    struct mc146818 *s = device;
    s->ram[REG_B] &= (uint8_t)~B_INTERRUPTS;
    s->ram[REG_C] = 0;
    update_irq(s);
    set_periodic_timer(s, timers_now(s->timers));
}

void mc146818_init(struct mc146818 *s, struct timers *timers, struct irq_line irq,
                   int64_t time_of_day)
{
    memset(s, 0, sizeof *s);
    tzset(); /* gmtime reads a file the first time, and later it may not be allowed to */
    s->timers = timers;
    s->irq = irq;
    timer_init(&s->update, timers, fire_update, s);
    timer_init(&s->periodic, timers, fire_periodic, s);
    s->ram[REG_A] = A_RUNNING | 6;
    s->ram[REG_B] = B_24H;
    s->ram[REG_D] = D_VALID;
    int64_t now = virtual_now(s), ns = (time_of_day % NS_PER_S + NS_PER_S) % NS_PER_S;
    set_second(s, (time_of_day - ns) / NS_PER_S, now - ns);
    set_update_timer(s, now);
}

/* --- state --- */

static const struct state_field fields[] = {
    {NOT_STATE(mc146818, timers)},
    {STATE_OF_TIMER(mc146818, update)},
    {STATE_OF_TIMER(mc146818, periodic)},
    {NOT_STATE(mc146818, irq)},
    {STATE(mc146818, index), .most = CMOS_SIZE - 1},
    {STATE_ARRAY(mc146818, ram)},
    {STATE(mc146818, seconds)},
    {STATE(mc146818, since)},
    {STATE(mc146818, weekday_shift), .most = 6},
    {STATE(mc146818, checked)},
    {STATE(mc146818, periodic_seen)},
    {0},
};
static const struct state_table state = STATE_TABLE(mc146818, 1, fields);
const struct device mc146818_device = {
    .name = "mc146818", .reset = mc146818_reset, .state = &state};
