/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages: one line each, whatever somebody has named a file. */
#include "hw/host/error.h"
#include "tests/hw/fixture.h"

#include <stdio.h>
#include <string.h>

static const char *message(const char *name)
{
    static struct error error;
    ck_assert(!error_set(&error, "%s: not %d", name, 5));
    return error.text;
}

START_TEST(plain_text_stays)
{
    ck_assert_str_eq(message("disk.img"), "disk.img: not 5");
    ck_assert_str_eq(message("a b\\x \"c\""), "a b\\x \"c\": not 5");
    ck_assert_str_eq(message("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x8e\x82"),
                     "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x8e\x82: not 5");
}
END_TEST

START_TEST(controls_are_escaped)
{
    static const char *const names[][2] = {
        {"\n", "\\x0a"},
        {"\x1b[31m", "\\x1b[31m"},
        {"\r\t\b\x7f", "\\x0d\\x09\\x08\\x7f"},
        {"\xc2\x9b", "\\xc2\\x9b"},          /* CSI */
        {"\xe2\x80\xae", "\\xe2\\x80\\xae"}, /* from right to left */
        {"\x9b", "\\x9b"},                   /* no UTF-8 from here on */
        {"\xff\xfe", "\\xff\\xfe"},
        {"\xc0\x8a", "\\xc0\\x8a"}, /* longer than need be */
        {"\xe0\x80\x8a", "\\xe0\\x80\\x8a"},
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},          /* a surrogate */
        {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, /* beyond 10ffff */
        {"\xc3", "\\xc3"},                            /* cut off */
        {"\xc3\x1b", "\\xc3\\x1b"},
    };
    char text[64];
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(text, sizeof text, "%s: not 5", names[i][1]);
        ck_assert_str_eq(message(names[i][0]), text);
    }
}
END_TEST

/* They still begin with the name and end with what is wrong. */
START_TEST(long_names_are_shortened)
{
    static const char fill[] = {'x', '\x1b'};
    static char name[100000];
    for (unsigned i = 0; i < sizeof fill; i++) {
        memset(name, fill[i], sizeof name - 1);
        name[0] = '<';
        const char *text = message(name);
        ck_assert_uint_lt(strlen(text), sizeof(struct error));
        ck_assert_int_eq(text[0], '<');
        ck_assert_ptr_nonnull(strstr(text, "[...]"));
        ck_assert_str_eq(text + strlen(text) - 7, ": not 5");
    }
}
END_TEST

Suite *error_suite(void)
{
    Suite *suite = suite_create("messages");
    TCase *c = tcase_create("messages");
    tcase_add_test(c, plain_text_stays);
    tcase_add_test(c, controls_are_escaped);
    tcase_add_test(c, long_names_are_shortened);
    suite_add_tcase(suite, c);
    return suite;
}
