/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real-time clock, by Motorola's data sheet. */
#include "hw/clock/mc146818.h"
#include "tests/hw/fixture.h"

static struct timers *timers;
static struct mc146818 rtc;
static struct wire irq;

enum { REG_A = 10, REG_B = 11, REG_C = 12, REG_D = 13, CENTURY = 0x32 };
enum { B_24H = 0x02, B_BINARY = 0x04, B_UIE = 0x10, B_AIE = 0x20, B_PIE = 0x40, B_SET = 0x80 };

/* 2024-02-28 23:59:58.25, a Wednesday in a leap year */
#define START (1709164798ull * NS_PER_S + 250 * NS_PER_MS)

static void setup(void)
{
    test_time = 777;
    timers = new_timers();
    mc146818_init(&rtc, timers, wire_line(&irq), START);
}

static uint8_t get(uint8_t reg)
{
    mc146818_write(&rtc, 0, reg, 1);
    return (uint8_t)mc146818_read(&rtc, 1, 1);
}

static void set(uint8_t reg, uint8_t value)
{
    mc146818_write(&rtc, 0, reg, 1);
    mc146818_write(&rtc, 1, value, 1);
}

/* year, month, day, hour, minute, second, weekday; as the registers hold them */
static void check_time(const uint8_t expected[8])
{
    static const uint8_t regs[8] = {CENTURY, 9, 8, 7, 4, 2, 0, 6};
    for (unsigned i = 0; i < 8; i++)
        ck_assert_msg(get(regs[i]) == expected[i], "register %u: %02x, not %02x", regs[i],
                      get(regs[i]), expected[i]);
}

START_TEST(shows_the_time_of_day)
{
    check_time((uint8_t[]){0x20, 0x24, 0x02, 0x28, 0x23, 0x59, 0x58, 4});
    advance(timers, 740 * NS_PER_MS);
    check_time((uint8_t[]){0x20, 0x24, 0x02, 0x28, 0x23, 0x59, 0x58, 4});
    advance(timers, 10 * NS_PER_MS);
    check_time((uint8_t[]){0x20, 0x24, 0x02, 0x28, 0x23, 0x59, 0x59, 4});
    advance(timers, NS_PER_S);
    check_time((uint8_t[]){0x20, 0x24, 0x02, 0x29, 0x00, 0x00, 0x00, 5});
}
END_TEST

/* 1969-12-31 23:59:59.25, and on into the years that are counted from. */
START_TEST(begins_before_1970)
{
    timers = new_timers();
    mc146818_init(&rtc, timers, wire_line(&irq), -750 * (int64_t)NS_PER_MS);
    check_time((uint8_t[]){0x19, 0x69, 0x12, 0x31, 0x23, 0x59, 0x59, 4});
    advance(timers, 740 * NS_PER_MS);
    check_time((uint8_t[]){0x19, 0x69, 0x12, 0x31, 0x23, 0x59, 0x59, 4});
    advance(timers, 20 * NS_PER_MS);
    check_time((uint8_t[]){0x19, 0x70, 0x01, 0x01, 0x00, 0x00, 0x00, 5});
}
END_TEST

START_TEST(in_binary_and_twelve_hours)
{
    set(REG_B, B_BINARY);
    check_time((uint8_t[]){20, 24, 2, 28, 0x80 | 11, 59, 58, 4});
    advance(timers, (uint64_t)2 * NS_PER_S);
    ck_assert_uint_eq(get(4), 12); /* midnight is twelve */
    set(REG_B, 0);
    ck_assert_uint_eq(get(4), 0x12);
}
END_TEST

START_TEST(can_be_set)
{
    static const uint8_t regs[][2] = {{CENTURY, 0x19}, {9, 0x99}, {8, 0x12}, {7, 0x31},
                                      {4, 0x23},       {2, 0x59}, {0, 0x59}, {6, 6}};
    set(REG_B, B_SET | B_24H);
    for (unsigned i = 0; i < sizeof regs / sizeof *regs; i++)
        set(regs[i][0], regs[i][1]);
    advance(timers, (uint64_t)10 * NS_PER_S);
    check_time((uint8_t[]){0x19, 0x99, 0x12, 0x31, 0x23, 0x59, 0x59, 6});
    set(REG_B, B_24H);
    advance(timers, NS_PER_S);
    check_time((uint8_t[]){0x20, 0x00, 0x01, 0x01, 0x00, 0x00, 0x00, 7});
}
END_TEST

START_TEST(one_register_can_be_set_while_it_runs)
{
    set(2, 0x30);
    check_time((uint8_t[]){0x20, 0x24, 0x02, 0x28, 0x23, 0x30, 0x58, 4});
    advance(timers, 750 * NS_PER_MS);
    ck_assert_uint_eq(get(0), 0x59);
}
END_TEST

START_TEST(update_in_progress)
{
    ck_assert_uint_eq(get(REG_A) & 0x80, 0);
    advance(timers, 749 * NS_PER_MS); /* one before the second ends */
    ck_assert_uint_eq(get(REG_A) & 0x80, 0x80);
    set(REG_B, B_SET | B_24H);
    ck_assert_uint_eq(get(REG_A) & 0x80, 0);
    set(REG_B, B_24H);
    advance(timers, NS_PER_MS);
    ck_assert_uint_eq(get(REG_A) & 0x80, 0);
    ck_assert_uint_eq(get(0), 0x59);
}
END_TEST

