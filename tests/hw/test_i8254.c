/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interval timer, by Intel's data sheet (231164). Times are in its ticks. */
#include "hw/clock/i8254.h"
#include "tests/hw/fixture.h"

static struct timers *timers;
static struct i8254 pit;
static struct wire irq;

static void setup(void)
{
    test_time = 12345;
    timers = new_timers();
    i8254_init(&pit, timers, wire_line(&irq));
    i8254_set_gate2(&pit, true);
}

static void ticks(uint64_t n)
{
    uint64_t now = muldiv(timers_now(timers), I8254_HZ, NS_PER_S);
    uint64_t then = muldiv(now + n, NS_PER_S, I8254_HZ) + 1;
    advance(timers, then - timers_now(timers));
}

static void control(uint8_t value)
{
    i8254_write(&pit, 3, value, 1);
}

static void write2(unsigned counter, uint16_t value)
{
    i8254_write(&pit, counter, value & 0xff, 1);
    i8254_write(&pit, counter, value >> 8, 1);
}

static uint16_t read2(unsigned counter)
{
    uint32_t low = i8254_read(&pit, counter, 1);
    return (uint16_t)(low | i8254_read(&pit, counter, 1) << 8);
}

/* Counter 2 is the one whose output and gate can be reached from outside. */
static void program2(unsigned mode, uint16_t count)
{
    control((uint8_t)(0xb0 | mode << 1));
    write2(2, count);
}

START_TEST(mode0_interrupts_on_terminal_count)
{
    program2(0, 10);
    ck_assert(!i8254_out2(&pit));
    ticks(10);
    ck_assert(!i8254_out2(&pit)); /* N + 1 pulses */
    ticks(1);
    ck_assert(i8254_out2(&pit));
    ck_assert_uint_eq(read2(2), 0);
    ticks(1);
    ck_assert_uint_eq(read2(2), 0xffff); /* goes on, wrapped */
    ck_assert(i8254_out2(&pit));
    program2(0, 10);
    ck_assert(!i8254_out2(&pit));
}
END_TEST

START_TEST(mode0_first_byte_stops_counting)
{
    program2(0, 10);
    ticks(5);
    i8254_write(&pit, 2, 100, 1);
    ticks(100);
    ck_assert(!i8254_out2(&pit));
    i8254_write(&pit, 2, 0, 1);
    ticks(101);
    ck_assert(i8254_out2(&pit));
}
END_TEST

START_TEST(mode0_gate_suspends)
{
    program2(0, 10);
    ticks(5);
    i8254_set_gate2(&pit, false);
    ticks(1000);
    ck_assert_uint_eq(read2(2), 6);
    i8254_set_gate2(&pit, true);
    ticks(5);
    ck_assert(!i8254_out2(&pit));
    ticks(1);
    ck_assert(i8254_out2(&pit));
}
END_TEST

START_TEST(mode1_is_a_retriggerable_one_shot)
{
    i8254_set_gate2(&pit, false);
    program2(1, 10);
    ticks(100);
    ck_assert(i8254_out2(&pit)); /* waits for a trigger */
    i8254_set_gate2(&pit, true);
    ticks(1);
    ck_assert(!i8254_out2(&pit));
    ticks(8);
    i8254_set_gate2(&pit, false);
    i8254_set_gate2(&pit, true); /* again, from the start */
    ticks(10);
    ck_assert(!i8254_out2(&pit));
    ticks(1);
    ck_assert(i8254_out2(&pit));
}
END_TEST

START_TEST(mode2_is_low_for_one_tick)
{
    program2(2, 4);
    ticks(1);
    for (unsigned i = 0; i < 12; i++) {
        ck_assert_int_eq(i8254_out2(&pit), i % 4 != 3);
        ck_assert_uint_eq(read2(2), 4 - i % 4);
        ticks(1);
    }
}
END_TEST

START_TEST(mode2_new_count_waits_for_the_period)
{
    program2(2, 100);
    ticks(51);
    write2(2, 10);
    ck_assert_uint_eq(read2(2), 50);
    ticks(49);
    ck_assert_uint_eq(read2(2), 1);
    ticks(1);
    ck_assert_uint_eq(read2(2), 10);
    ticks(9);
    ck_assert_uint_eq(read2(2), 1);
}
END_TEST

START_TEST(mode2_gate_restarts)
{
    program2(2, 100);
    ticks(51);
    i8254_set_gate2(&pit, false);
    ck_assert(i8254_out2(&pit));
    ticks(1000);
    ck_assert_uint_eq(read2(2), 50);
    i8254_set_gate2(&pit, true);
    ticks(1);
    ck_assert_uint_eq(read2(2), 100);
}
END_TEST

