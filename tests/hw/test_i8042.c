/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keyboard controller, keyboard and mouse, by IBM's PS/2 technical reference. */
#include "hw/input/i8042.h"
#include "tests/hw/fixture.h"

#include <string.h>

static struct timers *timers;
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

/* The devices have sent what they have, as far as it is taken. */
static void let_come(void)
{
    advance(timers, NS_PER_MS);
}

/* What comes next must be just these bytes, all from the mouse or all not. */
static void expect(const char *bytes, size_t size, uint8_t aux)
{
    for (size_t i = 0; i < size; i++) {
        let_come();
        ck_assert_uint_eq(status() & (OBF | AUX), OBF | aux);
        ck_assert_uint_eq(read_data(), (uint8_t)bytes[i]);
    }
    let_come();
    ck_assert_uint_eq(status() & OBF, 0);
}
#define EXPECT(text)       expect(text, sizeof text - 1, 0)
#define EXPECT_MOUSE(text) expect(text, sizeof text - 1, AUX)

static void setup(void)
{
    test_time = 0;
    timers = new_timers();
    i8042_init(&kbc, timers, wire_line(&keyboard_irq), wire_line(&mouse_irq), wire_line(&a20),
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
    data(0xfe);
    EXPECT("\x83");
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
        let_come();
        ck_assert(keyboard_irq.level);
        ck_assert_uint_eq(keyboard_irq.rises, i);
        read_data();
    }
    ck_assert(!keyboard_irq.level);
    mouse(0xf2);
    let_come();
    ck_assert(mouse_irq.level);
    ck_assert(!keyboard_irq.level);
    read_data();
    let_come();
    read_data();
    ck_assert_uint_eq(mouse_irq.rises, 2);
    command_data(0x60, 0x04); /* interrupts off */
    data(0xee);
    let_come();
    ck_assert(!keyboard_irq.level);
    ck_assert_uint_eq(status() & OBF, OBF);
}
END_TEST

START_TEST(disabled_devices_keep_their_bytes)
{
    data(0xf2);
    let_come();
    command(0xad);
    EXPECT("\xfa"); /* was in the buffer already */
    command(0xae);
    EXPECT("\xab\x83");
}
END_TEST

/* An interrupt handler and the one that it has replaced both read the byte. */
START_TEST(a_byte_stays_for_a_while)
{
    data(0xf2);
    let_come();
    ck_assert_uint_eq(read_data(), 0xfa);
    advance(timers, 20 * NS_PER_US);
    ck_assert_uint_eq(status() & OBF, 0);
    ck_assert_uint_eq(read_data(), 0xfa);
    EXPECT("\xab\x83");
}
END_TEST

static void press(unsigned key)
{
    struct input_sink sink = i8042_sink(&kbc);
    ck_assert(sink.key_room(sink.chip));
    sink.key(sink.chip, key, true);
    sink.key(sink.chip, key, false);
    let_come();
}

/* Every key's code in set 1 comes out of set 2, as systems use them. */
START_TEST(set_2_is_translated)
{
    command_data(0x60, 0x47);
    for (unsigned key = 1; key < 0x80; key++) {
        char bytes[] = {(char)key, (char)(key | 0x80)};
        char extended[] = {'\xe0', (char)key, '\xe0', (char)(key | 0x80)};
        ck_assert_uint_ne(ps2_set2_code(key), 0);
        press(key);
        expect(bytes, sizeof bytes, 0);
        if (key == 0x35 || key == 0x37 || key == 0x46 || (key >= 0x47 && key <= 0x53))
            continue; /* these do more: see the keyboard's tests */
        press(KEY_E0 | key);
        expect(extended, sizeof extended, 0);
    }
}
END_TEST

START_TEST(keyboard_and_mouse_take_turns)
{
    struct input_sink sink = i8042_sink(&kbc);
    command_data(0x60, 0x47);
    mouse(0xf4);
    EXPECT_MOUSE("\xfa");
    sink.mouse(sink.chip, 1, 0, 0, 0);
    press(0x3b);
    press(0x3c);
    let_come();
    advance(timers, 20 * NS_PER_MS); /* by then the mouse has its packet, too */
    unsigned turns = 0, last = AUX;
    for (unsigned i = 0; i < 3 + 4; i++, let_come()) {
        ck_assert_uint_eq(status() & OBF, OBF);
        turns += (status() & AUX) != last;
        last = status() & AUX;
        read_data();
    }
    ck_assert_uint_ge(turns, 6);
    ck_assert_uint_eq(status() & OBF, 0);
}
END_TEST

