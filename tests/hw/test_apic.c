/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Local APICs, the bus between them, and the I/O APIC. */
#include "hw/intc/apic.h"
#include "hw/intc/ioapic.h"
#include "tests/hw/fixture.h"

#include "exec/memory.h"

enum { APIC = (int)0xfee00000, IO = (int)0xfec00000, LDR = 0xd0, SVR = 0xf0, ICR = 0x300 };
enum { EOI = 0xb0, TPR = 0x80, PPR = 0xa0, ISR = 0x100, IRR = 0x200, ESR = 0x280 };
enum { TIMER = 0x320, LINT0 = 0x350, LINT1 = 0x360, ERROR = 0x370 };
enum { INITIAL = 0x380, COUNT = 0x390, DIVIDE = 0x3e0, BY_1 = 0xb, BY_2 = 0, BY_16 = 3 };
enum { MASKED = 0x10000, LEVEL = 0x8000, PERIODIC = 0x20000, EXTINT = 0x700 };

static struct timers *timers;
static struct memory *memory;
static struct apic_bus bus;
static struct apic apic, other;
static struct ioapic io;
static struct wire intr, init, nmi, other_intr;
static int started;

static void start(void *processor, uint8_t page)
{
    (void)processor;
    started = page;
}

static void write_apic(unsigned offset, uint32_t value)
{
    memory_write(memory, (uint32_t)APIC + offset, value, 4);
}

static uint32_t read_apic(unsigned offset)
{
    return memory_read(memory, (uint32_t)APIC + offset, 4);
}

static void write_io(unsigned number, uint32_t value)
{
    memory_write(memory, (uint32_t)IO, number, 4);
    memory_write(memory, (uint32_t)IO + 0x10, value, 4);
}

static uint32_t read_io(unsigned number)
{
    memory_write(memory, (uint32_t)IO, number, 4);
    return memory_read(memory, (uint32_t)IO + 0x10, 4);
}

static void set_entry(unsigned pin, uint32_t low)
{
    write_io(0x10 + 2 * pin + 1, 0);
    write_io(0x10 + 2 * pin, low);
}

static void setup(void)
{
    const char *error = "";
    test_time = 4711;
    timers = new_timers();
    memory = memory_create(1u << 20, &error);
    ck_assert_ptr_nonnull(memory);
    bus = (struct apic_bus){.locals = 0};
    started = -1;
    const struct apic_pins pins = {
        .intr = wire_line(&intr), .init = wire_line(&init), .nmi = wire_line(&nmi)};
    ck_assert(apic_init(&apic, &bus, memory, timers, &pins));
    ck_assert(ioapic_init(&io, &bus, memory));
    write_apic(SVR, 0x1ff);
    write_apic(LINT0, MASKED);
}

static void teardown(void)
{
    memory_destroy(memory);
}

static void ask(uint8_t vector)
{
    const struct apic_message m = {.vector = vector};
    ck_assert(apic_bus_send(&bus, &m, NULL));
}

static void expect_vector(uint8_t vector)
{
    uint8_t got = 0;
    ck_assert(intr.level);
    ck_assert(apic_acknowledge(&apic, &got));
    ck_assert_uint_eq(got, vector);
}

START_TEST(registers)
{
    ck_assert_uint_eq(read_apic(0x20), 0);
    ck_assert_uint_eq(read_apic(0x30), 0x00050014);
    ck_assert_uint_eq(read_apic(SVR), 0x1ff);
    ck_assert_uint_eq(read_apic(0xe0), 0xffffffff);
    write_apic(0xe0, 0);
    ck_assert_uint_eq(read_apic(0xe0), 0x0fffffff);
    write_apic(LINT1, 0xffffffff);
    ck_assert_uint_eq(read_apic(LINT1), 0x1a7ff);
    ck_assert_uint_eq(memory_read(memory, (uint32_t)APIC + 0x31, 1), 0);
    ck_assert_uint_eq(memory_read(memory, (uint32_t)APIC + 0x32, 2), 5);
    memory_write(memory, (uint32_t)APIC + TPR, 0x33, 1); /* not a register as a whole */
    ck_assert_uint_eq(read_apic(TPR), 0);
    read_apic(0x60);
    write_apic(ESR, 0);
    ck_assert_uint_eq(read_apic(ESR), 0x80);
    write_apic(ESR, 0);
    ck_assert_uint_eq(read_apic(ESR), 0);
}
END_TEST

