/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screen between a card and its viewers: what is drawn when, and what viewers are told. */
#include "hw/host/screen.h"

#include "exec/file.h"
#include "hw/host/screen_dump.h"

#include "tests/hw/fixture.h"
#include "tests/hw/test_video.h"

#include <errno.h>
#include <fcntl.h>
#include <png.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct test_video source;
static struct screen *screen;
static int wanted; /* an eventfd: a latch is */

static void refresh(void *owner)
{
    (void)owner;
    ck_assert_int_eq(eventfd_write(wanted, 1), 0);
}

static void setup(void)
{
    struct error error;
    source = (struct test_video){.width = 64, .height = 48, .changed = true};
    const struct video video = test_video(&source);
    wanted = eventfd(0, EFD_CLOEXEC);
    screen = screen_create(&video, refresh, NULL, &error);
    ck_assert_ptr_nonnull(screen);
}

static void teardown(void)
{
    screen_destroy(screen);
    close(wanted);
}

/* Is readable within so many milliseconds? */
static bool comes(int fd, int ms)
{
    return poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, ms) == 1;
}

/* What the cpu's thread does: latches when it is asked to, until the view has something. */
static void serve(const struct screen_view *v)
{
    eventfd_t count;
    struct pollfd fds[] = {{.fd = v->fd, .events = POLLIN}, {.fd = wanted, .events = POLLIN}};
    while (poll(fds, 2, -1) > 0 && !fds[0].revents) {
        eventfd_read(wanted, &count);
        screen_latch(screen);
    }
}

static void add(struct screen_view *v)
{
    struct error error;
    *v = (struct screen_view){0};
    ck_assert(screen_add_view(screen, v, &error));
}

static void step(void)
{
    source.step++;
    source.changed = true;
}

/* Takes note of all there is to see; the last that comes is a picture of that step. */
static void look_at(struct screen_view *v, unsigned wanted_step)
{
    for (bool seen = false; !seen;) {
        serve(v);
        const struct picture *p = screen_look(screen, v);
        unsigned y = wanted_step % source.height;
        seen = p->pixels && p->pixels[y * p->width] == test_video_pixel(0, y, wanted_step);
        screen_end_look(screen, v);
    }
}

START_TEST(nobody_looks)
{
    ck_assert(!comes(wanted, 100));
    screen_latch(screen);
    ck_assert_uint_eq(atomic_load(&source.latches), 0);
}
END_TEST

START_TEST(first_look_sees_everything)
{
    struct screen_view v;
    source.changed = false;
    add(&v);
    look_at(&v, 0);
    ck_assert_uint_eq(atomic_load(&source.draws), 1);
    screen_remove_view(screen, &v);
}
END_TEST

START_TEST(changed_lines_are_told)
{
    struct screen_view v;
    add(&v);
    look_at(&v, 0);
    source.step = 4;
    step();
    serve(&v);
    screen_look(screen, &v);
    ck_assert_uint_eq(v.first, 5);
    ck_assert_uint_eq(v.end, 6);
    ck_assert(!v.resized);
    screen_end_look(screen, &v);
    ck_assert(!comes(v.fd, 0));
    screen_remove_view(screen, &v);
}
END_TEST

/* One that does not look finds all lines that changed meanwhile, and keeps nobody from looking. */
START_TEST(slow_viewer)
{
    struct screen_view quick, slow;
    add(&quick);
    look_at(&quick, 0);
    add(&slow);
    serve(&slow);
    screen_look(screen, &slow);
    screen_end_look(screen, &slow);
    for (unsigned i = 1; i <= 3; i++) {
        step();
        look_at(&quick, i);
    }
    ck_assert(comes(slow.fd, 0));
    screen_look(screen, &slow);
    ck_assert_uint_eq(slow.first, 1);
    ck_assert_uint_eq(slow.end, 4);
    screen_end_look(screen, &slow);
    screen_remove_view(screen, &slow);
    screen_remove_view(screen, &quick);
}
END_TEST

START_TEST(another_size)
{
    struct screen_view v;
    add(&v);
    look_at(&v, 0);
    source.width = 100;
    source.height = 80;
    step();
    serve(&v);
    const struct picture *p = screen_look(screen, &v);
    ck_assert_uint_eq(p->width, 100);
    ck_assert_uint_eq(p->height, 80);
    ck_assert(v.resized);
    ck_assert_uint_eq(v.first, 0);
    ck_assert_uint_eq(v.end, 80);
    screen_end_look(screen, &v);
    screen_remove_view(screen, &v);
}
END_TEST

