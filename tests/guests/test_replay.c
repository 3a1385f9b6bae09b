/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * -icount, -record and -replay: runs repeat to the instruction, and what one engine has recorded
 * each replays. A replay compares the cpu, devices and memory as it goes, and says how far it came.
 */
#include "emulator.h"
#include "hw/host/replay.h"
#include "linux.h"
#include "test_guests.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROMPT "\n> "

static char recording[] = "/tmp/tessera-recording-XXXXXX";

static void new_recording(void)
{
    strcpy(recording, "/tmp/tessera-recording-XXXXXX");
    int fd = mkstemp(recording);
    ck_assert_int_ge(fd, 0);
    close(fd);
}

static void expect_end(struct emulator *e, int status)
{
    int ended = emulator_wait(e);
    ck_assert_msg(WIFEXITED(ended) && WEXITSTATUS(ended) == status, "%s", e->text);
}

/* Into the recording: commands of the default guest, one after the other, then Ctrl-A x. */
static void record_default(const char *engine, const char *const *commands)
{
    struct emulator *e = emulator_start(
        ON_TERMINAL, (const char *[]){"-nographic", "-jit", engine, "-record", recording, NULL});
    emulator_expect(e, PROMPT);
    for (; *commands; commands++) {
        emulator_send(e, *commands);
        emulator_expect(e, PROMPT);
    }
    emulator_send(e, "\001x");
    expect_end(e, 0);
    emulator_kill(e);
}

/* Without Tessera's own line, which comes by another way and so anywhere. */
static void drop_line_of_ours(char *text)
{
    char *line = strstr(text, "tessera: ");
    ck_assert_ptr_nonnull(line);
    const char *end = strchr(line, '\n');
    ck_assert_ptr_nonnull(end);
    memmove(line, end + 1, strlen(end + 1) + 1);
}

/* What the replay printed; the caller's to free. It must have gone to its end. */
static char *replay(const char *engine)
{
    struct emulator *e = emulator_start(
        ON_PIPES, (const char *[]){"-nographic", "-jit", engine, "-replay", recording, NULL});
    emulator_expect(e, "instructions are as recorded");
    expect_end(e, 0);
    char *text = strdup(e->text);
    ck_assert_ptr_nonnull(text);
    emulator_kill(e);
    drop_line_of_ours(text);
    return text;
}

/* Commands that run long, fault, write code, use the FPU, take interrupts. */
static const char *const commands[] = {"run sort\r", "run faults\r", "run code\r", "run x87\r",
                                       "run int\r",  "fault\r",      "run crc\r",  NULL};

START_TEST(each_engine_replays_the_same)
{
    static const char *const engines[] = {"template", "interp", "ir", "mixed:20", "lockstep"};
    char *first = NULL;
    new_recording();
    record_default("template", commands);
    for (unsigned i = 0; i < sizeof engines / sizeof *engines; i++) {
        char *text = replay(engines[i]);
        ck_assert_ptr_nonnull(strstr(text, "9e5f3ba0 ok"));
        if (first)
            ck_assert_str_eq(first, text); /* measured times are guest times */
        else
            first = text;
        if (first != text)
            free(text);
    }
    free(first);
    unlink(recording);
}
END_TEST

START_TEST(each_engine_records)
{
    static const char *const engines[] = {"interp", "ir", "mixed:20"};
    static const char *const few[] = {"run sort\r", "run faults\r", NULL};
    for (unsigned i = 0; i < sizeof engines / sizeof *engines; i++) {
        new_recording();
        record_default(engines[i], few);
        free(replay("template"));
        unlink(recording);
    }
}
END_TEST

/* Without a recording: the same input to two runs. */
static char *run_by_itself(const char *engine)
{
    struct emulator *e = emulator_start(
        ON_PIPES, (const char *[]){"-nographic", "-jit", engine, "-icount", "0,sleep=off", "-rtc",
                                   "base=2026-01-01", "-kernel", DEFAULT_GUEST, "-append",
                                   "do=ticks;run sort;run int;ticks;reboot", "-no-reboot", NULL});
    expect_end(e, 0);
    char *text = strdup(e->text);
    emulator_kill(e);
    return text;
}

START_TEST(two_runs_are_the_same)
{
    char *first = run_by_itself("template"), *second = run_by_itself("template"),
         *third = run_by_itself("interp");
    ck_assert_ptr_nonnull(strstr(first, " ms "));
    ck_assert_str_eq(first, second);
    ck_assert_str_eq(first, third);
    free(first), free(second), free(third);
}
END_TEST

