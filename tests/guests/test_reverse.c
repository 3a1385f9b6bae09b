/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Going back in a replay: what the guest was at an instruction it is again, by the monitor and by
 * gdb, and from a triple fault one comes to what led there.
 */
#include "emulator.h"
#include "linux.h"
#include "test_guests.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROMPT     "\n> "
#define LINUX_LINE ("console=ttyS0 rdinit=/bin/sh reboot=t " LINUX_BRIEFLY)
enum { ARGUMENTS = 24 };

static char recording[] = "/tmp/tessera-reverse-XXXXXX";

static void new_recording(void)
{
    strcpy(recording, "/tmp/tessera-reverse-XXXXXX");
    int fd = mkstemp(recording);
    ck_assert_int_ge(fd, 0);
    close(fd);
}

static void expect_end(struct emulator *e)
{
    int ended = emulator_wait(e);
    ck_assert_msg(WIFEXITED(ended) && WEXITSTATUS(ended) == 0, "%s", e->text);
    emulator_kill(e);
}

/* --- the machines --- */

static struct emulator *start(enum connection connection, const char *const *machine,
                              const char *const *more)
{
    const char *arguments[ARGUMENTS];
    unsigned n = 0;
    while (*machine)
        arguments[n++] = *machine++;
    while (*more)
        arguments[n++] = *more++;
    arguments[n] = NULL;
    return emulator_start(connection, arguments);
}

static struct emulator *record(const char *const *machine)
{
    new_recording();
    return start(ON_TERMINAL, machine, (const char *[]){"-nographic", "-record", recording, NULL});
}

static struct emulator *replay(const char *const *machine, const char *engine)
{
    struct emulator *e =
        start(ON_PIPES, machine,
              (const char *[]){"-display", "none", "-serial", "null", "-monitor", "stdio", "-jit",
                               engine, "-replay", recording, NULL});
    emulator_expect(e, "(tessera) ");
    return e;
}

/* A replay has shown what it was for. */
static void leave(struct emulator *e)
{
    emulator_send(e, "quit\n");
    expect_end(e);
    unlink(recording);
}

static const char *const default_guest[] = {"-kernel", DEFAULT_GUEST, NULL};

static void record_default(void)
{
    static const char *const commands[] = {"run sort\r", "run int\r", "run crc\r", "fault\r"};
    struct emulator *e = record(default_guest);
    emulator_expect(e, PROMPT);
    for (unsigned i = 0; i < sizeof commands / sizeof *commands; i++) {
        emulator_send(e, commands[i]);
        emulator_expect(e, PROMPT);
    }
    emulator_send(e, "\001x");
    expect_end(e);
}

/* --- what is asked of the monitor --- */

/* What it says to a command; the caller's to free. */
static char *ask(struct emulator *e, const char *command)
{
    size_t before = e->seen;
    emulator_send(e, command);
    emulator_send(e, "\n");
    emulator_expect(e, "(tessera) ");
    return strndup(e->text + before, e->seen - before);
}

static void say(struct emulator *e, const char *command)
{
    free(ask(e, command));
}

static uint64_t now(struct emulator *e)
{
    uint64_t count = 0;
    char *text = ask(e, "info replay"), *at = strstr(text, "instruction ");
    ck_assert_msg(at && sscanf(at, "instruction %" SCNu64, &count) == 1, "%s", text);
    free(text);
    return count;
}

/* Digests, registers, all chips, the screen's text: all that a guest is. */
static char *state(struct emulator *e)
{
    char *digests = ask(e, "info replay"), *registers = ask(e, "info registers");
    char *devices = ask(e, "info devices"), *screen = ask(e, "screentext"), *all = NULL;
    const char *at = strstr(digests, "digests: ");
    ck_assert_ptr_nonnull(at);
    ck_assert_int_gt(asprintf(&all, "%s%s%s%s", at, registers, devices, screen), 0);
    free(digests), free(registers), free(devices), free(screen);
    return all;
}

