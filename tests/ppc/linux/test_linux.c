/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Linux and busybox on -M ppce500, built by tools/ppc/build-guests.sh: `make check-ppc-linux`. In
 * each engine and in QEMU the same image runs the benchmark program to what qemu-ppc computes; with
 * cards, disks, and all the memory that there can be.
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
#define ORACLE "qemu-ppc -cpu e500mc " BUILD "/bench/ppc/kernels 1"

static const char initrd[] = BUILD "/bench/ppc/initrd.cpio";
static const char shell_initrd[] = BUILD "/bench/ppc/shell.img";
static const char virtual_initrd[] = BUILD "/bench/ppc/virtual/initrd.cpio";
static const char traced_initrd[] = BUILD "/bench/ppc/traced/initrd.cpio";
static const char *const engines[] = {"template", "interp",   "ir",
                                      "mixed",    "lockstep", "lockstep:template,ir"};
enum { ENGINES = sizeof engines / sizeof *engines, SUMS = 4096 };

static struct emulator *start(const char *engine, const char *append, const char *option,
                              const char *value)
{
    return emulator_start(ON_TERMINAL,
                          (const char *[]){"-nographic", "-no-reboot", "-m", "256", "-jit", engine,
                                           "-kernel", LINUX, "-initrd", initrd, "-append", append,
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
                         "-kernel", LINUX, "-initrd", initrd, "-append", "console=ttyS0 quiet -- 1",
                         NULL},
        NULL);
    expect_sums(e);
    expect_end(e);
}
END_TEST

/* --- what only Linux can ask for --- */

/* A first process of our own that says how it went, and ends the machine. */
static void expect_process(const char *engine, const char *process, const char *says)
{
    struct emulator *e =
        emulator_start(ON_TERMINAL, (const char *[]){"-nographic", "-no-reboot", "-m", "64", "-jit",
                                                     engine, "-kernel", LINUX, "-initrd", process,
                                                     "-append", "console=ttyS0 quiet", NULL});
    emulator_expect(e, says);
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    emulator_kill(e);
}

/* Debug events: steps and watchpoints of the guest's own debuggers. */
START_TEST(a_process_is_traced)
{
    expect_process(engines[_i], traced_initrd, "traced: as it had to be");
}
END_TEST

/* Guest state: KVM has a guest in the guest. */
START_TEST(a_guest_has_a_guest)
{
    expect_process(engines[_i], virtual_initrd, "virtual: as it had to be");
}
END_TEST

/* --- devices --- */

static const char *const cards[] = {"user,model=e1000", "user,model=rtl8139", "user,model=ne2k_pci",
                                    "user,model=virtio-net-pci"};
enum { CARDS = sizeof cards / sizeof *cards };

START_TEST(network)
{
    struct emulator *e = start("template", "console=ttyS0 ip=dhcp -- 1 fib", "-nic", cards[_i]);
    emulator_expect(e, "my address is 10.0.2.15");
    expect_end(e);
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

/* --- a shell --- */

/* A disk's image of bytes that differ: its option for -drive, and the digest that sha256sum prints.
 */
static void make_disk(char path[], char digest[65])
{
    enum { SECTORS = 2048, SECTOR = 512 };
    char command[64];
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    for (unsigned i = 0; i < SECTORS; i++) {
        unsigned char sector[SECTOR];
        for (unsigned k = 0; k < SECTOR; k++)
            sector[k] = (unsigned char)(i * 7 + k * k);
        ck_assert_int_eq(write(fd, sector, SECTOR), SECTOR);
    }
    close(fd);
    snprintf(command, sizeof command, "sha256sum %s", path);
    FILE *sum = popen(command, "r");
    ck_assert_int_eq(fscanf(sum, "%64s", digest), 1);
    pclose(sum);
}

static void check_written(const char *path, const char *text)
{
    char start[64] = {0};
    FILE *disk = fopen(path, "r");
    ck_assert_uint_eq(fread(start, 1, strlen(text), disk), strlen(text));
    fclose(disk);
    ck_assert_str_eq(start, text);
}

/* Types a command at the prompt; its echo does not hold the answer. */
static void ask(struct emulator *e, const char *command, const char *answer)
{
    emulator_expect(e, "# ");
    emulator_send(e, command);
    emulator_send(e, "\r");
    emulator_expect(e, answer);
}

/* Programs with glibc; a disk, which is written, too; random numbers; a network; the end, by GPIO.
 */
START_TEST(shell)
{
    char path[] = "/tmp/tessera-ppc-XXXXXX", digest[65], option[64];
    make_disk(path, digest);
    snprintf(option, sizeof option, "file=%s,format=raw,if=virtio", path);
    struct emulator *e = emulator_start(
        ON_TERMINAL,
        (const char *[]){"-nographic", "-m", "256", "-jit", engines[_i], "-kernel", LINUX,
                         "-initrd", shell_initrd, "-append", "console=ttyS0 quiet rdinit=/bin/sh",
                         "-drive", option, "-nic", "user,model=e1000", "-device", "virtio-rng-pci",
                         NULL});
    ask(e, "uname -m -r", "6.1.");
    emulator_expect(e, "-tessera ppc");
    ask(e, "mkdir /proc; mount -t proc proc /proc; mount -t devtmpfs dev /dev", "");
    ask(e, "cat /proc/cpuinfo", "e500mc");
    ask(e, "sha256sum /dev/vda", digest);
    ask(e, "echo from the guest > /dev/vda; sync", "");
    ask(e, "dd if=/dev/hwrng bs=13 count=3 | wc -c", "39");
    ask(e, "ifconfig eth0 10.0.2.15; while ! ping 10.0.2.2; do sleep 1; done", "2 is alive!");
    ask(e, "/init 1 fib", "fib 00029fa6 ");
    ask(e, "poweroff -f", "");
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    emulator_kill(e);
    check_written(path, "from the guest\n");
    unlink(path);
}
END_TEST

static Suite *linux_suite(void)
{
    Suite *suite = suite_create("Linux for PowerPC");
    TCase *c = tcase_create("Linux for PowerPC");
    tcase_set_timeout(c, 900);
    tcase_add_loop_test(c, each_engine, 0, ENGINES);
    tcase_add_test(c, qemu);
    tcase_add_loop_test(c, a_process_is_traced, 0, ENGINES);
    tcase_add_loop_test(c, a_guest_has_a_guest, 0, ENGINES);
    tcase_add_loop_test(c, network, 0, CARDS);
    tcase_add_test(c, all_the_memory);
    tcase_add_loop_test(c, shell, 0, ENGINES);
    suite_add_tcase(suite, c);
    return suite;
}

TEST_MAIN(linux_suite)