/* Changes a byte of event number `which` of a kind, in the recording; returns its count. */
static uint64_t change_event(enum replay_kind kind, unsigned which, size_t byte)
{
    enum { HEADER = 12, FRAME = 21, MOST = 1 << 20 };
    unsigned char *bytes = malloc(MOST);
    FILE *f = fopen(recording, "r+b");
    ck_assert(bytes && f);
    size_t size = fread(bytes, 1, MOST, f), at = HEADER;
    while (at + FRAME < size && (bytes[at] != kind || which--))
        at += FRAME + replay_number(bytes + at + 9, 4);
    ck_assert_uint_lt(at + FRAME + byte, size);
    ck_assert_int_eq(fseek(f, (long)(at + FRAME + byte), SEEK_SET), 0);
    fputc(bytes[at + FRAME + byte] ^ 1, f);
    fclose(f);
    uint64_t count = replay_number(bytes + at + 1, 8);
    free(bytes);
    return count;
}

static char *replay_to_difference(const char *what)
{
    struct emulator *e =
        emulator_start(ON_PIPES, (const char *[]){"-nographic", "-replay", recording, NULL});
    emulator_expect(e, what);
    expect_end(e, 1);
    char *text = strdup(e->text);
    emulator_kill(e);
    return text;
}

static void expect_difference(const char *what)
{
    free(replay_to_difference(what));
}

/* Between which two counts it was told to begin. */
static void read_difference(const char *text, uint64_t *after, uint64_t *before)
{
    const char *at = strstr(text, "the cpu differs after ");
    ck_assert_ptr_nonnull(at);
    ck_assert_msg(sscanf(at, "the cpu differs after %" SCNu64, before) == 1, "%s", at);
    at = strstr(at, "; after ");
    ck_assert_ptr_nonnull(at);
    ck_assert_msg(sscanf(at, "; after %" SCNu64 " it was the same", after) == 1, "%s", at);
}

START_TEST(a_difference_is_told)
{
    new_recording();
    record_default("template", commands);
    change_event(REPLAY_DIGEST, 0, 0);
    expect_difference("differs at its first look");
    change_event(REPLAY_DIGEST, 0, 0);
    change_event(REPLAY_BYTES, 0, 1);
    expect_difference("differs");
    unlink(recording);
}
END_TEST

/* Other input, or a mark that was another, is found where it is, and the registers there shown.
 * Marks are no nearer than need be: each has code translated. */
START_TEST(a_difference_is_found_where_it_begins)
{
    enum { NEAR = 1 << 20, APART = 1 << 19 };
    uint64_t after, before;
    new_recording();
    record_default("template", commands);
    uint64_t input = change_event(REPLAY_BYTES, 3, 1);
    char *text = replay_to_difference("CR3=");
    read_difference(text, &after, &before);
    ck_assert_msg(after <= input && input < before && before - input < NEAR, "%s", text);
    free(text);
    change_event(REPLAY_BYTES, 3, 1);
    uint64_t mark = change_event(REPLAY_MARK, 8, 7);
    text = replay_to_difference("CR3=");
    read_difference(text, &after, &before);
    ck_assert_uint_eq(before, mark);
    ck_assert_uint_lt(mark - after, NEAR);
    ck_assert_uint_ge(mark - after, APART);
    free(text);
    unlink(recording);
}
END_TEST

/* Wherever it is: what is looked at meanwhile is a part of it. */
START_TEST(memory_is_compared_at_the_end)
{
    static const char *const few[] = {"run sort\r", NULL};
    new_recording();
    record_default("template", few);
    FILE *f = fopen(recording, "r+b");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fseek(f, -1, SEEK_END), 0); /* of its digest */
    int last = fgetc(f);
    ck_assert_int_eq(fseek(f, -1, SEEK_END), 0);
    fputc(last ^ 1, f);
    fclose(f);
    expect_difference("differs: all memory at its end");
    unlink(recording);
}
END_TEST

START_TEST(a_recording_that_breaks_off_is_good_so_far)
{
    new_recording();
    record_default("template", commands);
    ck_assert_int_eq(truncate(recording, 400), 0);
    struct emulator *e =
        emulator_start(ON_PIPES, (const char *[]){"-nographic", "-replay", recording, NULL});
    emulator_expect(e, "breaks off after");
    expect_end(e, 1);
    emulator_kill(e);
    unlink(recording);
}
END_TEST

