/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screen in a browser: requests, the server with a browser of our own, and Chromium. */
#include "hw/host/http.h"
#include "tests/display/stage.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned port;

/* --- requests --- */

#define END "\r\n\r\n"

START_TEST(a_request)
{
    static const char text[] = "GET /app/ui.js?x=1 HTTP/1.1\r\nHost: 127.0.0.1:80\r\n"
                               "upgrade:  WebSocket \r\nOrigin:\thttp://127.0.0.1:80" END "more";
    struct http_request r;
    size_t whole = sizeof text - 1 - strlen("more");
    for (size_t n = 0; n < whole; n++)
        ck_assert_int_eq(http_parse(&r, text, n), HTTP_MORE);
    ck_assert_int_eq(http_parse(&r, text, sizeof text - 1), HTTP_GOOD);
    ck_assert_uint_eq(r.size, whole);
    ck_assert_str_eq(r.path, "/app/ui.js");
    ck_assert_str_eq(r.host, "127.0.0.1:80");
    ck_assert_str_eq(r.origin, "http://127.0.0.1:80");
    ck_assert(r.is_websocket && !r.is_head);
    ck_assert(http_is_ours(&r, true));
    ck_assert_int_eq(http_parse(&r, "HEAD / HTTP/1.0\n\n", 17), HTTP_GOOD);
    ck_assert(r.is_head);
}
END_TEST

START_TEST(requests_that_are_none)
{
    static const char *const bad[] = {
        END,
        "GET" END,
        "GET /" END,
        "GET / " END,
        "GET / FTP/1.1" END,
        "POST / HTTP/1.1" END,
        "GET http://x/ HTTP/1.1" END,
        "GET / HTTP/1.1\r\nno colon" END,
        "\x16\x03\x01\r\n",
    };
    struct http_request r;
    ck_assert_int_eq(http_parse(&r, bad[_i], strlen(bad[_i])), HTTP_BAD);
}
END_TEST

static void place(char *at, const char *words)
{
    while (*words)
        *at++ = *words++;
}

START_TEST(requests_that_are_too_long)
{
    static char text[HTTP_REQUEST + 64];
    struct http_request r;
    memset(text, 'x', sizeof text);
    ck_assert_int_eq(http_parse(&r, text, HTTP_REQUEST - 1), HTTP_MORE);
    ck_assert_int_eq(http_parse(&r, text, HTTP_REQUEST), HTTP_BAD);
    place(text, "GET /");
    place(text + HTTP_FIELD + 4, " HTTP/1.1" END);
    ck_assert_int_eq(http_parse(&r, text, sizeof text), HTTP_BAD);
    place(text + 100, " HTTP/1.1" END);
    text[50] = '\0';
    ck_assert_int_eq(http_parse(&r, text, sizeof text), HTTP_BAD);
}
END_TEST

/* Bytes at random, of those that matter: the sanitizers watch. */
START_TEST(requests_at_random)
{
    static const char *const parts[] = {"GET ", "/", " HTTP/1.1", "\r\n", "\n",     ":", " ",
                                        "Host", "?", "HEAD ",     "\r",   "Origin", "x", "\t"};
    struct http_request r;
    srandom(1);
    for (unsigned i = 0; i < 200000; i++) {
        char text[256];
        size_t n = 0;
        for (unsigned k = (unsigned)random() % 24; k > 0; k--)
            n += (size_t)sprintf(text + n, "%s", parts[random() % 14]);
        char *exact = malloc(n + 1);
        memcpy(exact, text, n);
        if (http_parse(&r, exact, n) == HTTP_GOOD)
            ck_assert_uint_le(r.size, n);
        free(exact);
    }
}
END_TEST

static const struct origin {
    const char *host, *origin;
    bool websocket, local, ours;
} origins[] = {
    {"127.0.0.1:8080", "", false, true, true},
    {"127.0.0.1:8080", "http://127.0.0.1:8080", true, true, true},
    {"localhost:8080", "http://localhost:8080", true, true, true},
    {"[::1]:8080", "http://[::1]:8080", true, true, true},
    {"127.0.0.1:8080", "http://evil.example", true, true, false},
    {"127.0.0.1:8080", "http://127.0.0.1:8081", true, true, false},
    {"127.0.0.1:8080", "https://127.0.0.1:8080", true, true, false},
    {"127.0.0.1:8080", "", true, true, false},
    {"evil.example", "http://evil.example", true, true, false}, /* a name that leads here */
    {"127.0.0.1.evil.example", "", false, true, false},
    {"", "", false, true, false},
    {"my.pc:8080", "http://my.pc:8080", true, false, true},
    {"my.pc:8080", "http://evil.example", true, false, false},
};

START_TEST(whose_page_it_is)
{
    const struct origin *o = &origins[_i];
    struct http_request r = {.is_websocket = o->websocket};
    strcpy(r.host, o->host);
    strcpy(r.origin, o->origin);
    ck_assert_int_eq(http_is_ours(&r, o->local), o->ours);
}
END_TEST

