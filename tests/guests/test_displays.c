/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The default guest's screen and keyboard by each display, in the sandbox. What is typed there is
 * answered on the serial line, too.
 */
#include "emulator.h"
#include "test_guests.h"
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* --- by VNC --- */

static void put(int fd, const void *bytes, size_t size)
{
    ck_assert_int_eq(send(fd, bytes, size, MSG_NOSIGNAL), (ssize_t)size);
}

static void get(int fd, void *bytes, size_t size)
{
    ck_assert_int_eq(recv(fd, bytes, size, MSG_WAITALL), (ssize_t)size);
}

/* As far as the server's description of the screen. */
static int connect_viewer(unsigned port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    uint8_t bytes[256];
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    get(fd, bytes, 12);
    put(fd, bytes, 12);
    get(fd, bytes, 2); /* one way in, without a password */
    ck_assert(bytes[0] == 1 && bytes[1] == 1);
    put(fd, "\1", 1);
    get(fd, bytes, 4);
    put(fd, "\1", 1);
    get(fd, bytes, 24);
    get(fd, bytes + 24, bytes[23]);
    return fd;
}

static void send_key(int fd, unsigned keysym, bool down)
{
    const uint8_t message[] = {4, down, 0, 0, 0, 0, (uint8_t)(keysym >> 8), (uint8_t)keysym};
    put(fd, message, sizeof message);
}

static void type_by_viewer(int fd, const char *words)
{
    for (; *words; words++) {
        unsigned keysym = *words == '\r' ? 0xff0d : (unsigned)*words;
        send_key(fd, keysym, true);
        send_key(fd, keysym, false);
    }
}

/* The number behind what is said. */
static unsigned expect_number(struct emulator *e, const char *before)
{
    emulator_expect(e, before);
    size_t at = e->seen;
    emulator_expect(e, strchr(before, '/') ? "/" : " ");
    return (unsigned)strtoul(e->text + at, NULL, 10);
}

START_TEST(vnc)
{
    struct emulator *e =
        emulator_start(ON_PIPES, (const char *[]){"-vnc", ":600,to=9000", "-name", "Emma", NULL});
    unsigned port = expect_number(e, "VNC at 127.0.0.1:");
    emulator_expect(e, "\n> ");
    int fd = connect_viewer(port);
    type_by_viewer(fd, "help\r");
    emulator_expect(e, "help\n");
    emulator_expect(e, "\n> ");
    int other = connect_viewer(port);
    close(fd);
    type_by_viewer(other, "help\r");
    emulator_expect(e, "\n> ");
    kill(e->pid, SIGTERM); /* with a viewer there */
    int status = emulator_wait(e);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    close(other);
    emulator_kill(e);
}
END_TEST

/* As many as there may be, each a thread with memory of its own, beside all other threads. */
START_TEST(vnc_many)
{
    enum { VIEWERS = 8 };
    int fd[VIEWERS];
    uint8_t byte;
    struct emulator *e = emulator_start(
        ON_PIPES, (const char *[]){"-vnc", ":600,to=9000", "-display", "web=127.0.0.1:0", "-nic",
                                   "user", "-fda", DEFAULT_GUEST, "-kernel", DEFAULT_GUEST, NULL});
    unsigned port = expect_number(e, "VNC at 127.0.0.1:");
    emulator_expect(e, "\n> ");
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < VIEWERS; i++) {
            fd[i] = connect_viewer(port);
            put(fd[i], "\3\0\0\0\0\0\2\320\1\220", 10); /* all of 720 x 400 */
            get(fd[i], &byte, 1);
        }
        type_by_viewer(fd[0], "help\r");
        emulator_expect(e, "\n> ");
        for (unsigned i = 0; i < VIEWERS; i++)
            close(fd[i]);
    }
    emulator_kill(e);
}
END_TEST

/* A file, and what vncsnapshot's would be for its text, "sesame". */
static void write_file(char *name, const char *bytes, size_t size)
{
    int fd = mkstemp(name);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
    close(fd);
}

START_TEST(vnc_password)
{
    char secret[] = "/tmp/tessera-secret-XXXXXX", scrambled[] = "/tmp/tessera-vnc-XXXXXX";
    char picture[] = "/tmp/tessera-picture-XXXXXX", argument[128], command[256];
    write_file(secret, "sesame\n", 7);
    write_file(scrambled, "\x0b\xa7\x55\xa9\x23\x04\xb7\x8a", 8);
    write_file(picture, "", 0);
    snprintf(argument, sizeof argument, "secret,id=s,file=%s", secret);
    const char *arguments[] = {"-object", argument, "-vnc", ":600,to=9000,password-secret=s", NULL};
    struct emulator *e = emulator_start(ON_PIPES, arguments);
    unsigned port = expect_number(e, "VNC at 127.0.0.1:");
    emulator_expect(e, "\n> ");
    unlink(secret);
    snprintf(command, sizeof command,
             "timeout 100 vncsnapshot -quiet -passwd %s 127.0.0.1:%u %s 2>/dev/null", scrambled,
             port - 5900, picture);
    ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c): a shell is what is wanted */
    unlink(scrambled);
    unlink(picture);
    emulator_kill(e);
}
END_TEST

START_TEST(web)
{
    char command[256];
    struct emulator *e =
        emulator_start(ON_PIPES, (const char *[]){"-display", "web=127.0.0.1:0", NULL});
    unsigned port = expect_number(e, "the screen is at http://127.0.0.1:");
    emulator_expect(e, "\n> ");
    snprintf(command, sizeof command,
             "python3 tests/display/browser.py http://127.0.0.1:%u/ 720x400 help", port);
    ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c): a shell is what is wanted */
    emulator_expect(e, "help\n");
    emulator_expect(e, "\n> ");
    emulator_kill(e);
}
END_TEST

