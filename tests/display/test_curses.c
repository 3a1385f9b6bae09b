/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screen in a terminal. */
#include "hw/host/terminal.h"
#include "tests/display/stage.h"
#include "tests/display/vt.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static int terminal; /* the user's end */
static struct vt vt;
static struct termios before;

static void open_terminal(unsigned rows, unsigned columns)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    int slave;
    ck_assert_int_eq(openpty(&terminal, &slave, NULL, NULL, &size), 0);
    dup2(slave, STDIN_FILENO);
    dup2(slave, STDOUT_FILENO);
    close(slave);
    ck_assert_int_eq(tcgetattr(terminal, &before), 0);
    vt_init(&vt, rows, columns);
}

static void open_curses(const char *name, const char *locale)
{
    setenv("TERM", name, 1);
    setenv("LC_ALL", locale, 1);
    const char *why = stage_open(&curses_display, (struct display_request){0});
    ck_assert_msg(!why, "%s", why);
}

static void setup(void)
{
    stage_begin();
    fflush(NULL);
    open_terminal(25, 80);
    terminal_catch_signals(eventfd(0, 0));
    stage_text(0, 0, 0x07, "C:\\>");
}

/* Takes what has come; false if there was nothing for a while. */
static bool take_some(void)
{
    char bytes[4096];
    struct pollfd p = {.fd = terminal, .events = POLLIN};
    ssize_t n = poll(&p, 1, 1000) > 0 ? read(terminal, bytes, sizeof bytes) : 0;
    vt_feed(&vt, bytes, n > 0 ? (size_t)n : 0);
    return n > 0;
}

static void expect_row(unsigned row, const char *wanted)
{
    for (unsigned s = 0; strcmp(vt_row(&vt, row), wanted) != 0 && s < PATIENCE_S;)
        s += !take_some();
    ck_assert_str_eq(vt_row(&vt, row), wanted);
}

static void type(const char *keys, size_t length)
{
    ck_assert_int_eq(write(terminal, keys, length), (ssize_t)length);
}

#define TYPE(keys) type(keys, sizeof keys - 1)

START_TEST(shows_text)
{
    open_curses("xterm-256color", "C.UTF-8");
    expect_row(0, "C:\\>");
    stage_text(10, 3, 0x1e, "yellow on blue");
    expect_row(3, "          yellow on blue");
    ck_assert_uint_eq(vt.cell[3][10].front, 11);
    ck_assert_uint_eq(vt.cell[3][10].back, 4);
    stage_text(0, 24, 0x70, "\xc9\xcd\xbb\x01\x80\xe1");
    expect_row(24, "╔═╗☺Çß");
    ck_assert_uint_eq(vt.cell[24][0].back, 7);
    ck_assert_uint_eq(vt.row, 24);
    ck_assert_uint_eq(vt.column, 6);
    ck_assert(vt.is_alternate && !vt.is_cursor_hidden);
}
END_TEST

START_TEST(shows_ascii_without_unicode)
{
    open_curses("xterm", "C");
    stage_text(0, 1, 0x9f, "\xc9\xcd\xbb\xb3\xb0\x01\x80.");
    expect_row(1, "+=+|#*?.");
    ck_assert(vt.cell[1][0].bold); /* there are eight colours */
    ck_assert_uint_eq(vt.cell[1][0].back, 4);
}
END_TEST

START_TEST(says_graphics)
{
    open_curses("xterm-256color", "C.UTF-8");
    stage_graphics(640, 480);
    expect_row(12, "                            640 x 480 graphics mode");
    ck_assert(vt.is_cursor_hidden);
    stage_text(0, 0, 7, "again");
    expect_row(0, "again");
    expect_row(12, "");
}
END_TEST

/* A terminal of ten rows shows those at the cursor; then it grows. */
START_TEST(follows_the_terminal)
{
    struct winsize size = {.ws_row = 30, .ws_col = 132};
    close(terminal);
    open_terminal(10, 40);
    open_curses("xterm-256color", "C.UTF-8");
    stage_text(0, 20, 7, "below");
    expect_row(9, "below");
    ck_assert_int_eq(ioctl(terminal, TIOCSWINSZ, &size), 0);
    vt_init(&vt, 30, 132);
    raise(SIGWINCH); /* the terminal is not the one that controls us */
    expect_row(20, "below");
    expect_row(0, "C:\\>");
}
END_TEST

/* ncurses would have more memory for it than there is. */
START_TEST(survives_a_terminal_of_any_size)
{
    struct winsize size = {.ws_row = 65535, .ws_col = 65535};
    open_curses("xterm-256color", "C.UTF-8");
    expect_row(0, "C:\\>");
    ck_assert_int_eq(ioctl(terminal, TIOCSWINSZ, &size), 0);
    raise(SIGWINCH);
    TYPE("a");
    stage_expect("+1e -1e");
}
END_TEST