START_TEST(divider_reset_holds_the_time)
{
    set(REG_A, 0x66);
    advance(timers, (uint64_t)100 * NS_PER_S);
    ck_assert_uint_eq(get(0), 0x58);
    set(REG_A, 0x26);
    advance(timers, 499 * NS_PER_MS);
    ck_assert_uint_eq(get(0), 0x58);
    advance(timers, NS_PER_MS); /* half a second after */
    ck_assert_uint_eq(get(0), 0x59);
}
END_TEST

START_TEST(update_interrupt)
{
    set(REG_B, B_24H | B_UIE);
    ck_assert(!irq.level);
    advance(timers, 750 * NS_PER_MS);
    ck_assert(irq.level);
    ck_assert_uint_eq(get(REG_C) & 0xb0, 0x80 | 0x10);
    ck_assert(!irq.level);
    for (unsigned i = 0; i < 5; i++) {
        advance(timers, NS_PER_S);
        ck_assert(irq.level);
        get(REG_C);
    }
    ck_assert_uint_eq(irq.rises, 6);
    set(REG_B, B_24H | B_UIE | B_SET); /* SET clears UIE */
    ck_assert_uint_eq(get(REG_B), B_24H | B_SET);
}
END_TEST

START_TEST(alarm_interrupt)
{
    set(5, 0xff); /* any hour */
    set(3, 0x01);
    set(1, 0x02);
    set(REG_B, B_24H | B_AIE);
    advance(timers, (uint64_t)63 * NS_PER_S);
    ck_assert(!irq.level);
    advance(timers, NS_PER_S);
    ck_assert(irq.level);
    ck_assert_uint_eq(get(REG_C) & 0xb0, 0x80 | 0x20 | 0x10);
    advance(timers, (uint64_t)3600 * NS_PER_S);
    ck_assert_uint_eq(irq.rises, 2);
}
END_TEST

START_TEST(an_alarm_is_not_missed_by_a_late_host)
{
    set(5, 0x00);
    set(3, 0x00);
    set(1, 0x05);
    set(REG_B, B_24H | B_AIE);
    test_time += (uint64_t)1000 * NS_PER_S;
    timers_run(timers);
    ck_assert(irq.level);
}
END_TEST

START_TEST(periodic_interrupt)
{
    static const struct {
        uint8_t rate;
        unsigned hz;
    } rates[] = {{6, 1024}, {15, 2}, {3, 8192}, {1, 256}, {2, 128}};
    set(REG_A, 0x20 | rates[_i].rate);
    set(REG_B, B_24H | B_PIE);
    unsigned count = 0;
    for (unsigned i = 0; i < 100000; i++) {
        advance(timers, 20 * NS_PER_US);
        if (irq.level) {
            count++;
            ck_assert_uint_eq(get(REG_C) & 0xc0, 0xc0);
        }
    }
    ck_assert_uint_ge(count, 2 * rates[_i].hz - 1);
    ck_assert_uint_le(count, 2 * rates[_i].hz + 1);
    set(REG_A, 0x20);
    ck_assert_uint_eq(timers_next(timers), rtc.update.deadline);
}
END_TEST

START_TEST(flags_can_be_polled)
{
    get(REG_C);
    ck_assert_uint_eq(get(REG_C) & 0x40, 0);
    advance(timers, NS_PER_MS);
    ck_assert_uint_eq(get(REG_C), 0x40);
    advance(timers, NS_PER_S);
    ck_assert_uint_eq(get(REG_C), 0x50);
    ck_assert_uint_eq(irq.rises, 0);
}
END_TEST

START_TEST(reset_turns_interrupts_off)
{
    set(0x40, 0x5a);
    set(REG_B, B_24H | B_UIE | B_PIE);
    advance(timers, NS_PER_S);
    ck_assert(irq.level);
    mc146818_reset(&rtc);
    ck_assert(!irq.level);
    ck_assert_uint_eq(get(REG_B), B_24H);
    ck_assert_uint_eq(get(0x40), 0x5a);
    ck_assert_uint_eq(get(0x37), get(CENTURY));
    ck_assert_uint_eq(get(REG_D), 0x80);
    ck_assert_uint_eq(get(0), 0x59);
}
END_TEST

START_TEST(hostile_writes)
{
    uint32_t state = (uint32_t)_i;
    for (unsigned i = 0; i < 20000; i++) {
        uint32_t r = next_random(&state);
        set(r >> 3 & 1 ? r >> 4 & 15 : r >> 4 & 0xff, r >> 12 & 0xff);
        get(r & 15);
        get(CENTURY);
        test_time += (uint64_t)1 << (next_random(&state) & 31);
        timers_run(timers);
    }
}
END_TEST

Suite *mc146818_suite(void)
{
    Suite *suite = suite_create("mc146818");
    TCase *c = tcase_create("mc146818");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, shows_the_time_of_day);
    tcase_add_test(c, begins_before_1970);
    tcase_add_test(c, in_binary_and_twelve_hours);
    tcase_add_test(c, can_be_set);
    tcase_add_test(c, one_register_can_be_set_while_it_runs);
    tcase_add_test(c, update_in_progress);
    tcase_add_test(c, divider_reset_holds_the_time);
    tcase_add_test(c, update_interrupt);
    tcase_add_test(c, alarm_interrupt);
    tcase_add_test(c, an_alarm_is_not_missed_by_a_late_host);
    tcase_add_loop_test(c, periodic_interrupt, 0, 5);
    tcase_add_test(c, flags_can_be_polled);
    tcase_add_test(c, reset_turns_interrupts_off);
    tcase_add_loop_test(c, hostile_writes, 1, 5);
    suite_add_tcase(suite, c);
    return suite;
}
