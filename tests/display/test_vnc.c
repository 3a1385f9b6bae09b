/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screen by VNC, with viewers of our own, libvncclient and vncsnapshot. */
#include "tests/display/rfb.h"
#include "tests/display/stage.h"

#include <rfb/rfbclient.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned port;

static void open_vnc(struct display_request r)
{
    r.address = r.address ? r.address : "127.0.0.1:0";
    r.to = 9000;
    const char *why = stage_open(&vnc_display, r);
    ck_assert_msg(!why, "%s", why);
    port = stage_last_number("VNC at 127.0.0.1:");
}

static void setup(void)
{
    stage_begin();
    open_vnc((struct display_request){0});
}

static bool shows(const struct rfb *r, unsigned y, unsigned shade)
{
    for (unsigned x = 0; x < r->width; x++)
        if (r->pixels[y * r->width + x] != stage_pixel(x, y, shade))
            return false;
    return true;
}

/* Updates until all lines are of a shade, but for line y, which is of another. */
static void expect_picture(struct rfb *r, unsigned shade, unsigned y, unsigned other)
{
    for (unsigned line = 0; line < r->height;)
        if (shows(r, line, line == y ? other : shade)) {
            line++;
        } else {
            rfb_request(r, line > 0);
            rfb_update(r);
        }
}

static void expect_size(struct rfb *r, unsigned width, unsigned height)
{
    while (r->width != width || r->height != height) {
        rfb_request(r, true);
        rfb_update(r);
    }
}

START_TEST(shows_the_picture)
{
    struct rfb *r = rfb_open(port);
    rfb_encodings(r, (const int[]){RFB_DESKTOP_SIZE, RFB_RAW});
    expect_size(r, 320, 200);
    expect_picture(r, 0, 0, 0);
    stage_draw(17, 5);
    expect_picture(r, 0, 17, 5);
    stage_draw(17, 0);
    stage_draw(199, 9);
    expect_picture(r, 0, 199, 9);
    rfb_close(r);
}
END_TEST

START_TEST(follows_the_guest_size)
{
    static const unsigned sizes[][2] = {{640, 480}, {2560, 1600}, {1, 1}, {721, 401}, {320, 200}};
    struct rfb *r = rfb_open(port);
    rfb_encodings(r, (const int[]){RFB_DESKTOP_SIZE, RFB_RAW});
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        stage_graphics(sizes[i][0], sizes[i][1]);
        expect_size(r, sizes[i][0], sizes[i][1]);
        expect_picture(r, 0, 0, 0);
    }
    rfb_close(r);
}
END_TEST

/* An American keyboard's, and others' whose keys send the same keysyms. */
START_TEST(keys_by_keysym)
{
    struct rfb *r = rfb_open(port);
    rfb_key(r, 'a', true);
    rfb_key(r, 'a', true);
    rfb_key(r, 'a', false);
    stage_expect("+1e -1e");
    rfb_key(r, 0xffe1, true); /* Shift */
    rfb_key(r, '!', true);
    rfb_key(r, 0xffe1, false);
    rfb_key(r, '1', false);
    stage_expect("+2a +02 -2a -02");
    rfb_key(r, 0xffc9, true); /* F12 */
    rfb_key(r, 0xffc9, false);
    rfb_key(r, 0xff52, true); /* Up */
    rfb_key(r, 0xff52, false);
    stage_expect("+58 -58 +c8 -c8");
    rfb_close(r);
}
END_TEST

/* A German types / with Shift and @ with AltGr, an American without and with Shift. */
START_TEST(keys_of_another_layout)
{
    struct rfb *r = rfb_open(port);
    rfb_key(r, 0xffe1, true);
    rfb_key(r, '/', true);
    rfb_key(r, '/', false);
    rfb_key(r, 0xffe1, false);
    stage_expect("+2a -2a +35 +2a -35 -2a");
    rfb_key(r, 0xfe03, true);
    rfb_key(r, '@', true);
    rfb_key(r, 0xfe03, false);
    rfb_key(r, 'q', false);
    stage_expect("+b8 +2a -b8 +03 -2a +b8 -b8 -03");
    rfb_close(r);
}
END_TEST

