/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ROMs and kernels that nobody here wrote, taken from Debian's packages by tools/fetch-guest.sh.
 * Each must come as far as it does in QEMU.
 */
#include "emulator.h"
#include "linux.h"
#include "test_guests.h"
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define OWN_BIOS    "build/bios/bios.bin"
#define U_BOOT      "build/guests/u-boot.rom"
#define BOCHS_BIOS  "build/guests/bochs-bios"
#define QEMU_BIOS   "build/guests/bochs-qemu-bios"
#define LEGACY_BIOS "build/guests/bochs-legacy"
#define MEMTEST     "build/guests/memtest"
#define GNU_MACH    "build/guests/gnumach"
#define LINUX_PAE   "build/guests/linux-pae"
#define IPXE        "build/guests/ipxe"
#define MEMDISK     "build/guests/memdisk"
#define GRUB_FLOPPY "build/guests/grub-floppy"
#define MACH_TASK   "build/tests/guests/mach.elf"

/* How each of them is run: every one by the templates, short ones by the IR engine, too. */
static const char *const engines[] = {"template", "ir"};
enum { ENGINES = sizeof engines / sizeof *engines };

static struct emulator *start(const char *engine, const char *const *more)
{
    const char *arguments[24] = {"-nographic", "-no-reboot"};
    int count = 2;
    if (!emulator_is_qemu()) {
        arguments[count++] = "-jit";
        arguments[count++] = engine;
    }
    while (*more)
        arguments[count++] = *more++;
    return emulator_start(ON_TERMINAL, arguments);
}

static void check_exits(struct emulator *e)
{
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 0);
    emulator_kill(e);
}

static void command(struct emulator *e, const char *line, const char *answer)
{
    emulator_send(e, line);
    emulator_send(e, "\r");
    emulator_expect(e, answer);
    emulator_expect(e, "=> ");
}

/* --- U-Boot, a BIOS of 1 MiB that comes to a prompt on the serial line --- */

START_TEST(u_boot)
{
    struct emulator *e = start(engines[_i], (const char *[]){"-bios", U_BOOT, NULL});
    emulator_expect(e, "U-Boot 20");
    emulator_expect(e, "DRAM:  128 MiB");
    emulator_expect(e, "Hit any key to stop autoboot");
    emulator_send(e, " ");
    emulator_expect(e, "=> ");
    command(e, "mw.b 2000000 5a 100000; crc32 2000000 100000", "==> 8d02798e");
    command(e, "pci", "00.01.00   0x8086     0x7000     Bridge device");
    command(e, "cmp.b 2000000 2000001 fffff", "Total of 1048575 byte(s) were the same");
    emulator_send(e, "reset\r");
    emulator_expect(e, "resetting");
    check_exits(e);
}
END_TEST

/* --- the Bochs project's BIOSes: POST and boot in real mode, devices in protected mode --- */

static const struct {
    const char *file;
    const char *says[4];
} bioses[] = {
    {BOCHS_BIOS, {"Starting rombios32", "PCI: bus=0 devfn=0x08: vendor_id=0x8086"}},
    {QEMU_BIOS, {"Starting rombios32", "ram_end=64MB"}},
    {LEGACY_BIOS, {""}},
};
enum { BIOSES = sizeof bioses / sizeof *bioses };

/* _i = engine * BIOSES + bios */
START_TEST(bochs_bios)
{
    const char *file = bioses[_i % BIOSES].file, *const *says = bioses[_i % BIOSES].says;
    struct emulator *e =
        start(engines[_i / BIOSES],
              (const char *[]){"-m", "64", "-serial", "null", "-debugcon", "stdio", "-global",
                               "isa-debugcon.iobase=0x402", "-bios", file, NULL});
    emulator_expect(e, "$Revision: ");
    while (*says)
        emulator_expect(e, *says++);
    emulator_expect(e, "No bootable device.");
    emulator_kill(e);
}
END_TEST

/* --- memtest86+: Linux's boot protocol, all memory written and read in many patterns --- */

static void check_no_errors(const char *text)
{
    static const char label[] = "Errors: ";
    unsigned counts = 0;
    for (const char *at = strstr(text, label); at; at = strstr(at + 1, label), counts++)
        ck_assert_int_eq(strtol(at + strlen(label), NULL, 10), 0);
    ck_assert_uint_gt(counts, 0);
}

