/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The screen in a window, under Xvfb, an X server whose screen is a file, with xdotool for the user
 * and no window manager.
 */
#include "tests/display/stage.h"

#include <X11/Xlib.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 1024, HEIGHT = 768 };

static char folder[] = "/tmp/tessera-xvfb-XXXXXX";
static pid_t server, manager;
static const uint32_t *screen; /* the X server's */
static unsigned pitch;         /* in pixels */

/* --- the X server --- */

static _Noreturn void run_server(int number_fd)
{
    char fd[16];
    snprintf(fd, sizeof fd, "%d", number_fd);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execlp("Xvfb", "Xvfb", "-displayfd", fd, "-screen", "0", "1024x768x24", "-fbdir", folder,
           "-nolisten", "tcp", "-noreset", NULL);
    _exit(127);
}

/* The header of X's window dumps is big-endian words: its own size, ..., the colours' number. */
static void map_screen(void)
{
    enum { SIZE = 0, BYTES_PER_LINE = 12, COLOURS = 19, COLOUR = 12 };
    char path[64];
    struct stat status;
    snprintf(path, sizeof path, "%s/Xvfb_screen0", folder);
    int fd = open(path, O_RDONLY);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(fstat(fd, &status), 0);
    const uint32_t *header = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, fd, 0);
    ck_assert_ptr_ne(header, MAP_FAILED);
    close(fd);
    pitch = ntohl(header[BYTES_PER_LINE]) / 4;
    screen = header + (ntohl(header[SIZE]) + ntohl(header[COLOURS]) * COLOUR) / 4;
}

static void start_server(void)
{
    int ends[2];
    char number[16] = ":";
    strcpy(folder, "/tmp/tessera-xvfb-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(pipe(ends), 0);
    server = fork();
    ck_assert_int_ge(server, 0);
    if (!server)
        run_server(ends[1]);
    close(ends[1]);
    ck_assert_int_gt(read(ends[0], number + 1, sizeof number - 2), 0);
    close(ends[0]);
    number[strcspn(number, "\n")] = '\0';
    setenv("DISPLAY", number, 1);
    map_screen();
}

static void setup(void)
{
    stage_begin();
    start_server();
}

static void open_window(struct display_request r)
{
    const char *why = stage_open(&sdl_display, r);
    ck_assert_msg(!why, "%s", why);
}

static int run(char *output, size_t size, const char *format, va_list args)
{
    char command[512];
    vsnprintf(command, sizeof command, format, args);
    FILE *from = popen(command, "r"); /* NOLINT(cert-env33-c): a shell is what is wanted */
    ck_assert_ptr_nonnull(from);
    size_t length = fread(output, 1, size - 1, from);
    output[length] = '\0';
    output[strcspn(output, "\n")] = '\0';
    return pclose(from);
}

static void teardown(void)
{
    stage_end();
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    char path[64];
    snprintf(path, sizeof path, "%s/Xvfb_screen0", folder);
    unlink(path);
    rmdir(folder);
}

/* --- the user --- */

/* What he does by xdotool; what that says. */
static const char *user(const char *format, ...) __attribute__((format(printf, 1, 2)));
static const char *user(const char *format, ...)
{
    static char output[256];
    va_list args;
    va_start(args, format);
    int status = run(output, sizeof output, format, args);
    va_end(args);
    ck_assert_msg(status == 0, "%s: %s", format, output);
    return output;
}

static unsigned long window;

/* Without a window manager, the focus is where it is put. The pointer's picture is on the screen.
 */
static void find_window(void)
{
    window = strtoul(user("xdotool search --sync --onlyvisible --name Tessera"), NULL, 10);
    user("xdotool windowfocus --sync %lu mousemove %d %d", window, WIDTH - 1, HEIGHT - 1);
}

/* What a window manager does. */
static void manage(void (*what)(Display *))
{
    Display *display = XOpenDisplay(NULL);
    ck_assert_ptr_nonnull(display);
    what(display);
    XCloseDisplay(display);
}

static void take_focus(Display *display)
{
    XSetInputFocus(display, PointerRoot, RevertToNone, CurrentTime);
}

static void close_window(Display *display)
{
    XEvent e = {.xclient = {.type = ClientMessage, .window = window, .format = 32}};
    e.xclient.message_type = XInternAtom(display, "WM_PROTOCOLS", False);
    e.xclient.data.l[0] = (long)XInternAtom(display, "WM_DELETE_WINDOW", False);
    XSendEvent(display, window, False, NoEventMask, &e);
}

static void place_of(unsigned *x, unsigned *y, unsigned *width, unsigned *height)
{
    const char *text = user("xdotool getwindowgeometry --shell %lu | tr '\\n' ' '", window);
    ck_assert_int_eq(sscanf(text, "WINDOW=%*u X=%u Y=%u WIDTH=%u HEIGHT=%u", x, y, width, height),
                     4);
}

static void pause_ms(unsigned ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000L}, NULL);
}