START_TEST(keys_by_place)
{
    struct rfb *r = rfb_open(port);
    rfb_encodings(r, (const int[]){RFB_EXTENDED_KEY, RFB_RAW});
    while (!r->has_extended_keys)
        rfb_update(r);
    rfb_extended_key(r, 'y', 0x2c, true); /* where an American has Z */
    rfb_extended_key(r, 'y', 0x2c, false);
    rfb_extended_key(r, 0xffe4, 0x9d, true); /* right Ctrl */
    rfb_extended_key(r, 0xffe4, 0x9d, false);
    rfb_extended_key(r, 'a', 0, true); /* he does not know where */
    rfb_extended_key(r, 'a', 0, false);
    rfb_extended_key(r, 0, 0xffffff01, true); /* nonsense */
    rfb_extended_key(r, 0xff13, 0xc6, true);
    rfb_extended_key(r, 0xff13, 0xc6, false);
    stage_expect("+2c -2c +9d -9d +1e -1e +c6 -c6");
    rfb_close(r);
}
END_TEST

START_TEST(keys_come_up_when_he_goes)
{
    struct rfb *r = rfb_open(port), *other = rfb_open(port);
    rfb_key(other, 'b', true);
    stage_expect("+30");
    rfb_key(r, 0xffe3, true);
    rfb_key(r, 'c', true);
    rfb_pointer(r, 1, 10, 10);
    stage_expect("+1d +2e b1");
    rfb_close(r);
    stage_expect("b0 -1d -2e"); /* and not the other's */
    rfb_key(other, 'b', false);
    stage_expect("-30");
    rfb_close(other);
}
END_TEST

START_TEST(mouse_by_position)
{
    struct rfb *r = rfb_open(port);
    rfb_pointer(r, 0, 100, 50); /* where he begins is no motion */
    rfb_pointer(r, 0, 103, 46);
    stage_expect("m3,-4,0");
    rfb_pointer(r, 1, 103, 46);
    rfb_pointer(r, 0, 103, 46);
    stage_expect("b1 b0");
    rfb_pointer(r, 4, 103, 46); /* RFB's third is our second */
    rfb_pointer(r, 0, 103, 46);
    stage_expect("b2 b0");
    rfb_pointer(r, 8, 103, 46);
    rfb_pointer(r, 0, 103, 46);
    stage_expect("m0,0,-1");
    rfb_pointer(r, 16, 103, 46);
    stage_expect("m0,0,1");
    rfb_close(r);
}
END_TEST

START_TEST(mouse_by_motion)
{
    struct rfb *r = rfb_open(port);
    rfb_encodings(r, (const int[]){RFB_MOTION, RFB_RAW});
    while (r->motion < 0)
        rfb_update(r);
    ck_assert_int_eq(r->motion, 0);
    rfb_pointer(r, 0, 0x7fff + 5, 0x7fff - 6);
    stage_expect("m5,-6,0");
    rfb_pointer(r, 0, 0x7fff + 5, 0x7fff);
    stage_expect("m5,0,0");
    rfb_pointer(r, 2, 0x7fff, 0x7fff);
    stage_expect("b4");
    rfb_close(r);
}
END_TEST

/* Corners of 320 x 200 are those of the tablet. */
START_TEST(tablet_by_position)
{
    struct rfb *r = rfb_open(port);
    stage_take_up_tablet(true);
    rfb_pointer(r, 0, 319, 0); /* where he begins is a place */
    stage_expect("p7fff,0");
    rfb_pointer(r, 0, 160, 199);
    stage_expect("p4032,7fff");
    rfb_pointer(r, 1, 160, 199);
    rfb_pointer(r, 0, 160, 199);
    rfb_pointer(r, 16, 160, 199);
    stage_expect("b1 b0 m0,0,1");
    rfb_close(r);
}
END_TEST

/*
 * He who knows of motions is told when the guest's driver has taken a tablet up, or let it go: with
 * what is shown next.
 */
START_TEST(viewer_is_told_of_a_tablet)
{
    struct rfb *r = rfb_open(port);
    rfb_encodings(r, (const int[]){RFB_MOTION, RFB_RAW});
    while (r->motion != 0)
        rfb_update(r);
    stage_take_up_tablet(true);
    stage_draw(17, 5);
    while (r->motion != 1)
        rfb_update(r);
    rfb_pointer(r, 0, 319, 199);
    stage_expect("p7fff,7fff");
    stage_take_up_tablet(false);
    stage_draw(17, 6);
    while (r->motion != 0)
        rfb_update(r);
    rfb_pointer(r, 0, 0x7fff + 5, 0x7fff - 6);
    stage_expect("m5,-6,0");
    rfb_close(r);
}
END_TEST

