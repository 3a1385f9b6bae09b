/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linux's console on the VGA's planes, by vga16fb, which a loader of our own has it bind
 * (mode12.c). */
#include "emulator.h"
#include "linux.h"
#include "test_guests.h"
#include "tests/media/picture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOADER    "build/tests/guests/mode12.elf"
#define LINUX_PAE "build/guests/linux-pae"

static char folder[40], picture[64], modules[128];
static bool kept;

static int in_folder(const char *command)
{
    char line[512];
    snprintf(line, sizeof line, "folder=%s; %s", folder, command);
    return system(line); /* NOLINT(cert-env33-c) a constant command */
}

static void make_files(void)
{
    strcpy(folder, "/tmp/tessera-planes-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(picture, sizeof picture, "%s/picture", folder);
    snprintf(modules, sizeof modules, LINUX_PAE ",%s/initrd", folder);
    ck_assert_int_eq(in_folder("cd build/guests && printf '%s\\n' vgastate.ko vga16fb.ko | "
                               "cpio --quiet -o -H newc -R 0:0 > $folder/initrd && "
                               "cat initrd.gz >> $folder/initrd"),
                     0);
}

static void remove_files(void)
{
    if (!kept)
        in_folder("rm -r $folder");
}

/* Looks until it is there. */
static void expect_picture(struct emulator *e, const struct region *r, const char *wanted)
{
    enum { LOOKS = 3000, EACH_US = 100 * 1000 };
    char digest[17] = "";
    for (unsigned i = 0; i < LOOKS && strcmp(digest, wanted) != 0; i++) {
        ck_assert_int_eq(kill(e->pid, SIGUSR1), 0);
        usleep(EACH_US);
        picture_digest(picture, r, digest);
    }
    kept = strcmp(digest, wanted) != 0;
    ck_assert_msg(!kept, "%s: %s, not %s", picture, digest, wanted);
}

START_TEST(linux_draws_on_the_planes)
{
    static const struct region line = {0, 0, 320, 16};
    struct emulator *e = emulator_start(
        ON_TERMINAL,
        (const char *[]){"-nographic", "-m", "192", "-kernel", LOADER, "-initrd", modules,
                         "-append", ("console=ttyS0 rdinit=/bin/sh " LINUX_BRIEFLY), "-screendump",
                         picture, NULL});
    emulator_expect(e, "~ # ");
    emulator_send(e, "insmod /vgastate.ko; insmod /vga16fb.ko; mount -t proc proc /proc\r");
    emulator_expect(e, "fb0: VGA16 VGA frame buffer device");
    emulator_send(e, "cat /proc/fb\r");
    emulator_expect(e, "0 VGA16 VGA");
    emulator_send(e, "mount -t devtmpfs devtmpfs /dev; printf '\\033[2J\\033[Hfour "
                     "\\033[1;31;42mplanes\\033[?25l' > /dev/tty0\r");
    expect_picture(e, &line, "dda9eed48fc5e1e1");
    emulator_kill(e);
}
END_TEST

TCase *planes_case(void)
{
    TCase *c = tcase_create("planes");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_checked_fixture(c, make_files, remove_files);
    tcase_add_test(c, linux_draws_on_the_planes);
    return c;
}
