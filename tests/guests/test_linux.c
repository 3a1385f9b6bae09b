/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Debian's kernel with its installer's shell: a guest that nobody here wrote. */
#include "emulator.h"
#include "test_guests.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHELL_PROMPT "~ # "
#define UP           "\x1b[A"

enum { MAX_OPTIONS = 8 };

/* Boots with more options after the usual ones. */
static struct emulator *boot(const char *megabytes, const char *command_line,
                             const char *const *more)
{
    const char *arguments[9 + MAX_OPTIONS] = {"-nographic", "-m",         megabytes,
                                              "-kernel",    LINUX_KERNEL, "-initrd",
                                              LINUX_INITRD, "-append",    command_line};
    for (int i = 0; more && more[i]; i++)
        arguments[9 + i] = more[i];
    return emulator_start(ON_TERMINAL, arguments);
}

static struct emulator *boot_to_shell(const char *const *more)
{
    struct emulator *e = boot("256", "console=ttyS0 rdinit=/bin/sh", more);
    emulator_expect(e, "Linux version");
    emulator_expect(e, SHELL_PROMPT);
    return e;
}

/*
 * A guest at the shell's prompt, which is booted once for all that go on from there: a state in a
 * file. QEMU has another form of it, and boots for each.
 */
static char booted[40], incoming[64];

static void boot_once(void)
{
    if (emulator_is_qemu())
        return;
    strcpy(booted, "/tmp/tessera-booted-XXXXXX");
    close(mkstemp(booted));
    snprintf(incoming, sizeof incoming, "file:%s", booted);
    struct emulator *e = boot_to_shell((const char *[]){"-savestate", booted, NULL});
    kill(e->pid, SIGTERM);
    emulator_wait(e);
    emulator_kill(e);
}

static void forget_boot(void)
{
    if (*booted)
        unlink(booted);
}

static struct emulator *go_on_at_shell(const char *const *more)
{
    const char *options[MAX_OPTIONS] = {"-incoming", incoming};
    if (!*booted)
        return boot_to_shell(more);
    for (int i = 0; more && more[i]; i++)
        options[2 + i] = more[i];
    struct emulator *e = boot("256", "console=ttyS0 rdinit=/bin/sh", options);
    emulator_send(e, "\r");
    emulator_expect(e, SHELL_PROMPT);
    return e;
}

/* A command's exit status. What is typed shows "$?", so only the output can match. */
static int status_of(struct emulator *e, const char *command)
{
    emulator_send(e, command);
    emulator_send(e, "; echo @$?@\r");
    return emulator_expect_status(e);
}

/* The command's output must hold `wanted`, which the command itself must not. */
static void check_output(struct emulator *e, const char *command, const char *wanted)
{
    size_t from = e->seen;
    ck_assert_ptr_null(strstr(command, wanted));
    int status = status_of(e, command);
    ck_assert_msg(status == 0, "%s: status %d:\n%s", command, status, e->text + from);
    ck_assert_msg(strstr(e->text + from, wanted), "%s: no '%s' in:\n%s", command, wanted,
                  e->text + from);
}

/* The first word that a command of the host prints. */
static const char *host_word(const char *command)
{
    static char word[256];
    FILE *pipe = popen(command, "r"); /* NOLINT(cert-env33-c) a constant command */
    ck_assert_ptr_nonnull(pipe);
    int got = fscanf(pipe, "%255s", word);
    ck_assert_int_eq(pclose(pipe), 0);
    ck_assert_int_eq(got, 1);
    return word;
}

static void check_processes(struct emulator *e)
{
    check_output(e, "echo a b c d e | wc -w", "\n5\n");
    check_output(e, "seq 1 2000 | grep 7 | wc -l", "\n542\n");
    check_output(e, "(sleep 1; echo after > /tmp/bg) & wait; cat /tmp/bg | tr a-z A-Z", "AFTER");
    check_output(e, "sleep 1000 & kill -9 $!; wait $!; echo died $?", "died 137");
    check_output(e, "i=0; while [ $i -lt 100 ]; do /bin/true; i=$((i+1)); done; echo did $i",
                 "did 100");
    ck_assert_int_eq(status_of(e, "cat /no/such/file 2>/dev/null"), 1);
}

