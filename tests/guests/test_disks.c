/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Disks and CDs as guests use them that nobody here wrote: GRUB by a BIOS's interrupts, Linux by
 * bus-master DMA; what they have written is what the host finds in the image.
 */
#include "emulator.h"
#include "linux.h"
#include "test_guests.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRUB_CD   "build/guests/grub-cd"
#define LINUX_PAE "build/guests/linux-pae"

static char folder[] = "/tmp/tessera-disks-XXXXXX";
static char image[64];

static int command(const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    return system(line); // NOLINT(bugprone-command-processor)
}

static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(image, sizeof image, "%s/image", folder);
}

static void teardown(void)
{
    ck_assert_int_eq(command("rm -rf %s", folder), 0);
}

static void check_exits(struct emulator *e)
{
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 0);
    emulator_kill(e);
}

/* --- GRUB, whose rescue CD can be a disk, too --- */

static const struct {
    const char *option, *drive;
} grub_from[] = {{"-cdrom", "(cd)"}, {"-hda", "(hd0)"}, {"-hdd", "(hd0)"}};

START_TEST(grub)
{
    const char *option = grub_from[_i].option;
    struct emulator *e =
        emulator_start(ON_TERMINAL, (const char *[]){"-nographic", "-vga", "none", "-bios", SEABIOS,
                                                     "-snapshot", option, GRUB_CD, NULL});
    emulator_expect(e, "GNU GRUB  version 2");
    emulator_send(e, "c");
    emulator_expect(e, "grub>"); /* the BIOS may move the cursor before the blank */
    emulator_send(e, "ls\r");
    emulator_expect(e, grub_from[_i].drive);
    emulator_kill(e);
}
END_TEST

/* --- Linux --- */

/* What the guest says of something: a digest of its bytes. */
static const char *said(struct emulator *e, const char *what)
{
    static char digest[33];
    char label[32];
    snprintf(label, sizeof label, "@%s=", what);
    emulator_expect(e, label);
    emulator_expect(e, "@");
    memcpy(digest, e->text + e->seen - 33, 32);
    return digest;
}

static const char *digest_of(const char *file)
{
    static char digest[33];
    char line[256];
    snprintf(line, sizeof line, "md5sum < %s", file);
    FILE *f = popen(line, "r"); // NOLINT(bugprone-command-processor)
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fscanf(f, "%32s", digest), 1);
    ck_assert_int_eq(pclose(f), 0);
    return digest;
}

static char initrd[64];

/* The installer's file system, and before it what Linux needs for disks, and who tries them. */
static void make_initrd(void)
{
    snprintf(initrd, sizeof initrd, "%s/initrd", folder);
    ck_assert_int_eq(command("mkdir %s/files && cp build/guests/*.ko %s/files && "
                             "install tests/guests/disks.sh %s/files/disks",
                             folder, folder, folder),
                     0);
    ck_assert_int_eq(
        command("(cd %s/files && find . | cpio --quiet -o -H newc -R 0:0) > %s", folder, initrd),
        0);
    ck_assert_int_eq(command("cat " LINUX_INITRD " >> %s", initrd), 0);
}

/* Puts it into the CD drive, by the monitor that shares the terminal. */
static void change_disc(struct emulator *e, const char *disc)
{
    char line[160];
    const char *prompt = emulator_is_qemu() ? "(qemu) " : "(tessera) ";
    snprintf(line, sizeof line, "change -f ide1-cd0 %s\r", disc);
    emulator_send(e, "\x01"
                     "c");
    emulator_expect(e, prompt);
    emulator_send(e, line);
    emulator_expect(e, prompt);
    emulator_send(e, "\x01"
                     "c");
}

static const char *const formats[] = {"raw", "qcow2"};

START_TEST(linux_writes_and_reads)
{
    char written[33], raw[80], disc[80];
    snprintf(raw, sizeof raw, "%s/raw", folder);
    snprintf(disc, sizeof disc, "%s/disc", folder);
    make_initrd();
    ck_assert_int_eq(command("seq 1 9999999 | head -c 16M > %s", raw), 0);
    ck_assert_int_eq(command("seq 5 9999999 | head -c 3M > %s", disc), 0);
    ck_assert_int_eq(command("qemu-img convert -f raw -O %s %s %s", formats[_i], raw, image), 0);
    struct emulator *e = emulator_start(
        ON_TERMINAL,
        (const char *[]){"-nographic", "-no-reboot", "-vga", "none", "-m", "256", "-kernel",
                         LINUX_PAE, "-initrd", initrd, "-append",
                         ("console=ttyS0 rdinit=/disks " LINUX_BRIEFLY), "-hda", image, "-cdrom",
                         GRUB_CD, emulator_is_qemu() ? NULL : "-media-dir", folder, NULL});
    ck_assert_str_eq(said(e, "before"), digest_of(raw));
    ck_assert_str_eq(said(e, "cd"), digest_of(GRUB_CD));
    emulator_expect(e, "@another@");
    change_disc(e, disc);
    ck_assert_str_eq(said(e, "another"), digest_of(disc));
    strcpy(written, said(e, "written"));
    ck_assert_str_eq(said(e, "read"), written);
    strcpy(written, said(e, "after"));
    emulator_expect(e, "@end@");
    check_exits(e);
    ck_assert_int_eq(command("qemu-img convert -f %s -O raw %s %s", formats[_i], image, raw), 0);
    ck_assert_str_eq(digest_of(raw), written);
}
END_TEST

/* --- two at once --- */

START_TEST(one_image_is_one_guests)
{
    ck_assert_int_eq(command("truncate -s 1M %s", image), 0);
    struct emulator *e = emulator_start(
        ON_TERMINAL, (const char *[]){"-kernel", DEFAULT_GUEST, "-hda", image, NULL});
    emulator_expect(e, "> ");
    struct emulator *second = emulator_start(ON_TERMINAL, (const char *[]){"-hda", image, NULL});
    emulator_expect(second, "is in use");
    ck_assert_int_eq(WEXITSTATUS(emulator_wait(second)), 1);
    emulator_kill(second);
    second = emulator_start(ON_TERMINAL, (const char *[]){"-hda", image, "-hdb", image, NULL});
    emulator_expect(second, "is in use");
    ck_assert_int_eq(WEXITSTATUS(emulator_wait(second)), 1);
    emulator_kill(second);
    emulator_kill(e);
}
END_TEST

Suite *disks_suite(void)
{
    Suite *suite = suite_create("disks");
    TCase *c = tcase_create("disks");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_loop_test(c, grub, 0, 3);
    tcase_add_loop_test(c, linux_writes_and_reads, 0, 2);
    if (!emulator_is_qemu())
        tcase_add_test(c, one_image_is_one_guests);
    suite_add_tcase(suite, c);
    return suite;
}