START_TEST(nothing_changes)
{
    struct screen_view v;
    add(&v);
    look_at(&v, 0);
    for (unsigned i = 0; i < 3; i++) {
        eventfd_t count;
        ck_assert(comes(wanted, 10000));
        eventfd_read(wanted, &count);
        screen_latch(screen);
    }
    ck_assert(!comes(v.fd, 0));
    ck_assert_uint_eq(atomic_load(&source.draws), 1);
    screen_remove_view(screen, &v);
}
END_TEST

START_TEST(ends_while_a_latch_is_due)
{
    struct screen_view v;
    add(&v);
    ck_assert(comes(wanted, 10000));
    screen_remove_view(screen, &v);
}
END_TEST

START_TEST(text_of_a_screen)
{
    static struct screen_text t;
    struct screen_view v;
    source.text = "hello\nworld";
    add(&v);
    serve(&v);
    for (bool drawn = false; !drawn;) {
        serve(&v);
        drawn = screen_look(screen, &v)->pixels;
        screen_end_look(screen, &v);
    }
    ck_assert(screen_text(screen, &t));
    ck_assert_uint_eq(t.columns, 80);
    ck_assert_int_eq(t.character[1][4], 'd');
    screen_remove_view(screen, &v);
}
END_TEST

/* --- files --- */

static size_t read_back(int fd, char *to, size_t room)
{
    ssize_t n = pread(fd, to, room, 0);
    ck_assert_int_ge(n, 0);
    return (size_t)n;
}

START_TEST(png)
{
    static uint32_t pixels[64 * 48];
    static char bytes[1 << 16];
    png_image image = {.version = PNG_IMAGE_VERSION};
    int fd = memfd_create("png", MFD_CLOEXEC);
    ck_assert_int_eq(ftruncate(fd, sizeof bytes), 0); /* what was there before is gone */
    step();
    ck_assert(screen_write_png(screen, fd));
    size_t size = read_back(fd, bytes, sizeof bytes);
    ck_assert_uint_lt(size, sizeof bytes);
    ck_assert(png_image_begin_read_from_memory(&image, bytes, size));
    ck_assert_uint_eq(image.width, 64);
    ck_assert_uint_eq(image.height, 48);
    image.format = PNG_FORMAT_BGRA;
    ck_assert(png_image_finish_read(&image, NULL, pixels, 0, NULL));
    for (unsigned i = 0; i < 64 * 48; i++)
        ck_assert_uint_eq(pixels[i], 0xff000000 | test_video_pixel(i % 64, i / 64, 1));
    close(fd);
}
END_TEST

START_TEST(utf8)
{
    char text[256];
    int fd = memfd_create("text", MFD_CLOEXEC);
    source.text = "caf\x82  \n\xda\xc4\xbf\xff\n\n\x01";
    ck_assert(screen_write_text(screen, fd));
    size_t size = read_back(fd, text, sizeof text - 1);
    text[size] = '\0';
    ck_assert_int_eq(strncmp(text, "café\n┌─┐\n\n☺\n\n", 21), 0);
    ck_assert_uint_eq(strlen(strrchr(text, 0xba)), 1 + 25 - 3);
    close(fd);
}
END_TEST

START_TEST(utf8_of_pixels_is_empty)
{
    char text[8];
    int fd = memfd_create("text", MFD_CLOEXEC);
    ck_assert(screen_write_text(screen, fd));
    ck_assert_uint_eq(read_back(fd, text, sizeof text), 0);
    close(fd);
}
END_TEST

START_TEST(file_that_cannot_be_written)
{
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    ck_assert(!screen_write_png(screen, full));
    ck_assert_int_eq(errno, ENOSPC);
    close(full);
}
END_TEST

/* --- -screendump --- */

static char dump_folder[] = "/tmp/tessera-dump-XXXXXX";
static char dump[64], lost[128];

static void lose(const char *name, int error)
{
    snprintf(lost, sizeof lost, "%s: %s", name, strerror(error));
}

static void wake_nobody(void *owner)
{
    (void)owner;
}

static void make_dump_folder(void)
{
    strcpy(dump_folder + strlen(dump_folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dump_folder));
    *lost = '\0';
    snprintf(dump, sizeof dump, "%s/screen.png", dump_folder);
    files_on_loss(lose);
}