static void check_filesystems(struct emulator *e)
{
    check_output(e, "mount -t proc proc /proc; grep -c ^processor /proc/cpuinfo", "\n1\n");
    check_output(e, "mount -t sysfs sysfs /sys; ls /sys/devices/system", "cpu");
    check_output(e, "mount -t tmpfs tmpfs /mnt; echo text > /mnt/f; mv /mnt/f /mnt/g; ls /mnt",
                 "\ng\n");
    check_output(e, "mount | grep -c tmpfs", "\n1\n");
}

/* Every program and library of the initial file system. */
#define ALL_FILES "find bin lib sbin usr -type f -exec sha1sum {} +"

static void check_checksums(struct emulator *e)
{
    check_output(e, "seq 1 200000 > /mnt/n; md5sum /mnt/n", host_word("seq 1 200000 | md5sum"));
    check_output(e, "sha256sum /usr/lib/libcrypto.so.3",
                 host_word("gzip -dc " LINUX_INITRD
                           " | cpio -i --quiet --to-stdout usr/lib/libcrypto.so.3 | sha256sum"));
    check_output(e, "cd /; " ALL_FILES " | sort | sha1sum",
                 host_word("d=$(mktemp -d); gzip -dc " LINUX_INITRD
                           " | (cd $d && cpio -id --quiet 2>/dev/null); "
                           "(cd $d && " ALL_FILES " | LC_ALL=C sort | sha1sum); rm -rf $d"));
}

/* Floating point far from rounding's edge: the guest's x87 and the host's SSE agree. */
#define SERIES "awk 'BEGIN{x=1;for(i=1;i<=20000;i++)x=x*1.0001+i/7;printf \"%.1f\\n\",x}'"

static void check_arithmetic(struct emulator *e)
{
    check_output(e, SERIES, host_word(SERIES));
    check_output(e, "echo $((123456789012345 * 6789 / 4321))", "\n193970872623191\n");
}

/* CPUID tells the TSC's rate, and that it never stops. */
static void check_clock(struct emulator *e)
{
    check_output(e, "cat /sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc");
}

/* What a key sends that is more than one character: the line before comes back. */
static void check_keys(struct emulator *e)
{
    check_output(e, "n=$((n+7)); echo now $n", "now 7");
    emulator_send(e, UP "\r");
    emulator_expect(e, "now 14");
    ck_assert_int_eq(emulator_expect_status(e), 0);
}

/* A guest in HLT sleeps, or it would take all of a core. What it takes, `make lab` says. */
static void check_idle(struct emulator *e)
{
    double load = emulator_load(e, 3);
    ck_assert_msg(load < 0.5, "an idle Linux takes %.1f %% of a core", load * 100);
}

START_TEST(shell)
{
    struct emulator *e = go_on_at_shell(NULL);
    ck_assert_int_eq(status_of(e, "dmesg -n 1"), 0);
    check_processes(e);
    check_filesystems(e);
    check_checksums(e);
    check_arithmetic(e);
    if (!emulator_is_qemu())
        check_clock(e);
    check_keys(e);
    check_idle(e);
    emulator_kill(e);
}
END_TEST

START_TEST(reboot_ends_under_no_reboot)
{
    struct emulator *e = go_on_at_shell((const char *[]){"-no-reboot", NULL});
    emulator_send(e, "reboot -f\r");
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 0);
    emulator_kill(e);
}
END_TEST

START_TEST(reboot_boots_again)
{
    struct emulator *e = go_on_at_shell(NULL);
    emulator_send(e, "reboot -f\r");
    emulator_expect(e, "Linux version");
    emulator_expect(e, SHELL_PROMPT);
    check_output(e, "echo $((6 * 7))", "42");
    emulator_kill(e);
}
END_TEST

/* --- engines --- */

static const char *const engines[] = {"ir", "mixed:20"};
enum { ENGINES = sizeof engines / sizeof *engines };

/* Its boot by the engine is in bench_in_engine(). */
START_TEST(shell_in_engine)
{
    struct emulator *e = go_on_at_shell((const char *[]){"-jit", engines[_i], NULL});
    ck_assert_int_eq(status_of(e, "dmesg -n 1"), 0);
    check_processes(e);
    check_filesystems(e);
    check_arithmetic(e);
    emulator_kill(e);
}
END_TEST

