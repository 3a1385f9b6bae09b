/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keyboard and mouse by themselves: what they send for what is done to them. */
#include "hw/host/input.h"
#include "hw/input/ps2.h"
#include "tests/hw/fixture.h"

#include <string.h>

static struct timers *timers;
static struct wire ready;
static struct ps2_keyboard keyboard;
static struct ps2_mouse mouse;

static void setup(void)
{
    test_time = 0;
    timers = new_timers();
    ps2_keyboard_init(&keyboard, timers, wire_line(&ready));
    ps2_mouse_init(&mouse, timers, wire_line(&ready));
}

static void expect_bytes(uint8_t (*take)(void), bool (*pending)(void), const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ck_assert(pending());
        ck_assert_uint_eq(take(), (uint8_t)bytes[i]);
    }
    ck_assert(!pending());
}

/* --- the keyboard --- */

enum { CTRL = 0x1d, LEFT_SHIFT = 0x2a, RIGHT_SHIFT = 0x36, ALT = 0x38, A = 0x1e, B = 0x30 };
enum { HOME = KEY_E0 | 0x47, DIVIDE = KEY_E0 | 0x35 };

static uint8_t take_key(void)
{
    return ps2_take(&keyboard.queue);
}

static bool is_key_pending(void)
{
    return ps2_pending(&keyboard.queue);
}
#define EXPECT(text) expect_bytes(take_key, is_key_pending, text, sizeof text - 1)

static void write_keyboard(uint8_t value)
{
    ps2_keyboard_write(&keyboard, value);
}

static void tell(uint8_t command, uint8_t argument)
{
    write_keyboard(command);
    EXPECT("\xfa");
    write_keyboard(argument);
    EXPECT("\xfa");
}

static void down(unsigned key)
{
    ps2_keyboard_key(&keyboard, key, true);
}

static void up(unsigned key)
{
    ps2_keyboard_key(&keyboard, key, false);
}

START_TEST(sets_1_and_2)
{
    down(A);
    up(A);
    EXPECT("\x1c\xf0\x1c");
    down(KEY_E0 | 0x1c); /* the keypad's Enter */
    up(KEY_E0 | 0x1c);
    EXPECT("\xe0\x5a\xe0\xf0\x5a");
    down(0x41); /* F7 */
    EXPECT("\x83");
    up(0x41);
    EXPECT("\xf0\x83");
    tell(0xf0, 1);
    down(A);
    up(A);
    EXPECT("\x1e\x9e");
    down(KEY_E0 | 0x1c);
    up(KEY_E0 | 0x1c);
    EXPECT("\xe0\x1c\xe0\x9c");
    up(B); /* was not down */
    EXPECT("");
}
END_TEST

START_TEST(pause_and_print)
{
    down(KEY_PAUSE);
    EXPECT("\xe1\x14\x77\xe1\xf0\x14\xf0\x77");
    advance(timers, 3 * (uint64_t)NS_PER_S); /* and does not repeat */
    up(KEY_PAUSE);
    EXPECT("");
    tell(0xf0, 1);
    down(KEY_PAUSE);
    up(KEY_PAUSE);
    EXPECT("\xe1\x1d\x45\xe1\x9d\xc5");
    down(CTRL);
    EXPECT("\x1d");
    down(KEY_PAUSE);
    up(KEY_PAUSE);
    EXPECT("\xe0\x46\xe0\xc6");
    down(KEY_PRINT);
    up(KEY_PRINT);
    EXPECT("\xe0\x37\xe0\xb7");
    up(CTRL);
    EXPECT("\x9d");
    down(KEY_PRINT);
    EXPECT("\xe0\x2a\xe0\x37");
    up(KEY_PRINT);
    EXPECT("\xe0\xb7\xe0\xaa");
    down(ALT);
    down(KEY_PRINT);
    up(ALT); /* it stays what it was */
    up(KEY_PRINT);
    EXPECT("\x38\x54\xb8\xd4");
    tell(0xf0, 2);
    down(KEY_PRINT);
    up(KEY_PRINT);
    EXPECT("\xe0\x12\xe0\x7c\xe0\xf0\x7c\xe0\xf0\x12");
    down(ALT);
    down(KEY_PRINT);
    up(KEY_PRINT);
    EXPECT("\x11\x84\xf0\x84");
}
END_TEST

