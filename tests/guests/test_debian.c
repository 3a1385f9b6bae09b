/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole Debian on its disk, from the master boot record on (tools/debian-disk.sh). */
#include "emulator.h"
#include "test_guests.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROMPT "root@tessera:~# "

static char disk[] = "/tmp/tessera-debian-XXXXXX";

/* A copy to write to; most of the file is holes. */
static void copy_disk(void)
{
    char command[256];

    close(mkstemp(disk));
    snprintf(command, sizeof command, "cp --sparse=always %s %s", DEBIAN_DISK, disk);
    ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c) a command of our own */
}

static void remove_disk(void)
{
    unlink(disk);
}

static struct emulator *boot_to_prompt(const char *const *arguments)
{
    struct emulator *e = emulator_start(ON_TERMINAL, arguments);

    emulator_expect(e, "GRUB");
    emulator_expect(e, "Debian GNU/Linux 12 tessera ttyS0");
    emulator_expect(e, "tessera login: ");
    emulator_send(e, "root\r");
    emulator_expect(e, PROMPT);
    return e;
}

/* The command's output holds `wanted`, which the command itself does not. */
static void check_output(struct emulator *e, const char *command, const char *wanted)
{
    size_t from = e->seen;

    ck_assert_ptr_null(strstr(command, wanted));
    emulator_send(e, command);
    emulator_send(e, "; echo @$?@\r");
    ck_assert_int_eq(emulator_expect_status(e), 0);
    ck_assert_msg(strstr(e->text + from, wanted), "%s: no '%s' in:\n%s", command, wanted,
                  e->text + from);
}

static void end_by(struct emulator *e, const char *command)
{
    emulator_send(e, command);
    int status = emulator_wait(e);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "wait status %#x", status);
    emulator_kill(e);
}

static void restart(struct emulator *e)
{
    end_by(e, "reboot -f\r");
}

static void turn_off(struct emulator *e)
{
    end_by(e, "poweroff\r");
}

START_TEST(debian_boots_and_keeps_what_is_written)
{
    const char *const arguments[] = {"-nographic", "-no-reboot", "-m", "256", "-hda", disk, NULL};
    struct emulator *e = boot_to_prompt(arguments);

    check_output(e, "systemctl is-system-running --wait | tr a-z A-Z", "RUNNING");
    check_output(e, "grep ' / ' /proc/mounts", "ext4");
    check_output(e,
                 "dd if=/dev/urandom of=/kept bs=1M count=16 2>/dev/null; sha1sum /kept | tee /sum",
                 "  /kept");
    check_output(e, "sync; echo sy''nced", "synced");
    restart(e);
    e = boot_to_prompt(arguments);
    check_output(e, "sha1sum -c /sum", "/kept: OK");
    check_output(e, "dmesg | grep button", "Power Button [PWRF]");
    turn_off(e);
}
END_TEST

Suite *debian_suite(void)
{
    Suite *s = suite_create("Debian");
    TCase *c = tcase_create("disk");

    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_checked_fixture(c, copy_disk, remove_disk);
    tcase_add_test(c, debian_boots_and_keeps_what_is_written);
    suite_add_tcase(s, c);
    return s;
}
