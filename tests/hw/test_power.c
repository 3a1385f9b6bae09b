/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ACPI's power management: the timer, the SCI, the button, turning off; and the SMBus. */
#include "hw/pc/isa_irq.h"
#include "hw/pc/piix4_pm.h"
#include "tests/hw/fixture.h"

#include "exec/memory.h"

enum { PM = 0xb00, SMB = 0xb100, DEVFN = 0x0b };
enum { STATUS = PM, ENABLE = PM + 2, CONTROL = PM + 4, TIMER = PM + 8 };
enum { TMROF = 0x0001, BUTTON = 0x0100, SCI_EN = 0x0001, SUS_EN = 0x2000 };

static struct timers *timers;
static struct ports ports;
static struct memory *memory;
static struct pci bus;
static struct piix4_pm pm;
static struct wire sci, off;

static uint32_t in(uint16_t port, unsigned size)
{
    return ports_read(&ports, port, size);
}

static void out(uint16_t port, uint32_t value, unsigned size)
{
    ports_write(&ports, port, value, size);
}

static void set_config(unsigned offset, uint32_t value, unsigned size)
{
    out(0xcf8, 0x80000000u | DEVFN << 8 | (offset & 0xfc), 4);
    out((uint16_t)(0xcfc + (offset & 3)), value, size);
}

static uint32_t config(unsigned offset, unsigned size)
{
    out(0xcf8, 0x80000000u | DEVFN << 8 | (offset & 0xfc), 4);
    return in((uint16_t)(0xcfc + (offset & 3)), size);
}

static void set_bases(void)
{
    set_config(0x40, PM, 4);
    set_config(0x80, 1, 1);
    set_config(0x90, SMB, 4);
    set_config(0xd2, 0x09, 1);
    set_config(0x04, 1, 2);
}

static void setup(void)
{
    const char *error = "";
    test_time = 4711;
    timers = new_timers();
    memory = memory_create(1u << 20, &error);
    ck_assert_ptr_nonnull(memory);
    ports_init(&ports);
    pci_init(&bus, memory, &ports, (struct irq_line){NULL, NULL, 0});
    ports_add(&ports, 0xcf8, 8, 4, pci_read, pci_write, &bus);
    ck_assert(piix4_pm_init(&pm, &bus, timers, wire_line(&sci), wire_line(&off)));
    ports_add(&ports, APM_PORT, APM_PORTS, 1, apm_read, apm_write, &pm);
    piix4_pm_device.reset(&pm);
    set_bases();
}

static void teardown(void)
{
    memory_destroy(memory);
}

START_TEST(registers_move)
{
    ck_assert_uint_eq(config(0x00, 4), 0x71138086);
    ck_assert_uint_eq(config(0x40, 4), PM | 1);
    ck_assert_uint_eq(config(0x90, 4), SMB | 1);
    ck_assert_uint_eq(config(0x58, 4) & 0x02000000, 0x02000000);
    out(ENABLE, 0xffff, 2);
    ck_assert_uint_eq(in(ENABLE, 2), 0x0521);
    set_config(0x40, 0xc00, 4);
    ck_assert_uint_eq(in(ENABLE, 2), 0xffff);
    ck_assert_uint_eq(in(0xc02, 2), 0x0521);
    set_config(0x80, 0, 1);
    ck_assert_uint_eq(in(0xc02, 2), 0xffff);
    piix4_pm_enable(&pm);
    ck_assert_uint_eq(in(0x602, 2), 0x0521);
    ck_assert_uint_eq(config(0x3c, 2), 0x0109);
}
END_TEST

START_TEST(the_timer_counts)
{
    uint32_t before = in(TIMER, 4);
    advance(timers, NS_PER_S);
    ck_assert_uint_eq(in(TIMER, 4) - before, PM_TIMER_HZ);
    ck_assert_uint_eq(in(TIMER, 2), in(TIMER, 4) & 0xffff);
    ck_assert_uint_eq(in(TIMER + 2, 1), in(TIMER, 4) >> 16);
    out(TIMER, 0, 4);
    ck_assert_uint_eq(in(TIMER, 4) - before, PM_TIMER_HZ);
    advance(timers, 4 * (uint64_t)NS_PER_S); /* round once: 24 bits are 4.69 s */
    ck_assert_uint_eq(in(TIMER, 4) - before, 5 * PM_TIMER_HZ - (1 << 24));
}
END_TEST