START_TEST(pretended_shifts)
{
    tell(0xf0, 1);
    down(HOME);
    up(HOME);
    EXPECT("\xe0\x47\xe0\xc7");
    tell(0xed, LED_NUM_LOCK);
    down(HOME);
    EXPECT("\xe0\x2a\xe0\x47");
    up(HOME);
    EXPECT("\xe0\xc7\xe0\xaa");
    down(HOME);
    down(A); /* ends the pretence */
    EXPECT("\xe0\x2a\xe0\x47\xe0\xaa\x1e");
    up(HOME);
    up(A);
    EXPECT("\xe0\xc7\x9e");
    down(LEFT_SHIFT);
    down(HOME);
    up(HOME);
    EXPECT("\x2a\xe0\x47\xe0\xc7");
    tell(0xed, 0);
    down(HOME);
    up(HOME);
    EXPECT("\xe0\xaa\xe0\x47\xe0\xc7\xe0\x2a");
    down(RIGHT_SHIFT);
    down(DIVIDE);
    EXPECT("\x36\xe0\xaa\xe0\xb6\xe0\x35");
    up(LEFT_SHIFT); /* and stays so */
    up(DIVIDE);
    EXPECT("\xaa\xe0\xb5\xe0\x36");
    up(RIGHT_SHIFT);
    EXPECT("\xb6");
}
END_TEST

START_TEST(set_3)
{
    tell(0xf0, 3);
    down(A); /* repeats, and has no break code */
    up(A);
    EXPECT("\x1c");
    down(LEFT_SHIFT);
    up(LEFT_SHIFT);
    EXPECT("\x12\xf0\x12");
    down(HOME);
    up(HOME);
    down(KEY_PAUSE);
    up(KEY_PAUSE);
    EXPECT("\x6e\x62");
    write_keyboard(0xfa); /* all do both */
    EXPECT("\xfa");
    down(HOME);
    up(HOME);
    EXPECT("\x6e\xf0\x6e");
    write_keyboard(0xfd); /* these make only */
    EXPECT("\xfa");
    write_keyboard(0x1c);
    EXPECT("\xfa");
    write_keyboard(0x84); /* the keypad's minus */
    EXPECT("\xfa");
    write_keyboard(0xe0); /* no key's */
    EXPECT("\xfe");
    write_keyboard(0xf4);
    EXPECT("\xfa");
    down(A);
    advance(timers, NS_PER_S);
    up(A);
    down(0x4a);
    up(0x4a);
    EXPECT("\x1c\x84");
    write_keyboard(0xf9);
    EXPECT("\xfa");
    down(B);
    up(B);
    EXPECT("\x32");
    write_keyboard(0xf8);
    EXPECT("\xfa");
    down(B);
    up(B);
    EXPECT("\x32\xf0\x32");
    write_keyboard(0xf7);
    EXPECT("\xfa");
    down(B);
    up(B);
    EXPECT("\x32");
    write_keyboard(0xf6); /* set 2 again */
    EXPECT("\xfa");
    down(B);
    up(B);
    EXPECT("\x32\xf0\x32");
}
END_TEST

/* How often the key that is down comes again in so long. */
static unsigned repeats_in(uint64_t ns)
{
    unsigned count = 0;
    for (uint64_t ms = 0; ms < ns / NS_PER_MS; ms++) {
        advance(timers, NS_PER_MS);
        while (is_key_pending()) {
            ck_assert_uint_eq(take_key(), 0x1c);
            count++;
        }
    }
    return count;
}

START_TEST(typematic)
{
    down(B);
    down(A);
    EXPECT("\x32\x1c");
    ck_assert_uint_eq(repeats_in(495ull * NS_PER_MS), 0);
    ck_assert_uint_eq(repeats_in(1000ull * NS_PER_MS), 11);
    up(B); /* another */
    EXPECT("\xf0\x32");
    ck_assert_uint_eq(repeats_in(1000ull * NS_PER_MS), 11);
    up(A);
    EXPECT("\xf0\x1c");
    ck_assert_uint_eq(repeats_in(2000ull * NS_PER_MS), 0);
    tell(0xf3, 0x00); /* 250 ms, 30 a second */
    down(A);
    EXPECT("\x1c");
    ck_assert_uint_eq(repeats_in(248ull * NS_PER_MS), 0);
    ck_assert_uint_eq(repeats_in(1000ull * NS_PER_MS), 30);
    up(A);
    EXPECT("\xf0\x1c");
    tell(0xf3, 0x7f); /* 1 s, 2 a second */
    down(A);
    EXPECT("\x1c");
    ck_assert_uint_eq(repeats_in(995ull * NS_PER_MS), 0);
    ck_assert_uint_eq(repeats_in(4010ull * NS_PER_MS), 9);
    write_keyboard(0xf5); /* neither repeats nor scans */
    EXPECT("\xfa");
    ck_assert_uint_eq(repeats_in(2000ull * NS_PER_MS), 0);
    up(A);
    down(B);
    EXPECT("");
}
END_TEST