/* Linux to its shell, some commands, and its reset: with another engine. */
START_TEST(linux_replays)
{
    struct emulator *e = emulator_start(
        ON_TERMINAL,
        (const char *[]){"-nographic", "-m", "256", "-kernel", LINUX_KERNEL, "-initrd",
                         LINUX_INITRD, "-append", ("console=ttyS0 rdinit=/bin/sh " LINUX_BRIEFLY),
                         "-no-reboot", "-record", (new_recording(), recording), NULL});
    emulator_expect(e, "~ # ");
    emulator_send(e, "mount -t proc proc /proc; head -c 100000 /dev/urandom | md5sum; echo @$?@\r");
    ck_assert_int_eq(emulator_expect_status(e), 0);
    emulator_send(e, "echo b >/proc/sysrq-trigger\r");
    expect_end(e, 0);
    emulator_kill(e);
    e = emulator_start(ON_PIPES,
                       (const char *[]){"-nographic", "-m", "256", "-kernel", LINUX_KERNEL,
                                        "-initrd", LINUX_INITRD, "-append",
                                        ("console=ttyS0 rdinit=/bin/sh " LINUX_BRIEFLY),
                                        "-no-reboot", "-jit", "mixed", "-replay", recording, NULL});
    emulator_expect(e, "instructions are as recorded");
    expect_end(e, 0);
    emulator_kill(e);
    unlink(recording);
}
END_TEST

/* Another processor: U-Boot, a command, and its reset. */
START_TEST(u_boot_replays)
{
    static const char *const others[] = {"template", "interp", "ir", "mixed:20"};
    struct emulator *e = emulator_start(
        ON_TERMINAL, (const char *[]){"-nographic", "-M", "ppce500", "-m", "64", "-nic", "none",
                                      "-bios", "build/guests/u-boot-ppc", "-no-reboot", "-record",
                                      (new_recording(), recording), NULL});
    emulator_expect(e, "Hit any key");
    emulator_send(e, "\r");
    emulator_expect(e, "=> ");
    emulator_send(e, "mw 2000000 12345678 4; crc32 2000000 10\r");
    emulator_expect(e, "==> ");
    emulator_expect(e, "=> ");
    emulator_send(e, "reset\r");
    expect_end(e, 0);
    emulator_kill(e);
    for (unsigned i = 0; i < sizeof others / sizeof *others; i++) {
        e = emulator_start(
            ON_PIPES, (const char *[]){"-nographic", "-M", "ppce500", "-m", "64", "-nic", "none",
                                       "-bios", "build/guests/u-boot-ppc", "-no-reboot", "-jit",
                                       others[i], "-replay", recording, NULL});
        emulator_expect(e, "instructions are as recorded");
        expect_end(e, 0);
        ck_assert_ptr_nonnull(strstr(e->text, "==> "));
        emulator_kill(e);
    }
    unlink(recording);
}
END_TEST

/* A guest that ends by itself, recorded or replayed with `more`. */
static struct emulator *start_short(const char *option, const char *const *more)
{
    const char *arguments[16] = {"-nographic", "-kernel",    DEFAULT_GUEST, "-append",
                                 "do=reboot",  "-no-reboot", option,        recording};
    for (unsigned n = 8; *more; n++)
        arguments[n] = *more++;
    return emulator_start(ON_PIPES, arguments);
}

static void record_short(void)
{
    new_recording();
    struct emulator *e = start_short("-record", (const char *[]){NULL});
    expect_end(e, 0);
    emulator_kill(e);
}

START_TEST(another_machine_is_refused)
{
    static const struct {
        const char *with[5], *why;
    } machines[] = {
        {{"-m", "256"}, "has -m: 128 MiB, and this machine 256 MiB"},
        {{"-cpu", "pentium"}, "has -cpu: max, and this machine pentium"},
        {{"-M", "ppce500", "-kernel", PPC_KERNEL}, "has -M: pc, and this machine ppce500"},
        {{"-kernel", LINUX_KERNEL}, "has -kernel: a file of "},
        {{"-append", "do=help"}, "has -append: do=reboot, and this machine do=help"},
        {{"-boot", "menu=on"}, "is of a machine without -boot menu: on"},
        {{"-fda", DEFAULT_GUEST}, "is of a machine without floppy drive 0: an image of "},
        {{"-device", "rtl8139"}, "is of a machine without network card 0: rtl8139, 52:54:"},
        {{"-device", "sb16"}, "is of a machine without -device sb16: port 220h, irq 5, "},
        {{"-device", "AC97"}, "is of a machine without -device AC97: on"},
        {{"-device", "virtio-rng-pci"}, "is of a machine without -device virtio-rng: on"},
        {{"-usb"}, "is of a machine without -usb: on"},
        {{"-no-hpet"}, "has HPET: on, and this machine has not"},
        {{"-no-acpi"}, "has ACPI: on, and this machine has not"},
        {{"-vga", "none"}, "has -vga: 16 MiB, and this machine has not"},
        {{"-rtc", "base=2026-01-01"}, "is of a machine without -rtc: base=1767225600"},
        {{"-fw_cfg", "opt/a,string=b"}, "is of a machine without -fw_cfg opt/a: \"b\""},
        {{"-device", "isa-debug-exit"}, "is of a machine without -device isa-debug-exit: port "},
    };
    record_short();
    for (unsigned i = 0; i < sizeof machines / sizeof *machines; i++) {
        struct emulator *e = start_short("-replay", machines[i].with);
        expect_end(e, 1);
        ck_assert_msg(strstr(e->text, machines[i].why), "%s\nsays %s", machines[i].why, e->text);
        emulator_kill(e);
    }
    unlink(recording);
}
END_TEST