static bool is_png(const char *path)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    bool good = png_image_begin_read_from_file(&image, path);
    png_image_free(&image);
    return good && image.width == 64 && image.height == 48;
}

/* With room for so few bytes in a file; in another process, since that something was lost stays. */
static void dump_without_room(struct screen_dump *d)
{
    enum { FEW = 60 };
    const struct rlimit limit = {FEW, FEW};
    pid_t child = fork();
    int status;
    if (child == 0) {
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        screen_dump_write(d, screen);
        _exit(strstr(lost, "screen.png: File too large") ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS);
}

START_TEST(what_was_there_stays_until_the_new_is_whole)
{
    struct screen_dump d;
    struct error error;
    struct stat first, second;
    make_dump_folder();
    ck_assert(screen_dump_open(&d, dump, NULL, wake_nobody, NULL, &error));
    screen_dump_write(&d, screen);
    ck_assert(is_png(dump) && !*lost);
    ck_assert_int_eq(stat(dump, &first), 0);
    dump_without_room(&d);
    ck_assert(is_png(dump));
    ck_assert_int_eq(stat(dump, &second), 0);
    ck_assert_uint_eq(first.st_ino, second.st_ino);
    screen_dump_write(&d, screen);
    ck_assert_int_eq(stat(dump, &second), 0);
    ck_assert(is_png(dump) && first.st_ino != second.st_ino);
    screen_dump_close(&d);
    ck_assert_int_eq(unlink(dump), 0);
    ck_assert_int_eq(rmdir(dump_folder), 0); /* nothing has been left */
}
END_TEST

/* A link, a file that is not as new ones are, a pipe. */
START_TEST(not_every_file_is_replaced)
{
    struct screen_dump d;
    struct error error;
    struct stat before, after;
    char other[80];
    int ends[2];
    make_dump_folder();
    snprintf(other, sizeof other, "%s/link", dump_folder);
    ck_assert_int_eq(symlink("screen.png", other), 0);
    int fd = open(dump, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ck_assert(fd >= 0 && fchmod(fd, 0600) == 0 && fstat(fd, &before) == 0);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert(screen_dump_open(&d, i ? other : dump, NULL, wake_nobody, NULL, &error));
        screen_dump_write(&d, screen);
        screen_dump_close(&d);
        ck_assert(is_png(dump) && lstat(dump, &after) == 0);
        ck_assert(before.st_ino == after.st_ino && before.st_mode == after.st_mode);
        ck_assert_int_eq(lstat(other, &after), 0);
        ck_assert(S_ISLNK(after.st_mode));
    }
    ck_assert_int_eq(pipe(ends), 0);
    snprintf(other, sizeof other, "/dev/fd/%d", ends[1]);
    ck_assert(screen_dump_open(&d, other, NULL, wake_nobody, NULL, &error));
    screen_dump_write(&d, screen);
    screen_dump_close(&d);
    ck_assert_int_eq(read(ends[0], other, 4), 4);
    ck_assert_int_eq(memcmp(other, "\x89PNG", 4), 0);
    ck_assert(!*lost);
    unlink(dump);
    snprintf(other, sizeof other, "%s/link", dump_folder);
    unlink(other);
    ck_assert_int_eq(rmdir(dump_folder), 0);
}
END_TEST

Suite *screen_suite(void)
{
    Suite *s = suite_create("screen");
    TCase *views = tcase_create("views");
    TCase *files = tcase_create("files");
    tcase_add_checked_fixture(views, setup, teardown);
    tcase_add_checked_fixture(files, setup, teardown);
    tcase_add_test(views, nobody_looks);
    tcase_add_test(views, first_look_sees_everything);
    tcase_add_test(views, changed_lines_are_told);
    tcase_add_test(views, slow_viewer);
    tcase_add_test(views, another_size);
    tcase_add_test(views, nothing_changes);
    tcase_add_test(views, ends_while_a_latch_is_due);
    tcase_add_test(views, text_of_a_screen);
    tcase_add_test(files, png);
    tcase_add_test(files, utf8);
    tcase_add_test(files, utf8_of_pixels_is_empty);
    tcase_add_test(files, file_that_cannot_be_written);
    tcase_add_test(files, what_was_there_stays_until_the_new_is_whole);
    tcase_add_test(files, not_every_file_is_replaced);
    suite_add_tcase(s, views);
    suite_add_tcase(s, files);
    return s;
}