static void expect_same(char *a, char *b)
{
    ck_assert_msg(strcmp(a, b) == 0, "%.400s\nis not\n%.400s", a, b); /* the digests come first */
    free(a), free(b);
}

static void back_to(struct emulator *e, uint64_t count)
{
    char command[40];
    snprintf(command, sizeof command, "back %" PRIu64, now(e) - count);
    say(e, command);
    ck_assert_uint_eq(now(e), count);
}

static bool has_ended(struct emulator *e)
{
    char *text = ask(e, "info status");
    bool has = strstr(text, "shutdown");
    free(text);
    return has;
}

static void go_on_to_end(struct emulator *e)
{
    say(e, "cont");
    while (!has_ended(e))
        ;
}

static bool is_halted(struct emulator *e)
{
    char *text = ask(e, "info cpus");
    bool is = strstr(text, "halted");
    free(text);
    return is;
}

/* Stops it where it has come to, in the midst of its work. */
static uint64_t stop_somewhere(struct emulator *e, uint64_t from)
{
    do {
        say(e, "cont");
        say(e, "stop");
    } while (!has_ended(e) && (now(e) < from || is_halted(e)));
    if (has_ended(e)) /* on a busy host the second comes late */
        back_to(e, from);
    return now(e);
}

/* --- tests --- */

/* The first time, after going back from the end, and after going back and on to it. */
START_TEST(all_is_as_it_was)
{
    static const char *const engines[] = {"template", "interp", "ir", "mixed:20"};
    record_default();
    struct emulator *e = replay(default_guest, engines[_i]);
    uint64_t middle = stop_somewhere(e, 20000000);
    char *first = state(e);
    go_on_to_end(e);
    uint64_t end = now(e);
    char *last = state(e);
    ck_assert_uint_gt(end, middle);
    back_to(e, middle);
    expect_same(first, state(e));
    say(e, "back");
    ck_assert_uint_eq(now(e), middle - 1);
    back_to(e, 1000);
    go_on_to_end(e);
    ck_assert_uint_eq(now(e), end);
    expect_same(last, state(e));
    ck_assert_ptr_null(strstr(e->text, "differs"));
    emulator_send(e, "back 99999999999\n");
    emulator_expect(e, "instruction 0, the beginning");
    leave(e);
}
END_TEST

static void write_disk(char *path, const unsigned char *code, size_t size)
{
    unsigned char disk[64 * 1024] = {0};
    int fd = mkstemp(path);
    memcpy(disk, code, size);
    disk[510] = 0x55;
    disk[511] = 0xaa;
    ck_assert_int_eq(write(fd, disk, sizeof disk), sizeof disk);
    close(fd);
}

/* A boot sector that empties the interrupt table and breaks: 7c0a: int3. */
static void write_boot_sector(char *path)
{
    static const unsigned char code[] = {0x0f, 0x01, 0x1e, 0x10, 0x7c, /* lidt 0x7c10 */
                                         0xb8, 0x34, 0x12,             /* mov $0x1234, %ax */
                                         0x31, 0xdb, 0xcc};            /* xor %bx, %bx; int3 */
    write_disk(path, code, sizeof code);
}

static void expect_value(struct emulator *e, const char *what, const char *value)
{
    char *text = ask(e, what);
    ck_assert_msg(strstr(text, value) != NULL, "%s: %s", what, text);
    free(text);
}