START_TEST(a_password_locks_the_devices)
{
    command_data(0x60, 0x47);
    command(0xa6); /* without one nothing happens */
    press(0x1e);
    EXPECT("\x1e\x9e");
    command(0xa5);
    data(0x1e);
    data(0x30);
    data(0);
    command(0xa4);
    EXPECT("\xfa");
    command(0xa6);
    press(0x1e);
    press(0x2e);
    press(0x1e);
    press(0x30);
    EXPECT("\xb0"); /* that opens it comes up */
    press(0x2e);
    EXPECT("\x2e\xae");
    for (unsigned i = 0; i < 100; i++)
        command_data(0xa5, 1 + (uint8_t)i);
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

static bool is_handled;

static bool tell_handled(void *owner)
{
    return *(bool *)owner;
}

/* The key that is pressed has its make code read, as the first of two handlers does. */
static void press_under_a_handler(void)
{
    struct input_sink sink = i8042_sink(&kbc);
    is_handled = false;
    i8042_ask_handler(&kbc, tell_handled, &is_handled);
    sink.key(sink.chip, 0x31, true);
    sink.key(sink.chip, 0x31, false);
    let_come();
    is_handled = true;
    ck_assert_uint_eq(read_data(), 0x31);
}

START_TEST(a_second_handler_reads_the_same_byte)
{
    command_data(0x60, 0x41);
    press_under_a_handler();
    advance(timers, 10 * NS_PER_MS);
    ck_assert_uint_eq(status() & OBF, 0);
    ck_assert_uint_eq(read_data(), 0x31);
    is_handled = false;
    EXPECT("\xb1");
}
END_TEST

START_TEST(a_handler_may_wait_for_the_next_byte)
{
    command_data(0x60, 0x41);
    press_under_a_handler();
    unsigned looks = 0;
    while (!(status() & OBF) && looks++ < 20)
        advance(timers, 50 * NS_PER_US);
    ck_assert_uint_eq(read_data(), 0xb1);
    command(0xad);
    data(0xee); /* and for an answer, at once */
    EXPECT("\xee");
}
END_TEST

START_TEST(an_interrupt_that_never_ends_holds_nothing_up)
{
    command_data(0x60, 0x41);
    press_under_a_handler();
    advance(timers, 30 * NS_PER_MS);
    ck_assert_uint_eq(read_data(), 0xb1);
}
END_TEST

START_TEST(hostile_writes)
{
    struct input_sink sink = i8042_sink(&kbc);
    uint32_t state = (uint32_t)_i;
    for (unsigned i = 0; i < 50000; i++) {
        uint32_t r = next_random(&state);
        if (r & 1)
            command(r >> 4 & 0xff);
        else if (r & 2)
            data(r >> 4 & 0xff);
        else
            read_data();
        if (r & 0x1000)
            sink.key(sink.chip, r >> 16 & 0xff, r & 0x2000);
        if (r & 0x4000)
            sink.mouse(sink.chip, (int)(r >> 3), -(int)(r >> 7), (int)(r >> 20), r >> 15 & 31);
        advance(timers, r >> 2);
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
    tcase_add_test(c, a_byte_stays_for_a_while);
    tcase_add_test(c, set_2_is_translated);
    tcase_add_test(c, keyboard_and_mouse_take_turns);
    tcase_add_test(c, a_password_locks_the_devices);
    tcase_add_test(c, loops_back);
    tcase_add_test(c, a20_line);
    tcase_add_test(c, resets_the_cpu);
    tcase_add_test(c, a_second_handler_reads_the_same_byte);
    tcase_add_test(c, a_handler_may_wait_for_the_next_byte);
    tcase_add_test(c, an_interrupt_that_never_ends_holds_nothing_up);
    tcase_add_loop_test(c, hostile_writes, 1, 5);
    suite_add_tcase(suite, c);
    return suite;
}