/* A higher class interrupts a lower one, and only that; an end lets the others come. */
START_TEST(priorities)
{
    ask(0x41);
    expect_vector(0x41);
    ck_assert(!intr.level);
    ck_assert_uint_eq(read_apic(ISR + 0x20), 2);
    ask(0x4f);
    ck_assert(!intr.level);
    ask(0x51);
    expect_vector(0x51);
    ck_assert_uint_eq(read_apic(PPR), 0x50);
    ask(0x52);
    write_apic(EOI, 0);
    expect_vector(0x52);
    write_apic(EOI, 0);
    write_apic(EOI, 0); /* of 41h */
    ck_assert_uint_eq(read_apic(IRR + 0x20), 0x8000);
    write_apic(TPR, 0x40);
    ck_assert(!intr.level);
    ck_assert_uint_eq(read_apic(PPR), 0x40);
    write_apic(TPR, 0x3f);
    expect_vector(0x4f);
    write_apic(EOI, 0);
    write_apic(EOI, 0); /* of nothing */
    ck_assert_uint_eq(read_apic(PPR), 0x3f);
}
END_TEST

START_TEST(one_that_is_off_takes_nothing)
{
    write_apic(TIMER, 0x40);
    write_apic(SVR, 0xff);
    ask(0x41);
    ck_assert(!intr.level);
    ck_assert_uint_eq(read_apic(TIMER), MASKED | 0x40);
    write_apic(TIMER, 0x40);
    ck_assert_uint_eq(read_apic(TIMER), MASKED | 0x40);
    apic_set_base(&apic, (uint32_t)APIC, false);
    ck_assert_uint_eq(read_apic(0x30), 0xffffffff);
    apic_set_lint(&apic, 0, true); /* which is INTR */
    ck_assert(intr.level);
    apic_set_base(&apic, 0xfee10000u, true);
    ck_assert_uint_eq(memory_read(memory, 0xfee10030, 4), 0x00050014);
    ck_assert_uint_eq(memory_read(memory, 0xfee10000 + SVR, 4), 0xff);
}
END_TEST

START_TEST(the_8259_comes_by_lint0)
{
    uint8_t vector;
    apic_set_lint(&apic, 0, true);
    ck_assert(!intr.level);
    write_apic(LINT0, EXTINT);
    ck_assert(intr.level);
    ck_assert(!apic_acknowledge(&apic, &vector)); /* ask the 8259 */
    ask(0x20);
    expect_vector(0x20);
    ck_assert(intr.level); /* in spite of the priority */
    apic_set_lint(&apic, 0, false);
    ck_assert(!intr.level);
    apic_device.reset(&apic); /* as a BIOS that knows of no APIC needs it */
    apic_set_lint(&apic, 0, true);
    ck_assert(intr.level);
}
END_TEST

START_TEST(lint0_as_an_interrupt)
{
    write_apic(LINT0, LEVEL | 0x31);
    apic_set_lint(&apic, 0, true);
    expect_vector(0x31);
    ck_assert_uint_eq(read_apic(LINT0), LEVEL | 0x4031);
    write_apic(EOI, 0);
    expect_vector(0x31); /* it is still there */
    apic_set_lint(&apic, 0, false);
    write_apic(EOI, 0);
    ck_assert(!intr.level);
    write_apic(LINT0, 0x32);
    apic_set_lint(&apic, 0, true);
    expect_vector(0x32);
    write_apic(EOI, 0);
    ck_assert(!intr.level);
}
END_TEST

START_TEST(timer_once)
{
    write_apic(TIMER, 0x40);
    write_apic(DIVIDE, BY_16);
    write_apic(INITIAL, 1000);
    advance(timers, 8000);
    ck_assert_uint_eq(read_apic(COUNT), 500);
    write_apic(DIVIDE, BY_1);
    ck_assert_uint_eq(read_apic(COUNT), 500);
    advance(timers, 499);
    ck_assert(!intr.level);
    advance(timers, 1);
    expect_vector(0x40);
    write_apic(EOI, 0);
    ck_assert_uint_eq(read_apic(COUNT), 0);
    ck_assert_uint_eq(timers_next(timers), TIMER_NEVER);
    write_apic(TIMER, MASKED | 0x40);
    write_apic(INITIAL, 1000);
    ck_assert_uint_eq(timers_next(timers), TIMER_NEVER); /* nobody hears of it */
    write_apic(TIMER, 0x40);
    write_apic(INITIAL, 1);
    timers_run(timers);
    advance(timers, 1);
    expect_vector(0x40);
    write_apic(INITIAL, 1000);
    write_apic(INITIAL, 0); /* stops it */
    ck_assert_uint_eq(timers_next(timers), TIMER_NEVER);
}
END_TEST