/* The kernel's start, up to the network's tables. */
START_TEST(engines_agree_on_the_start)
{
    struct emulator *e = boot("256", "console=ttyS0 rdinit=/bin/sh",
                              (const char *[]){"-jit", "lockstep:template,ir", NULL});
    emulator_expect(e, "TCP established hash table entries");
    emulator_kill(e);
}
END_TEST

/* Lines "NAME CHECKSUM NANOSECONDS" without the last word, from what the bench program wrote. */
static void copy_checksums(char *to, size_t size, const char *text)
{
    char name[32];
    unsigned checksum;
    size_t used = 0;
    *to = 0;
    for (const char *line = strchr(text, '>'); line; line = strchr(line + 1, '\n')) {
        int end = 0;
        sscanf(line, "\n%31s %8x %*u%n", name, &checksum, &end); /* NOLINT(cert-err34-c) */
        if (end && used < size)
            used += (size_t)snprintf(to + used, size - used, "%s %08x\n", name, checksum);
    }
}

/* Of QEMU's user mode where the kernel runs no 32-bit programs, and the shell says 126 for that. */
static void host_checksums(char *to, size_t size)
{
    static const char command[] =
        BENCH_PROGRAM " 1 2>/dev/null || "
                      "{ [ $? = 126 ] && qemu-i386 " BENCH_PROGRAM " 1; }";
    static char text[8192];
    FILE *pipe = popen(command, "r"); /* NOLINT(cert-env33-c) a constant command */
    ck_assert_ptr_nonnull(pipe);
    size_t length = fread(text, 1, sizeof(text) - 1, pipe);
    text[length] = 0;
    ck_assert_int_eq(pclose(pipe), 0);
    copy_checksums(to, size, text);
}

/* The kernels of `make bench`, as the only process, compute what they do on the host. */
START_TEST(bench_in_engine)
{
    static char on_host[2048], in_guest[2048];
    const char *const jit = _i < ENGINES ? engines[_i] : "template";
    const char *arguments[] = {"-nographic", "-m",      "256",        "-kernel",
                               LINUX_KERNEL, "-initrd", BENCH_INITRD, "-no-reboot",
                               "-jit",       jit,       "-append",    "console=ttyS0 quiet -- 1",
                               NULL};
    struct emulator *e = emulator_start(ON_TERMINAL, arguments);
    emulator_expect(e, "bench: done");
    host_checksums(on_host, sizeof on_host);
    copy_checksums(in_guest, sizeof in_guest, e->text);
    ck_assert_ptr_nonnull(strstr(on_host, "fib "));
    ck_assert_str_eq(in_guest, on_host);
    emulator_kill(e);
}
END_TEST

/*
 * What processes use is more code than the cache holds: it comes back again and again. A boot by
 * the least cache is the next.
 */
START_TEST(small_code_cache)
{
    struct emulator *e = go_on_at_shell((const char *[]){"-jit-cache", "2M", NULL});
    ck_assert_int_eq(status_of(e, "dmesg -n 1"), 0);
    check_processes(e);
    emulator_kill(e);
}
END_TEST

/* The least cache there is. */
START_TEST(smallest_code_cache)
{
    struct emulator *e =
        boot("256", "console=ttyS0 rdinit=/bin/sh", (const char *[]){"-jit-cache", "1M", NULL});
    emulator_expect(e, "TCP established hash table entries");
    emulator_kill(e);
}
END_TEST

static TCase *engines_case(void)
{
    TCase *c = tcase_create("engines");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_test(c, engines_agree_on_the_start);
    tcase_add_loop_test(c, bench_in_engine, 0, ENGINES + 1);
    return c;
}

Suite *linux_suite(void)
{
    Suite *suite = suite_create("Debian 12");
    TCase *c = tcase_create("Debian 12");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_unchecked_fixture(c, boot_once, forget_boot);
    tcase_add_test(c, shell);
    tcase_add_test(c, reboot_ends_under_no_reboot);
    tcase_add_test(c, reboot_boots_again);
    if (!emulator_is_qemu()) {
        tcase_add_loop_test(c, shell_in_engine, 0, ENGINES);
        tcase_add_test(c, small_code_cache);
        tcase_add_test(c, smallest_code_cache);
    }
    suite_add_tcase(suite, c);
    if (!emulator_is_qemu())
        suite_add_tcase(suite, engines_case());
    return suite;
}
