/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures of a guest that sets modes by the registers, beside QEMU's of the same guest; and the
 * same ones of each engine. A picture that is another is left in build/vga.
 */
#include "tests/assert.h"
#include "tests/guests/linux.h"
#include "tests/suites.h"

#include <png.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDER BUILD "/vga"
#define GUEST  FOLDER "/guest.elf"
static const char default_guest[] = BUILD "/guest/tessera-guest.elf";

struct image {
    unsigned width, height;
    unsigned char *rgb;
};

/* NOLINTBEGIN(bugprone-command-processor): the programs are those that a user would run */
__attribute__((format(printf, 1, 2))) static int run(const char *format, ...)
{
    char command[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static FILE *start_qemu(const char *name)
{
    char command[1024];
    snprintf(command, sizeof command,
             "timeout 300 qemu-system-i386 -display none -serial null -kernel " GUEST
             " -append show=%s -debugcon file:" FOLDER "/%s.ready -monitor stdio >/dev/null",
             name, name);
    return popen(command, "w");
}
/* NOLINTEND(bugprone-command-processor) */

/* The path of a file of this picture's, in one of two buffers that are used in turn. */
static const char *file_of(const char *name, const char *kind)
{
    static char path[2][256];
    static unsigned turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], FOLDER "/%s.%s", name, kind);
    return path[turn];
}

static struct image read_png(const char *path)
{
    png_image png = {.version = PNG_IMAGE_VERSION};
    ck_assert_msg(png_image_begin_read_from_file(&png, path), "%s: %s", path, png.message);
    png.format = PNG_FORMAT_RGB;
    struct image i = {png.width, png.height, malloc(PNG_IMAGE_SIZE(png))};
    ck_assert(png_image_finish_read(&png, NULL, i.rgb, 0, NULL));
    return i;
}

static struct image read_ppm(const char *path)
{
    struct image i = {0};
    FILE *f = fopen(path, "rb");
    ck_assert_msg(f != NULL, "%s is not there", path);
    ck_assert_int_eq(fscanf(f, "P6 %u %u 255", &i.width, &i.height), 2);
    ck_assert_int_eq(getc(f), '\n');
    size_t size = (size_t)3 * i.width * i.height;
    i.rgb = malloc(size);
    ck_assert_uint_eq(fread(i.rgb, 1, size, f), size);
    fclose(f);
    return i;
}

static struct image of_tessera(const char *name, const char *options)
{
    const char *path = file_of(name, "png");
    int status = run("timeout 300 ./tessera -serial null -display none -kernel " GUEST
                     " -device isa-debug-exit -append show=%s -screendump %s %s </dev/null",
                     name, path, options);
    ck_assert_msg(status == 1, "tessera ends with status %d", status);
    return read_png(path);
}

static struct image of_qemu(const char *name)
{
    const char *ready = file_of(name, "ready"), *path = file_of(name, "ppm");
    struct stat st = {0};
    unlink(ready);
    FILE *monitor = start_qemu(name);
    ck_assert_ptr_nonnull(monitor);
    while (stat(ready, &st) != 0 || st.st_size == 0)
        usleep(50000);
    fprintf(monitor, "screendump %s\nquit\n", path);
    ck_assert_int_eq(pclose(monitor), 0);
    unlink(ready);
    return read_ppm(path);
}

/* QEMU makes other 8 bits of 5 or 6 than repeating the upper ones. */
static bool is_near(unsigned char a, unsigned char b)
{
    return abs(a - b) < 8;
}

static void check_same(const char *name, const struct image *a, const struct image *b)
{
    ck_assert_uint_eq(a->width, b->width);
    ck_assert_uint_eq(a->height, b->height);
    for (size_t i = 0; i < (size_t)3 * a->width * a->height; i++)
        ck_assert_msg(is_near(a->rgb[i], b->rgb[i]), "%s at %zu, %zu: see " FOLDER "/%s.*", name,
                      i / 3 % a->width, i / 3 / a->width, name);
}

/* 4 bits a pixel by VBE are not among them: QEMU lets no plane be written to. */
static const char *const pictures[] = {
    "text", "text8", "04",   "06",    "0d",    "0e",    "10",    "11",     "12",  "13",
    "x",    "split", "vbe8", "vbe15", "vbe16", "vbe24", "vbe32", "banked", "code"};
enum { PICTURES = sizeof pictures / sizeof *pictures };

START_TEST(as_qemu_shows_it)
{
    const char *name = pictures[_i];
    struct image ours = of_tessera(name, ""), theirs = of_qemu(name);
    check_same(name, &ours, &theirs);
    unlink(file_of(name, "png"));
    unlink(file_of(name, "ppm"));
    free(ours.rgb);
    free(theirs.rgb);
}
END_TEST

static const struct {
    const char *picture, *engine;
} engines[] = {{"12", "-jit interp"},      {"text", "-jit lockstep"},
               {"12", "-jit lockstep"},    {"13", "-jit lockstep"},
               {"x", "-jit ir"},           {"code", "-jit lockstep:ir,template"},
               {"code", "-jit interp"},    {"banked", "-jit lockstep:ir,template"},
               {"vbe32", "-jit lockstep"}, {"vbe4", "-jit lockstep:ir,interp"}};

START_TEST(in_each_engine)
{
    const char *name = engines[_i].picture;
    struct image once = of_tessera(name, ""), again = of_tessera(name, engines[_i].engine);
    ck_assert_uint_eq(once.width, again.width);
    ck_assert_uint_eq(once.height, again.height);
    ck_assert_mem_eq(once.rgb, again.rgb, (size_t)3 * once.width * once.height);
    unlink(file_of(name, "png"));
    free(once.rgb);
    free(again.rgb);
}
END_TEST

