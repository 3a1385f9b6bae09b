/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The default guest: its prompt, its commands, its workloads under every engine. */
#include "emulator.h"
#include "test_guests.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROMPT        "\n> "
#define ALL_WORKLOADS "11 workloads, 0 wrong"

/* Without arguments it is what the emulator starts with; for QEMU it is a kernel. */
static struct emulator *start_default(void)
{
    static const char *const none[] = {NULL};
    static const char *const kernel[] = {"-nographic", "-kernel", DEFAULT_GUEST, NULL};
    struct emulator *e = emulator_start(ON_TERMINAL, emulator_is_qemu() ? kernel : none);
    emulator_expect(e, "Tessera default guest");
    emulator_expect(e, PROMPT);
    return e;
}

START_TEST(reports_the_machine)
{
    struct emulator *e = start_default();
    ck_assert_ptr_nonnull(strstr(e->text, "cpu: "));
    ck_assert_ptr_nonnull(strstr(e->text, " fpu"));
    ck_assert_ptr_nonnull(strstr(e->text, "memory: "));
    ck_assert_ptr_nonnull(strstr(e->text, "0000000000..000009fbff RAM"));
    emulator_kill(e);
}
END_TEST

START_TEST(commands_answer)
{
    struct emulator *e = start_default();
    emulator_send(e, "help\r");
    emulator_expect(e, "one workload, or all of them");
    emulator_expect(e, PROMPT);
    emulator_send(e, "echo one two\r");
    emulator_expect(e, "\none two\n");
    /* The guest's own multiboot header, where its text begins. */
    emulator_send(e, "peek 0x100000\r");
    emulator_expect(e, "00100000: 1badb002 00000003 e4524ffb");
    emulator_send(e, "nonsense\r");
    emulator_expect(e, "no command 'nonsense'");
    emulator_send(e, "peek 12q\r");
    emulator_expect(e, "peek wants an address");
    emulator_kill(e);
}
END_TEST

START_TEST(line_editing)
{
    struct emulator *e = start_default();
    emulator_send(e, "echo wrongg\b\b\b\b\b\bright\r");
    emulator_expect(e, "\nright\n");
    emulator_send(e, "echo lost\x15"
                     "echo kept\x7f\x7f"
                     "ep\r");
    emulator_expect(e, "\nkeep\n");
    emulator_send(e, "echo \x1b[Aup\x1b[3~\r");
    emulator_expect(e, "\nup\n");
    emulator_send(e, "fault\x03");
    emulator_expect(e, "^C\n> ");
    emulator_kill(e);
}
END_TEST

START_TEST(ticks_go_on)
{
    struct emulator *e = start_default();
    unsigned last = 0;
    for (int i = 0; i < 3; i++) {
        emulator_send(e, "ticks\r");
        emulator_expect(e, "ticks\n");
        size_t at = e->seen;
        emulator_expect(e, " ticks of 1/100 s");
        unsigned now = (unsigned)strtoul(e->text + at, NULL, 10);
        ck_assert_uint_gt(now, last);
        last = now;
        emulator_watch(e, 100);
    }
    emulator_kill(e);
}
END_TEST

START_TEST(page_fault_is_reported)
{
    struct emulator *e = start_default();
    emulator_send(e, "fault\r");
    emulator_expect(e, "Exception 14 (page fault), error code 2");
    emulator_expect(e, "write of deadbeec: no page is there");
    emulator_expect(e, PROMPT);
    emulator_send(e, "peek 0\r");
    emulator_expect(e, "error code 0");
    emulator_expect(e, "read of 00000000");
    emulator_expect(e, PROMPT);
    emulator_send(e, "echo alive\r");
    emulator_expect(e, "\nalive\n");
    emulator_kill(e);
}
END_TEST

START_TEST(workloads_are_right)
{
    struct emulator *e = start_default();
    emulator_send(e, "run all\r");
    emulator_expect(e, ALL_WORKLOADS);
    emulator_kill(e);
}
END_TEST

START_TEST(reboot_starts_again)
{
    struct emulator *e = start_default();
    emulator_send(e, "reboot\r");
    emulator_expect(e, "Tessera default guest");
    emulator_expect(e, PROMPT);
    emulator_send(e, "run sort\r");
    emulator_expect(e, " ok\n");
    emulator_kill(e);
}
END_TEST