START_TEST(mode3_is_square)
{
    static const struct {
        uint16_t count;
        const char *out;
        uint8_t value[10];
    } waves[] = {
        {4, "1100110011", {4, 2, 4, 2, 4, 2, 4, 2, 4, 2}},
        {5, "1110011100", {4, 2, 0, 4, 2, 4, 2, 0, 4, 2}}, /* odd: the low bit is left out */
    };
    program2(3, waves[_i].count);
    ticks(1);
    for (unsigned i = 0; i < 10; i++) {
        ck_assert_int_eq(i8254_out2(&pit), waves[_i].out[i] == '1');
        ck_assert_uint_eq(read2(2), waves[_i].value[i]);
        ticks(1);
    }
}
END_TEST

START_TEST(mode3_new_count_waits_for_the_half)
{
    program2(3, 100);
    ticks(1 + 20);
    write2(2, 10);
    ticks(29);
    ck_assert(i8254_out2(&pit));
    ticks(1); /* the low half of ten */
    for (unsigned i = 0; i < 5; i++, ticks(1))
        ck_assert(!i8254_out2(&pit));
    for (unsigned i = 0; i < 5; i++, ticks(1))
        ck_assert(i8254_out2(&pit));
    ck_assert(!i8254_out2(&pit));
}
END_TEST

START_TEST(mode4_strobes_once)
{
    program2(4, 10);
    ticks(10);
    ck_assert(i8254_out2(&pit));
    ticks(1);
    ck_assert(!i8254_out2(&pit));
    ticks(1);
    ck_assert(i8254_out2(&pit));
    ticks(70000);
    ck_assert(i8254_out2(&pit));
}
END_TEST

START_TEST(mode5_is_strobed_by_the_gate)
{
    i8254_set_gate2(&pit, false);
    program2(5, 10);
    ticks(100);
    ck_assert(i8254_out2(&pit));
    i8254_set_gate2(&pit, true);
    i8254_set_gate2(&pit, false); /* the level is of no interest */
    ticks(11);
    ck_assert(!i8254_out2(&pit));
    ticks(1);
    ck_assert(i8254_out2(&pit));
}
END_TEST

START_TEST(counts_in_bcd)
{
    control(0xb5); /* mode 2, BCD */
    write2(2, 0x1000);
    ticks(1);
    ck_assert_uint_eq(read2(2), 0x1000);
    ticks(1);
    ck_assert_uint_eq(read2(2), 0x0999);
    control(0xb1); /* mode 0, BCD: zero is 10000 */
    write2(2, 0);
    ticks(2);
    ck_assert_uint_eq(read2(2), 0x9999);
    ticks(9998);
    ck_assert(!i8254_out2(&pit));
    ticks(2);
    ck_assert(i8254_out2(&pit));
    ck_assert_uint_eq(read2(2), 0x9999);
}
END_TEST

START_TEST(one_byte_accesses)
{
    control(0x94); /* low byte only, mode 2 */
    i8254_write(&pit, 2, 200, 1);
    ticks(1);
    ck_assert_uint_eq(i8254_read(&pit, 2, 1), 200);
    ck_assert_uint_eq(i8254_read(&pit, 2, 1), 200);
    control(0xa4); /* high byte only */
    i8254_write(&pit, 2, 0x20, 1);
    ticks(1);
    ck_assert_uint_eq(i8254_read(&pit, 2, 1), 0x20);
    ticks(1);
    ck_assert_uint_eq(i8254_read(&pit, 2, 1), 0x1f);
}
END_TEST

START_TEST(a_latched_count_stands)
{
    program2(2, 1000);
    ticks(101);
    control(0x80);
    ticks(100);
    control(0x80); /* ignored: the first has not been read */
    ck_assert_uint_eq(read2(2), 900);
    ck_assert_uint_eq(read2(2), 800);
}
END_TEST

START_TEST(read_back)
{
    program2(2, 1000);
    control(0xe8); /* status of counter 2: not loaded yet */
    ck_assert_uint_eq(i8254_read(&pit, 2, 1), 0x80 | 0x40 | 0x34);
    ticks(101);
    control(0xc8); /* count and status */
    ticks(1000 - 101);
    ck_assert_uint_eq(i8254_read(&pit, 2, 1), 0x80 | 0x34);
    ck_assert_uint_eq(read2(2), 900);
    control(0xe8); /* OUT is low now */
    ck_assert_uint_eq(i8254_read(&pit, 2, 1), 0x34);
    ck_assert_uint_eq(i8254_read(&pit, 3, 1), 0xff);
}
END_TEST

/* Programs counter 0 and acknowledges as a guest does. */
static void program0(unsigned mode, uint16_t count)
{
    control((uint8_t)(0x30 | mode << 1));
    write2(0, count);
    irq.rises = 0;
}

START_TEST(irq0_at_the_right_rate)
{
    program0(_i, 11932); /* 100 Hz; modes 2 and 3 */
    advance(timers, (uint64_t)10 * NS_PER_S);
    ck_assert_uint_eq(irq.rises, 999);
}
END_TEST