START_TEST(timer_again_and_again)
{
    write_apic(TIMER, PERIODIC | 0x40);
    write_apic(DIVIDE, BY_2);
    write_apic(INITIAL, 500000); /* 1 ms */
    for (unsigned i = 0; i < 5; i++) {
        advance(timers, NS_PER_MS - 1);
        ck_assert(!intr.level);
        advance(timers, 1);
        expect_vector(0x40);
        write_apic(EOI, 0);
    }
    test_time += 10 * NS_PER_MS + 1000; /* a host that is late */
    timers_run(timers);
    expect_vector(0x40);
    write_apic(EOI, 0);
    ck_assert(!intr.level);
    ck_assert_uint_eq(read_apic(COUNT), 499500);
    write_apic(INITIAL, 1); /* 2 ns: the guest is to get on, too */
    ck_assert_uint_ge(timers_next(timers), timers_now(timers) + 20000);
}
END_TEST

static void add_other(void)
{
    const struct apic_pins pins = {.intr = wire_line(&other_intr), .start = start};
    ck_assert(apic_init(&other, &bus, memory, timers, &pins)); /* hides the first at its address */
    write_apic(SVR, 0x1ff);
    write_apic(LDR, 2u << 24);
    memory_place(memory, other.region, 0, false);
    write_apic(LDR, 1u << 24);
}

static void send(uint8_t destination, uint32_t low)
{
    write_apic(ICR + 0x10, (uint32_t)destination << 24);
    write_apic(ICR, low);
}

/* From the first: by id, by logical destination, to all, to the others, to itself. */
START_TEST(processors_interrupt_each_other)
{
    enum { LOGICAL = 0x800, SELF = 1 << 18, ALL = 2 << 18, OTHERS = 3 << 18 };
    static const struct {
        uint8_t destination;
        uint32_t low;
        bool first, second;
    } cases[] = {
        {0, 0x40, true, false},          {1, 0x40, false, true},
        {0xff, 0x40, true, true},        {2, LOGICAL | 0x40, false, true},
        {3, LOGICAL | 0x40, true, true}, {1, LOGICAL | 0x40, true, false},
        {7, SELF | 0x40, true, false},   {7, ALL | 0x40, true, true},
        {7, OTHERS | 0x40, false, true}, {7, 0x40, false, false},
        {0xff, 0x140, true, false}, /* the lowest priority: the first of equals */
    };
    add_other();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t vector;
        send(cases[i].destination, cases[i].low);
        ck_assert_msg(intr.level == cases[i].first && other_intr.level == cases[i].second, "%zu",
                      i);
        if (apic_acknowledge(&apic, &vector))
            apic.isr[2] = 0;
        if (apic_acknowledge(&other, &vector))
            other.isr[2] = 0;
        apic_set_lint(&apic, 1, false);
        apic_set_lint(&other, 1, false);
    }
    write_apic(TPR, 0x20);
    send(3, LOGICAL | 0x140);
    ck_assert(!intr.level && other_intr.level);
}
END_TEST

START_TEST(start_up)
{
    enum { INIT = 0x4500, INIT_END = 0x8500, START = 0x4600 };
    add_other();
    send(1, START | 0x9f); /* it has not been told to wait */
    ck_assert_int_eq(started, -1);
    send(1, INIT);
    send(1, INIT_END);
    send(1, START | 0x9f);
    ck_assert_int_eq(started, 0x9f);
    started = -1;
    send(1, START | 0x9e); /* the second one of two */
    ck_assert_int_eq(started, -1);
    send(0, INIT);
    ck_assert_uint_eq(init.rises, 1);
}
END_TEST

/* By LINT1 as a BIOS leaves it, by a message, by an I/O APIC whatever its trigger; not by a mask.
 */
START_TEST(nmis)
{
    apic_set_lint(&apic, 1, true);
    ck_assert_uint_eq(nmi.rises, 0);
    apic_set_lint(&apic, 1, false);
    apic_set_virtual_wire(&apic);
    apic_set_lint(&apic, 1, true);
    apic_set_lint(&apic, 1, true);
    apic_set_lint(&apic, 1, false);
    ck_assert_uint_eq(nmi.rises, 1);
    write_apic(ICR + 0x10, 0);
    write_apic(ICR, 0x4400);
    ck_assert_uint_eq(nmi.rises, 2);
    set_entry(5, 0x400 | LEVEL);
    ioapic_set(&io, 5, true);
    ck_assert_uint_eq(nmi.rises, 3);
    ck_assert_uint_eq(read_io(0x10 + 2 * 5), 0x400 | LEVEL);
    ioapic_set(&io, 5, false);
    ioapic_set(&io, 5, true);
    ck_assert_uint_eq(nmi.rises, 4);
    ck_assert(!nmi.level && !intr.level);
    apic_set_base(&apic, (uint32_t)APIC, false);
    apic_set_lint(&apic, 1, true);
    ck_assert_uint_eq(nmi.rises, 5);
}
END_TEST