/* What is the host's, or the recording says, may be another. */
START_TEST(the_same_machine_is_taken)
{
    static const char *const same[][6] = {
        {"-icount", "shift=7"},
        {"-icount", "shift=0,sleep=off"},
        {"-m", "128M", "-cpu", "max"},
        {"-display", "none", "-serial", "null"},
        {"-parallel", "null", "-jit", "ir"},
    };
    record_short();
    for (unsigned i = 0; i < sizeof same / sizeof *same; i++) {
        struct emulator *e = start_short("-replay", same[i]);
        expect_end(e, 0);
        ck_assert_msg(strstr(e->text, "instructions are as recorded"), "%s", e->text);
        emulator_kill(e);
    }
    unlink(recording);
}
END_TEST

/* The user's network by DHCP and TFTP, for a card's ROM; the replay has no network. */
START_TEST(networks_replay)
{
    char folder[] = "/tmp/tessera-tftp-XXXXXX", file[64], nic[128];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/boot.ipxe", folder);
    FILE *f = fopen(file, "w");
    ck_assert_ptr_nonnull(f);
    fputs("#!ipxe\necho Address ${net0/ip}\nshell\n", f);
    fclose(f);
    snprintf(nic, sizeof nic, "user,model=e1000,tftp=%s,bootfile=boot.ipxe", folder);
    new_recording();
    struct emulator *e =
        emulator_start(ON_TERMINAL, (const char *[]){"-nographic", "-boot", "n", "-nic", nic,
                                                     "-icount", "5", "-record", recording, NULL});
    emulator_expect(e, "Address 10.0.2.15");
    emulator_send(e, "\001x");
    expect_end(e, 0);
    emulator_kill(e);
    unlink(file);
    rmdir(folder);
    e = emulator_start(ON_PIPES, (const char *[]){"-nographic", "-boot", "n", "-nic", nic, "-jit",
                                                  "mixed:20", "-replay", recording, NULL});
    emulator_expect(e, "instructions are as recorded");
    expect_end(e, 0);
    ck_assert_ptr_nonnull(strstr(e->text, "Address 10.0.2.15"));
    emulator_kill(e);
    unlink(recording);
}
END_TEST

/* --- what a script does --- */

/* Boot sectors: each sends a letter; then the one sleeps, the other tells when keys come. */
#define SEND(letter) 0xba, 0xf8, 0x03, 0xb0, letter, 0xee, 0xb0, '\n', 0xee, 0xfb
#define SEND_HALF    0xe4, 0x40, 0x24, 0x3f, 0x04, 0x40, 0xee /* of counter 0, as a letter */
#define SLEEP        0xf4, 0xeb, 0xfd
static const unsigned char first_floppy[] = {SEND('A'), SLEEP},
                           second_floppy[] = {SEND('B'), SLEEP},
                           waiting_for_keys[] = {SEND('A'), 0x30,      0xe4, 0xcd, 0x16, 0xb0,
                                                 0x00,      0xe6,      0x43, 0xba, 0xf8, 0x03,
                                                 SEND_HALF, SEND_HALF, 0xeb, 0xe5};

static char folder[] = "/tmp/tessera-replay-XXXXXX", script[64], floppy[2][64];

static void write_floppy(const char *path, const unsigned char *code, size_t size)
{
    static unsigned char image[1440 * 1024];
    FILE *f = fopen(path, "w");
    memset(image, 0, sizeof image);
    memcpy(image, code, size);
    image[510] = 0x55;
    image[511] = 0xaa;
    ck_assert(f && fwrite(image, sizeof image, 1, f) == 1);
    fclose(f);
}