START_TEST(has_a_name)
{
    struct rfb *r = rfb_open(port);
    ck_assert_str_eq(r->name, "Tessera");
    rfb_close(r);
    stage_close();
    stage_options.name = "Emma";
    open_vnc((struct display_request){0});
    r = rfb_open(port);
    ck_assert_str_eq(r->name, "Emma - Tessera");
    rfb_close(r);
}
END_TEST

/* --- many, slow, rude --- */

static void expect_new_picture(struct rfb *r, unsigned shade)
{
    rfb_encodings(r, (const int[]){RFB_DESKTOP_SIZE, RFB_RAW});
    expect_size(r, 320, 200);
    stage_draw(3, shade);
    expect_picture(r, 0, 3, shade);
}

START_TEST(many_viewers_and_too_many)
{
    enum { MANY = 16 };
    struct rfb *r[MANY];
    char text[20 + 16];
    for (unsigned i = 0; i < MANY; i++)
        r[i] = rfb_open(port);
    for (unsigned i = 0; i < MANY; i++) /* who is shown what is new has settled */
        expect_new_picture(r[i], i + 1);
    int fd = stage_connect(port);
    stage_read(fd, text, sizeof text);
    ck_assert_mem_eq(text, "RFB 003.003\n\0\0\0\0\0\0\0\x10too many viewers", sizeof text);
    close(fd);
    stage_draw(3, 1);
    for (unsigned i = 0; i < MANY; i++) {
        expect_picture(r[i], 0, 3, 1);
        rfb_close(r[i]);
    }
    rfb_close(rfb_open(port)); /* there is room again */
}
END_TEST

/* However many say nothing, or little, there is room for who says who he is, and he stays. */
START_TEST(strangers_make_room)
{
    enum { STRANGERS = 40 };
    int fd[STRANGERS];
    struct rfb *first = rfb_open(port);
    expect_new_picture(first, 1);
    for (unsigned i = 0; i < STRANGERS; i++) {
        fd[i] = stage_connect(port);
        if (i % 2)
            stage_write(fd[i], "RFB 003.008\n\x01", i % 14);
    }
    struct rfb *last = rfb_open(port);
    expect_new_picture(last, 2);
    expect_picture(first, 0, 3, 2);
    stage_expect_end(fd[0]);
    for (unsigned i = 1; i < STRANGERS; i++)
        close(fd[i]);
    rfb_close(first);
    rfb_close(last);
}
END_TEST

/* One asks for pictures and reads none: the guest and another one go on. */
START_TEST(slow_viewer_slows_nobody)
{
    struct rfb *slow = rfb_open(port), *r = rfb_open(port);
    rfb_encodings(slow, (const int[]){RFB_DESKTOP_SIZE, RFB_RAW});
    rfb_encodings(r, (const int[]){RFB_DESKTOP_SIZE, RFB_RAW});
    stage_graphics(2560, 1600);
    for (unsigned i = 0; i < 40; i++)
        rfb_request(slow, false);
    expect_size(r, 2560, 1600);
    for (unsigned i = 1; i < 4; i++) {
        unsigned before = stage_rounds();
        stage_draw(100, i);
        expect_picture(r, 0, 100, i);
        ck_assert_uint_gt(stage_rounds(), before);
    }
    rfb_key(r, 'a', true);
    stage_expect("+1e");
    stage_close(); /* does not wait for the slow one, either */
    rfb_close(slow);
    rfb_close(r);
}
END_TEST

