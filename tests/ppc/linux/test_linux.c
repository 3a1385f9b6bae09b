/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Linux on -M ppce500, built by tools/ppc/build-linux.sh: `make check-ppc-linux`. In each engine
 * and in QEMU the same image runs the benchmark program to what qemu-ppc computes; with cards,
 * disks, and all the memory that there can be.
 */
#include "tests/guests/emulator.h"
#include "tests/suites.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINUX  "build/guests/linux-ppc"
#define INITRD BUILD "/bench/ppc/initrd.cpio"
#define ORACLE "qemu-ppc -cpu e500mc " BUILD "/bench/ppc/kernels 1"

static const char *const engines[] = {"template", "interp", "ir", "mixed", "lockstep"};
enum { ENGINES = sizeof engines / sizeof *engines, SUMS = 4096 };

static struct emulator *start(const char *engine, const char *append, const char *option,
                              const char *value)
{
    return emulator_start(ON_TERMINAL,
                          (const char *[]){"-nographic", "-no-reboot", "-m", "256", "-jit", engine,
                                           "-kernel", LINUX, "-initrd", INITRD, "-append", append,
                                           option, value, NULL});
}

/* It restarts the machine once it is done. */
static void expect_end(struct emulator *e)
{
    emulator_expect(e, "bench: done");
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    emulator_kill(e);
}

/* --- the same results --- */

/* Lines "NAME CHECKSUM " of what QEMU's user emulation computes. */
static void read_sums(char sums[SUMS])
{
    char line[128];
    FILE *oracle = popen(ORACLE, "r");
    ck_assert_ptr_nonnull(oracle);
    sums[0] = '\0';
    while (fgets(line, sizeof line, oracle))
        if (strrchr(line, ' ') > strchr(line, ' ')) {
            strrchr(line, ' ')[1] = '\0';
            ck_assert_uint_lt(strlen(sums) + strlen(line) + 1, SUMS);
            strcat(strcat(sums, line), "\n");
        }
    ck_assert_int_eq(pclose(oracle), 0);
    ck_assert_msg(strstr(sums, "fib ") && strstr(sums, "pipe "), "%s", sums);
}

static void expect_sums(struct emulator *e)
{
    char sums[SUMS];
    read_sums(sums);
    for (char *line = strtok(sums, "\n"); line; line = strtok(NULL, "\n"))
        emulator_expect(e, line);
}

START_TEST(each_engine)
{
    struct emulator *e = start(engines[_i], "console=ttyS0 quiet -- 1", NULL, NULL);
    expect_sums(e);
    expect_end(e);
}
END_TEST

START_TEST(qemu)
{
    struct emulator *e = emulator_start_program(
        "qemu-system-ppc", ON_TERMINAL,
        (const char *[]){"-M", "ppce500", "-cpu", "e500mc", "-nographic", "-no-reboot", "-m", "256",
                         "-kernel", LINUX, "-initrd", INITRD, "-append", "console=ttyS0 quiet -- 1",
                         NULL},
        NULL);
    expect_sums(e);
    expect_end(e);
}
END_TEST

/* --- devices --- */

START_TEST(network)
{
    static const char *const cards[] = {"user,model=e1000", "user,model=virtio-net-pci"};
    struct emulator *e = start("template", "console=ttyS0 ip=dhcp -- 1 fib", "-nic", cards[_i]);
    emulator_expect(e, "my address is 10.0.2.15");
    expect_end(e);
}
END_TEST

/* A partition that it finds has been read from the disk. */
START_TEST(disk)
{
    enum { SECTOR = 512, TABLE = 446, SIZE = 1 << 20 };
    static const unsigned char partition[] = {0, 0, 2, 0, 0x83, 0, 33, 0,
                                              1, 0, 0, 0, 0xff, 7, 0,  0};
    unsigned char sector[SECTOR] = {[510] = 0x55, [511] = 0xaa};
    char path[] = "/tmp/tessera-ppc-XXXXXX", option[64];
    int fd = mkstemp(path);
    memcpy(sector + TABLE, partition, sizeof partition);
    ck_assert_int_eq(write(fd, sector, sizeof sector), SECTOR);
    ck_assert_int_eq(ftruncate(fd, SIZE), 0);
    close(fd);
    snprintf(option, sizeof option, "file=%s,format=raw,if=virtio", path);
    struct emulator *e = start("template", "console=ttyS0 -- 1 fib", "-drive", option);
    emulator_expect(e, "[vda] 2048 512-byte logical blocks");
    emulator_expect(e, " vda: vda1\n");
    expect_end(e);
    unlink(path);
}
END_TEST

/* More than it maps all the time. */
START_TEST(all_the_memory)
{
    struct emulator *e = start("template", "console=ttyS0 -- 1 mmap,fork", "-m", "2G");
    emulator_expect(e, "/2097152K available");
    expect_end(e);
}
END_TEST

static Suite *linux_suite(void)
{
    Suite *suite = suite_create("Linux for PowerPC");
    TCase *c = tcase_create("Linux for PowerPC");
    tcase_set_timeout(c, 900);
    tcase_add_loop_test(c, each_engine, 0, ENGINES);
    tcase_add_test(c, qemu);
    tcase_add_loop_test(c, network, 0, 2);
    tcase_add_test(c, disk);
    tcase_add_test(c, all_the_memory);
    suite_add_tcase(suite, c);
    return suite;
}

TEST_MAIN(linux_suite)