/* --- the server --- */

static void setup(void)
{
    stage_begin();
    const char *why = stage_open(&web_display, (struct display_request){.address = "127.0.0.1:0"});
    ck_assert_msg(!why, "%s", why);
    port = stage_last_number("the screen is at http://127.0.0.1:");
}

/* The answer to what is sent, all of it. */
static char *ask(const char *format, ...) __attribute__((format(printf, 1, 2)));
static char *ask(const char *format, ...)
{
    enum { ROOM = 1 << 20 };
    static char answer[ROOM];
    char request[1024];
    size_t length = 0;
    va_list args;
    va_start(args, format);
    int size = vsnprintf(request, sizeof request, format, args);
    va_end(args);
    int fd = stage_connect(port);
    stage_write(fd, request, (size_t)size);
    for (ssize_t n = 1; n > 0 && length<ROOM - 1; length += n> 0 ? (size_t)n : 0)
        n = recv(fd, answer + length, ROOM - 1 - length, 0);
    close(fd);
    answer[length] = '\0';
    return answer;
}

static void expect_answer(const char *answer, const char *status)
{
    ck_assert_msg(strncmp(answer, "HTTP/1.1 ", 9) == 0 &&
                      strncmp(answer + 9, status, strlen(status)) == 0,
                  "%.100s", answer);
}

START_TEST(serves_the_page)
{
    const char *answer = ask("GET / HTTP/1.1\r\nHost: 127.0.0.1:%u" END, port);
    expect_answer(answer, "302");
    ck_assert_ptr_nonnull(strstr(answer, "\r\nLocation: /vnc.html?autoconnect=1"));
    answer = ask("GET /vnc.html?autoconnect=1 HTTP/1.1\r\nHost: 127.0.0.1:%u" END, port);
    expect_answer(answer, "200");
    ck_assert_ptr_nonnull(strstr(answer, "\r\nContent-Type: text/html"));
    ck_assert_ptr_nonnull(strstr(answer, "</html>"));
    answer = ask("HEAD /vnc.html HTTP/1.1\r\nHost: localhost:%u" END, port);
    expect_answer(answer, "200");
    ck_assert_ptr_null(strstr(answer, "</html>"));
}
END_TEST

START_TEST(serves_nothing_else)
{
    static const char *const elsewhere[] = {"/../../../etc/passwd",
                                            "/app/../../../../etc/passwd",
                                            "//etc/passwd",
                                            "/utils/novnc_proxy",
                                            "/app",
                                            "/websockify"};
    const char *answer = ask("GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u" END, elsewhere[_i], port);
    expect_answer(answer, "404");
}
END_TEST

START_TEST(refuses_other_sites)
{
    expect_answer(ask("GET /vnc.html HTTP/1.1\r\nHost: evil.example" END), "403");
    expect_answer(ask("GET /websockify HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUpgrade: websocket\r\n"
                      "Origin: http://evil.example" END,
                      port),
                  "403");
    expect_answer(ask("\r\n"), "400");
}
END_TEST

/* A slow loris, half a request, no request, and a WebSocket with garbage in it. */
START_TEST(garbage_harms_nobody)
{
    static const char upgrade[] = "GET /websockify HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
                                  "Upgrade: websocket\r\nOrigin: http://127.0.0.1:%u\r\n"
                                  "Sec-WebSocket-Version: 13\r\n%s" END "%s";
    int idle = stage_connect(port), half = stage_connect(port);
    stage_write(half, "GET / HT", 8);
    static const char *const keys[] = {"", "Sec-WebSocket-Key: ", "Sec-WebSocket-Key: eA==",
                                       "Sec-WebSocket-Protocol: base64\r\nSec-WebSocket-Key: eA=="};
    static const char *const frames[] = {"",
                                         "\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
                                         "\x81\x05xxxxx",
                                         "\x88\x80xxxx",
                                         "\x89\xfe\xff\xffxxxxyyyy",
                                         "\xff\xff\xff\xff",
                                         "RFB 003.008\n"};
    for (unsigned k = 0; k < 4; k++)
        for (unsigned f = 0; f < 7; f++) {
            char text[1024];
            int fd = stage_connect(port);
            int n = snprintf(text, sizeof text, upgrade, port, port, keys[k], frames[f]);
            stage_write(fd, text, (size_t)n);
            shutdown(fd, SHUT_WR);
            stage_expect_end(fd);
        }
    expect_answer(ask("GET / HTTP/1.1\r\nHost: 127.0.0.1:%u" END, port), "302");
    close(idle);
    close(half);
}
END_TEST

