/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linux and the USB's keyboard and tablet: what its drivers make of them. */
#include "emulator.h"
#include "test_guests.h"

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
                                      LINUX_INITRD, "-append", "console=ttyS0 quiet rdinit=/bin/sh",
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

Suite *usb_suite(void)
{
    Suite *suite = suite_create("usb");
    TCase *c = tcase_create("usb");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_test(c, linux_takes_up_keyboard_and_tablet);
    suite_add_tcase(suite, c);
    return suite;
}