START_TEST(a_full_buffer_overruns)
{
    ck_assert(ps2_keyboard_room(&keyboard));
    for (unsigned i = 0; i < 7; i++) {
        down(A);
        up(A);
    }
    ck_assert(!ps2_keyboard_room(&keyboard));
    EXPECT("\x1c\xf0\x1c\x1c\xf0\x1c\x1c\xf0\x1c\x1c\xf0\x1c\x1c\xf0\x1c\x1c\x00");
    tell(0xf0, 1);
    down(A);
    advance(timers, 10 * (uint64_t)NS_PER_S);
    EXPECT("\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\xff");
}
END_TEST

/* An answer goes first, and what was typed is not lost. */
START_TEST(answers_go_first)
{
    down(A);
    up(A);
    write_keyboard(0xed);
    ck_assert_uint_eq(take_key(), 0xfa);
    write_keyboard(2);
    EXPECT("\xfa\x1c\xf0\x1c");
    down(A);
    up(A);
    write_keyboard(0xf4); /* but for those commands that clear the buffer */
    EXPECT("\xfa");
    down(A);
    write_keyboard(0xff);
    EXPECT("\xfa\xaa");
    ck_assert_uint_eq(keyboard.leds, 0);
}
END_TEST

/* --- the mouse --- */

static uint8_t take_mouse(void)
{
    return ps2_mouse_take(&mouse);
}

static bool is_mouse_pending(void)
{
    return ps2_pending(&mouse.queue);
}
#define EXPECT_MOUSE(text) expect_bytes(take_mouse, is_mouse_pending, text, sizeof text - 1)

static void write_mouse(uint8_t value)
{
    ps2_mouse_write(&mouse, value);
}

static void tell_mouse(uint8_t command, uint8_t argument)
{
    write_mouse(command);
    EXPECT_MOUSE("\xfa");
    write_mouse(argument);
    EXPECT_MOUSE("\xfa");
}

static void enable(void)
{
    write_mouse(0xf4);
    EXPECT_MOUSE("\xfa");
}

static void move(int dx, int dy, int wheel, unsigned buttons)
{
    ps2_mouse_move(&mouse, dx, dy, wheel, buttons);
}

static void let_report(void)
{
    advance(timers, 100 * NS_PER_MS);
}

START_TEST(packets)
{
    move(5, 5, 0, 1); /* to nobody */
    let_report();
    EXPECT_MOUSE("");
    enable();
    let_report();
    EXPECT_MOUSE("");
    move(3, 4, 7, 1); /* down on the screen is down here; there is no wheel */
    let_report();
    EXPECT_MOUSE("\x29\x03\xfc");
    move(-1, -2, 0, 6);
    let_report();
    EXPECT_MOUSE("\x1e\xff\x02");
    move(0, 0, 0, 0);
    let_report();
    EXPECT_MOUSE("\x08\x00\x00");
    let_report();
    EXPECT_MOUSE("");
}
END_TEST

/* What does not fit into a packet is in the next. */
START_TEST(far_motions)
{
    enable();
    move(300, -600, 0, 0);
    let_report();
    EXPECT_MOUSE("\x08\xff\xff");
    let_report();
    EXPECT_MOUSE("\x08\x2d\xff");
    let_report();
    EXPECT_MOUSE("\x08\x00\x5a");
    let_report();
    EXPECT_MOUSE("");
    move(1 << 30, -(1 << 30), 0, 0);
    move(1 << 30, -(1 << 30), 0, 0);
    let_report();
    EXPECT_MOUSE("\x08\xff\xff");
}
END_TEST

START_TEST(remote_mode)
{
    write_mouse(0xf0);
    EXPECT_MOUSE("\xfa");
    move(300, 2, 0, 4);
    let_report();
    EXPECT_MOUSE("");
    write_mouse(0xeb);
    EXPECT_MOUSE("\xfa\x6c\xff\xfe"); /* overflow of X */
    write_mouse(0xeb);
    EXPECT_MOUSE("\xfa\x0c\x00\x00");
    move(0, 999, 0, 0);
    write_mouse(0xeb);
    EXPECT_MOUSE("\xfa\xa8\x00\x01");
    write_mouse(0xe9);
    EXPECT_MOUSE("\xfa\x40\x02\x64");
    write_mouse(0xea);
    EXPECT_MOUSE("\xfa");
}
END_TEST

START_TEST(scaling)
{
    static const int from[] = {1, 2, 3, 4, 5, 6, 100, -3}, to[] = {1, 1, 3, 6, 9, 12, 200, -3};
    enable();
    write_mouse(0xe7);
    EXPECT_MOUSE("\xfa");
    for (unsigned i = 0; i < sizeof from / sizeof *from; i++) {
        move(from[i], 0, 0, 0);
        let_report();
        ck_assert_uint_eq(take_mouse(), to[i] < 0 ? 0x18 : 0x08);
        ck_assert_uint_eq(take_mouse(), (uint8_t)to[i]);
        ck_assert_uint_eq(take_mouse(), 0);
    }
    move(400, 0, 0, 0);
    let_report();
    EXPECT_MOUSE("\x08\xfe\x00");
    write_mouse(0xeb); /* an answer, too, as long as it streams */
    EXPECT_MOUSE("\xfa\x08\xfe\x00");
}
END_TEST