/* Which of the tests between the first and the last are shown depends on the host's speed. */
START_TEST(memtest)
{
    struct emulator *e =
        start("template", (const char *[]){"-m", "6", "-append", "console=ttyS0,115200", "-kernel",
                                           MEMTEST, NULL});
    emulator_expect(e, "Address test");
    emulator_expect(e, "Bit fade test");
    emulator_expect(e, "Errors: ");
    emulator_watch(e, 10);
    check_no_errors(e->text);
    emulator_kill(e);
}
END_TEST

/* --- GNU Mach: Multiboot with a module; segments, a call gate, page faults --- */

START_TEST(mach)
{
    static const char module[] = MACH_TASK " hello $(task-create) $(task-resume)";
    struct emulator *e = start(engines[_i], (const char *[]){"-append", "console=com0", "-kernel",
                                                             GNU_MACH, "-initrd", module, NULL});
    emulator_expect(e, "GNU Mach 1.8");
    emulator_expect(e, "lpr0: at atbus0, port = 378");
    emulator_expect(e, "start " MACH_TASK ": a task by a call gate");
    emulator_kill(e);
}
END_TEST

/* --- Linux with PAE, which the installer's kernel does without --- */

START_TEST(linux_pae)
{
    struct emulator *e = start("template", (const char *[]){"-m", "256", "-kernel", LINUX_PAE,
                                                            "-initrd", LINUX_INITRD, "-append",
                                                            "console=ttyS0 rdinit=/bin/sh", NULL});
    emulator_expect(e, "NX (Execute Disable) protection: active");
    emulator_expect(e, "no W+X pages found");
    emulator_expect(e, "~ # ");
    emulator_send(e, "mount -t proc proc /proc; grep -o ' pae ' /proc/cpuinfo; seq 1 9999 | "
                     "md5sum\r");
    emulator_expect(e, "\n pae ");
    emulator_expect(e, "05fda6bec6aabc94d0fc54380ace8412");
    emulator_send(e, "reboot -f\r");
    check_exits(e);
}
END_TEST

/* --- what SeaBIOS boots: real mode, and calls of the BIOS, which has its console on COM1 --- */

START_TEST(ipxe)
{
    struct emulator *e = start(
        engines[_i], (const char *[]){"-bios", SEABIOS, "-kernel", IPXE, "-append", "shell", NULL});
    emulator_expect(e, "Booting from ROM...");
    emulator_expect(e, "iPXE initialising devices...ok");
    emulator_expect(e, "iPXE> ");
    emulator_send(e, "set n 4711\r");
    emulator_expect(e, "iPXE> ");
    emulator_send(e, "echo <${n}>\r");
    emulator_expect(e, "<4711>");
    emulator_kill(e);
}
END_TEST

/* A floppy disk in memory: INT 13h is memdisk's. */
START_TEST(grub_by_memdisk)
{
    struct emulator *e = start(engines[_i], (const char *[]){"-bios", SEABIOS, "-kernel", MEMDISK,
                                                             "-initrd", GRUB_FLOPPY, NULL});
    emulator_expect(e, "MEMDISK");
    emulator_expect(e, "Loading boot sector... booting...");
    emulator_expect(e, "GNU GRUB  version 2");
    emulator_send(e, "c");
    emulator_expect(e, "grub>"); /* the BIOS may move the cursor before the blank */
    emulator_send(e, "ls\r");
    emulator_expect(e, "(fd0)");
    emulator_kill(e);
}
END_TEST

/* The same by the floppy controller; the image ends in the middle of its 1.44M. */
START_TEST(grub_from_floppy)
{
    struct emulator *e = start(
        engines[_i], (const char *[]){"-bios", SEABIOS, "-fda", GRUB_FLOPPY, "-snapshot", NULL});
    emulator_expect(e, "Booting from Floppy...");
    emulator_expect(e, "GNU GRUB  version 2");
    emulator_expect(e, "will be executed automatically in");
    emulator_send(e, "c");
    emulator_expect(e, "grub>");
    emulator_send(e, "ls (fd0)/boot\r");
    emulator_expect(e, "grub/");
    emulator_kill(e);
}
END_TEST

