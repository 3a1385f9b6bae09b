/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keyboard controller, keyboard and mouse, by IBM's PS/2 technical reference. */
#include "hw/i8042.h"
#include "tests/hw/fixture.h"

#include <string.h>

static struct i8042 kbc;
static struct wire keyboard_irq, mouse_irq, a20, reset;

enum { OBF = 0x01, SYSTEM = 0x04, COMMAND = 0x08, AUX = 0x20 };

static uint8_t status(void)
{
    return (uint8_t)i8042_status_read(&kbc, 0, 1);
}

static void command(uint8_t value)
{
    i8042_command_write(&kbc, 0, value, 1);
}

static void data(uint8_t value)
{
    i8042_write(&kbc, 0, value, 1);
}

static uint8_t read_data(void)
{
    return (uint8_t)i8042_read(&kbc, 0, 1);
}

static void command_data(uint8_t c, uint8_t value)
{
    command(c);
    data(value);
}

/* What comes next must be just these bytes, all from the mouse or all not. */
static void expect(const char *bytes, size_t size, uint8_t aux)
{
    for (size_t i = 0; i < size; i++) {
        ck_assert_uint_eq(status() & (OBF | AUX), OBF | aux);
        ck_assert_uint_eq(read_data(), (uint8_t)bytes[i]);
    }
    ck_assert_uint_eq(status() & OBF, 0);
}
#define EXPECT(text)       expect(text, sizeof text - 1, 0)
#define EXPECT_MOUSE(text) expect(text, sizeof text - 1, AUX)

static void setup(void)
{
    i8042_init(&kbc, wire_line(&keyboard_irq), wire_line(&mouse_irq), wire_line(&a20),
               wire_line(&reset));
    command(0xaa);
    EXPECT("\x55");
    command_data(0x60, 0x03 | 0x04);
}

START_TEST(self_tests)
{
    ck_assert_uint_eq(status() & SYSTEM, SYSTEM);
    command(0xaa);
    ck_assert_uint_eq(status() & COMMAND, COMMAND);
    EXPECT("\x55");
    command(0xab);
    EXPECT("\0");
    command(0xa9);
    EXPECT("\0");
    command(0xa4);
    EXPECT("\xf1");
}
END_TEST

START_TEST(command_byte_and_ram)
{
    command(0x20);
    EXPECT("\x07");
    command(0xad);
    command(0xa7);
    command(0x20);
    EXPECT("\x37");
    command(0xae);
    command(0xa8);
    command(0x20);
    EXPECT("\x07");
    command_data(0x7f, 0x5a);
    command(0x3f);
    EXPECT("\x5a");
}
END_TEST

START_TEST(keyboard_reset_and_identity)
{
    data(0xff);
    EXPECT("\xfa\xaa");
    data(0xf2);
    EXPECT("\xfa\xab\x83");
    command_data(0x60, 0x47); /* translated to set 1 */
    data(0xf2);
    EXPECT("\xfa\xab\x41");
    data(0xee);
    EXPECT("\xee");
    data(0xfe); /* again */
    EXPECT("\xee");
    data(0x42);
    EXPECT("\xfe");
}
END_TEST

START_TEST(keyboard_settings)
{
    data(0xf0);
    EXPECT("\xfa");
    data(0);
    EXPECT("\xfa\x02");
    data(0xf0);
    EXPECT("\xfa");
    data(3);
    EXPECT("\xfa");
    data(0xf0);
    EXPECT("\xfa");
    data(0);
    EXPECT("\xfa\x03");
    data(0xf0);
    EXPECT("\xfa");
    data(9); /* there is no such set */
    EXPECT("\xfe");
    data(0xed);
    EXPECT("\xfa");
    data(7);
    EXPECT("\xfa");
    ck_assert_uint_eq(kbc.keyboard.leds, 7);
    data(0xed);
    EXPECT("\xfa");
    data(0xf5); /* a command where an argument should be */
    EXPECT("\xfa");
    ck_assert(!kbc.keyboard.scanning);
    data(0xf4);
    EXPECT("\xfa");
    ck_assert(kbc.keyboard.scanning);
    data(0xf3);
    EXPECT("\xfa");
    data(0x20);
    EXPECT("\xfa");
    data(0xf6);
    EXPECT("\xfa");
    data(0xfc);
    EXPECT("\xfa");
    data(0x1c);
    EXPECT("\xfa");
}
END_TEST

static void mouse(uint8_t value)
{
    command_data(0xd4, value);
}