static void set_rates(uint8_t a, uint8_t b, uint8_t c)
{
    tell_mouse(0xf3, a);
    tell_mouse(0xf3, b);
    tell_mouse(0xf3, c);
}

START_TEST(wheel_and_five_buttons)
{
    write_mouse(0xf2);
    EXPECT_MOUSE("\xfa\x00");
    set_rates(200, 100, 80);
    write_mouse(0xf2);
    EXPECT_MOUSE("\xfa\x03");
    enable();
    move(0, 0, -1, 0x18); /* buttons 4 and 5 are not there */
    let_report();
    EXPECT_MOUSE("\x08\x00\x00\xff");
    move(0, 0, 9, 0);
    let_report();
    EXPECT_MOUSE("\x08\x00\x00\x07");
    let_report();
    EXPECT_MOUSE("\x08\x00\x00\x02");
    set_rates(200, 200, 80);
    write_mouse(0xf2);
    EXPECT_MOUSE("\xfa\x04");
    move(1, 0, -2, 0x11);
    let_report();
    EXPECT_MOUSE("\x09\x01\x00\x2e");
    move(0, 0, 0, 0x08);
    let_report();
    EXPECT_MOUSE("\x08\x00\x00\x10");
    write_mouse(0xff);
    EXPECT_MOUSE("\xfa\xaa\x00");
    write_mouse(0xf2);
    EXPECT_MOUSE("\xfa\x00");
}
END_TEST

/* Packets in a second of continuous motion, each read at once. */
static unsigned packets_in_a_second(void)
{
    unsigned bytes = 0;
    for (unsigned ms = 0; ms < 1000; ms++) {
        move(1, 0, 0, 0);
        advance(timers, NS_PER_MS);
        while (is_mouse_pending()) {
            take_mouse();
            bytes++;
        }
    }
    return bytes / 3;
}

START_TEST(sample_rate)
{
    static const uint8_t rates[] = {10, 20, 40, 60, 80, 100, 200};
    uint8_t rate = rates[_i];
    tell_mouse(0xf3, rate);
    enable();
    packets_in_a_second();
    unsigned packets = packets_in_a_second();
    ck_assert_uint_ge(packets, rate - rate / 10u - 1);
    ck_assert_uint_le(packets, rate + 1u);
}
END_TEST

START_TEST(wrong_arguments)
{
    write_mouse(0xf3);
    EXPECT_MOUSE("\xfa");
    write_mouse(42);
    EXPECT_MOUSE("\xfe");
    write_mouse(0xe8);
    EXPECT_MOUSE("\xfa");
    write_mouse(4);
    EXPECT_MOUSE("\xfe");
    write_mouse(0xe9);
    EXPECT_MOUSE("\xfa\x00\x02\x64");
}
END_TEST

/* Buttons that go down and up while nobody reads are all reported, one after the other. */
START_TEST(no_button_is_lost)
{
    enable();
    ck_assert(ps2_mouse_room(&mouse));
    move(0, 0, 0, 1);
    ck_assert(!ps2_mouse_room(&mouse));
    let_report();
    ck_assert(ps2_mouse_room(&mouse));
    move(0, 0, 0, 0);
    ck_assert(!ps2_mouse_room(&mouse)); /* the first packet has not been read */
    let_report();
    ck_assert(!ps2_mouse_room(&mouse));
    ck_assert_uint_eq(take_mouse(), 0x09);
    write_mouse(0xe9); /* the host interrupts it: it comes again */
    EXPECT_MOUSE("\xfa\x20\x02\x64");
    let_report();
    EXPECT_MOUSE("\x08\x00\x00");
    ck_assert(ps2_mouse_room(&mouse));
}
END_TEST

Suite *ps2_suite(void)
{
    Suite *suite = suite_create("ps2");
    TCase *c = tcase_create("ps2");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, sets_1_and_2);
    tcase_add_test(c, pause_and_print);
    tcase_add_test(c, pretended_shifts);
    tcase_add_test(c, set_3);
    tcase_add_test(c, typematic);
    tcase_add_test(c, a_full_buffer_overruns);
    tcase_add_test(c, answers_go_first);
    tcase_add_test(c, packets);
    tcase_add_test(c, far_motions);
    tcase_add_test(c, remote_mode);
    tcase_add_test(c, scaling);
    tcase_add_test(c, wheel_and_five_buttons);
    tcase_add_loop_test(c, sample_rate, 0, 7);
    tcase_add_test(c, wrong_arguments);
    tcase_add_test(c, no_button_is_lost);
    suite_add_tcase(suite, c);
    return suite;
}
