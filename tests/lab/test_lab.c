/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tools/lab, on results that were measured once (results.json): its tables, and its page in
 * Chromium. What it does with guests that fail or lie is test_measure.py's.
 */
#include "tests/suites.h"

#include <check.h>
#include <png.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define RESULTS    "tests/lab/results.json"
#define FOLDER     BUILD "/lab"
#define GUEST      BUILD "/guest/tessera-guest.elf"
#define PAGE       FOLDER "/test.html"
#define PAGE_TRIED FOLDER "/test-tried.html"
#define SCREENSHOT FOLDER "/test.png"
#define CHROMIUM                                                                                   \
    "timeout 100 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage "          \
    "--user-data-dir=" FOLDER "/chromium --window-size=1200,1600 "

/* A command's output, to be freed; its status must be 0. */
static char *output_of(const char *command)
{
    char *text = NULL;
    size_t size = 0;
    char chunk[4096];
    FILE *to = open_memstream(&text, &size);
    FILE *from = popen(command, "r"); /* NOLINT(cert-env33-c): a shell is what is wanted */
    ck_assert_ptr_nonnull(from);
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, from)) > 0;)
        fwrite(chunk, 1, n, to);
    fclose(to);
    int status = pclose(from);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s: %s", command, text);
    return text;
}

static char *contents(const char *path)
{
    char *text = NULL;
    size_t size = 0;
    FILE *from = fopen(path, "r");
    ck_assert_msg(from != NULL, "no %s", path);
    ck_assert_int_ge(getdelim(&text, &size, 0, from), 0);
    fclose(from);
    return text;
}

static void make_page(void)
{
    free(output_of("tools/lab --from " RESULTS " --html " PAGE));
}

START_TEST(tables)
{
    char *text = output_of("tools/lab --from " RESULTS " --results " FOLDER "/test.txt");
    char *page = contents(FOLDER "/test.txt");
    static const char *const wanted[] = {"\n-- integer\n",
                                         "\ngeometric mean",
                                         "times as fast as QEMU system",
                                         "\nboot ",
                                         "Translation, for each guest instruction",
                                         "left out: "};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        ck_assert_msg(strstr(text, wanted[i]) != NULL, "no %s in %s", wanted[i], text);
        ck_assert_msg(strstr(page, wanted[i]) != NULL, "no %s in %s", wanted[i], page);
    }
    ck_assert_ptr_nonnull(strstr(page, "    machine   "));
    ck_assert_ptr_null(strstr(text, "WRONG"));
    free(text);
    free(page);
}
END_TEST

START_TEST(page_needs_no_network)
{
    make_page();
    char *page = contents(PAGE);
    static const char *const banned[] = {"https:", " src=",          "@import", "url(",
                                         "fetch(", "XMLHttpRequest", "<link"};
    for (size_t i = 0; i < sizeof banned / sizeof *banned; i++)
        ck_assert_msg(!strstr(page, banned[i]), "%s in the page", banned[i]);
    /* The one address in it is the name of a namespace. */
    const char *http = strstr(page, "http:");
    ck_assert_ptr_nonnull(http);
    ck_assert_int_eq(strncmp(http, "http://www.w3.org/2000/svg\"", 27), 0);
    ck_assert_ptr_null(strstr(http + 1, "http:"));
    free(page);
}
END_TEST

static void put_script(FILE *to, const char *path)
{
    char *script = contents(path);
    fprintf(to, "<script>%s</script>", script);
    free(script);
}

/* The page between scripts that watch and use it. */
static void make_tried_page(void)
{
    make_page();
    char *page = contents(PAGE);
    char *head = strstr(page, "<head>");
    char *end = strstr(page, "</body>");
    FILE *to = fopen(PAGE_TRIED, "w");
    ck_assert(head && end && to);
    head += strlen("<head>");
    fwrite(page, 1, (size_t)(head - page), to);
    put_script(to, "tests/lab/page_before.js");
    fwrite(head, 1, (size_t)(end - head), to);
    put_script(to, "tests/lab/page_after.js");
    fputs(end, to);
    ck_assert_int_eq(fclose(to), 0);
    free(page);
}