static void make_folder(const char *commands_of_script)
{
    strcpy(folder, "/tmp/tessera-replay-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(script, sizeof script, "%s/script", folder);
    snprintf(floppy[0], sizeof floppy[0], "%s/a.img", folder);
    snprintf(floppy[1], sizeof floppy[1], "%s/b.img", folder);
    FILE *f = fopen(script, "w");
    ck_assert(f && fputs(commands_of_script, f) >= 0);
    fclose(f);
    new_recording();
}

static void remove_folder(void)
{
    char snapshot[80];
    snprintf(snapshot, sizeof snapshot, "%s/mid.tessera", folder);
    unlink(snapshot);
    unlink(script), unlink(floppy[0]), unlink(floppy[1]), unlink(recording);
    ck_assert_int_eq(rmdir(folder), 0);
}

/* What the first serial line had; the caller's to free. */
static char *run_with_floppy(const char *option, const char *engine)
{
    bool records = strcmp(option, "-record") == 0;
    const char *arguments[] = {"-fda",
                               floppy[0],
                               "-display",
                               "none",
                               "-serial",
                               "stdio",
                               "-media-dir",
                               folder,
                               "-jit",
                               engine,
                               option,
                               recording,
                               records ? "-script" : NULL,
                               script,
                               "-icount",
                               "2,sleep=off",
                               "-snapshot-dir",
                               folder,
                               NULL};
    struct emulator *e = emulator_start(ON_PIPES, arguments);
    if (!records)
        emulator_expect(e, "instructions are as recorded");
    expect_end(e, 0);
    char *text = strdup(e->text);
    ck_assert_ptr_nonnull(text);
    emulator_kill(e);
    if (!records)
        drop_line_of_ours(text);
    return text;
}

static void expect_same_again(const char *part)
{
    char *first = run_with_floppy("-record", "template");
    char *second = run_with_floppy("-replay", "ir");
    ck_assert_ptr_nonnull(strstr(first, part));
    ck_assert_str_eq(first, second);
    free(first), free(second);
}

/* While it is halted there are no instructions by which to tell when something comes in. */
START_TEST(what_comes_to_a_halted_guest_comes_at_its_time)
{
    make_folder("wait serial 60 A\nsleep 0.5\nsendkey a 50\nsleep 0.333\nsendkey b 50\n"
                "sleep 0.3\nsendkey c 50\nsleep 0.222\nexit 0\n");
    write_floppy(floppy[0], waiting_for_keys, sizeof waiting_for_keys);
    expect_same_again("A\n");
    remove_folder();
}
END_TEST

/* The replay has no script, and does all of it again. */
START_TEST(what_a_monitor_does_is_recorded)
{
    make_folder("wait serial 60 A\nsendkey a\nsleep 0.2\nstop\nsavevm mid\ncont\n"
                "system_powerdown\nsleep 0.015\nchange floppy0 b.img\nsleep 0.025\n"
                "system_reset\nwait serial 60 B\neject floppy0\nsleep 0.05\nnmi\n"
                "sleep 0.2\nexit 0\n");
    write_floppy(floppy[0], first_floppy, sizeof first_floppy);
    write_floppy(floppy[1], second_floppy, sizeof second_floppy);
    expect_same_again("B\n");
    remove_folder();
}
END_TEST

Suite *replay_suite(void)
{
    Suite *s = suite_create("replay");
    TCase *tc = tcase_create("replay");
    if (emulator_is_qemu())
        return s;
    tcase_set_timeout(tc, CASE_TIMEOUT);
    tcase_add_test(tc, each_engine_replays_the_same);
    tcase_add_test(tc, each_engine_records);
    tcase_add_test(tc, two_runs_are_the_same);
    tcase_add_test(tc, a_difference_is_told);
    tcase_add_test(tc, a_difference_is_found_where_it_begins);
    tcase_add_test(tc, memory_is_compared_at_the_end);
    tcase_add_test(tc, a_recording_that_breaks_off_is_good_so_far);
    tcase_add_test(tc, linux_replays);
    tcase_add_test(tc, u_boot_replays);
    tcase_add_test(tc, networks_replay);
    suite_add_tcase(s, tc);
    tc = tcase_create("machine");
    tcase_set_timeout(tc, CASE_TIMEOUT);
    tcase_add_test(tc, another_machine_is_refused);
    tcase_add_test(tc, the_same_machine_is_taken);
    suite_add_tcase(s, tc);
    tc = tcase_create("monitor");
    tcase_set_timeout(tc, CASE_TIMEOUT);
    tcase_add_test(tc, what_comes_to_a_halted_guest_comes_at_its_time);
    tcase_add_test(tc, what_a_monitor_does_is_recorded);
    suite_add_tcase(s, tc);
    return s;
}