START_TEST(no_reboot_ends)
{
    const char *arguments[] = {"-nographic", "-kernel",    DEFAULT_GUEST, "-append",
                               "do=reboot",  "-no-reboot", NULL};
    struct emulator *e = emulator_start(ON_TERMINAL, arguments);
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 0);
    ck_assert_ptr_nonnull(strstr(e->text, "Rebooting."));
    emulator_kill(e);
}
END_TEST

/* A value v written to the debug exit port ends the program with status 2v + 1. */
START_TEST(debug_exit_status)
{
    const char *arguments[] = {"-nographic",        "-kernel", DEFAULT_GUEST, "-append",
                               "do=run sieve;halt", "-device", DEBUG_EXIT,    NULL};
    struct emulator *e = emulator_start(ON_PIPES, arguments);
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 33);
    ck_assert_ptr_nonnull(strstr(e->text, "00014069 ok"));
    emulator_kill(e);
}
END_TEST

START_TEST(serial_to_a_file)
{
    char name[] = "/tmp/tessera-serial-XXXXXX";
    char option[64];
    int fd = mkstemp(name);
    ck_assert_int_ge(fd, 0);
    snprintf(option, sizeof(option), "file:%s", name);
    const char *arguments[] = {"-display", "none",        "-serial", option,
                               "-kernel",  DEFAULT_GUEST, "-append", "do=halt",
                               "-device",  DEBUG_EXIT,    NULL};
    struct emulator *e = emulator_start(ON_PIPES, arguments);
    int status = emulator_wait(e);
    char text[8192] = "";
    ck_assert_int_gt(read(fd, text, sizeof(text) - 1), 0);
    close(fd);
    unlink(name);
    ck_assert_int_eq(WEXITSTATUS(status), 33);
    ck_assert_ptr_nonnull(strstr(text, "Tessera default guest"));
    ck_assert_ptr_nonnull(strstr(text, "Halted."));
    ck_assert_ptr_null(strstr(e->text, "Tessera default guest"));
    emulator_kill(e);
}
END_TEST

START_TEST(commands_by_pipe)
{
    const char *arguments[] = {"-nographic", "-kernel", DEFAULT_GUEST, "-device", DEBUG_EXIT, NULL};
    struct emulator *e = emulator_start(ON_PIPES, arguments);
    emulator_expect(e, PROMPT);
    emulator_send(e, "echo piped\rhalt\r");
    emulator_expect(e, "\npiped\n");
    ck_assert_int_eq(WEXITSTATUS(emulator_wait(e)), 33);
    emulator_kill(e);
}
END_TEST

/* A guest in HLT sleeps, or it would take all of a core. */
START_TEST(idle_costs_nothing)
{
    struct emulator *e = start_default();
    double load = emulator_load(e, 3);
    ck_assert_msg(load < 0.5, "an idle guest takes %.1f %% of a core", load * 100);
    emulator_kill(e);
}
END_TEST

static const char *const engines[] = {"template", "ir",       "mixed:10",
                                      "interp",   "lockstep", "lockstep:template,ir"};

START_TEST(workloads_under_engine)
{
    const char *arguments[] = {"-jit", engines[_i], NULL};
    struct emulator *e = emulator_start(ON_TERMINAL, arguments);
    emulator_expect(e, PROMPT);
    emulator_send(e, "run all\r");
    emulator_expect(e, ALL_WORKLOADS);
    emulator_expect(e, PROMPT);
    emulator_send(e, "fault\r");
    emulator_expect(e, "write of deadbeec: no page is there");
    emulator_expect(e, PROMPT);
    emulator_kill(e);
}
END_TEST

/* -d ir is the IR as it was lowered, ir_opt what each pass makes of it. */
START_TEST(listing_of_the_ir)
{
    static const char *const items[] = {"ir", "ir_opt"};
    static const char *const passes[] = {"lowered:", "folded:", "addresses:", "sunk:"};
    char name[] = "/tmp/tessera-log-XXXXXX";
    static char text[1 << 20];
    int fd = mkstemp(name);
    ck_assert_int_ge(fd, 0);
    const char *arguments[] = {"-display",    "none",    "-serial", "null",    "-kernel",
                               DEFAULT_GUEST, "-append", "do=halt", "-device", DEBUG_EXIT,
                               "-jit",        "ir",      "-d",      items[_i], "-D",
                               name,          NULL};
    struct emulator *e = emulator_start(ON_PIPES, arguments);
    ck_assert_int_eq(WEXITSTATUS(emulator_wait(e)), 33);
    ssize_t size = read(fd, text, sizeof(text) - 1);
    ck_assert_int_gt(size, 0);
    text[size] = 0;
    close(fd);
    unlink(name);
    for (int i = 0; i < 4; i++)
        ck_assert_msg(!strstr(text, passes[i]) == ((i == 0) != (_i == 0)), "%s with -d %s",
                      passes[i], items[_i]);
    ck_assert_ptr_nonnull(strstr(text, " = add v"));
    emulator_kill(e);
}
END_TEST

