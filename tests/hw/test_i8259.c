/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interrupt controllers, by Intel's data sheet (231468). */
#include "hw/intc/i8259.h"
#include "tests/hw/fixture.h"

static struct i8259 pic;
static struct wire intr;

enum { MASTER, SLAVE };
enum { EOI = 0x20, SPECIFIC_EOI = 0x60, READ_IRR = 0x0a, READ_ISR = 0x0b, POLL = 0x0c };

static void command(unsigned chip, uint8_t value)
{
    i8259_write(&pic.port[chip], 0, value, 1);
}

static void data(unsigned chip, uint8_t value)
{
    i8259_write(&pic.port[chip], 1, value, 1);
}

static uint8_t status(unsigned chip, uint8_t which)
{
    command(chip, which);
    return (uint8_t)i8259_read(&pic.port[chip], 0, 1);
}

/* Both chips as a PC's BIOS sets them up, with ICW4 for both. */
static void initialize(uint8_t icw4)
{
    for (unsigned chip = 0; chip < 2; chip++) {
        command(chip, 0x11);
        data(chip, chip ? 0x70 : 0x08);
        data(chip, chip ? 2 : 4);
        data(chip, icw4);
    }
}

static void setup(void)
{
    i8259_init(&pic, wire_line(&intr));
    initialize(0x01);
}

static void edge(unsigned irq)
{
    i8259_set(&pic, irq, false);
    i8259_set(&pic, irq, true);
}

static int acknowledge(void)
{
    int irq;
    return i8259_acknowledge(&pic, &irq);
}

START_TEST(an_edge_interrupts_once)
{
    edge(3);
    ck_assert(intr.level);
    ck_assert_int_eq(acknowledge(), 0x0b);
    ck_assert(!intr.level);
    ck_assert_uint_eq(status(MASTER, READ_ISR), 0x08);
    command(MASTER, EOI);
    ck_assert_uint_eq(status(MASTER, READ_ISR), 0);
    ck_assert(!intr.level); /* the input is still high, but there was no new edge */
}
END_TEST

START_TEST(the_slave_interrupts_through_the_master)
{
    int irq;
    edge(12);
    ck_assert(intr.level);
    ck_assert_int_eq(i8259_acknowledge(&pic, &irq), 0x74);
    ck_assert_int_eq(irq, 12);
    ck_assert_uint_eq(status(MASTER, READ_ISR), 0x04);
    ck_assert_uint_eq(status(SLAVE, READ_ISR), 0x10);
    edge(8); /* higher in the slave, but the master's input 2 is in service */
    ck_assert(!intr.level);
    command(SLAVE, EOI);
    command(MASTER, EOI);
    ck_assert(intr.level);
    ck_assert_int_eq(acknowledge(), 0x70);
}
END_TEST

START_TEST(special_fully_nested_lets_the_slave_nest)
{
    initialize(0x11);
    edge(12);
    ck_assert_int_eq(acknowledge(), 0x74);
    edge(8);
    ck_assert(intr.level);
    ck_assert_int_eq(acknowledge(), 0x70);
}
END_TEST

START_TEST(lower_ones_wait_higher_ones_nest)
{
    edge(4);
    ck_assert_int_eq(acknowledge(), 0x0c);
    edge(5);
    ck_assert(!intr.level);
    edge(1);
    ck_assert(intr.level);
    ck_assert_int_eq(acknowledge(), 0x09);
    ck_assert_uint_eq(status(MASTER, READ_ISR), 0x12);
    command(MASTER, EOI); /* ends the highest: 1 */
    ck_assert_uint_eq(status(MASTER, READ_ISR), 0x10);
    command(MASTER, SPECIFIC_EOI | 4);
    ck_assert_int_eq(acknowledge(), 0x0d);
}
END_TEST

START_TEST(masked_ones_wait)
{
    data(MASTER, 0x08);
    edge(3);
    ck_assert(!intr.level);
    ck_assert_uint_eq(status(MASTER, READ_IRR), 0x08);
    ck_assert_uint_eq(i8259_read(&pic.port[MASTER], 1, 1), 0x08);
    data(MASTER, 0);
    ck_assert(intr.level);
}
END_TEST

START_TEST(a_request_that_goes_away_is_spurious)
{
    int irq;
    edge(4);
    i8259_set(&pic, 4, false);
    ck_assert(!intr.level);
    ck_assert_int_eq(i8259_acknowledge(&pic, &irq), 0x0f);
    ck_assert_int_eq(irq, -1);
    ck_assert_uint_eq(status(MASTER, READ_ISR), 0); /* IS 7 is not set */
}
END_TEST

START_TEST(levels_come_again_after_eoi)
{
    i8259_elcr_write(&pic, 1, 0x08, 1); /* IRQ 11 */
    ck_assert_uint_eq(i8259_elcr_read(&pic, 1, 1), 0x08);
    i8259_set(&pic, 11, true);
    ck_assert_int_eq(acknowledge(), 0x73);
    command(SLAVE, EOI);
    command(MASTER, EOI);
    ck_assert(intr.level);
    ck_assert_int_eq(acknowledge(), 0x73);
    i8259_set(&pic, 11, false);
    command(SLAVE, EOI);
    command(MASTER, EOI);
    ck_assert(!intr.level);
}
END_TEST

