/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of keys, layouts. */
#include "hw/host/keymap.h"
#include "tests/display/stage.h"

#include <string.h>

static struct error error;

START_TEST(table_has_no_doubles)
{
    static const uint8_t keys[][3] = {
#define KEY(name, code, evdev, usage, keysym, shifted) {code, evdev, usage},
#define ALIAS(keysym, name)
#define USAGE(usage, name)
#include "hw/host/keymap.def"
    };
    enum { KEYS_THERE = sizeof keys / sizeof *keys };
    for (unsigned i = 0; i < KEYS_THERE; i++) {
        ck_assert(keymap_has(keys[i][0]));
        ck_assert_uint_eq(keymap_of_evdev(keys[i][1]), keys[i][0]);
        ck_assert_uint_eq(keymap_of_usage(keys[i][2]), keys[i][0]);
        for (unsigned j = 0; j < i; j++)
            for (unsigned k = 0; k < 3; k++)
                ck_assert_msg(keys[i][k] != keys[j][k], "%x twice", keys[i][k]);
    }
    ck_assert(!keymap_has(0));
    ck_assert_uint_eq(keymap_of_usage(0), 0);
    ck_assert_uint_eq(keymap_of_usage(0x32), AT_BACKSLASH);
    /* Up to F12 Linux's numbers are scan code set 1. */
    for (unsigned code = AT_ESC; code <= AT_KP_DECIMAL; code++)
        ck_assert_uint_eq(keymap_of_evdev(code), code);
}
END_TEST

static const struct printed {
    const char *layout;
    uint32_t keysym;
    unsigned key, held;
} printed[] = {
    {"en-us", 'z', AT_Z, 0},
    {"us", '"', AT_APOSTROPHE, STROKE_SHIFT},
    {NULL, '<', AT_COMMA, STROKE_SHIFT},
    {NULL, ' ', AT_SPACE, 0},
    {NULL, 0xffc9, AT_F12, 0},
    {NULL, 0xffb7, AT_KP_7, 0},
    {"de", 'z', AT_Y, 0},
    {"de", '/', AT_7, STROKE_SHIFT},
    {"de", '@', AT_Q, STROKE_ALTGR},
    {"de", 0xfc, AT_BRACKET_LEFT, 0},       /* u with dots */
    {"de", 0x20ac, AT_E, STROKE_ALTGR},     /* Euro, X's own number */
    {"de", 0x010020ac, AT_E, STROKE_ALTGR}, /* and Unicode's */
    {"de", '<', AT_LESS, 0},
    {"de", 0xff0d, AT_ENTER, 0},
    {"fr", 'a', AT_Q, 0},
    {"fr", '1', AT_1, STROKE_SHIFT},
    {"en-gb", '"', AT_2, STROKE_SHIFT},
    {"pt-br", 0xe7, AT_SEMICOLON, 0}, /* c with a cedilla */
    {"pt-br", '/', AT_RO, 0},
    {"us(dvorak)", 'e', AT_D, 0},
    {"ru", 0x6c6, AT_A, 0}, /* Cyrillic ef */
    {"ja", 0x5c, AT_RO, 0},
};

START_TEST(what_is_printed_where)
{
    const struct printed *p = &printed[_i];
    struct stroke s = {0};
    struct layout *l = layout_create(p->layout, &error);
    ck_assert_ptr_nonnull(l);
    ck_assert(layout_find(l, p->keysym, &s));
    ck_assert_uint_eq(s.key, p->key);
    ck_assert_uint_eq(s.held, p->held);
    layout_destroy(l);
}
END_TEST

START_TEST(layouts_that_are_not_there)
{
    static const char *const bad[] = {"", "klingon", "us(nothing)", "../../etc/passwd", "us,de"};
    ck_assert_ptr_null(layout_create(bad[_i], &error));
    ck_assert_msg(strstr(error.text, "no such layout") != NULL, "%s", error.text);
}
END_TEST

/* All characters of ASCII, as somebody types who holds nothing. */
START_TEST(types_all_of_ascii)
{
    struct typist t;
    struct layout *l = layout_create(_i ? "de" : NULL, &error);
    typist_init(&t, l, stage_input);
    for (uint32_t c = ' '; c < 0x7f; c++) {
        char wanted[64];
        struct stroke s;
        ck_assert_msg(layout_find(l, c, &s) || strchr("^`", (int)c), "%c", (char)c);
        if (!layout_find(l, c, &s)) /* dead keys in German */
            continue;
        typist_type(&t, c, (const uint8_t[]){0});
        snprintf(wanted, sizeof wanted, "%s%s+%02x%s%s -%02x", s.held & STROKE_SHIFT ? "+2a " : "",
                 s.held & STROKE_ALTGR ? "+b8 " : "", s.key, s.held & STROKE_SHIFT ? " -2a" : "",
                 s.held & STROKE_ALTGR ? " -b8" : "", s.key);
        stage_expect(wanted);
    }
    layout_destroy(l);
}
END_TEST

START_TEST(caps_lock)
{
    struct typist t;
    struct layout *l = layout_create(NULL, &error);
    typist_init(&t, l, stage_input);
    typist_keysym(&t, 0xffe5, true);
    typist_keysym(&t, 0xffe5, false);
    typist_type(&t, 'A', (const uint8_t[]){0});
    typist_type(&t, '1', (const uint8_t[]){0});
    stage_expect("+3a -3a +1e -1e +02 -02");
    typist_type(&t, 'c', (const uint8_t[]){AT_CTRL, 0});
    stage_expect("+1d +2a +2e -2a -2e -1d");
    layout_destroy(l);
}
END_TEST

START_TEST(more_fingers_than_anybody_has)
{
    struct typist t;
    struct layout *l = layout_create(NULL, &error);
    typist_init(&t, l, stage_input);
    for (uint32_t c = 'a'; c <= 'l'; c++)
        typist_keysym(&t, c, true);
    stage_expect("+1e +30 +2e +20 +12 +21 +22 +23 +17 +24 +25 +26");
    typist_release(&t);
    stage_expect("-12 -17 -1e -20 -21 -22 -23 -24 -25 -26 -2e -30");
    layout_destroy(l);
}
END_TEST

Suite *keymap_suite(void)
{
    Suite *suite = suite_create("keymap");
    TCase *c = tcase_create("keymap");
    tcase_set_timeout(c, PATIENCE_S);
    tcase_add_checked_fixture(c, stage_begin, stage_end);
    tcase_add_test(c, table_has_no_doubles);
    tcase_add_loop_test(c, what_is_printed_where, 0, sizeof printed / sizeof *printed);
    tcase_add_loop_test(c, layouts_that_are_not_there, 0, 5);
    tcase_add_loop_test(c, types_all_of_ascii, 0, 2);
    tcase_add_test(c, caps_lock);
    tcase_add_test(c, more_fingers_than_anybody_has);
    suite_add_tcase(suite, c);
    return suite;
}