/* --- files of the screen --- */

static pid_t start_tessera(const char *const *arguments)
{
    pid_t pid = fork();
    if (pid == 0) {
        if (!freopen("/dev/null", "r", stdin) || !freopen("/dev/null", "w", stdout))
            _exit(127);
        execv("./tessera", (char *const *)arguments);
        _exit(127);
    }
    ck_assert_int_gt(pid, 0);
    return pid;
}

static bool holds(const char *path, const char *text)
{
    static char content[64 * 1024];
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(content, 1, sizeof content - 1, f) : 0;
    content[n] = '\0';
    if (f)
        fclose(f);
    return strstr(content, text);
}

/* The default guest, whose text is written to `path` by signal until all of it has been seen. */
static pid_t start_with_text(const char *path)
{
    const char *const arguments[] = {"./tessera", "-display",    "none",        "-serial", "null",
                                     "-kernel",   default_guest, "-screentext", path,      NULL};
    bool seen = false;
    unlink(path);
    pid_t pid = start_tessera(arguments);
    while (access(path, F_OK) != 0)
        usleep(10000);
    while (!seen && waitpid(pid, NULL, WNOHANG) == 0) {
        kill(pid, SIGUSR1);
        usleep(100000);
        seen = holds(path, "Type help for a list of commands");
    }
    ck_assert(seen);
    return pid;
}

/* As often as it is asked for, while the guest runs. */
START_TEST(text_by_signal)
{
    static const char path[] = FOLDER "/signal.txt";
    pid_t pid = start_with_text(path);
    kill(pid, SIGTERM);
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
    unlink(path);
}
END_TEST

/* As timeout(1) does, by a signal to the program and one to its group. */
START_TEST(text_at_an_end_that_is_asked_for_twice)
{
    static const char path[] = FOLDER "/twice.txt", serial[] = FOLDER "/twice.out",
                      to_serial[] = "file:" FOLDER "/twice.out";
    static const char *const arguments[] = {"./tessera", "-display", "none",        "-serial",
                                            to_serial,   "-kernel",  default_guest, "-screentext",
                                            path,        NULL};
    unlink(path);
    unlink(serial);
    pid_t pid = start_tessera(arguments);
    while (!holds(serial, "Type help for a list of commands"))
        usleep(10000);
    kill(pid, SIGTERM);
    kill(pid, SIGINT);
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
    ck_assert(holds(path, "Tessera default guest"));
    unlink(path);
    unlink(serial);
}
END_TEST

START_TEST(no_screen)
{
    ck_assert_int_eq(
        run("./tessera -vga none -screendump " FOLDER "/none.png 2>" FOLDER "/none.txt"), 1);
    ck_assert(holds(FOLDER "/none.txt", "there is no screen (-vga none)"));
    unlink(FOLDER "/none.txt");
}
END_TEST

/* --- Linux's drivers --- */

static bool is_lit(const struct image *i)
{
    size_t lit = 0, size = (size_t)3 * i->width * i->height;
    for (size_t n = 0; n < size; n++)
        lit += i->rgb[n] != 0;
    return lit > 3000; /* some lines of text */
}

/* Debian's kernel with a script as its first process, which shows something and restarts. */
static void run_debian(const char *name, const char *options)
{
    static const char make[] =
        "cd " FOLDER " && printf '#!/bin/sh\nmount -t proc proc /proc\n"
        "mount -t devtmpfs dev /dev\nmodprobe bochs\ncat /proc/fb >/dev/ttyS0\n"
        "ls -l / >/dev/tty1\nsleep 1\nreboot -f\n' >show.sh && chmod +x show.sh && "
        "echo show.sh | cpio --quiet -o -H newc >show.cpio && cat show.cpio "
        "../guests/initrd.gz >show.img";
    ck_assert_int_eq(run("%s", make), 0);
    ck_assert_int_eq(run("timeout 600 ./tessera -display none -m 256 -no-reboot -kernel " BUILD
                         "/guests/linux -initrd " FOLDER "/show.img -append "
                         "'console=ttyS0 console=tty0 rdinit=/show.sh " LINUX_BRIEFLY
                         " %s' -screendump %s"
                         " </dev/null >%s",
                         options, file_of(name, "png"), file_of(name, "txt")),
                     0);
}

START_TEST(bochs_drm)
{
    run_debian("drm", "quiet");
    struct image i = read_png(file_of("drm", "png"));
    ck_assert(holds(file_of("drm", "txt"), "0 bochs-drmdrmfb"));
    ck_assert_uint_eq(i.width, 1024);
    ck_assert_uint_eq(i.height, 768);
    ck_assert(is_lit(&i));
    free(i.rgb);
    unlink(file_of("drm", "png"));
    unlink(file_of("drm", "txt"));
}
END_TEST

static Suite *vga_suite(void)
{
    Suite *suite = suite_create("vga");
    TCase *c = tcase_create("vga");
    tcase_set_timeout(c, 600);
    tcase_add_loop_test(c, as_qemu_shows_it, 0, PICTURES);
    tcase_add_loop_test(c, in_each_engine, 0, sizeof engines / sizeof *engines);
    tcase_add_test(c, text_by_signal);
    tcase_add_test(c, text_at_an_end_that_is_asked_for_twice);
    tcase_add_test(c, no_screen);
    tcase_add_test(c, bochs_drm);
    suite_add_tcase(suite, c);
    return suite;
}

TEST_MAIN(vga_suite)
