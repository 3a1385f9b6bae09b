/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ROM that says how it is getting on in all the ways that diagnostic ROMs do. */
#include "emulator.h"
#include "rom.h"
#include "test_guests.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/tessera-rom-XXXXXX";
static char rom[64], posts[64], parallel[80], console[80];

#define POST           ROM_OUT
#define OUT            ROM_OUT
#define PRINT(byte)    OUT(0x378, byte), OUT(0x37a, 0x0d), OUT(0x37a, 0x0c)
#define EXIT_STATUS(n) (2 * (n) + 1)

static const unsigned char code[] = {
    POST(0x80, 0x11), POST(0x190, 0x01), POST(0x190, 0x01), POST(0x190, 0x02), PRINT('L'),
    PRINT('P'),       PRINT('T'),        OUT(0x402, 'd'),   OUT(0x402, 'c'),   OUT(0x3f8, 'C'),
    OUT(0x3f8, '\n'), POST(0x190, 0xff), OUT(0xf4, 0x2a), /* the end */
    ROM_FOREVER,
};

static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(rom, sizeof rom, "%s/rom", folder);
    snprintf(posts, sizeof posts, "%s/posts", folder);
    snprintf(parallel, sizeof parallel, "file:%s/parallel", folder);
    snprintf(console, sizeof console, "file:%s/console", folder);
    rom_write(rom, code, sizeof code);
}

static const char *path_of(const char *file)
{
    return file + strlen("file:");
}

static void teardown(void)
{
    unlink(rom);
    unlink(posts);
    unlink(path_of(parallel));
    unlink(path_of(console));
    rmdir(folder);
}

static void check_file(const char *path, const char *wanted)
{
    char text[256] = "";
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s", path);
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    ck_assert_str_eq(text, wanted);
}

/* Starts the ROM with these and more options; it must end by the exit port. */
static void run(const char *const *more)
{
    const char *arguments[24] = {
        "-nographic",
        "-bios",
        rom,
        "-parallel",
        parallel,
        "-debugcon",
        console,
        "-global",
        "isa-debugcon.iobase=0x402",
        "-device",
        "isa-debug-exit,iobase=0xf4,iosize=0x04",
    };
    for (int i = 0; more[i]; i++)
        arguments[11 + i] = more[i];
    struct emulator *e = emulator_start(ON_PIPES, arguments);
    emulator_expect(e, "C\n");
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), EXIT_STATUS(0x2a));
    emulator_kill(e);
    check_file(path_of(parallel), "LPT");
    check_file(path_of(console), "dc");
}

START_TEST(speaks_by_every_port)
{
    run((const char *[]){NULL});
}
END_TEST

START_TEST(post_codes_are_logged)
{
    run((const char *[]){"-d", "post", "-D", posts, NULL});
    check_file(posts, "POST 11\n");
    run((const char *[]){"-d", "post", "-D", posts, "-post", "0x190", NULL});
    check_file(posts, "POST 01\nPOST 02\nPOST ff\n");
}
END_TEST

static void write_floppy(const char *path, const unsigned char sector[512])
{
    enum { FLOPPY = 160 * 1024 };
    rom_write(path, sector, 512);
    ck_assert_int_eq(truncate(path, FLOPPY), 0);
}

/* Our BIOS, with its console on a serial port that is not there. */
START_TEST(bios_without_a_serial_port)
{
    static const unsigned char sector[512] = {ROM_OUT(0xf4, 0x2a), ROM_FOREVER, [510] = 0x55, 0xaa};
    char command[256];
    write_floppy(rom, sector);
    snprintf(
        command, sizeof command,
        "./tessera -display none -serial none -device isa-debug-exit,iobase=0xf4 -boot a -fda %s",
        rom);
    ck_assert_int_eq(WEXITSTATUS(system(command)), EXIT_STATUS(0x2a));
}
END_TEST

/* Disk A leaves a byte in CMOS memory and resets; disk B ends with it. */
START_TEST(once_is_for_the_first_time)
{
    enum { BYTE = 0x50 }; /* of CMOS memory, which nobody uses */
    static const unsigned char a[512] = {
        ROM_OUT(0x70, BYTE), ROM_OUT(0x71, 0x2a), ROM_OUT(0x64, 0xfe),
        ROM_FOREVER,         [510] = 0x55,        0xaa};
    static const unsigned char b[512] = {ROM_OUT(0x70, BYTE),
                                         0xe4,
                                         0x71, /* in $0x71, %al */
                                         0xe6,
                                         0xf4, /* out %al, $0xf4 */
                                         ROM_FOREVER,
                                         [510] = 0x55,
                                         0xaa};
    char command[400];
    write_floppy(rom, a);
    write_floppy(posts, b);
    snprintf(command, sizeof command,
             "timeout 60 ./tessera -display none -serial none -device isa-debug-exit,iobase=0xf4 "
             "-boot order=b,once=a -fda %s -fdb %s",
             rom, posts);
    ck_assert_int_eq(WEXITSTATUS(system(command)), EXIT_STATUS(0x2a));
}
END_TEST

Suite *rom_suite(void)
{
    Suite *suite = suite_create("diagnostic ROM");
    TCase *c = tcase_create("diagnostic ROM");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, speaks_by_every_port);
    if (!emulator_is_qemu())
        tcase_add_test(c, bios_without_a_serial_port);
    if (!emulator_is_qemu())
        tcase_add_test(c, once_is_for_the_first_time);
    if (!emulator_is_qemu())
        tcase_add_test(c, post_codes_are_logged);
    suite_add_tcase(suite, c);
    return suite;
}