/* By our own BIOS, whose menu and serial console are used, too. */
START_TEST(grub_by_own_bios)
{
    struct emulator *e =
        start(engines[_i], (const char *[]){"-nographic", "-fda", GRUB_FLOPPY, "-snapshot", "-boot",
                                            "menu=on,splash-time=60000", NULL});
    emulator_expect(e, "Tessera BIOS");
    emulator_expect(e, "Press F12 for the boot menu.");
    emulator_send(e, "\033[24~");
    emulator_expect(e, "Boot from:");
    emulator_expect(e, "1  Floppy 0");
    emulator_expect(e, "Escape: as usual");
    emulator_send(e, "1");
    emulator_expect(e, "Booting from floppy 0...");
    emulator_expect(e, "GNU GRUB  version 2");
    emulator_send(e, "c");
    emulator_expect(e, "grub>");
    emulator_send(e, "ls (fd0)/boot\r");
    emulator_expect(e, "grub/");
    emulator_kill(e);
}
END_TEST

/* Nothing to boot: it says so; then it resets, if that is wanted, which -no-reboot makes the end.
 */
START_TEST(own_bios_alone)
{
    struct emulator *e = start(
        "template", (const char *[]){"-nographic", "-boot", "order=d,reboot-timeout=500", NULL});
    emulator_expect(e, "Tessera BIOS");
    emulator_expect(e, "No bootable device.");
    check_exits(e);
}
END_TEST

START_TEST(linux_by_bios)
{
    struct emulator *e =
        start("template", (const char *[]){"-m", "256", "-bios", SEABIOS, "-kernel", LINUX_KERNEL,
                                           "-initrd", LINUX_INITRD, "-append",
                                           ("console=ttyS0 rdinit=/bin/sh " LINUX_BRIEFLY), NULL});
    emulator_expect(e, "Booting from ROM...");
    emulator_expect(e, "Linux version");
    emulator_expect(e, "DMI: ");
    emulator_expect(e, "~ # ");
    emulator_kill(e);
}
END_TEST

/* By our own BIOS, in a mode of our VGA BIOS's: 143h, 800 x 600 in 32 bits. */
START_TEST(linux_in_a_frame_buffer)
{
    struct emulator *e =
        start("template",
              (const char *[]){"-m", "256", "-bios", OWN_BIOS, "-kernel", LINUX_KERNEL, "-initrd",
                               LINUX_INITRD, "-append",
                               ("console=ttyS0 vga=0x343 rdinit=/bin/sh " LINUX_BRIEFLY), NULL});
    emulator_expect(e, "vesafb: mode is 800x600x32, linelength=3200");
    emulator_expect(e, "switching to colour frame buffer device 100x37");
    emulator_expect(e, "~ # ");
    emulator_send(e, "mount -t proc proc /proc; cat /proc/fb\r");
    emulator_expect(e, "0 VESA VGA");
    emulator_kill(e);
}
END_TEST

Suite *others_suite(void)
{
    Suite *suite = suite_create("other people's guests");
    TCase *c = tcase_create("other people's guests");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_loop_test(c, u_boot, 0, ENGINES);
    tcase_add_loop_test(c, bochs_bios, 0, ENGINES * BIOSES);
    tcase_add_test(c, memtest);
    tcase_add_loop_test(c, mach, 0, ENGINES);
    tcase_add_test(c, linux_pae);
    tcase_add_loop_test(c, ipxe, 0, ENGINES);
    tcase_add_loop_test(c, grub_by_memdisk, 0, ENGINES);
    tcase_add_loop_test(c, grub_from_floppy, 0, ENGINES);
    tcase_add_loop_test(c, grub_by_own_bios, 0, ENGINES);
    tcase_add_test(c, own_bios_alone);
    tcase_add_test(c, linux_by_bios);
    suite_add_tcase(suite, c);
    c = tcase_create("frame buffer");
    tcase_set_timeout(c, CASE_TIMEOUT);
    if (!emulator_is_qemu()) {
        tcase_add_test(c, linux_in_a_frame_buffer);
        suite_add_tcase(suite, planes_case());
    }
    suite_add_tcase(suite, c);
    return suite;
}