/* What a guest that has ended was before: it is there again, and goes on. */
START_TEST(a_guest_that_has_ended_is_loaded_again)
{
    char path[] = "/tmp/tessera-reverse-XXXXXX", folder[] = "/tmp/tessera-reverse-XXXXXX";
    write_boot_sector(path);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    const char *const machine[] = {"-hda",       path,           "-snapshot", "-S",
                                   "-no-reboot", "-no-shutdown", NULL};
    struct emulator *e = start(ON_PIPES, machine,
                               (const char *[]){"-display", "none", "-serial", "null", "-monitor",
                                                "stdio", "-snapshot-dir", folder, NULL});
    emulator_expect(e, "(tessera) ");
    say(e, "savevm start");
    go_on_to_end(e);
    say(e, "stop");
    expect_value(e, "cont", "the guest has ended");
    say(e, "loadvm start");
    ck_assert(!has_ended(e));
    go_on_to_end(e);
    say(e, "delvm start");
    emulator_send(e, "quit\n");
    expect_end(e);
    ck_assert_int_eq(rmdir(folder), 0);
    unlink(path);
}
END_TEST

START_TEST(why_did_it_triple_fault)
{
    char path[] = "/tmp/tessera-reverse-XXXXXX";
    write_boot_sector(path);
    const char *const machine[] = {"-hda", path, "-no-reboot", NULL};
    expect_end(record(machine));
    struct emulator *e = replay(machine, "template");
    go_on_to_end(e);
    ck_assert_ptr_nonnull(strstr(e->text, "instructions are as recorded"));
    expect_value(e, "print $eip", "7c0a");
    expect_value(e, "cont", "the recording ends here");
    for (unsigned i = 0; i < 8; i++) { /* before the faults, which count */
        say(e, "back");
        char *text = ask(e, "print $eip");
        bool is_there = strstr(text, "7c05");
        free(text);
        if (is_there)
            break;
    }
    expect_value(e, "print $eip", "7c05");
    expect_value(e, "xp /3xb 0x7c05", "0xb8 0x34 0x12");
    say(e, "back");
    expect_value(e, "print $eip", "7c00");
    leave(e);
    unlink(path);
}
END_TEST

/*
 * A guest whose x87 and MXCSR are unlike any emulator's own: rounding down, in single precision,
 * with a number on the stack, denormals flushed. It loops for 50 million instructions.
 */
static void write_float_sector(char *path)
{
    static const unsigned char code[] = {
        0xfa,          0xdb, 0xe3,                   /* cli; fninit */
        0xd9,          0x2e, 0x40, 0x7c,             /* fldcw 0x7c40 */
        0xd9,          0x06, 0x00, 0x7c,             /* flds 0x7c00 */
        0x0f,          0x20, 0xe0,                   /* mov %cr4, %eax */
        0x66,          0x0d, 0x00, 0x02, 0x00, 0x00, /* or $0x200, %eax */
        0x0f,          0x22, 0xe0,                   /* mov %eax, %cr4 */
        0x0f,          0xae, 0x16, 0x44, 0x7c,       /* ldmxcsr 0x7c44 */
        0x66,          0xb9, 0x00, 0x00, 0x80, 0x01, /* mov $25 << 20, %ecx */
        0x66,          0x49, 0x75, 0xfc,             /* dec %ecx; jnz */
        0x0f,          0x01, 0x1e, 0x80, 0x7c,       /* lidt 0x7c80 */
        0xcc,                                        /* int3 */
        [0x40] = 0x7f, 0x04,                         /* the control word */
        [0x44] = 0x80, 0xbf, 0x00, 0x00};            /* MXCSR */
    write_disk(path, code, sizeof code);
}

/* A guest that is stopped on its way, looked at and let go on ends as the recording did. */
START_TEST(looks_change_nothing)
{
    static const char *const engines[] = {"template", "interp", "ir"};
    char path[] = "/tmp/tessera-reverse-XXXXXX";
    write_float_sector(path);
    const char *const machine[] = {"-hda", path, "-no-reboot", NULL};
    expect_end(record(machine));
    struct emulator *e = replay(machine, engines[_i]);
    go_on_to_end(e);
    ck_assert_ptr_nonnull(strstr(e->text, "instructions are as recorded"));
    char *last = state(e);
    back_to(e, now(e) - 20000000);
    expect_value(e, "print $eip", "7c2"); /* the loop */
    char *first = state(e);
    for (unsigned i = 0; i < 3; i++)
        expect_same(strdup(first), state(e));
    free(first);
    go_on_to_end(e);
    expect_same(last, state(e));
    ck_assert_ptr_null(strstr(e->text, "differs"));
    leave(e);
    unlink(path);
}
END_TEST

