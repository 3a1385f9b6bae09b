/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The HPET: its counter, matches once and again, levels, legacy replacement. */
#include "hw/clock/hpet.h"
#include "tests/hw/fixture.h"

#include "exec/memory.h"

enum { BASE = (int)0xfed00000, CONFIG = 0x10, STATUS = 0x20, COUNTER = 0xf0 };
enum { ENABLE = 1, LEGACY = 2 };
enum { LEVEL = 0x002, INTERRUPT = 0x004, PERIODIC = 0x008, VAL_SET = 0x040, MODE_32 = 0x100 };
enum { ROUTE_21 = 21 << 9, PINS = 24 };

static struct timers *timers;
static struct memory *memory;
static struct hpet hpet;
static struct wire irq0, irq8;
static struct wire pins[PINS];

static void set_pin(void *chip, unsigned pin, bool level)
{
    struct wire *w = (struct wire *)chip + pin;
    w->rises += level && !w->level;
    w->level = level;
}

static uint32_t get(unsigned offset)
{
    return memory_read(memory, (uint32_t)BASE + offset, 4);
}

static void put(unsigned offset, uint32_t value)
{
    memory_write(memory, (uint32_t)BASE + offset, value, 4);
}

static unsigned config_of(unsigned timer)
{
    return 0x100 + 0x20 * timer;
}

static unsigned comparator_of(unsigned timer)
{
    return config_of(timer) + 8;
}

static void set_low(unsigned timer, uint32_t value)
{
    put(comparator_of(timer), value);
}

static void set_all(unsigned timer, uint32_t value)
{
    put(comparator_of(timer), value);
    put(comparator_of(timer) + 4, 0);
}

static void setup(void)
{
    const char *error = "";
    test_time = 4711;
    timers = new_timers();
    memory = memory_create(1u << 20, &error);
    ck_assert_ptr_nonnull(memory);
    for (unsigned i = 0; i < PINS; i++)
        pins[i] = (struct wire){false, 0};
    const struct irq_line legacy[] = {wire_line(&irq0), wire_line(&irq8)};
    ck_assert(hpet_init(&hpet, memory, timers, (struct irq_line){set_pin, pins, 0}, legacy));
}

static void teardown(void)
{
    memory_destroy(memory);
}

START_TEST(what_it_can)
{
    ck_assert_uint_eq(get(0), 0x8086a201);
    ck_assert_uint_eq(get(4), 10000000); /* femtoseconds */
    ck_assert_uint_eq(get(config_of(1)) & 0x30, 0x30);
    ck_assert_uint_eq(get(config_of(1) + 4), 0xf00000);
    put(config_of(1), ROUTE_21);
    put(config_of(1), 3 << 9); /* the ISA bus has that */
    ck_assert_uint_eq(get(config_of(1)) & 0x3e00, ROUTE_21);
    ck_assert_uint_eq(get(0x160), 0);
    ck_assert_uint_eq(memory_read(memory, (uint32_t)BASE + 2, 2), 0x8086);
    memory_write(memory, (uint32_t)BASE + CONFIG, 1, 1);
    ck_assert_uint_eq(get(CONFIG), 0);
}
END_TEST

START_TEST(it_counts)
{
    advance(timers, 1000);
    ck_assert_uint_eq(get(COUNTER), 0);
    put(CONFIG, ENABLE);
    advance(timers, 1000);
    ck_assert_uint_eq(get(COUNTER), 100);
    put(COUNTER, 0xffffffff);
    advance(timers, 20);
    ck_assert_uint_eq(get(COUNTER), 1);
    ck_assert_uint_eq(get(COUNTER + 4), 1);
    put(CONFIG, 0);
    advance(timers, 1000);
    ck_assert_uint_eq(get(COUNTER), 1);
}
END_TEST

