/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The MPIC: priorities, in service, edges and levels, IPIs, timers, messages. Sections are those of
 * the MPC8548E's reference manual, chapter 10.
 */
#include "hw/intc/mpic.h"
#include "tests/hw/fixture.h"

#include "exec/memory.h"

enum { BASE = 0x100000 };
enum { FRR = 0x1000, GCR = 0x1020, IPIVPR0 = 0x10a0, SVR = 0x10e0, TFRR = 0x10f0 };
enum { GTCCR0 = 0x1100, GTBCR0 = 0x1110, GTVPR0 = 0x1120, GTBCR7 = 0x21d0, GTVPR7 = 0x21e0 };
enum { TCRA = 0x1300, MSGR0 = 0x1400, MER = 0x1500, MSR = 0x1510, MSGR5 = 0x2410, MERB = 0x2500 };
enum { MSIR3 = 0x1630, MSISR = 0x1720, MSIIR = 0x1740 };
enum { CPU = 0x20000, IPIDR0 = CPU + 0x40, CTPR = CPU + 0x80, IACK = CPU + 0xa0, EOI = CPU + 0xb0 };
enum { PRIVATE_IACK = 0xa0, PRIVATE_CTPR = 0x80, BRR1 = 0 };
enum { ACTIVE = 0x40000000, ACTIVE_HIGH = 0x800000, BY_LEVEL = 0x400000, SPURIOUS = 0xffff };
#define MASKED   0x80000000u
#define INHIBIT  0x80000000u
#define RESET    0x80000000u
#define CRITICAL 0x40000000u

static struct timers *timers;
static struct memory *memory;
static struct mpic mpic;
static struct wire external, critical, machine_check;

static uint32_t get(uint32_t offset)
{
    return __builtin_bswap32(memory_read(memory, BASE + offset, 4));
}

static void put(uint32_t offset, uint32_t value)
{
    memory_write(memory, BASE + offset, __builtin_bswap32(value), 4);
}

static uint32_t vpr(unsigned source)
{
    return 0x10000 + 0x20 * source;
}

static uint32_t idr(unsigned source)
{
    return vpr(source) + 0x10;
}

static uint32_t ilr(unsigned source)
{
    return vpr(source) + 0x18;
}

static uint32_t with(unsigned priority, unsigned vector)
{
    return priority << 16 | vector;
}

static void setup(void)
{
    const char *error = "";
    test_time = 4711;
    timers = new_timers();
    memory = memory_create(1 << 20, &error);
    external = critical = machine_check = (struct wire){false, 0};
    const struct irq_line output[MPIC_OUTPUTS] = {wire_line(&external), wire_line(&critical),
                                                  wire_line(&machine_check)};
    ck_assert(mpic_init(&mpic, memory, BASE, timers, output));
    put(CTPR, 0);
}

static void teardown(void)
{
    memory_destroy(memory);
}

static void expect_taken(unsigned vector)
{
    ck_assert(external.level);
    ck_assert_uint_eq(get(IACK), vector);
}

static void expect_quiet(void)
{
    ck_assert(!external.level);
    ck_assert_uint_eq(get(IACK), SPURIOUS);
}

/* 10.3.1.1, .3: version 4.2; 256 sources, a processor, OpenPIC 1.2. */
START_TEST(what_it_is)
{
    ck_assert_uint_eq(get(BRR1), 0x00400402);
    ck_assert_uint_eq(get(FRR), 255 << 16 | 2);
    ck_assert_uint_eq(get(SVR), 0xffff);
    ck_assert_uint_eq(get(vpr(42)), MASKED);
    ck_assert_uint_eq(get(0x1021), 0);
    ck_assert_uint_eq(get(0x1028), 0);
    ck_assert_uint_eq(get(vpr(42) + 8), 0);
    ck_assert_uint_eq(memory_read(memory, BASE + FRR, 2), 0);
}
END_TEST