/* Requests that do not go on keep nobody out. */
START_TEST(strangers_make_room)
{
    enum { STRANGERS = 40 };
    int fd[STRANGERS];
    for (unsigned i = 0; i < STRANGERS; i++) {
        fd[i] = stage_connect(port);
        stage_write(fd[i], "GET / HT", i % 3 * 4);
    }
    for (unsigned i = 0; i < 8; i++)
        expect_answer(ask("GET / HTTP/1.1\r\nHost: 127.0.0.1:%u" END, port), "302");
    stage_expect_end(fd[0]);
    for (unsigned i = 1; i < STRANGERS; i++)
        close(fd[i]);
}
END_TEST

/* RFC 6455, 5.5: a control frame has at most 125 bytes. This one is larger than libvncserver's
 * buffer, and all of it is there. */
START_TEST(a_large_control_frame_ends)
{
    enum { SIZE = 8192 };
    static char text[SIZE];
    int fd = stage_connect(port);
    int n = snprintf(text, SIZE,
                     "GET /websockify HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
                     "Upgrade: websocket\r\nOrigin: http://127.0.0.1:%u\r\n"
                     "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==" END,
                     port, port);
    stage_write(fd, text, (size_t)n);
    stage_write(fd, "\x89\xfe\x20\x00xxxx", 8);
    stage_write(fd, text, SIZE);
    shutdown(fd, SHUT_WR);
    stage_expect_end(fd);
}
END_TEST

START_TEST(no_page)
{
    stage_close();
    ck_assert_str_eq(
        stage_open(&web_display, (struct display_request){.address = ":0", .novnc = "/nowhere"}),
        "-display web: noVNC's page is not there (package novnc): /nowhere: No such "
        "file or directory");
    stage_close();
    ck_assert_str_eq(
        stage_open(&web_display,
                   (struct display_request){.address = ":0", .novnc = "/usr/include/rfb"}),
        "-display web: /usr/include/rfb: no vnc.html there; it is not noVNC's (package novnc)");
}
END_TEST

/* Chromium shows noVNC's page; somebody types, moves the mouse and looks. */
START_TEST(chromium_types)
{
    char command[256];
    stage_graphics(640, 400);
    stage_take_up_tablet(true);
    snprintf(command, sizeof command,
             "python3 tests/display/browser.py http://127.0.0.1:%u/ 640x400", port);
    FILE *browser = popen(command, "r"); /* NOLINT(cert-env33-c): a shell is what is wanted */
    char line[256] = "";
    ck_assert_ptr_nonnull(browser);
    ck_assert_msg(fgets(line, sizeof line, browser) != NULL, "%s", stage_said());
    ck_assert_str_eq(line, "typed\n");
    stage_expect("+1e -1e +2a +02 -02 -2a +1d +2e -2e -1d +c8 -c8 p4019,4028 b1 b0");
    ck_assert_ptr_nonnull(fgets(line, sizeof line, browser));
    /* A pixel at (100, 37), but for what JPEG does to it. */
    unsigned width, height, red, green, blue;
    uint32_t pixel = stage_pixel(100, 37, 0);
    ck_assert_int_eq(sscanf(line, "%ux%u %u,%u,%u", &width, &height, &red, &green, &blue), 5);
    ck_assert(width == 640 && height == 400);
    ck_assert_int_le(abs((int)red - (int)(pixel >> 16)), 8);
    ck_assert_int_le(abs((int)green - (int)(pixel >> 8 & 0xff)), 8);
    ck_assert_int_le(abs((int)blue - (int)(pixel & 0xff)), 8);
    ck_assert_int_eq(pclose(browser), 0);
}
END_TEST

Suite *web_suite(void)
{
    Suite *suite = suite_create("web");
    TCase *requests = tcase_create("requests"), *c = tcase_create("server");
    tcase_add_test(requests, a_request);
    tcase_add_loop_test(requests, requests_that_are_none, 0, 9);
    tcase_add_test(requests, requests_that_are_too_long);
    tcase_add_test(requests, requests_at_random);
    tcase_add_loop_test(requests, whose_page_it_is, 0, sizeof origins / sizeof *origins);
    tcase_set_timeout(requests, PATIENCE_S);
    suite_add_tcase(suite, requests);
    tcase_add_checked_fixture(c, setup, stage_end);
    tcase_set_timeout(c, PATIENCE_S * 2);
    tcase_add_test(c, serves_the_page);
    tcase_add_loop_test(c, serves_nothing_else, 0, 6);
    tcase_add_test(c, refuses_other_sites);
    tcase_add_test(c, garbage_harms_nobody);
    tcase_add_test(c, strangers_make_room);
    tcase_add_test(c, a_large_control_frame_ends);
    tcase_add_test(c, no_page);
    suite_add_tcase(suite, c);
    c = tcase_create("browser");
    tcase_add_checked_fixture(c, setup, stage_end);
    tcase_set_timeout(c, PATIENCE_S * 2);
    tcase_add_test(c, chromium_types);
    suite_add_tcase(suite, c);
    return suite;
}
