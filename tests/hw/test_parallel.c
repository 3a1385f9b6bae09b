/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parallel port: how a byte comes out, and what the printer says to it. */
#include "hw/char/parallel.h"
#include "tests/hw/fixture.h"

static struct parallel port;
static struct far_end printer;
static struct wire irq;

enum { DATA, STATUS, CONTROL };
enum { IDLE = 0xdf, ACKNOWLEDGING = 0x1f, RESTING = 0x0c, STROBE = 0x01, INTERRUPTS = 0x10 };

static uint8_t get(unsigned reg)
{
    return (uint8_t)parallel_read(&port, reg, 1);
}

static void set(unsigned reg, uint8_t value)
{
    parallel_write(&port, reg, value, 1);
}

static void setup(void)
{
    far_end_init(&printer, "");
    parallel_init(&port, &printer.chardev, wire_line(&irq));
}

static void print(const char *text, uint8_t control)
{
    for (; *text; text++) {
        set(DATA, (uint8_t)*text);
        set(CONTROL, control | STROBE);
        set(CONTROL, control);
    }
}

START_TEST(takes_a_byte_a_strobe)
{
    print("Hello", RESTING);
    ck_assert_str_eq(printer.sent, "Hello");
    set(DATA, 'x'); /* without one */
    set(CONTROL, RESTING | STROBE);
    set(CONTROL, RESTING | STROBE); /* still the same one */
    ck_assert_str_eq(printer.sent, "Hellox");
}
END_TEST

/* A BIOS waits for ACK#, a driver for the end of BUSY. */
START_TEST(acknowledges_once)
{
    ck_assert_uint_eq(get(STATUS), IDLE);
    print("a", RESTING);
    ck_assert_uint_eq(get(STATUS), ACKNOWLEDGING);
    ck_assert_uint_eq(get(STATUS), IDLE);
    set(STATUS, 0);
    ck_assert_uint_eq(get(STATUS), IDLE);
}
END_TEST

START_TEST(is_busy_while_nothing_is_taken)
{
    printer.stuck = true;
    ck_assert_uint_eq(get(STATUS), IDLE & ~0x80);
    print("ab", RESTING); /* a driver that does not look waits */
    ck_assert_uint_eq(printer.waited, 2);
    ck_assert_str_eq(printer.sent, "ab");
    get(STATUS);
    printer.stuck = false;
    ck_assert_uint_eq(get(STATUS), IDLE);
}
END_TEST

START_TEST(registers_keep_what_is_written)
{
    ck_assert_uint_eq(get(CONTROL), 0xc0 | RESTING);
    set(DATA, 0xaa);
    ck_assert_uint_eq(get(DATA), 0xaa);
    set(CONTROL, 0x20); /* inward: nobody drives the lines */
    ck_assert_uint_eq(get(DATA), 0xff);
    ck_assert_uint_eq(get(CONTROL), 0xe0);
    set(CONTROL, 0xff & ~0x20);
    ck_assert_uint_eq(get(CONTROL), 0xdf);
    ck_assert_uint_eq(get(DATA), 0xaa);
    parallel_reset(&port);
    ck_assert_uint_eq(get(DATA), 0);
    ck_assert_uint_eq(get(CONTROL), 0xc0 | RESTING);
}
END_TEST

START_TEST(interrupts_for_each_byte)
{
    print("ab", RESTING);
    ck_assert_uint_eq(irq.rises, 0);
    set(CONTROL, RESTING | INTERRUPTS);
    ck_assert_uint_eq(irq.rises, 0);
    print("ab", RESTING | INTERRUPTS);
    ck_assert_uint_eq(irq.rises, 2);
    set(CONTROL, RESTING);
    ck_assert(!irq.level);
}
END_TEST

Suite *parallel_suite(void)
{
    Suite *suite = suite_create("parallel port");
    TCase *c = tcase_create("parallel port");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, takes_a_byte_a_strobe);
    tcase_add_test(c, acknowledges_once);
    tcase_add_test(c, is_busy_while_nothing_is_taken);
    tcase_add_test(c, registers_keep_what_is_written);
    tcase_add_test(c, interrupts_for_each_byte);
    suite_add_tcase(suite, c);
    return suite;
}