START_TEST(page_works)
{
    make_tried_page();
    char *dom = output_of(CHROMIUM "--dump-dom \"file://$PWD/" PAGE_TRIED "\" 2>/dev/null");
    const char *verdict = strstr(dom, "<pre id=\"verdict\">");
    ck_assert_msg(verdict != NULL, "the page's scripts did not come to their end");
    verdict += strlen("<pre id=\"verdict\">");
    ck_assert_msg(strncmp(verdict, "passed<", 7) == 0, "%.500s", verdict);
    free(dom);
}
END_TEST

/* How many of a picture's rows are of more than one colour? */
static unsigned rows_drawn_on(const uint8_t *gray, unsigned width, unsigned height)
{
    unsigned drawn = 0;
    for (const uint8_t *row = gray; row < gray + (size_t)width * height; row += width)
        drawn += memcmp(row, row + 1, width - 1) != 0;
    return drawn;
}

START_TEST(screenshot_is_not_blank)
{
    png_image image = {.version = PNG_IMAGE_VERSION};

    make_page();
    free(output_of(CHROMIUM "--screenshot=" SCREENSHOT " \"file://$PWD/" PAGE "\" 2>/dev/null"));
    ck_assert_msg(png_image_begin_read_from_file(&image, SCREENSHOT), "%s", image.message);
    ck_assert_uint_eq(image.width, 1200);
    image.format = PNG_FORMAT_GRAY;
    uint8_t *gray = calloc(image.width, image.height);
    ck_assert_msg(png_image_finish_read(&image, NULL, gray, 0, NULL), "%s", image.message);
    ck_assert_uint_gt(rows_drawn_on(gray, image.width, image.height), image.height / 3);
    free(gray);
}
END_TEST

/* The default guest, as if it were a user's own: timed, counted, and made a page of. */
START_TEST(guest_of_ones_own)
{
    char *text = output_of("tools/lab --kernel " GUEST " --append '' --until '\n> ' --rounds 2 "
                           "--engines template,ir,interp --json " FOLDER "/own.json --html " FOLDER
                           "/own.html");
    char *json = contents(FOLDER "/own.json");
    char *page = contents(FOLDER "/own.html");
    ck_assert_msg(strstr(text, "\ntessera-guest.elf ") != NULL, "%s", text);
    ck_assert_msg(strstr(text, "\nguest ") != NULL, "no quality of code in %s", text);
    ck_assert_ptr_null(strstr(text, "FAILED"));
    ck_assert_ptr_nonnull(strstr(json, "\"schema\":\"tessera-lab 1\""));
    ck_assert_ptr_nonnull(strstr(json, "\"of\":\"guest\""));
    ck_assert_ptr_nonnull(strstr(page, "\"of\":\"guest\""));
    free(text);
    free(json);
    free(page);
}
END_TEST

/* Another processor's kernels, as far as they need no Linux for it. */
START_TEST(another_machine)
{
    char *text = output_of("tools/lab --machine ppce500 --engines qemu-user --kernels fib,crc "
                           "--scale 1 --rounds 1 --json " FOLDER "/ppc.json");
    char *json = contents(FOLDER "/ppc.json");
    ck_assert_msg(strstr(text, "QEMU user s\n-- control\nfib ") != NULL, "%s", text);
    ck_assert_ptr_null(strstr(text, "FAILED"));
    ck_assert_ptr_nonnull(strstr(json, "\"settings\":{\"machine\":\"ppce500\""));
    free(text);
    free(json);
}
END_TEST

START_TEST(measuring)
{
    free(output_of(
        "PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=tools python3 tests/lab/test_measure.py 2>&1"));
}
END_TEST

static Suite *lab_suite(void)
{
    Suite *suite = suite_create("lab");
    TCase *tcase = tcase_create("lab");
    tcase_set_timeout(tcase, 200);
    tcase_add_test(tcase, tables);
    tcase_add_test(tcase, page_needs_no_network);
    tcase_add_test(tcase, page_works);
    tcase_add_test(tcase, screenshot_is_not_blank);
    tcase_add_test(tcase, guest_of_ones_own);
    tcase_add_test(tcase, another_machine);
    tcase_add_test(tcase, measuring);
    suite_add_tcase(suite, tcase);
    return suite;
}

TEST_MAIN(lab_suite)