/* --- in a terminal --- */

static struct emulator *start_curses(void)
{
    setenv("TERM", "xterm", 1);
    struct emulator *e = emulator_start(ON_TERMINAL, (const char *[]){"-display", "curses", NULL});
    emulator_expect(e, "\033[?1049h");
    emulator_expect(e, ">");
    return e;
}

static void check_terminal(struct emulator *e)
{
    struct termios after = {0};
    emulator_expect(e, "\033[?1049l");
    ck_assert_int_eq(tcgetattr(e->slave, &after), 0);
    ck_assert_uint_eq(e->settings.c_iflag, after.c_iflag);
    ck_assert_uint_eq(e->settings.c_oflag, after.c_oflag);
    ck_assert_uint_eq(e->settings.c_lflag, after.c_lflag);
}

START_TEST(curses)
{
    struct emulator *e = start_curses();
    emulator_send(e, "help\r");
    emulator_expect(e, "help");
    emulator_expect(e, ">");
    emulator_send(e, "\001x");
    ck_assert_int_eq(emulator_wait(e), 0);
    check_terminal(e);
    emulator_kill(e);
}
END_TEST

/* In order, by a crash, in a hurry. */
START_TEST(curses_when_killed)
{
    static const int signals[] = {SIGTERM, SIGSEGV, SIGQUIT, SIGHUP};
    struct emulator *e = start_curses();
    kill(e->pid, signals[_i]);
    int status = emulator_wait(e);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == signals[_i]);
    check_terminal(e);
    emulator_kill(e);
}
END_TEST

/* --- a window --- */

static pid_t x_server;
static char x_display[16];

static void start_x_server(void)
{
    int ends[2];
    char fd[16];
    ck_assert_int_eq(pipe(ends), 0);
    x_server = fork();
    ck_assert_int_ge(x_server, 0);
    if (!x_server) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        snprintf(fd, sizeof fd, "%d", ends[1]);
        execlp("Xvfb", "Xvfb", "-displayfd", fd, "-screen", "0", "1024x768x24", "-nolisten", "tcp",
               "-noreset", NULL);
        _exit(127);
    }
    close(ends[1]);
    *x_display = ':';
    ck_assert_int_gt(read(ends[0], x_display + 1, sizeof x_display - 2), 0);
    x_display[strcspn(x_display, "\n")] = '\0';
    close(ends[0]);
    setenv("DISPLAY", x_display, 1); /* xdotool's */
}

static void give_display(void)
{
    setenv("DISPLAY", x_display, 1);
}

static void end_x_server(void)
{
    kill(x_server, SIGKILL);
    waitpid(x_server, NULL, 0);
}

static void user(const char *command)
{
    ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c): a shell is what is wanted */
}

/* It comes by itself; all that it may do, it does. */
START_TEST(window)
{
    start_x_server();
    struct emulator *e = emulator_start_with(ON_PIPES, (const char *[]){NULL}, give_display);
    emulator_expect(e, "\n> ");
    user("xdotool search --sync --onlyvisible --name Tessera windowfocus --sync");
    user("xdotool key h key e key l key p key Return");
    emulator_expect(e, "help\n");
    emulator_expect(e, "\n> ");
    user("xdotool key ctrl+alt+f key ctrl+alt+f");
    user("xdotool search --name Tessera windowsize 900 700 mousemove --window %1 50 50 click 1");
    user("xdotool mousemove_relative 10 10 click 1 click 4 key ctrl+alt+g key ctrl+alt+u");
    user("xdotool key h key e key l key p key Return");
    emulator_expect(e, "help\n");
    emulator_expect(e, "\n> ");
    end_x_server();
    emulator_expect(e, "tessera: the window system has gone, and the window with it\n");
    ck_assert_int_eq(emulator_wait(e), 0);
    emulator_kill(e);
}
END_TEST

START_TEST(no_window)
{
    struct emulator *e = emulator_start(ON_PIPES, (const char *[]){"-display", "sdl", NULL});
    emulator_expect(e, "tessera: -display sdl: ");
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    emulator_kill(e);
}
END_TEST

START_TEST(port_taken)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t size = sizeof a;
    char argument[64];
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, size), 0);
    ck_assert_int_eq(listen(fd, 1), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &size), 0);
    snprintf(argument, sizeof argument, "web=127.0.0.1:%u", ntohs(a.sin_port));
    struct emulator *e = emulator_start(ON_PIPES, (const char *[]){"-display", argument, NULL});
    emulator_expect(e, "tessera: -display web: port ");
    emulator_expect(e, " of 127.0.0.1: Address already in use\n");
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    close(fd);
    emulator_kill(e);
}
END_TEST

Suite *displays_suite(void)
{
    Suite *suite = suite_create("displays");
    TCase *c = tcase_create("displays");
    tcase_set_timeout(c, CASE_TIMEOUT);
    if (!emulator_is_qemu()) {
        tcase_add_test(c, vnc);
        tcase_add_test(c, vnc_many);
        tcase_add_test(c, vnc_password);
        tcase_add_test(c, web);
        tcase_add_test(c, curses);
        tcase_add_loop_test(c, curses_when_killed, 0, 4);
        tcase_add_test(c, window);
        tcase_add_test(c, no_window);
        tcase_add_test(c, port_taken);
    }
    suite_add_tcase(suite, c);
    return suite;
}