/* --- the README's listing --- */

enum { TEXT = 1 << 22, LINE = 160 };

/* A text file, whole. */
static char *read_text(const char *path)
{
    char *text = malloc(TEXT);
    FILE *f = fopen(path, "r");
    ck_assert_ptr_nonnull(f);
    text[fread(text, 1, TEXT - 1, f)] = 0;
    fclose(f);
    return text;
}

/* A line without its indentation; of the host's code without addresses, which are others in each
 * run. */
static void take_line(const char *at, bool is_host, char line[LINE])
{
    at += strspn(at, " ");
    snprintf(line, LINE, "%.*s", (int)strcspn(at, "\n"), at);
    char *code = strchr(line, ':'), *address = strstr(line, " 0x5");
    if (is_host && address && strspn(address + 3, "0123456789abcdef") == 12)
        *address = 0;
    if (is_host && code)
        memmove(line, code, strlen(code) + 1);
}

/* Where the line `wanted` of the block's listing ends: it is the next, or may be any. */
static const char *past_line(const char *log, const char *wanted, bool is_host, bool is_next)
{
    char found[LINE];
    do {
        ck_assert_msg(*log && *log != '\n', "the block has no '%s'", wanted);
        take_line(log, is_host, found);
        log += strcspn(log, "\n") + 1;
    } while (strcmp(wanted, found) != 0 && !is_next);
    ck_assert_str_eq(found, wanted);
    return log;
}

/* Line by line, up to an empty one; [...] is any lines. */
static void expect_listed(const char *listed, const char *log)
{
    bool is_host = false, is_next = true;
    for (; *listed != '\n'; listed = strchr(listed, '\n') + 1) {
        char wanted[LINE];
        take_line(listed, is_host, wanted);
        bool is_left_out = strcmp(wanted, "[...]") == 0;
        bool is_head = strncmp(wanted, "host, ", 6) == 0;
        if (is_head && !HOST_ASM) /* templates made from C have other host code */
            return;
        if (!is_left_out)
            log = past_line(log, wanted, is_host, is_next);
        is_next = !is_left_out;
        is_host |= is_head;
    }
}

START_TEST(readme_lists_a_loop_as_it_is)
{
    char name[] = "/tmp/tessera-log-XXXXXX", head[LINE];
    close(mkstemp(name));
    const char *arguments[] = {"-nographic", "-d", "in_asm,op,out_asm", "-D", name, NULL};
    struct emulator *e = emulator_start(ON_TERMINAL, arguments);
    emulator_expect(e, PROMPT);
    emulator_send(e, "run crc\r");
    emulator_expect(e, " ok\n");
    emulator_kill(e);
    char *readme = read_text("README"), *log = read_text(name);
    unlink(name);
    const char *listed = strstr(readme, "> run crc\n\n");
    ck_assert_ptr_nonnull(listed);
    listed = strstr(listed, "\n\n") + 2;
    take_line(listed, false, head);
    const char *block = strstr(log, head);
    ck_assert_msg(block, "no %s", head);
    expect_listed(listed, block);
    free(readme);
    free(log);
}
END_TEST

Suite *default_guest_suite(void)
{
    Suite *suite = suite_create("default guest");
    TCase *c = tcase_create("default guest");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_test(c, reports_the_machine);
    tcase_add_test(c, commands_answer);
    tcase_add_test(c, line_editing);
    tcase_add_test(c, ticks_go_on);
    tcase_add_test(c, page_fault_is_reported);
    tcase_add_test(c, workloads_are_right);
    tcase_add_test(c, reboot_starts_again);
    tcase_add_test(c, no_reboot_ends);
    tcase_add_test(c, debug_exit_status);
    tcase_add_test(c, serial_to_a_file);
    tcase_add_test(c, commands_by_pipe);
    tcase_add_test(c, idle_costs_nothing);
    if (!emulator_is_qemu()) {
        tcase_add_loop_test(c, workloads_under_engine, 0, sizeof(engines) / sizeof(*engines));
        tcase_add_loop_test(c, listing_of_the_ir, 0, 2);
        tcase_add_test(c, readme_lists_a_loop_as_it_is);
    }
    suite_add_tcase(suite, c);
    return suite;
}