/*
 * Between an x87 instruction and the next change of a segment register, where its pointers are only
 * noted, moments are kept, and the cpu is compared.
 */
START_TEST(moments_change_nothing)
{
    char path[] = "/tmp/tessera-reverse-XXXXXX";
    write_float_sector(path);
    const char *const machine[] = {"-hda", path, "-no-reboot", NULL};
    expect_end(record(machine));
    struct emulator *e = replay(machine, "template");
    go_on_to_end(e);
    ck_assert_ptr_nonnull(strstr(e->text, "instructions are as recorded"));
    leave(e);
    unlink(path);
}
END_TEST

/*
 * In a replay that is at an instruction: on to the recording's end, from there back by some
 * instructions, to where it was, and to the end again: all is as it was.
 */
static void expect_same_way_again(struct emulator *e, unsigned back)
{
    uint64_t middle = now(e);
    char *first = state(e), line[32];
    go_on_to_end(e);
    uint64_t end = now(e);
    char *last = state(e);
    snprintf(line, sizeof line, "back %u", back);
    say(e, line);
    ck_assert_uint_eq(now(e), end - back);
    back_to(e, middle);
    expect_same(first, state(e));
    go_on_to_end(e);
    ck_assert_uint_eq(now(e), end);
    expect_same(last, state(e));
    ck_assert_ptr_null(strstr(e->text, "differs"));
}

/* Debian's kernel, which boots, writes, and resets the machine by a triple fault. */
START_TEST(linux_goes_back)
{
    static const char *const machine[] = {"-m",         "256",        "-kernel", LINUX_KERNEL,
                                          "-initrd",    LINUX_INITRD, "-append", LINUX_LINE,
                                          "-no-reboot", NULL};
    struct emulator *e = record(machine);
    emulator_expect(e, "~ # ");
    emulator_send(e, "mount -t proc proc /proc; head -c 99999 /dev/urandom | md5sum; echo @$?@\r");
    ck_assert_int_eq(emulator_expect_status(e), 0);
    emulator_send(e, "echo b >/proc/sysrq-trigger\r");
    expect_end(e);
    e = replay(machine, "template");
    stop_somewhere(e, 300000000);
    expect_same_way_again(e, 3000000);
    leave(e);
}
END_TEST

/* Another processor: what it was at an instruction, it is again. */
START_TEST(u_boot_goes_back)
{
    static const char *const machine[] = {
        "-M",   "ppce500", "-m",         "64", "-bios", "build/guests/u-boot-ppc",
        "-nic", "none",    "-no-reboot", NULL};
    struct emulator *e = record(machine);
    emulator_expect(e, "Hit any key");
    emulator_send(e, "\r");
    emulator_expect(e, "=> ");
    emulator_send(e, "reset\r");
    expect_end(e);
    e = replay(machine, "template");
    stop_somewhere(e, 1000000);
    expect_same_way_again(e, 30000);
    leave(e);
}
END_TEST

/* --- gdb --- */

/* What gdb says to these commands; the caller's to free. */
static char *gdb(const char *port, const char *commands)
{
    enum { MOST = 64 * 1024 };
    char path[] = "/tmp/tessera-gdb-XXXXXX", line[512], *text = calloc(1, MOST);
    FILE *to = fdopen(mkstemp(path), "w");
    fprintf(to, "set confirm off\nset pagination off\ntarget remote %s\n%s", port, commands);
    fclose(to);
    snprintf(line, sizeof line, "timeout 300 gdb -nx -batch %s -x %s 2>&1 </dev/null",
             DEFAULT_GUEST, path);
    FILE *from = popen(line, "r");
    ck_assert(from && text);
    (void)!fread(text, 1, MOST - 1, from);
    ck_assert_msg(pclose(from) == 0, "%s", text);
    unlink(path);
    return text;
}