/* 10.3.7: a level counts as long as it is there, if it is not masked and has a priority. */
START_TEST(an_internal_source)
{
    mpic_set(&mpic, 42, true);
    ck_assert(!external.level);
    put(vpr(42), with(0, 7));
    ck_assert(!external.level);
    put(vpr(42), with(3, 7));
    expect_taken(7);
    ck_assert(!external.level);
    ck_assert_uint_eq(get(vpr(42)), ACTIVE | with(3, 7));
    put(EOI, 0);
    expect_taken(7);
    mpic_set(&mpic, 42, false);
    put(EOI, 0);
    expect_quiet();
    ck_assert_uint_eq(get(vpr(42)), with(3, 7));
}
END_TEST

/* 10.3.7.1: a rising edge is kept until it is taken, a falling one is none. */
START_TEST(an_edge)
{
    mpic_set(&mpic, 3, false);
    put(vpr(3), with(5, 9) | ACTIVE_HIGH);
    mpic_set(&mpic, 3, true);
    mpic_set(&mpic, 3, false);
    expect_taken(9);
    put(EOI, 0);
    expect_quiet();
}
END_TEST

/* The same for a pin whose low level interrupts, as PCI's. */
START_TEST(a_low_level)
{
    put(vpr(1), with(5, 9) | BY_LEVEL);
    ck_assert(!external.level);
    mpic_set(&mpic, 1, false);
    expect_taken(9);
    mpic_set(&mpic, 1, true);
    put(EOI, 0);
    expect_quiet();
}
END_TEST

/* 10.4.1: a higher priority interrupts what is in service; EOI ends the highest. */
START_TEST(priorities)
{
    put(vpr(20), with(4, 20));
    put(vpr(21), with(9, 21));
    put(vpr(22), with(4, 22));
    mpic_set(&mpic, 20, true);
    mpic_set(&mpic, 22, true);
    expect_taken(20);
    ck_assert(!external.level);
    mpic_set(&mpic, 21, true);
    expect_taken(21);
    mpic_set(&mpic, 20, false);
    mpic_set(&mpic, 21, false);
    put(EOI, 0);
    ck_assert(!external.level);
    put(EOI, 0);
    expect_taken(22);
}
END_TEST

/* 10.3.8.2: what is not above CTPR waits; after a reset all do. */
START_TEST(the_task_priority)
{
    put(vpr(20), with(4, 20));
    mpic_set(&mpic, 20, true);
    ck_assert(external.level);
    put(PRIVATE_CTPR, 4);
    ck_assert(!external.level);
    put(CTPR, 0x13);
    ck_assert_uint_eq(get(CTPR), 3);
    ck_assert_uint_eq(get(PRIVATE_IACK), 20);
    put(GCR, RESET);
    ck_assert_uint_eq(get(CTPR), 15);
    ck_assert_uint_eq(get(GCR), 0);
    ck_assert_uint_eq(get(vpr(20)), MASKED | ACTIVE);
}
END_TEST

/* 10.3.7.2: a source that is nobody's; from version 4.1 on there are no other bits. */
START_TEST(destinations)
{
    put(vpr(20), with(4, 20));
    mpic_set(&mpic, 20, true);
    put(idr(20), CRITICAL);
    ck_assert_uint_eq(get(idr(20)), 0);
    expect_quiet();
    ck_assert(!critical.level);
    put(idr(20), 1);
    expect_taken(20);
}
END_TEST

static void expect_lines(bool is_external, bool is_critical, bool is_machine_check)
{
    ck_assert_int_eq(external.level, is_external);
    ck_assert_int_eq(critical.level, is_critical);
    ck_assert_int_eq(machine_check.level, is_machine_check);
}

/* A level register's INTTGT: the mask holds it back, no priority does, and it is not acknowledged.
 */
