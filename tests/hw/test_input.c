/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys and the mouse on their way to the machine, from several threads, too. */
#include "hw/host/input.h"
#include "tests/hw/fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static struct input *input;
static atomic_uint rings;
static char got[65536];
static size_t used;
static bool key_room, mouse_room;
static unsigned presses[KEYS], releases[KEYS];
static unsigned lights, last_buttons;

static void ring(void *owner)
{
    ck_assert_ptr_eq(owner, &rings);
    rings++;
}

static void note(const char *text)
{
    size_t n = strlen(text);
    if (used + n >= sizeof got)
        used = 0; /* of so much only the numbers are looked at */
    memcpy(got + used, text, n + 1);
    used += n;
}

static void take_key(void *chip, unsigned key, bool down)
{
    char text[32];
    (void)chip;
    snprintf(text, sizeof text, "%c%02x ", down ? '+' : '-', key);
    note(text);
    presses[key] += down;
    releases[key] += !down;
}

static void take_mouse(void *chip, int dx, int dy, int wheel, unsigned buttons)
{
    char text[64];
    (void)chip;
    snprintf(text, sizeof text, "(%d,%d,%d:%x) ", dx, dy, wheel, buttons);
    note(text);
    last_buttons = buttons;
}

static bool has_key_room(void *chip)
{
    (void)chip;
    return key_room;
}

static bool has_mouse_room(void *chip)
{
    (void)chip;
    return mouse_room;
}

static unsigned leds(void *chip)
{
    (void)chip;
    return lights;
}

static void setup(void)
{
    const struct input_sink sink = {.key = take_key,
                                    .key_room = has_key_room,
                                    .mouse = take_mouse,
                                    .mouse_room = has_mouse_room,
                                    .leds = leds};
    used = lights = last_buttons = 0;
    rings = 0;
    *got = '\0';
    memset(presses, 0, sizeof presses);
    memset(releases, 0, sizeof releases);
    key_room = mouse_room = true;
    input = input_create(ring, &rings);
    input_set_sink(input, &sink);
}

static void teardown(void)
{
    input_destroy(input);
}

static void expect(const char *text)
{
    input_deliver(input);
    ck_assert_str_eq(got, text);
    used = 0;
    *got = '\0';
}

START_TEST(in_order)
{
    input_key(input, 0x1e, true);
    input_motion(input, 1, 2, 3);
    input_button(input, BUTTON_MIDDLE, true);
    input_key(input, 0x1e, false);
    ck_assert_uint_eq(rings, 4);
    expect("+1e (1,2,3:0) (0,0,0:4) -1e ");
    expect("");
}
END_TEST

START_TEST(what_changes_nothing_is_nothing)
{
    input_key(input, 0x1e, false);
    input_button(input, BUTTON_LEFT, false);
    input_key(input, 0, true);
    input_key(input, KEYS, true);
    input_button(input, BUTTONS, true);
    input_release_all(input);
    ck_assert_uint_eq(rings, 0);
    input_key(input, KEY_PAUSE, true);
    input_key(input, KEY_PAUSE, true);
    expect("+c6 ");
}
END_TEST

START_TEST(motions_are_added_up)
{
    input_motion(input, 1, -1, 0);
    input_motion(input, 10, -10, 1);
    input_button(input, BUTTON_LEFT, true);
    input_motion(input, 100, 0, 0);
    input_motion(input, 100, 0, 0);
    input_button(input, BUTTON_LEFT, false);
    expect("(11,-11,1:0) (0,0,0:1) (200,0,0:1) (0,0,0:0) ");
    for (unsigned i = 0; i < 10000; i++)
        input_motion(input, INT32_MAX, INT32_MIN, INT32_MIN);
    input_deliver(input);
}
END_TEST

START_TEST(one_waits_and_the_other_goes_on)
{
    mouse_room = false;
    input_motion(input, 1, 1, 0);
    input_key(input, 0x1e, true);
    expect("+1e ");
    mouse_room = true;
    key_room = false;
    input_key(input, 0x1e, false);
    expect("(1,1,0:0) ");
    key_room = true;
    expect("-1e ");
}
END_TEST

START_TEST(all_are_released)
{
    input_key(input, 0x2a, true);
    input_key(input, KEY_PRINT, true);
    input_button(input, BUTTON_5, true);
    expect("+2a +b7 (0,0,0:10) ");
    input_release_all(input);
    expect("-2a -b7 (0,0,0:0) ");
}
END_TEST

/* However many wait, what has been pressed comes up. */
START_TEST(no_release_is_lost)
{
    key_room = mouse_room = false;
    for (unsigned i = 0; i < 5000; i++) {
        input_key(input, 1 + i % 255, true);
        input_button(input, i % BUTTONS, true);
        input_motion(input, 1, 0, 0);
        if (i % 3) {
            input_key(input, 1 + (i - i % 3) % 255, false);
            input_button(input, (i - i % 3) % BUTTONS, false);
        }
    }
    input_release_all(input);
    key_room = mouse_room = true;
    input_deliver(input);
    unsigned total = 0;
    for (unsigned key = 0; key < KEYS; key++) {
        ck_assert_uint_eq(presses[key], releases[key]);
        total += presses[key];
    }
    ck_assert_uint_gt(total, 200);
    ck_assert_uint_eq(last_buttons, 0);
}
END_TEST

START_TEST(lights_are_told)
{
    lights = LED_CAPS_LOCK;
    ck_assert_uint_eq(input_leds(input), 0);
    input_deliver(input);
    ck_assert_uint_eq(input_leds(input), LED_CAPS_LOCK);
}
END_TEST

enum { THREADS = 3, ENOUGH = 100 };
static atomic_bool are_enough;

static void *type(void *argument)
{
    unsigned key = *(unsigned *)argument;
    while (!are_enough) {
        input_key(input, key, true);
        input_motion(input, 1, 0, 0);
        input_key(input, key, false);
    }
    return NULL;
}

START_TEST(from_threads)
{
    static unsigned keys[THREADS] = {1, 2, 3};
    pthread_t thread[THREADS];
    for (unsigned i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, type, &keys[i]), 0);
    while (presses[1] < ENOUGH || presses[2] < ENOUGH || presses[3] < ENOUGH) {
        used = 0;
        input_deliver(input);
    }
    are_enough = true;
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    used = 0;
    input_deliver(input);
    for (unsigned i = 0; i < THREADS; i++)
        ck_assert_uint_eq(presses[keys[i]], releases[keys[i]]);
}
END_TEST

Suite *input_suite(void)
{
    Suite *suite = suite_create("input");
    TCase *c = tcase_create("input");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, in_order);
    tcase_add_test(c, what_changes_nothing_is_nothing);
    tcase_add_test(c, motions_are_added_up);
    tcase_add_test(c, one_waits_and_the_other_goes_on);
    tcase_add_test(c, all_are_released);
    tcase_add_test(c, no_release_is_lost);
    tcase_add_test(c, lights_are_told);
    tcase_add_test(c, from_threads);
    suite_add_tcase(suite, c);
    return suite;
}