START_TEST(mouse_commands)
{
    mouse(0xff);
    EXPECT_MOUSE("\xfa\xaa\x00");
    mouse(0xf2);
    EXPECT_MOUSE("\xfa\x00");
    mouse(0xf3);
    EXPECT_MOUSE("\xfa");
    mouse(200);
    EXPECT_MOUSE("\xfa");
    mouse(0xe8);
    EXPECT_MOUSE("\xfa");
    mouse(3);
    EXPECT_MOUSE("\xfa");
    mouse(0xe7);
    EXPECT_MOUSE("\xfa");
    mouse(0xf4);
    EXPECT_MOUSE("\xfa");
    mouse(0xe9);
    EXPECT_MOUSE("\xfa\x30\x03\xc8");
    mouse(0xf0);
    EXPECT_MOUSE("\xfa");
    mouse(0xeb);
    EXPECT_MOUSE("\xfa\x08\x00\x00");
    mouse(0xf6);
    EXPECT_MOUSE("\xfa");
    mouse(0xe9);
    EXPECT_MOUSE("\xfa\x00\x02\x64");
    mouse(0xe5);
    EXPECT_MOUSE("\xfe");
}
END_TEST

START_TEST(mouse_wraps)
{
    mouse(0xee);
    EXPECT_MOUSE("\xfa");
    mouse(0xf2);
    EXPECT_MOUSE("\xf2");
    mouse(0xec);
    EXPECT_MOUSE("\xfa");
    mouse(0xfe);
    EXPECT_MOUSE("\xfa");
}
END_TEST

START_TEST(each_byte_interrupts)
{
    data(0xf2);
    for (unsigned i = 1; i <= 3; i++) {
        ck_assert(keyboard_irq.level);
        ck_assert_uint_eq(keyboard_irq.rises, i);
        read_data();
    }
    ck_assert(!keyboard_irq.level);
    mouse(0xf2);
    ck_assert(mouse_irq.level);
    ck_assert(!keyboard_irq.level);
    read_data();
    read_data();
    ck_assert_uint_eq(mouse_irq.rises, 2);
    command_data(0x60, 0x04); /* interrupts off */
    data(0xee);
    ck_assert(!keyboard_irq.level);
    ck_assert_uint_eq(status() & OBF, OBF);
}
END_TEST

START_TEST(disabled_devices_keep_their_bytes)
{
    data(0xf2);
    command(0xad);
    EXPECT("\xfa"); /* was in the buffer already */
    command(0xae);
    EXPECT("\xab\x83");
}
END_TEST

START_TEST(loops_back)
{
    command_data(0xd2, 0x1c);
    ck_assert(keyboard_irq.level);
    EXPECT("\x1c");
    command_data(0xd3, 0xa5);
    ck_assert(mouse_irq.level);
    EXPECT_MOUSE("\xa5");
}
END_TEST

START_TEST(a20_line)
{
    ck_assert(a20.level);
    command_data(0xd1, 0xdd);
    ck_assert(!a20.level);
    command_data(0xd1, 0xdf);
    ck_assert(a20.level);
    command(0xdd);
    ck_assert(!a20.level);
    command(0xd0);
    ck_assert_uint_eq(read_data() & 3, 1);
    command(0xdf);
    ck_assert(a20.level);
    ck_assert_uint_eq(reset.rises, 0);
}
END_TEST

START_TEST(resets_the_cpu)
{
    command(0xff); /* a pulse on no line */
    command(0xfd);
    ck_assert_uint_eq(reset.rises, 0);
    command(0xfe);
    ck_assert_uint_eq(reset.rises, 1);
    reset.level = false;
    command_data(0xd1, 0x02);
    ck_assert_uint_eq(reset.rises, 2);
}
END_TEST

START_TEST(hostile_writes)
{
    uint32_t state = (uint32_t)_i;
    for (unsigned i = 0; i < 50000; i++) {
        uint32_t r = next_random(&state);
        if (r & 1)
            command(r >> 4 & 0xff);
        else if (r & 2)
            data(r >> 4 & 0xff);
        else
            read_data();
        ck_assert_uint_eq(status() & 0x02, 0); /* never busy */
    }
    i8042_reset(&kbc);
    ck_assert_uint_eq(status() & OBF, 0);
}
END_TEST

Suite *i8042_suite(void)
{
    Suite *suite = suite_create("i8042");
    TCase *c = tcase_create("i8042");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, self_tests);
    tcase_add_test(c, command_byte_and_ram);
    tcase_add_test(c, keyboard_reset_and_identity);
    tcase_add_test(c, keyboard_settings);
    tcase_add_test(c, mouse_commands);
    tcase_add_test(c, mouse_wraps);
    tcase_add_test(c, each_byte_interrupts);
    tcase_add_test(c, disabled_devices_keep_their_bytes);
    tcase_add_test(c, loops_back);
    tcase_add_test(c, a20_line);
    tcase_add_test(c, resets_the_cpu);
    tcase_add_loop_test(c, hostile_writes, 1, 5);
    suite_add_tcase(suite, c);
    return suite;
}