START_TEST(a_critical_source)
{
    put(ilr(20), 1);
    put(CTPR, 15);
    mpic_set(&mpic, 20, true);
    expect_lines(false, false, false);
    put(vpr(20), with(0, 20));
    expect_lines(false, true, false);
    ck_assert_uint_eq(get(IACK), SPURIOUS);
    put(EOI, 0);
    expect_lines(false, true, false);
    put(idr(20), 0);
    expect_lines(false, false, false);
    put(idr(20), 1);
    put(ilr(20), 2);
    expect_lines(false, false, true);
    ck_assert_uint_eq(get(ilr(20)), 2);
    put(ilr(20), 0xf0); /* IRQ_OUT */
    expect_lines(false, false, false);
    put(ilr(20), 0x101);
    ck_assert_uint_eq(get(ilr(20)), 1);
    mpic_set(&mpic, 20, false);
    expect_lines(false, false, false);
}
END_TEST

/* Two on one line, and an external interrupt beside them, which does not wait for them. */
START_TEST(critical_sources)
{
    put(ilr(20), 1);
    put(ilr(3), 1);
    put(vpr(20), with(9, 20));
    put(vpr(3), with(9, 3) | ACTIVE_HIGH);
    put(vpr(21), with(1, 21));
    mpic_set(&mpic, 3, false);
    mpic_set(&mpic, 20, true);
    mpic_set(&mpic, 3, true); /* no edge of it is kept */
    mpic_set(&mpic, 21, true);
    expect_lines(true, true, false);
    mpic_set(&mpic, 20, false);
    expect_lines(true, true, false);
    mpic_set(&mpic, 3, false);
    expect_lines(true, false, false);
    expect_taken(21);
    put(GCR, RESET);
    ck_assert_uint_eq(get(ilr(20)), 0);
}
END_TEST

/* A message to the critical input, until it is read. */
START_TEST(a_critical_message)
{
    put(vpr(MPIC_FIRST_MESSAGE), with(0, 0));
    put(ilr(MPIC_FIRST_MESSAGE), 1);
    put(MER, 1);
    put(MSGR0, 5);
    expect_lines(false, true, false);
    ck_assert_uint_eq(get(MSGR0), 5);
    expect_lines(false, false, false);
}
END_TEST

/* 10.3.1.4: as an external proxy it gives the vector to the processor, or lets it ask. */
START_TEST(the_external_proxy)
{
    put(vpr(20), with(4, 20));
    mpic_set(&mpic, 20, true);
    ck_assert_uint_eq(mpic_acknowledge(&mpic), 0);
    ck_assert(external.level);
    put(GCR, 0x60000000);
    ck_assert_uint_eq(mpic_acknowledge(&mpic), 20);
    ck_assert(!external.level);
    put(SVR, 0x1234);
    ck_assert_uint_eq(mpic_acknowledge(&mpic), 0x1234);
}
END_TEST

/* 10.3.1.7, 10.3.8.1 */
START_TEST(an_ipi)
{
    put(IPIVPR0 + 0x10, with(6, 99));
    put(IPIDR0 + 0x10, 2); /* another processor's */
    expect_quiet();
    put(IPIDR0 + 0x10, 1);
    expect_taken(99);
    put(EOI, 0);
    expect_quiet();
}
END_TEST

/* 10.3.2: 50 MHz; the toggle tells that 0 has been passed. */
START_TEST(a_timer)
{
    put(GTVPR0, with(6, 50));
    put(GTBCR0, 1000);
    ck_assert_uint_eq(get(GTCCR0), 1000);
    advance(timers, 100 * 20);
    ck_assert_uint_eq(get(GTCCR0), 900);
    ck_assert(!external.level);
    advance(timers, 900 * 20);
    ck_assert_uint_eq(get(GTCCR0), 0x80000000u | 1000);
    expect_taken(50);
    put(EOI, 0);
    advance(timers, 1000 * 20);
    ck_assert_uint_eq(get(GTCCR0), 1000);
    expect_taken(50);
    put(EOI, 0);
    put(GTBCR0, INHIBIT | 1000);
    ck_assert_uint_eq(get(GTCCR0), 1000);
    advance(timers, 5000 * 20);
    expect_quiet();
}
END_TEST