static const struct garbage {
    const char *bytes;
    size_t size;
} garbage[] = {
    {"", 0},
    {"x", 1},
    {"RFB 003.008\n", 12},
    {"RFB 003.008\n\x01", 13},
    {"RFB 999.999\n\xff\xff\xff\xff", 16},
    {"GET / HTTP/1.1\r\n\r\n", 18},
    {"\x16\x03\x01\x00\xff\x01\x00\x00\xfb", 9},             /* TLS */
    {"RFB 003.008\n\x01\x01\x06\0\0\0\xff\xff\xff\xff", 22}, /* a clipboard of 4 GiB */
    {"RFB 003.008\n\x01\x01\x02\0\xff\xff\0\0\0\0", 22},     /* encodings that end */
    {"RFB 003.008\n\x01\x01\xff\x07\0\0\0\0", 20},           /* no message of QEMU's */
    {"RFB 003.008\n\x01\x01\x7f\x07", 16},                   /* no message */
    {"RFB 003.008\n\x01\x01\x00\0\0\0\x20\x18\x00\x01\0\0\0\0\0\0\xff\xff\xff\0\0\0", 34},
    {"RFB 003.008\n\x01\x01\x03\0\xff\xff\xff\xff\xff\xff\xff\xff", 24}, /* a picture elsewhere */
};

START_TEST(garbage_harms_nobody)
{
    const struct garbage *g = &garbage[_i];
    int fd = stage_connect(port);
    stage_write(fd, g->bytes, g->size);
    shutdown(fd, SHUT_WR);
    stage_expect_end(fd);
    fd = stage_connect(port);
    stage_write(fd, g->bytes, g->size);
    close(fd);
    struct rfb *r = rfb_open(port);
    rfb_encodings(r, (const int[]){RFB_DESKTOP_SIZE, RFB_RAW});
    expect_size(r, 320, 200);
    expect_picture(r, 0, 0, 0);
    rfb_close(r);
}
END_TEST

/* --- passwords, real viewers --- */