START_TEST(once)
{
    put(config_of(2), INTERRUPT | ROUTE_21);
    set_all(2, 100);
    put(CONFIG, ENABLE);
    advance(timers, 999);
    ck_assert_uint_eq(pins[21].rises, 0);
    advance(timers, 1);
    ck_assert_uint_eq(pins[21].rises, 1);
    ck_assert(pins[21].level); /* an 8259 would forget an edge that goes away */
    ck_assert_uint_eq(timers_next(timers), TIMER_NEVER);
    set_all(2, 50); /* passed */
    ck_assert_uint_eq(timers_next(timers), TIMER_NEVER);
    put(config_of(2), INTERRUPT | MODE_32 | ROUTE_21); /* it comes when the counter goes round */
    advance(timers, ((uint64_t)1 << 32) * 10);
    ck_assert_uint_eq(pins[21].rises, 2);
    put(config_of(2), ROUTE_21);
    ck_assert_uint_eq(timers_next(timers), TIMER_NEVER); /* nobody hears of it */
}
END_TEST

/* _i: 64 or 32 bits, of which the upper half need not be said. */
START_TEST(again_and_again)
{
    void (*set)(unsigned, uint32_t) = _i ? set_low : set_all;
    put(CONFIG, ENABLE);
    put(config_of(0), INTERRUPT | PERIODIC | VAL_SET | (_i ? MODE_32 : 0) | ROUTE_21);
    set(0, 15000); /* when */
    set(0, 10000); /* and how often */
    advance(timers, 50000);
    for (unsigned i = 0; i < 5; i++) {
        ck_assert_uint_eq(pins[21].rises, i);
        ck_assert_uint_eq(get(comparator_of(0)), 15000 + 10000 * i);
        advance(timers, 100000);
    }
    test_time += NS_PER_MS; /* a host that is late */
    timers_run(timers);
    ck_assert_uint_eq(pins[21].rises, 6);
    ck_assert_uint_gt(get(comparator_of(0)), get(COUNTER));
    set(0, 1); /* 10 ns: the guest is to get on, too */
    advance(timers, 100000);
    ck_assert_uint_gt(timers_next(timers), timers_now(timers) + 10000);
}
END_TEST

START_TEST(levels_stay)
{
    put(config_of(1), INTERRUPT | LEVEL | ROUTE_21);
    set_all(1, 100);
    put(CONFIG, ENABLE);
    advance(timers, 2000);
    ck_assert(pins[21].level);
    ck_assert_uint_eq(get(STATUS), 2);
    put(STATUS, 5);
    ck_assert(pins[21].level);
    put(STATUS, 2);
    ck_assert(!pins[21].level);
    ck_assert_uint_eq(get(STATUS), 0);
}
END_TEST

START_TEST(legacy_replacement)
{
    hpet_set_legacy(&hpet, 0, true);
    ck_assert(irq0.level);
    put(config_of(0), INTERRUPT);
    put(config_of(1), INTERRUPT);
    set_all(0, 100);
    set_all(1, 200);
    put(CONFIG, ENABLE | LEGACY);
    ck_assert(!irq0.level);
    hpet_set_legacy(&hpet, 1, true);
    ck_assert(!irq8.level);
    advance(timers, 1000);
    ck_assert_uint_eq(irq0.rises, 2);
    ck_assert_uint_eq(irq8.rises, 0);
    advance(timers, 1000);
    ck_assert_uint_eq(irq8.rises, 1);
    put(CONFIG, ENABLE);
    ck_assert(irq0.level && irq8.level); /* the 8254's and the clock's again */
    hpet_device.reset(&hpet);
    ck_assert(irq0.level);
    ck_assert_uint_eq(get(COUNTER), 0);
}
END_TEST

/* A match that is due comes, though a register is written before anybody has noticed it. */
START_TEST(a_match_is_not_forgotten)
{
    put(config_of(0), INTERRUPT | PERIODIC | VAL_SET | ROUTE_21);
    set_all(0, 100);
    set_all(0, 100);
    put(CONFIG, ENABLE);
    test_time += 1000;
    put(STATUS, 0);
    ck_assert_uint_eq(pins[21].rises, 1);
}
END_TEST

Suite *hpet_suite(void)
{
    Suite *suite = suite_create("hpet");
    TCase *c = tcase_create("hpet");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, what_it_can);
    tcase_add_test(c, it_counts);
    tcase_add_test(c, once);
    tcase_add_loop_test(c, again_and_again, 0, 2);
    tcase_add_test(c, levels_stay);
    tcase_add_test(c, legacy_replacement);
    tcase_add_test(c, a_match_is_not_forgotten);
    suite_add_tcase(suite, c);
    return suite;
}