static struct emulator *start_for_gdb(const char *const machine[], char *port, size_t room)
{
    struct emulator *e = start(ON_PIPES, machine,
                               (const char *[]){"-display", "none", "-serial", "null", "-S", "-gdb",
                                                "tcp::0", "-replay", recording, NULL});
    emulator_expect(e, "target remote ");
    size_t at = e->seen;
    emulator_expect(e, "\n");
    snprintf(port, room, "%.*s", (int)(e->seen - at - 1), e->text + at);
    return e;
}

static void says(const char **text, const char *part)
{
    const char *at = strstr(*text, part);
    ck_assert_msg(at != NULL, "%s is not in: %s", part, *text);
    *text = at + strlen(part);
}

/* The value that gdb prints behind this. */
static int value_behind(const char **text, const char *part)
{
    int value = 0;
    says(text, part);
    ck_assert_msg(sscanf(*text, "%d", &value) == 1, "%s: %s", part, *text);
    return value;
}

/* A step back and forth; a watched variable's values, the last of which comes first going back. */
START_TEST(gdb_goes_back)
{
    char port[64];
    record_default();
    struct emulator *e = start_for_gdb(default_guest, port, sizeof port);
    char *all = gdb(port, "break cpu_report\ncontinue\nreverse-stepi\n"
                          "printf \"at %d\\n\", $pc == (long)&cpu_report\nstepi\n"
                          "printf \"at %d\\n\", $pc == (long)&cpu_report\n"
                          "watch ticks\ncontinue\ncontinue\nreverse-continue\n"
                          "reverse-continue\nreverse-continue\n");
    const char *at = all;
    says(&at, "Breakpoint 1, cpu_report ()");
    says(&at, "guest_main (");
    says(&at, "at 0");
    says(&at, "at 1");
    int first = value_behind(&at, "New value = "), second = value_behind(&at, "New value = ");
    ck_assert_int_eq(value_behind(&at, "Old value = "), second);
    ck_assert_int_eq(value_behind(&at, "New value = "), first);
    ck_assert_int_eq(value_behind(&at, "Old value = "), first);
    ck_assert_int_eq(value_behind(&at, "New value = "), first - 1);
    says(&at, "Breakpoint 1, cpu_report ()");
    free(all);
    emulator_kill(e);
    unlink(recording);
}
END_TEST

/* Both ends, and back from the later one to where a function was called. */
START_TEST(gdb_meets_the_ends)
{
    char port[64];
    record_default();
    struct emulator *e = start_for_gdb(default_guest, port, sizeof port);
    char *all = gdb(port, "continue\ncontinue\nbreak cpu_report\nreverse-continue\nfinish\n"
                          "reverse-continue\ndelete\nstepi 3\nreverse-finish\n"
                          "printf \"call %x\\n\", *(unsigned char *)$pc\nstepi\n"
                          "printf \"into %d\\n\", $pc == (long)&cpu_report\n"
                          "reverse-continue\nmonitor info replay\n");
    const char *at = all;
    says(&at, "No more reverse-execution history.");
    says(&at, "No more reverse-execution history.");
    says(&at, "Breakpoint 1, cpu_report ()");
    says(&at, "guest_main (");
    says(&at, "Breakpoint 1, cpu_report ()");
    says(&at, "guest_main (");
    says(&at, "call e8\n");
    says(&at, "into 1\n");
    says(&at, "No more reverse-execution history.\n_start ()");
    says(&at, "instruction 0 of the replay");
    free(all);
    emulator_kill(e);
    unlink(recording);
}
END_TEST