/* Whenever the highest bit changes; the interrupt comes though nobody looks. */
START_TEST(the_timer_overflows)
{
    const uint64_t half = muldiv(1 << 23, NS_PER_S, PM_TIMER_HZ) + 1;
    out(ENABLE, TMROF, 2);
    ck_assert_uint_eq(timers_next(timers), TIMER_NEVER); /* not before ACPI is on */
    advance(timers, half);
    ck_assert_uint_eq(in(STATUS, 2), TMROF);
    out(STATUS, TMROF, 2);
    ck_assert_uint_eq(in(STATUS, 2), 0);
    out(CONTROL, SCI_EN, 2);
    ck_assert(!sci.level);
    advance(timers, half);
    ck_assert(sci.level);
    out(STATUS + 1, 0xff, 1); /* the other byte */
    ck_assert(sci.level);
    out(STATUS, 0xff, 1);
    ck_assert(!sci.level);
    advance(timers, half);
    ck_assert(sci.level);
    out(ENABLE, 0, 2);
    ck_assert(!sci.level);
}
END_TEST

START_TEST(the_button)
{
    out(ENABLE, BUTTON, 2);
    piix4_pm_press_button(&pm);
    ck_assert_uint_eq(in(STATUS, 2), BUTTON);
    ck_assert(!sci.level);
    out(0xb2, 0xf1, 1); /* ACPI takes over */
    ck_assert_uint_eq(in(0xb2, 1), 0xf1);
    ck_assert_uint_eq(in(CONTROL, 2), SCI_EN);
    ck_assert(sci.level);
    out(0xb2, 0xf0, 1);
    ck_assert(!sci.level);
    out(CONTROL, SCI_EN, 2);
    out(STATUS, BUTTON, 2);
    ck_assert(!sci.level);
    piix4_pm_press_button(&pm);
    ck_assert(sci.level);
    piix4_pm_device.reset(&pm);
    ck_assert(!sci.level);
}
END_TEST

START_TEST(soft_off)
{
    out(CONTROL, SCI_EN, 2);
    out(CONTROL, SCI_EN | SUS_EN | 1 << 10, 2); /* suspends to RAM: it does not */
    ck_assert_uint_eq(off.rises, 0);
    out(CONTROL, SCI_EN | SUS_EN, 2);
    ck_assert_uint_eq(off.rises, 1);
    ck_assert_uint_eq(in(CONTROL, 2), SCI_EN); /* SUS_EN is only written */
    out(CONTROL + 1, SUS_EN >> 8, 1);
    ck_assert_uint_eq(off.rises, 2);
}
END_TEST

START_TEST(general_purpose_events_and_scratch)
{
    out(PM + 0x0e, 0x1234, 2);
    ck_assert_uint_eq(in(PM + 0x0c, 4), 0x12340000);
    out(PM + 0x34, 0xa5a55a5a, 4);
    ck_assert_uint_eq(in(PM + 0x34, 4), 0xa5a55a5a);
    ck_assert_uint_eq(in(PM + 0x35, 1), 0x5a);
    ck_assert_uint_eq(in(PM + 0x14, 1), 0);
}
END_TEST

START_TEST(nobody_is_on_the_smbus)
{
    out(SMB + 4, 0xa1, 1);
    out(SMB + 2, 0x48, 1); /* START, a byte */
    ck_assert_uint_eq(in(SMB, 1), 0x04);
    ck_assert_uint_eq(in(SMB + 4, 1), 0xa1);
    ck_assert_uint_eq(in(SMB + 2, 1), 0x08);
    out(SMB + 2, 0x49, 1); /* and interrupt */
    ck_assert(sci.level);
    out(SMB, 0xff, 1);
    ck_assert_uint_eq(in(SMB, 1), 0);
    ck_assert(!sci.level);
    for (unsigned i = 0; i < 40; i++)
        out(SMB + 7, i, 1);
    in(SMB + 2, 1); /* the index goes back */
    ck_assert_uint_eq(in(SMB + 7, 1), 32);
    ck_assert_uint_eq(in(SMB + 7, 1), 33);
}
END_TEST

/* Each of those who assert a request keeps it up. */
START_TEST(requests_are_shared)
{
    struct wire wires[ISA_IRQS] = {{false, 0}};
    struct isa_irqs irqs;
    isa_irq_init(&irqs, wire_line(&wires[0]));
    const struct irq_line card = isa_irq_line(&irqs, ISA_IRQ_PCI, 0),
                          power = isa_irq_line(&irqs, ISA_IRQ_SCI, 0);
    irq_set(&power, true);
    irq_set(&card, true);
    ck_assert(wires[0].level);
    irq_set(&power, false);
    ck_assert(wires[0].level);
    irq_set(&card, false);
    ck_assert(!wires[0].level);
    ck_assert_uint_eq(wires[0].rises, 1);
}
END_TEST

Suite *power_suite(void)
{
    Suite *suite = suite_create("power");
    TCase *c = tcase_create("power");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, registers_move);
    tcase_add_test(c, the_timer_counts);
    tcase_add_test(c, the_timer_overflows);
    tcase_add_test(c, the_button);
    tcase_add_test(c, soft_off);
    tcase_add_test(c, general_purpose_events_and_scratch);
    tcase_add_test(c, nobody_is_on_the_smbus);
    tcase_add_test(c, requests_are_shared);
    suite_add_tcase(suite, c);
    return suite;
}
