/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linux and the USB's keyboard and tablet: what its drivers make of them. */
#include "emulator.h"
#include "linux.h"
#include "test_guests.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROMPT "~ # "
#define MONITOR                                                                                    \
    "\x01"                                                                                         \
    "c"

static void type(struct emulator *e, const char *command)
{
    emulator_send(e, command);
    emulator_send(e, "; echo @$?@\r");
    ck_assert_int_eq(emulator_expect_status(e), 0);
    emulator_expect(e, PROMPT);
}

/* In the monitor, and back to the serial line. */
static void command(struct emulator *e, const char *line)
{
    emulator_send(e, MONITOR);
    emulator_expect(e, "(tessera) ");
    emulator_send(e, line);
    emulator_expect(e, "(tessera) ");
    emulator_send(e, MONITOR);
}

/* Reports are compared by their digests: there is little in the guest that could print them. */
START_TEST(linux_takes_up_keyboard_and_tablet)
{
    struct emulator *e = emulator_start(
        ON_TERMINAL, (const char *[]){"-nographic", "-m", "256", "-kernel", LINUX_KERNEL, "-initrd",
                                      LINUX_INITRD, "-append",
                                      ("console=ttyS0 quiet rdinit=/bin/sh " LINUX_BRIEFLY),
                                      "-device", "usb-kbd", "-device", "usb-tablet", NULL});
    emulator_expect(e, PROMPT);
    type(e, "mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev");
    type(e, "modprobe uhci_hcd; modprobe usbhid; modprobe hid_generic; "
            "while ! [ -e /dev/hidraw1 ]; do sleep 1; done");
    type(e, "grep 'USB Keyboard' /proc/bus/input/devices && grep ABS=3 /proc/bus/input/devices");
    type(e, "exec 3</dev/hidraw0 4</dev/hidraw1");
    command(e, "sendkey a\r");
    type(e, "head -c 8 <&3 | sha1sum | grep f578d97aa56418d94903da0a794552c750178e7c");
    command(e, "mouse_button 1\r");
    type(e, "head -c 6 <&4 | sha1sum | grep 500ce5edbda324f9a385f06a24094cee873bcf07");
    emulator_kill(e);
}
END_TEST

/* --- firmware --- */

/* Nobody but our BIOS is there to hear the USB's keyboard. */
START_TEST(the_boot_menu_is_answered)
{
    char script[] = "/tmp/tessera-script-XXXXXX";
    static const char lines[] = "wait screen 60 Press F12 for the boot menu.\nsendkey f12\n"
                                "wait screen 60 Boot from:\nsendkey 1\n"
                                "wait screen 60 Booting from floppy 0\nexit 7\n";
    int fd = mkstemp(script);
    ck_assert_int_eq(write(fd, lines, sizeof lines - 1), sizeof lines - 1);
    close(fd);
    struct emulator *e = emulator_start(
        ON_PIPES, (const char *[]){"-display", "none", "-fda", "build/guests/grub-floppy",
                                   "-snapshot", "-boot", "menu=on,splash-time=60000", "-device",
                                   "usb-kbd", "-script", script, NULL});
    int status = emulator_wait(e);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 7, "%s", e->text);
    emulator_kill(e);
    unlink(script);
}
END_TEST

/* --- a disk --- */

static char stick[] = "/tmp/tessera-stick-XXXXXX";

static void make_stick(void)
{
    enum { SIZE = 1 << 20 };
    static uint32_t words[SIZE / 4];
    uint32_t random = 1;
    for (unsigned i = 0; i < SIZE / 4; i++)
        words[i] = random = random * 1664525 + 1013904223;
    int fd = mkstemp(stick);
    ck_assert_int_eq(write(fd, words, SIZE), SIZE);
    close(fd);
}

static void remove_stick(void)
{
    unlink(stick);
}

/* Of all of it, as sha1sum prints it. */
static char *digest_of_stick(void)
{
    static char digest[41];
    char line[96];
    snprintf(line, sizeof line, "sha1sum %s", stick);
    FILE *pipe = popen(line, "r"); /* NOLINT(cert-env33-c) a command of our own */
    ck_assert_ptr_nonnull(pipe);
    ck_assert_int_eq(fscanf(pipe, "%40s", digest), 1);
    ck_assert_int_eq(pclose(pipe), 0);
    return digest;
}

static void expect_same_digest(struct emulator *e)
{
    char line[128];
    snprintf(line, sizeof line, "sha1sum /dev/sda | grep %s", digest_of_stick());
    type(e, line);
}

START_TEST(linux_reads_and_writes_a_disk)
{
    char drive[96], before[41];
    snprintf(drive, sizeof drive, "if=none,id=stick,format=raw,file=%s", stick);
    struct emulator *e = emulator_start(
        ON_TERMINAL,
        (const char *[]){"-nographic", "-m", "256", "-kernel", LINUX_KERNEL, "-initrd",
                         LINUX_INITRD, "-append",
                         ("console=ttyS0 quiet rdinit=/bin/sh " LINUX_BRIEFLY), "-drive", drive,
                         "-usb", "-device", "usb-storage,drive=stick", NULL});
    emulator_expect(e, PROMPT);
    type(e, "mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev");
    type(e, "modprobe uhci_hcd; modprobe usb-storage; modprobe sd_mod; "
            "while ! [ -b /dev/sda ]; do sleep 1; done");
    expect_same_digest(e);
    strcpy(before, digest_of_stick());
    type(e, "dd if=/bin/busybox of=/dev/sda bs=4096 seek=100; sync");
    ck_assert_str_ne(digest_of_stick(), before);
    type(e, "echo 3 >/proc/sys/vm/drop_caches");
    expect_same_digest(e);
    emulator_kill(e);
}
END_TEST

Suite *usb_suite(void)
{
    Suite *suite = suite_create("usb");
    TCase *c = tcase_create("usb");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_test(c, linux_takes_up_keyboard_and_tablet);
    tcase_add_test(c, the_boot_menu_is_answered);
    suite_add_tcase(suite, c);
    c = tcase_create("storage");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_checked_fixture(c, make_stick, remove_stick);
    tcase_add_test(c, linux_reads_and_writes_a_disk);
    suite_add_tcase(suite, c);
    return suite;
}