/* To where it was shortly before the guest ended it all. */
START_TEST(gdb_goes_back_from_the_end)
{
    char port[64], path[] = "/tmp/tessera-reverse-XXXXXX";
    write_boot_sector(path);
    const char *const machine[] = {"-hda", path, "-no-reboot", NULL};
    expect_end(record(machine));
    struct emulator *e = start_for_gdb(machine, port, sizeof port);
    char *all = gdb(port, "continue\nbreak *0x7c05\nreverse-continue\n"
                          "printf \"at %x\\n\", $pc\n");
    const char *at = all;
    says(&at, "No more reverse-execution history.");
    says(&at, "Breakpoint 1, ");
    says(&at, "at 7c05");
    free(all);
    emulator_kill(e);
    unlink(path);
    unlink(recording);
}
END_TEST

/*
 * Where it is told to differ is behind where a register was changed, and near. By then it has been
 * the same at some marks.
 */
START_TEST(what_gdb_has_changed_is_found_at_once)
{
    enum { NEAR = 1 << 20 };
    char port[64];
    uint64_t changed = 0, after = 0, before = 0;
    record_default();
    struct emulator *e = start_for_gdb(default_guest, port, sizeof port);
    char *all = gdb(port, "break crc\ncontinue\nmonitor info replay\n"
                          "set $xmm7.v4_int32[1] = 12345\ncontinue\n");
    const char *at = strstr(all, "instruction ");
    ck_assert_msg(at && sscanf(at, "instruction %" SCNu64, &changed) == 1, "%s", all);
    at = strstr(e->text, "the cpu differs after ");
    if (!at) {
        emulator_expect(e, "it was the same");
        at = strstr(e->text, "the cpu differs after ");
    }
    ck_assert(at && sscanf(at, "the cpu differs after %" SCNu64, &before) == 1);
    at = strstr(at, "; after ");
    ck_assert(at && sscanf(at, "; after %" SCNu64, &after) == 1);
    ck_assert(after <= changed && changed < before && before - changed < NEAR);
    free(all);
    emulator_kill(e);
    unlink(recording);
}
END_TEST

/* Reads a sector by the BIOS two hundred times, and resets. */
static void write_reader(char *path)
{
    static const unsigned char code[] = {0x31, 0xc0, 0x8e, 0xc0, /* xor %ax, %ax; mov %ax, %es */
                                         0xbf, 0xc8, 0x00,       /* mov $200, %di */
                                         0xb8, 0x01, 0x02,       /* 1: mov $0x201, %ax */
                                         0xbb, 0x00, 0x80,       /* mov $0x8000, %bx */
                                         0xb9, 0x02, 0x00,       /* mov $2, %cx */
                                         0xba, 0x80, 0x00,       /* mov $0x80, %dx */
                                         0xcd, 0x13,             /* int $0x13 */
                                         0x4f, 0x75, 0xef,       /* dec %di; jnz 1b */
                                         0xb0, 0x01, 0xe6, 0x92, /* mov $1, %al; out %al, $0x92 */
                                         0xeb, 0xfe};
    write_disk(path, code, sizeof code);
}

/* Left while its disk has not answered, it finds none of that in its past. */
START_TEST(a_disk_at_work_is_left)
{
    char path[] = "/tmp/tessera-reverse-XXXXXX";
    write_reader(path);
    const char *const machine[] = {"-hda", path, "-snapshot", "-no-reboot", NULL};
    struct emulator *e = record(machine);
    expect_end(e);
    e = replay(machine, "template");
    go_on_to_end(e);
    uint64_t end = now(e);
    char *last = state(e);
    for (unsigned i = 0; i < 100; i++)
        say(e, "back 13");
    ck_assert_uint_eq(now(e), end - 1300);
    back_to(e, end - 20000);
    go_on_to_end(e);
    ck_assert_uint_eq(now(e), end);
    expect_same(last, state(e));
    ck_assert_ptr_null(strstr(e->text, "differs"));
    leave(e);
    unlink(path);
}
END_TEST