START_TEST(errors)
{
    write_apic(ERROR, 0x50);
    ask(0x0f);
    expect_vector(0x50);
    write_apic(EOI, 0);
    send(0, 0x05);
    expect_vector(0x50);
    write_apic(ESR, 0);
    ck_assert_uint_eq(read_apic(ESR), 0x60);
}
END_TEST

/* --- the I/O APIC --- */

START_TEST(io_registers)
{
    ck_assert_uint_eq(read_io(1), 0x00170011);
    write_io(0, 0xffffffff);
    ck_assert_uint_eq(read_io(0), 0x0f000000);
    ck_assert_uint_eq(read_io(0x10 + 46), MASKED);
    set_entry(23, 0xffffffff);
    ck_assert_uint_eq(read_io(0x10 + 46), 0x1afff);
    write_io(0x10 + 47, 0xffffffff);
    ck_assert_uint_eq(read_io(0x10 + 47), 0xff000000);
    ck_assert_uint_eq(read_io(0x40), 0);
    ck_assert_uint_eq(memory_read(memory, (uint32_t)IO, 1), 0x40);
}
END_TEST

START_TEST(io_edges)
{
    ioapic_set(&io, 4, true); /* masked: it is lost */
    set_entry(4, 0x44);
    ck_assert(!intr.level);
    ioapic_set(&io, 4, true);
    ck_assert(!intr.level);
    ioapic_set(&io, 4, false);
    ioapic_set(&io, 4, true);
    expect_vector(0x44);
    ck_assert(ioapic_brings(&io, 4, 0x44) && !ioapic_brings(&io, 4, 0x45));
    ioapic_set(&io, 4, false);
    ioapic_set(&io, 4, true); /* another one, while it is served */
    write_apic(EOI, 0);
    expect_vector(0x44);
    write_apic(EOI, 0);
    ck_assert(!intr.level);
}
END_TEST

START_TEST(io_levels)
{
    enum { REMOTE_IRR = 0x4000 };
    set_entry(11, LEVEL | 0x5b);
    ioapic_set(&io, 11, true);
    ck_assert_uint_eq(read_io(0x10 + 22) & REMOTE_IRR, REMOTE_IRR);
    expect_vector(0x5b);
    ck_assert(!intr.level);
    write_apic(EOI, 0);
    expect_vector(0x5b); /* it is still asserted */
    ioapic_set(&io, 11, false);
    write_apic(EOI, 0);
    ck_assert(!intr.level);
    ck_assert_uint_eq(read_io(0x10 + 22) & REMOTE_IRR, 0);
    write_io(0x10 + 22, MASKED | LEVEL | 0x5b);
    ioapic_set(&io, 11, true);
    ck_assert(!intr.level);
    write_io(0x10 + 22, LEVEL | 0x5b);
    expect_vector(0x5b);
    write_io(0x10 + 22, MASKED | 0x5b); /* how Linux ends it without an end */
    ck_assert_uint_eq(read_io(0x10 + 22) & REMOTE_IRR, 0);
    write_apic(EOI, 0);
    ck_assert(!intr.level);
}
END_TEST

START_TEST(io_brings_the_8259)
{
    uint8_t vector;
    set_entry(0, EXTINT);
    ioapic_set(&io, 0, true);
    ck_assert(intr.level);
    ck_assert(!apic_acknowledge(&apic, &vector));
    ck_assert(!intr.level);
}
END_TEST

START_TEST(io_without_anybody_there)
{
    write_io(0x10 + 11, 0x05000000);
    write_io(0x10 + 10, LEVEL | 0x5b);
    ioapic_set(&io, 5, true);
    ck_assert_uint_eq(read_io(0x10 + 10), LEVEL | 0x5b); /* nobody has accepted it */
    write_io(0x10 + 11, 0);
    expect_vector(0x5b);
}
END_TEST

Suite *apic_suite(void)
{
    Suite *suite = suite_create("apic");
    TCase *c = tcase_create("apic");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, registers);
    tcase_add_test(c, priorities);
    tcase_add_test(c, one_that_is_off_takes_nothing);
    tcase_add_test(c, the_8259_comes_by_lint0);
    tcase_add_test(c, lint0_as_an_interrupt);
    tcase_add_test(c, timer_once);
    tcase_add_test(c, timer_again_and_again);
    tcase_add_test(c, processors_interrupt_each_other);
    tcase_add_test(c, start_up);
    tcase_add_test(c, nmis);
    tcase_add_test(c, errors);
    tcase_add_test(c, io_registers);
    tcase_add_test(c, io_edges);
    tcase_add_test(c, io_levels);
    tcase_add_test(c, io_brings_the_8259);
    tcase_add_test(c, io_without_anybody_there);
    suite_add_tcase(suite, c);
    return suite;
}