static int run(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int run(const char *format, ...)
{
    char command[512];
    va_list args;
    va_start(args, format);
    vsnprintf(command, sizeof command, format, args);
    va_end(args);
    int status = system(command); /* NOLINT(cert-env33-c): a shell is what is wanted */
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* vncsnapshot takes a picture; its first pixels, as the JPEG has them, tell nothing: its size. */
START_TEST(vncsnapshot_takes_a_picture)
{
    char name[] = "/tmp/tessera-snapshot-XXXXXX";
    int fd = mkstemp(name);
    struct rfb *r = rfb_open(port);
    stage_graphics(640, 480);
    rfb_encodings(r, (const int[]){RFB_DESKTOP_SIZE, RFB_RAW});
    expect_size(r, 640, 480);
    rfb_close(r);
    ck_assert_int_eq(run("timeout 60 vncsnapshot -quiet 127.0.0.1:%u %s", port - 5900, name), 0);
    uint8_t jpeg[4096];
    ssize_t size = read(fd, jpeg, sizeof jpeg), at = 2;
    close(fd);
    unlink(name);
    while (at + 9 < size && jpeg[at + 1] != 0xc0)
        at += 2 + (jpeg[at + 2] << 8 | jpeg[at + 3]);
    ck_assert_int_lt(at + 9, size);
    ck_assert_int_eq(jpeg[at + 5] << 8 | jpeg[at + 6], 480);
    ck_assert_int_eq(jpeg[at + 7] << 8 | jpeg[at + 8], 640);
}
END_TEST

static const char *offered;

static char *offer(rfbClient *client)
{
    (void)client;
    return strdup(offered);
}

static bool gets_in_with(const char *password)
{
    rfbClient *c = rfbGetClient(8, 3, 4);
    ck_assert_ptr_nonnull(c);
    rfbEnableClientLogging = FALSE;
    offered = password;
    c->GetPassword = offer;
    c->serverHost = strdup("127.0.0.1");
    c->serverPort = (int)port;
    if (!rfbInitClient(c, NULL, NULL))
        return false;
    free(c->frameBuffer);
    rfbClientCleanup(c);
    return true;
}

START_TEST(passwords)
{
    char name[] = "/tmp/tessera-secret-XXXXXX";
    int fd = mkstemp(name);
    ck_assert_int_eq(write(fd, "sesame\n", 7), 7);
    close(fd);
    stage_close();
    stage_options.secrets = 1;
    stage_options.secret[0] = (struct secret){.id = "p", .path = name};
    open_vnc((struct display_request){.password = "p"});
    unlink(name);
    ck_assert(gets_in_with("sesame"));
    ck_assert(!gets_in_with("Sesame"));
    ck_assert(!gets_in_with(""));
    ck_assert(gets_in_with("sesame"));
}
END_TEST

START_TEST(missing_secrets_and_wrong_ones)
{
    const struct display_request r = {.address = ":0", .to = 9000, .password = "p"};
    stage_close();
    ck_assert_str_eq(stage_open(&vnc_display, r),
                     "-display vnc: password-secret=p: no -object secret has that id");
    stage_close();
    stage_options.secrets = 1;
    stage_options.secret[0] = (struct secret){.id = "p", .text = "nine char"};
    ck_assert_str_eq(
        stage_open(&vnc_display, r),
        "-display vnc: password-secret=p: not 1 to 8 characters, which is what VNC has");
    stage_close();
    stage_options.secret[0] = (struct secret){.id = "p", .path = "/nowhere/at/all"};
    ck_assert_str_eq(stage_open(&vnc_display, r),
                     "-object secret,id=p: /nowhere/at/all: No such file or directory");
    stage_close();
    stage_options.secret[0] = (struct secret){.id = "of nobody", .path = "/"};
    ck_assert_str_eq(stage_open(&vnc_display, (struct display_request){.address = ":0"}),
                     "-object secret,id=of nobody: /: Is a directory");
}
END_TEST

START_TEST(taken_ports)
{
    char address[32];
    snprintf(address, sizeof address, "127.0.0.1:%u", port - 5900);
    int fd = stage_connect(port); /* the first one is in use, too */
    stage_options.count = 0;
    struct displays other;
    struct error error;
    struct display_options o = {.count = 1};
    struct display_setup s = {.screen = stage_screen, .input = stage_input};
    o.request[0] = (struct display_request){.display = &vnc_display, .address = address};
    ck_assert(!displays_open(&other, &o, &s, &error));
    ck_assert_msg(strstr(error.text, ": Address already in use") != NULL, "%s", error.text);
    displays_close(&other);
    close(fd);
}
END_TEST

START_TEST(bad_addresses)
{
    static const char *const bad[] = {
        "",       "localhost", "1",     ":",           "::1:0",          ":-1",
        ":60000", ":0x",       "[::1]", "300.1.1.1:0", ":99999999999999"};
    stage_close();
    const char *why = stage_open(&vnc_display, (struct display_request){.address = bad[_i]});
    ck_assert_msg(why && strncmp(why, "-display vnc: ", 14) == 0, "%s", why);
}
END_TEST

Suite *vnc_suite(void)
{
    Suite *suite = suite_create("vnc");
    TCase *c = tcase_create("vnc");
    tcase_add_checked_fixture(c, setup, stage_end);
    tcase_set_timeout(c, PATIENCE_S);
    tcase_add_test(c, shows_the_picture);
    tcase_add_test(c, follows_the_guest_size);
    tcase_add_test(c, keys_by_keysym);
    tcase_add_test(c, keys_of_another_layout);
    tcase_add_test(c, keys_by_place);
    tcase_add_test(c, keys_come_up_when_he_goes);
    tcase_add_test(c, mouse_by_position);
    tcase_add_test(c, mouse_by_motion);
    tcase_add_test(c, has_a_name);
    tcase_add_test(c, many_viewers_and_too_many);
    tcase_add_test(c, strangers_make_room);
    tcase_add_test(c, slow_viewer_slows_nobody);
    tcase_add_loop_test(c, garbage_harms_nobody, 0, sizeof garbage / sizeof *garbage);
    tcase_add_test(c, vncsnapshot_takes_a_picture);
    tcase_add_test(c, missing_secrets_and_wrong_ones);
    tcase_add_test(c, taken_ports);
    tcase_add_loop_test(c, bad_addresses, 0, 11);
    suite_add_tcase(suite, c);
    c = tcase_create("tablet");
    tcase_add_checked_fixture(c, setup, stage_end);
    tcase_set_timeout(c, PATIENCE_S);
    tcase_add_test(c, tablet_by_position);
    tcase_add_test(c, viewer_is_told_of_a_tablet);
    suite_add_tcase(suite, c);
    c = tcase_create("passwords");
    tcase_add_checked_fixture(c, setup, stage_end);
    tcase_set_timeout(c, PATIENCE_S);
    tcase_add_test(c, passwords);
    suite_add_tcase(suite, c);
    return suite;
}