static const char *const debian_guest[] = {"-m",        "256",        "-hda", DEBIAN_DISK,
                                           "-snapshot", "-no-reboot", NULL};

/* From its disk until the kernel has mounted that: our BIOS, GRUB, DMA. */
static void record_debian(void)
{
    new_recording();
    struct emulator *e = start(
        ON_TERMINAL, debian_guest,
        (const char *[]){"-nographic", "-icount", "shift=1,sleep=off", "-record", recording, NULL});
    emulator_expect(e, "EXT4-fs (sda1): mounted");
    emulator_send(e, "\001x");
    expect_end(e);
}

/* From the recording's end some instructions back, and then to where the BIOS had read GRUB. */
static void go_back_to_the_sector(void)
{
    char port[64];
    struct emulator *e = start_for_gdb(debian_guest, port, sizeof port);
    char *all = gdb(port, "continue\nprintf \"paging %d\\n\", ($cr0 >> 31) & 1\n"
                          "set $end = $pc\nreverse-stepi 3\nset $three = $pc\n"
                          "stepi\nreverse-stepi\nprintf \"there %d\\n\", $pc == $three\n"
                          "stepi 3\nprintf \"end %d\\n\", $pc == $end\n"
                          "hbreak *0x7c00\nreverse-continue\n"
                          "printf \"pe %d ip %x\\n\", $cr0 & 1, $ip\nx/2xb 0x7dfe\n"
                          "reverse-stepi\nprintf \"before %d\\n\", $pc != 0x7c00\n");
    const char *at = all;
    says(&at, "No more reverse-execution history.");
    says(&at, "paging 1\n");
    says(&at, "there 1\n");
    says(&at, "end 1\n");
    says(&at, "\nBreakpoint 1, 0x00007c00");
    says(&at, "pe 0 ip 7c00\n");
    says(&at, "0x55\t0xaa");
    says(&at, "before 1\n");
    free(all);
    emulator_kill(e);
}

/* A disk's boot: back into the kernel's start, and on to its end; by gdb to the boot sector. */
START_TEST(debian_goes_back)
{
    record_debian();
    go_back_to_the_sector();
    struct emulator *e = replay(debian_guest, "template");
    stop_somewhere(e, 1000000000);
    expect_same_way_again(e, 3000000);
    leave(e);
}
END_TEST

Suite *reverse_suite(void)
{
    Suite *s = suite_create("reverse");
    TCase *tc = tcase_create("reverse");
    if (emulator_is_qemu())
        return s;
    tcase_set_timeout(tc, CASE_TIMEOUT);
    tcase_add_loop_test(tc, all_is_as_it_was, 0, 4);
    tcase_add_test(tc, why_did_it_triple_fault);
    tcase_add_test(tc, a_guest_that_has_ended_is_loaded_again);
    tcase_add_test(tc, linux_goes_back);
    tcase_add_test(tc, u_boot_goes_back);
    suite_add_tcase(s, tc);
    tc = tcase_create("disk reverse");
    tcase_set_timeout(tc, CASE_TIMEOUT);
    tcase_add_test(tc, a_disk_at_work_is_left);
    tcase_add_test(tc, debian_goes_back);
    suite_add_tcase(s, tc);
    tc = tcase_create("gdb reverse");
    tcase_set_timeout(tc, CASE_TIMEOUT);
    tcase_add_test(tc, gdb_goes_back);
    tcase_add_test(tc, gdb_meets_the_ends);
    tcase_add_test(tc, gdb_goes_back_from_the_end);
    tcase_add_test(tc, what_gdb_has_changed_is_found_at_once);
    suite_add_tcase(s, tc);
    tc = tcase_create("floats");
    tcase_set_timeout(tc, CASE_TIMEOUT);
    tcase_add_loop_test(tc, looks_change_nothing, 0, 3);
    tcase_add_test(tc, moments_change_nothing);
    suite_add_tcase(s, tc);
    return s;
}