static bool shows(unsigned left, unsigned top, unsigned y, unsigned shade, unsigned width)
{
    for (unsigned x = 0; x < width; x++)
        if ((screen[(top + y) * pitch + left + x] & 0xffffff) != stage_pixel(x, y, shade))
            return false;
    return true;
}

/* The window is of that size, and shows the picture, with line y of a shade. */
static void expect_picture(unsigned width, unsigned height, unsigned y, unsigned shade)
{
    unsigned left, top, w, h, line = 0;
    for (unsigned ms = 0; ms < PATIENCE_S * 1000; ms += 50) {
        place_of(&left, &top, &w, &h);
        for (line = 0; w == width && h == height && line < height; line++)
            if (!shows(left, top, line, line == y ? shade : 0, width))
                break;
        if (line == height)
            return;
        pause_ms(50);
    }
    ck_abort_msg("%u x %u at (%u, %u): line %u is another", w, h, left, top, line);
}

static void expect_title(const char *wanted)
{
    const char *title = "";
    for (unsigned ms = 0; ms < PATIENCE_S * 1000; ms += 50) {
        title = user("xdotool getwindowname %lu", window);
        if (strcmp(title, wanted) == 0)
            return;
        pause_ms(50);
    }
    ck_assert_str_eq(title, wanted);
}

#define FREE " - click to use the mouse"
#define HELD " - Ctrl-Alt-G releases the mouse"
#define OURS " - its pointer is yours"

START_TEST(shows_the_picture)
{
    open_window((struct display_request){0});
    find_window();
    expect_picture(320, 200, 0, 0);
    stage_draw(50, 3);
    expect_picture(320, 200, 50, 3);
    stage_graphics(640, 480);
    expect_picture(640, 480, 50, 3);
}
END_TEST

/* Twice as wide and three times as high: as large as fits, the rest black. */
START_TEST(is_scaled)
{
    unsigned left, top, width, height;
    open_window((struct display_request){0});
    find_window();
    expect_picture(320, 200, 0, 0);
    user("xdotool windowsize --sync %lu 640 600", window);
    place_of(&left, &top, &width, &height);
    ck_assert(width == 640 && height == 600);
    const uint32_t *black = screen + (top + 50) * pitch + left + 320,
                   *middle = screen + (top + 300) * pitch + left + 320;
    for (unsigned ms = 0; (*black & 0xffffff || !(*middle & 0xffffff)) && ms < PATIENCE_S * 1000;
         ms += 50)
        pause_ms(50);
    ck_assert_uint_eq(*black & 0xffffff, 0);
    ck_assert_uint_ne(*middle & 0xffffff, 0);
    stage_graphics(400, 300); /* the user's size stays */
    pause_ms(300);
    place_of(&left, &top, &width, &height);
    ck_assert(width == 640 && height == 600);
    user("xdotool key ctrl+alt+u");
    expect_picture(400, 300, 0, 0);
}
END_TEST

START_TEST(keys)
{
    open_window((struct display_request){0});
    find_window();
    user("xdotool key a");
    stage_expect("+1e -1e");
    user("xdotool key shift+1");
    stage_expect("+2a +02 -2a -02");
    user("xdotool key Up key F12 key KP_Enter key Pause key Print");
    stage_expect("+c8 -c8 +58 -58 +9c -9c +c6 -c6 +b7 -b7");
}
END_TEST

/* On a German keyboard the key beside T is Z; the guest gets the place. */
START_TEST(keys_by_their_places)
{
    user("setxkbmap de");
    open_window((struct display_request){0});
    find_window();
    user("xdotool key z");
    stage_expect("+15 -15");
}
END_TEST

START_TEST(keys_come_up_without_focus)
{
    open_window((struct display_request){0});
    find_window();
    user("xdotool keydown Shift_L keydown b");
    stage_expect("+2a +30");
    manage(take_focus);
    stage_expect("-30 -2a");
    user("xdotool keyup b keyup Shift_L");
}
END_TEST