/* 10.3.2.6: by a slower clock; the other group has its own. */
START_TEST(a_slow_timer)
{
    put(TCRA, 3 << 8);
    put(GTVPR0, with(6, 50));
    put(GTVPR7, with(6, 57));
    put(GTBCR0, 2000);
    put(GTBCR7, 2000);
    advance(timers, 2000 * 20);
    expect_taken(57);
    put(EOI, 0);
    expect_quiet();
    advance(timers, 2000 * 140 - 20);
    put(vpr(0), MASKED);
    ck_assert_uint_eq(get(TFRR), 0);
    advance(timers, 20);
    expect_taken(50);
}
END_TEST

/* A timer of one tick, 20 ns, leaves the guest time for something else. */
START_TEST(a_timer_that_is_too_fast)
{
    put(GTBCR0, 1);
    uint64_t next = timers_next(timers);
    ck_assert_uint_ge(next - timers_now(timers), 20000);
}
END_TEST

/* 10.3.5 */
START_TEST(messages)
{
    put(vpr(MPIC_FIRST_MESSAGE), with(5, 70));
    put(vpr(MPIC_FIRST_MESSAGE + 5), with(5, 75));
    put(MSGR0, 0x12345678);
    put(MSGR5, 0x9abcdef0);
    expect_quiet();
    ck_assert_uint_eq(get(MSR), 1);
    put(MER, 1);
    expect_taken(70);
    ck_assert_uint_eq(get(MSGR0), 0x12345678);
    ck_assert_uint_eq(get(MSR), 0);
    put(EOI, 0);
    expect_quiet();
    put(MERB, 2);
    expect_taken(75);
    put(MSR + 0x1000, 2);
    put(EOI, 0);
    expect_quiet();
}
END_TEST

/* 10.3.6: which register, which bit; reading takes all of it. */
START_TEST(message_signaled_interrupts)
{
    put(vpr(MPIC_FIRST_MSI + 3), with(5, 83));
    put(MSIIR, 3u << 29 | 4 << 24);
    put(MSIIR, 3u << 29 | 31 << 24);
    ck_assert_uint_eq(get(MSISR), 1 << 3);
    expect_taken(83);
    ck_assert_uint_eq(get(MSIR3), 0x80000010u);
    ck_assert_uint_eq(get(MSISR), 0);
    put(EOI, 0);
    expect_quiet();
}
END_TEST

/* Nothing that a guest writes leads beyond: all registers, whatever they get. */
START_TEST(any_write)
{
    uint32_t random = (uint32_t)_i;
    for (unsigned i = 0; i < 20000; i++) {
        uint32_t at = (next_random(&random) << 3) % MPIC_SIZE;
        if (next_random(&random) & 1)
            at %= 0x4000;
        put(at, next_random(&random) << 8 ^ next_random(&random));
        get((next_random(&random) << 4) % MPIC_SIZE);
        mpic_set(&mpic, next_random(&random) % MPIC_SOURCES, next_random(&random) & 1);
        test_time += next_random(&random);
        timers_run(timers);
    }
    put(GCR, RESET);
    expect_lines(false, false, false);
}
END_TEST

Suite *mpic_suite(void)
{
    Suite *s = suite_create("mpic");
    TCase *c = tcase_create("mpic");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, what_it_is);
    tcase_add_test(c, an_internal_source);
    tcase_add_test(c, an_edge);
    tcase_add_test(c, a_low_level);
    tcase_add_test(c, priorities);
    tcase_add_test(c, the_task_priority);
    tcase_add_test(c, destinations);
    tcase_add_test(c, a_critical_source);
    tcase_add_test(c, critical_sources);
    tcase_add_test(c, a_critical_message);
    tcase_add_test(c, the_external_proxy);
    tcase_add_test(c, an_ipi);
    tcase_add_test(c, a_timer);
    tcase_add_test(c, a_slow_timer);
    tcase_add_test(c, a_timer_that_is_too_fast);
    tcase_add_test(c, messages);
    tcase_add_test(c, message_signaled_interrupts);
    tcase_add_loop_test(c, any_write, 0, 4);
    suite_add_tcase(s, c);
    return s;
}