START_TEST(system_interrupts_stay_edge_triggered)
{
    i8259_elcr_write(&pic, 0, 0xff, 1);
    i8259_elcr_write(&pic, 1, 0xff, 1);
    ck_assert_uint_eq(i8259_elcr_read(&pic, 0, 1), 0xf8);
    ck_assert_uint_eq(i8259_elcr_read(&pic, 1, 1), 0xde);
}
END_TEST

START_TEST(automatic_eoi)
{
    initialize(0x03);
    edge(3);
    ck_assert_int_eq(acknowledge(), 0x0b);
    ck_assert_uint_eq(status(MASTER, READ_ISR), 0);
    edge(5);
    ck_assert(intr.level);
}
END_TEST

START_TEST(rotation_in_automatic_eoi)
{
    initialize(0x03);
    command(MASTER, 0x80);
    edge(3);
    ck_assert_int_eq(acknowledge(), 0x0b); /* 3 is lowest now */
    edge(3);
    edge(7);
    ck_assert_int_eq(acknowledge(), 0x0f);
    command(MASTER, 0x00);
    ck_assert_int_eq(acknowledge(), 0x0b);
    edge(0);
    edge(6);
    ck_assert_int_eq(acknowledge(), 0x08); /* 7 is still the lowest */
}
END_TEST

START_TEST(rotation_on_eoi)
{
    edge(2 + 2);
    acknowledge();
    command(MASTER, 0xa0); /* rotate on non-specific EOI: 4 is lowest */
    edge(4);
    edge(6);
    ck_assert_int_eq(acknowledge(), 0x0e);
    command(MASTER, 0xe0 | 6); /* rotate on specific EOI: 6 is lowest */
    ck_assert_int_eq(acknowledge(), 0x0c);
    command(MASTER, EOI);
    command(MASTER, 0xc0 | 0); /* set priority: 0 is lowest, 1 highest */
    edge(0);
    edge(1);
    ck_assert_int_eq(acknowledge(), 0x09);
}
END_TEST

START_TEST(special_mask_mode)
{
    edge(1);
    acknowledge();
    edge(6);
    ck_assert(!intr.level);
    data(MASTER, 0x02);
    ck_assert(!intr.level);
    command(MASTER, 0x68); /* set special mask: 1, masked, blocks nobody */
    ck_assert(intr.level);
    ck_assert_int_eq(acknowledge(), 0x0e);
    command(MASTER, EOI); /* does not end one that is masked */
    ck_assert_uint_eq(status(MASTER, READ_ISR), 0x02);
    command(MASTER, 0x48);
    edge(7);
    ck_assert(!intr.level);
}
END_TEST

START_TEST(polling_acknowledges)
{
    edge(5);
    command(MASTER, POLL);
    ck_assert_uint_eq(i8259_read(&pic.port[MASTER], 0, 1), 0x85);
    ck_assert(!intr.level);
    ck_assert_uint_eq(status(MASTER, READ_ISR), 0x20);
    command(MASTER, POLL);
    ck_assert_uint_eq(i8259_read(&pic.port[MASTER], 0, 1), 0);
}
END_TEST

START_TEST(initialization_starts_anew)
{
    data(MASTER, 0xff);
    edge(3);
    command(MASTER, 0x11);
    ck_assert_uint_eq(status(MASTER, READ_IRR), 0); /* the edge is forgotten, and needs another */
    data(MASTER, 0x27);                             /* still ICW2; its low bits are the input's */
    data(MASTER, 4);
    data(MASTER, 1);
    ck_assert_uint_eq(i8259_read(&pic.port[MASTER], 1, 1), 0);
    edge(3);
    ck_assert_int_eq(acknowledge(), 0x23);
}
END_TEST

START_TEST(a_single_chip_without_icw4)
{
    command(MASTER, 0x12);
    data(MASTER, 0x40);
    data(MASTER, 0x55); /* not ICW3, not ICW4: the mask */
    ck_assert_uint_eq(i8259_read(&pic.port[MASTER], 1, 1), 0x55);
}
END_TEST

Suite *i8259_suite(void)
{
    Suite *suite = suite_create("i8259");
    TCase *c = tcase_create("i8259");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, an_edge_interrupts_once);
    tcase_add_test(c, the_slave_interrupts_through_the_master);
    tcase_add_test(c, special_fully_nested_lets_the_slave_nest);
    tcase_add_test(c, lower_ones_wait_higher_ones_nest);
    tcase_add_test(c, masked_ones_wait);
    tcase_add_test(c, a_request_that_goes_away_is_spurious);
    tcase_add_test(c, levels_come_again_after_eoi);
    tcase_add_test(c, system_interrupts_stay_edge_triggered);
    tcase_add_test(c, automatic_eoi);
    tcase_add_test(c, rotation_in_automatic_eoi);
    tcase_add_test(c, rotation_on_eoi);
    tcase_add_test(c, special_mask_mode);
    tcase_add_test(c, polling_acknowledges);
    tcase_add_test(c, initialization_starts_anew);
    tcase_add_test(c, a_single_chip_without_icw4);
    suite_add_tcase(suite, c);
    return suite;
}