START_TEST(mouse)
{
    open_window((struct display_request){0});
    find_window();
    expect_picture(320, 200, 0, 0);
    expect_title("Tessera" FREE);
    user("xdotool mousemove --window %lu 100 100 click 3", window); /* is nobody's */
    user("xdotool click 1");
    expect_title("Tessera" HELD);
    user("xdotool mousemove_relative 5 3");
    stage_expect("m5,3,0");
    user("xdotool mousemove_relative -- -7 -2");
    stage_expect("m-7,-2,0");
    user("xdotool click 1 click 3 click 2");
    stage_expect("b1 b0 b2 b0 b4 b0");
    user("xdotool click 4 click 5 click 9");
    stage_expect("m0,0,-1 m0,0,1 b10 b0");
    user("xdotool key ctrl+alt+g");
    expect_title("Tessera" FREE);
    stage_expect("+1d +38 -1d -38");
    user("xdotool mousemove_relative 5 3 key x");
    stage_expect("+2d -2d");
}
END_TEST

/* Nothing has to be held fast, and what was is let go. */
START_TEST(tablet)
{
    open_window((struct display_request){0});
    find_window();
    expect_picture(320, 200, 0, 0);
    expect_title("Tessera" FREE);
    stage_take_up_tablet(true);
    expect_title("Tessera" OURS);
    user("xdotool mousemove --window %lu 319 0", window);
    stage_expect("p7fff,0");
    user("xdotool mousemove --window %lu 160 199 click 1 click 5", window);
    stage_expect("p4032,7fff b1 b0 m0,0,1");
    user("xdotool key ctrl+alt+g"); /* there is nothing to hold */
    stage_expect("+1d +38 -1d -38");
    expect_title("Tessera" OURS);
    stage_take_up_tablet(false);
    expect_title("Tessera" FREE);
    user("xdotool mousemove_relative -- -7 -2 key x"); /* is nobody's */
    stage_expect("+2d -2d");
    user("xdotool click 1");
    expect_title("Tessera" HELD);
    stage_take_up_tablet(true);
    expect_title("Tessera" OURS);
}
END_TEST

static void expect_size(unsigned width, unsigned height)
{
    unsigned left, top, w = 0, h = 0;
    for (unsigned ms = 0; (w != width || h != height) && ms < PATIENCE_S * 1000; ms += 50) {
        pause_ms(50);
        place_of(&left, &top, &w, &h);
    }
    ck_assert_msg(w == width && h == height, "%u x %u", w, h);
}

static bool is_managed;

static void look_for_manager(Display *display)
{
    int count;
    Atom *properties = XListProperties(display, DefaultRootWindow(display), &count);
    for (int i = 0; i < count; i++)
        is_managed |= properties[i] == XInternAtom(display, "_NET_SUPPORTING_WM_CHECK", False);
    XFree(properties);
}

static void start_window_manager(void)
{
    manager = fork();
    ck_assert_int_ge(manager, 0);
    if (!manager) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execlp("evilwm", "evilwm", "-fn", "fixed", NULL);
        _exit(127);
    }
    for (unsigned ms = 0; !is_managed && ms < PATIENCE_S * 1000; ms += 50) {
        pause_ms(50);
        manage(look_for_manager);
    }
    ck_assert(is_managed);
}

START_TEST(full_screen)
{
    start_window_manager();
    open_window((struct display_request){.full_screen = true});
    find_window();
    expect_size(WIDTH, HEIGHT);
    expect_title("Tessera" HELD);
    user("xdotool key ctrl+alt+f");
    expect_size(320, 200);
}
END_TEST

START_TEST(title_names_the_guest)
{
    stage_options.name = "Emma";
    open_window((struct display_request){0});
    find_window();
    expect_title("Emma - Tessera" FREE);
}
END_TEST

START_TEST(title_tells_of_a_stopped_guest)
{
    open_window((struct display_request){0});
    find_window();
    expect_title("Tessera" FREE);
    stage_is_stopped = true;
    expect_title("Tessera [Stopped]" FREE);
    stage_is_stopped = false;
    expect_title("Tessera" FREE);
}
END_TEST

START_TEST(closing_ends_the_guest)
{
    open_window((struct display_request){0});
    find_window();
    manage(close_window);
    stage_expect_leave();
}
END_TEST

START_TEST(server_goes_away)
{
    open_window((struct display_request){0});
    find_window();
    user("xdotool keydown a");
    stage_expect("+1e");
    kill(server, SIGKILL);
    stage_expect_leave();
    stage_expect("-1e");
    ck_assert_ptr_nonnull(strstr(stage_said(), "the window system has gone"));
}
END_TEST