START_TEST(types)
{
    open_curses("xterm-256color", "C.UTF-8");
    expect_row(0, "C:\\>");
    TYPE("aB\r");
    stage_expect("+1e -1e +2a +30 -2a -30 +1c -1c");
    TYPE("\003\t\177\033[A"); /* Ctrl-C, Tab, Backspace, something that is no key */
    stage_expect("+1d +2e -2e -1d +0f -0f +0e -0e +38 +1a -1a -38 +2a +1e -2a -1e");
    TYPE("\033OA\033OP\033[24~\033[3~"); /* Up, F1, F12, Delete */
    stage_expect("+c8 -c8 +3b -3b +58 -58 +d3 -d3");
    TYPE("\033x\033[1;5D\033[1;2P"); /* Alt-x, Ctrl-Left, Shift-F1 */
    stage_expect("+38 +2d -2d -38 +1d +cb -cb -1d +2a +3b -3b -2a");
    TYPE("\033");
    stage_expect("+01 -01");
}
END_TEST

START_TEST(types_by_a_layout)
{
    stage_options.keyboard = "de";
    open_curses("xterm-256color", "C.UTF-8");
    TYPE("z\303\274@"); /* u with dots */
    stage_expect("+15 -15 +1a -1a +b8 +10 -b8 -10");
}
END_TEST

START_TEST(takes_commands)
{
    open_curses("xterm-256color", "C.UTF-8");
    TYPE("\001");
    expect_row(24,
               " Ctrl-A x: leave  Ctrl-A d: Ctrl-Alt-Del  Ctrl-A Ctrl-A: Ctrl-A  another key: on");
    TYPE("\001");
    stage_expect("+1d +1e -1e -1d");
    expect_row(24, "");
    TYPE("\001d");
    stage_expect("+38 +1d +d3 -d3 -1d -38");
    TYPE("\001x");
    stage_expect_leave();
}
END_TEST

/* After somebody else had the terminal, and we were stopped, all is drawn again. */
START_TEST(is_drawn_again)
{
    open_curses("xterm-256color", "C.UTF-8");
    expect_row(0, "C:\\>");
    vt_init(&vt, 25, 80);
    raise(SIGCONT);
    expect_row(0, "C:\\>");
    ck_assert(vt.is_alternate);
}
END_TEST

START_TEST(leaves_the_terminal_as_it_was)
{
    struct termios after = {0};
    open_curses("xterm-256color", "C.UTF-8");
    expect_row(0, "C:\\>");
    stage_graphics(320, 200);
    expect_row(12, "                            320 x 200 graphics mode");
    ck_assert(vt.is_cursor_hidden && vt.is_alternate);
    ck_assert_int_eq(tcgetattr(terminal, &after), 0);
    ck_assert(!(after.c_lflag & (ICANON | ECHO | ISIG)));
    stage_close();
    while (vt.is_alternate)
        ck_assert(take_some());
    ck_assert(!vt.is_cursor_hidden);
    ck_assert_int_eq(tcgetattr(terminal, &after), 0);
    ck_assert_mem_eq(&after, &before, sizeof before);
}
END_TEST

/* The window around the terminal is closed. */
START_TEST(terminal_goes_away)
{
    open_curses("xterm-256color", "C.UTF-8");
    expect_row(0, "C:\\>");
    close(terminal);
    stage_expect_leave();
}
END_TEST

START_TEST(what_is_no_terminal)
{
    setenv("TERM", "no-such-terminal", 1);
    ck_assert_str_eq(
        stage_open(&curses_display, (struct display_request){0}),
        "-display curses: curses does not know the terminal 'no-such-terminal' (TERM)");
    dup2(open("/dev/null", O_RDWR), STDIN_FILENO);
    ck_assert_str_eq(stage_open(&curses_display, (struct display_request){0}),
                     "-display curses: standard input and output are not a terminal");
}
END_TEST

Suite *curses_suite(void)
{
    Suite *suite = suite_create("curses");
    TCase *c = tcase_create("curses");
    tcase_add_checked_fixture(c, setup, stage_end);
    tcase_set_timeout(c, PATIENCE_S * 2);
    tcase_add_test(c, shows_text);
    tcase_add_test(c, shows_ascii_without_unicode);
    tcase_add_test(c, says_graphics);
    tcase_add_test(c, follows_the_terminal);
    tcase_add_test(c, survives_a_terminal_of_any_size);
    tcase_add_test(c, types);
    tcase_add_test(c, types_by_a_layout);
    tcase_add_test(c, takes_commands);
    tcase_add_test(c, is_drawn_again);
    tcase_add_test(c, leaves_the_terminal_as_it_was);
    tcase_add_test(c, terminal_goes_away);
    tcase_add_test(c, what_is_no_terminal);
    suite_add_tcase(suite, c);
    return suite;
}