START_TEST(irq0_once_in_the_one_shot_modes)
{
    program0(_i, 1000);
    ticks(1000);
    ck_assert_uint_eq(irq.rises, 0);
    ticks(2);
    ck_assert_uint_eq(irq.rises, 1);
    ck_assert(irq.level);
    advance(timers, NS_PER_S);
    ck_assert_uint_eq(irq.rises, 1);
}
END_TEST

START_TEST(a_late_host_catches_up)
{
    program0(2, 1193); /* 1000 Hz */
    advance(timers, 100 * NS_PER_MS);
    ck_assert_uint_eq(irq.rises, 100);
    test_time += 50 * NS_PER_MS; /* the host was away */
    timers_run(timers);
    ck_assert_uint_eq(irq.rises, 101);
    for (unsigned i = 0; i < 200; i++)
        i8254_irq_taken(&pit);
    ck_assert_uint_eq(irq.rises, 150);
}
END_TEST

START_TEST(a_host_that_slept_does_not_flood)
{
    program0(2, 1193);
    test_time += (uint64_t)3600 * NS_PER_S;
    timers_run(timers);
    for (unsigned i = 0; i < 10000; i++)
        i8254_irq_taken(&pit);
    ck_assert_uint_ge(irq.rises, 100);
    ck_assert_uint_le(irq.rises, 600);
    ck_assert_uint_gt(timers_next(timers), timers_now(timers));
}
END_TEST

START_TEST(the_fastest_rate_does_not_stop_the_machine)
{
    program0(_i, 1);
    for (unsigned i = 0; i < 100; i++) {
        timers_run(timers);
        ck_assert_uint_ge(timers_next(timers), timers_now(timers) + 18 * NS_PER_US);
        test_time += 20 * NS_PER_US;
    }
    ck_assert_uint_ge(irq.rises, 99);
}
END_TEST

START_TEST(a_new_rate_takes_over)
{
    program0(2, 11932);
    advance(timers, 105 * NS_PER_MS);
    ck_assert_uint_eq(irq.rises, 10);
    write2(0, 1193);
    advance(timers, 5 * NS_PER_MS + 10 * NS_PER_US);
    ck_assert_uint_eq(irq.rises, 11);
    advance(timers, 100 * NS_PER_MS);
    ck_assert_uint_eq(irq.rises, 111);
}
END_TEST

START_TEST(hostile_writes)
{
    uint32_t state = (uint32_t)_i;
    for (unsigned i = 0; i < 20000; i++) {
        uint32_t r = next_random(&state);
        i8254_write(&pit, r & 3, r >> 4 & 0xff, 1);
        i8254_read(&pit, r >> 2 & 3, 1);
        i8254_set_gate2(&pit, r >> 12 & 1);
        i8254_out2(&pit);
        if (r >> 13 & 1)
            i8254_irq_taken(&pit);
        test_time += (uint64_t)1 << (r >> 16 & 31);
        timers_run(timers);
    }
}
END_TEST

Suite *i8254_suite(void)
{
    Suite *suite = suite_create("i8254");
    TCase *c = tcase_create("i8254");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, mode0_interrupts_on_terminal_count);
    tcase_add_test(c, mode0_first_byte_stops_counting);
    tcase_add_test(c, mode0_gate_suspends);
    tcase_add_test(c, mode1_is_a_retriggerable_one_shot);
    tcase_add_test(c, mode2_is_low_for_one_tick);
    tcase_add_test(c, mode2_new_count_waits_for_the_period);
    tcase_add_test(c, mode2_gate_restarts);
    tcase_add_loop_test(c, mode3_is_square, 0, 2);
    tcase_add_test(c, mode3_new_count_waits_for_the_half);
    tcase_add_test(c, mode4_strobes_once);
    tcase_add_test(c, mode5_is_strobed_by_the_gate);
    tcase_add_test(c, counts_in_bcd);
    tcase_add_test(c, one_byte_accesses);
    tcase_add_test(c, a_latched_count_stands);
    tcase_add_test(c, read_back);
    tcase_add_loop_test(c, irq0_at_the_right_rate, 2, 4);
    tcase_add_loop_test(c, irq0_once_in_the_one_shot_modes, 0, 1);
    tcase_add_loop_test(c, irq0_once_in_the_one_shot_modes, 4, 5);
    tcase_add_test(c, a_late_host_catches_up);
    tcase_add_test(c, a_host_that_slept_does_not_flood);
    tcase_add_loop_test(c, the_fastest_rate_does_not_stop_the_machine, 2, 4);
    tcase_add_test(c, a_new_rate_takes_over);
    tcase_add_loop_test(c, hostile_writes, 1, 9);
    suite_add_tcase(suite, c);
    return suite;
}