START_TEST(no_window_system)
{
    unsetenv("DISPLAY");
    setenv("SDL_VIDEODRIVER", "x11", 1);
    const char *why = stage_open(&sdl_display, (struct display_request){0});
    ck_assert_msg(why && strncmp(why, "-display sdl: ", 14) == 0 && strstr(why, "DISPLAY"), "%s",
                  why);
    setenv("DISPLAY", ":987654", 1);
    ck_assert_ptr_nonnull(stage_open(&sdl_display, (struct display_request){0}));
    /* Nor do SDL's libraries say anything by themselves. */
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    unsetenv("SDL_VIDEODRIVER");
    why = stage_open(&sdl_display, (struct display_request){0});
    ck_assert_msg(why && strstr(why, "there is no window system"), "%s", why);
    ck_assert_str_eq(stage_said(), "");
}
END_TEST

/* SDL's own driver for no window system. */
START_TEST(dummy)
{
    unsetenv("DISPLAY");
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    open_window((struct display_request){0});
    for (unsigned i = 0; i < 20; i++) {
        stage_graphics(320 + i, 200);
        pause_ms(20);
    }
}
END_TEST

/* A window comes by itself where there is a place for one, and if not, nobody minds. */
START_TEST(by_default)
{
    const struct display_setup s = {.screen = stage_screen, .input = stage_input};
    struct display_options o = {0};
    struct displays d;
    struct error error;
    ck_assert(displays_open(&d, &o, &s, &error));
    ck_assert_uint_eq(d.count, 1);
    displays_close(&d);
    o.none = true;
    ck_assert(displays_open(&d, &o, &s, &error));
    ck_assert_uint_eq(d.count, 0);
    displays_close(&d);
    o.none = false;
    setenv("DISPLAY", ":987654", 1);
    ck_assert(displays_open(&d, &o, &s, &error));
    ck_assert_uint_eq(d.count, 0);
    ck_assert_ptr_nonnull(strstr(
        stage_said(), "so there is no window (-display curses, vnc= or web=, or -nographic)"));
    displays_close(&d);
}
END_TEST

/* Also where nothing is shown: a wrong word is not to be found out on another day. */
START_TEST(layout_is_looked_at)
{
    const struct display_setup s = {.screen = stage_screen, .input = stage_input};
    struct display_options o = {.none = true, .keyboard = "NOSUCH"};
    struct displays d;
    struct error error;
    ck_assert(!displays_open(&d, &o, &s, &error));
    ck_assert_ptr_nonnull(strstr(error.text, "-k NOSUCH: no such layout"));
    o.keyboard = "de";
    ck_assert(displays_open(&d, &o, &s, &error));
    displays_close(&d);
}
END_TEST

/* Who starts from a disk, and has no place for a window, is told why he sees nothing. */
START_TEST(nowhere)
{
    static const char line[] = "tessera: DISPLAY and WAYLAND_DISPLAY are not set; so there is no "
                               "window (-display curses, vnc= or web=, or -nographic)\n";
    const struct display_setup s = {.screen = stage_screen, .input = stage_input};
    struct display_options o = {0};
    struct displays d;
    struct error error;
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    ck_assert(displays_open(&d, &o, &s, &error));
    ck_assert_str_eq(stage_said(), "");
    o.is_expected = o.none = true;
    ck_assert(displays_open(&d, &o, &s, &error));
    ck_assert_str_eq(stage_said(), "");
    o.none = false;
    ck_assert(displays_open(&d, &o, &s, &error));
    ck_assert_str_eq(stage_said(), line);
}
END_TEST

Suite *sdl_suite(void)
{
    Suite *suite = suite_create("sdl");
    TCase *c = tcase_create("sdl");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, PATIENCE_S * 2);
    tcase_add_test(c, shows_the_picture);
    tcase_add_test(c, layout_is_looked_at);
    tcase_add_test(c, is_scaled);
    tcase_add_test(c, keys);
    tcase_add_test(c, keys_by_their_places);
    tcase_add_test(c, keys_come_up_without_focus);
    tcase_add_test(c, mouse);
    tcase_add_test(c, full_screen);
    tcase_add_test(c, title_names_the_guest);
    tcase_add_test(c, title_tells_of_a_stopped_guest);
    tcase_add_test(c, closing_ends_the_guest);
    tcase_add_test(c, server_goes_away);
    tcase_add_test(c, no_window_system);
    tcase_add_test(c, dummy);
    tcase_add_test(c, by_default);
    tcase_add_test(c, nowhere);
    suite_add_tcase(suite, c);
    c = tcase_create("tablet");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, PATIENCE_S * 2);
    tcase_add_test(c, tablet);
    suite_add_tcase(suite, c);
    return suite;
}
