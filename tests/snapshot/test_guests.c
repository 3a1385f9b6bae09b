/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Guests that are saved at random instants, and go on in another engine, as users do it: by
 * -savestate and -incoming. What they print of their files is what the host says of these.
 */
#include "tests/guests/emulator.h"
#include "tests/guests/linux.h"
#include "tests/snapshot/stage.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const engines[] = {"template", "ir", "interp", "mixed"};
enum { ENGINES = sizeof engines / sizeof *engines, ARGUMENTS = 32 };

#define LINUX_PROMPT "~ # "

static char place[64], path[96], incoming[128];

static void setup(void)
{
    strcpy(place, "/tmp/tessera-guests-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(place));
    snprintf(path, sizeof path, "%s/state", place);
    snprintf(incoming, sizeof incoming, "file:%s", path);
}

static void teardown(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", place);
    ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c) a constant command */
}

/* With the guest's options: afresh, or from the state; to be saved at its end. */
static struct emulator *start(const char *const *guest, const char *engine, bool goes_on)
{
    const char *all[ARGUMENTS] = {"-nographic", "-jit", engine, "-savestate", path};
    unsigned count = 5;
    while (*guest)
        all[count++] = *guest++;
    if (goes_on) {
        all[count++] = "-incoming";
        all[count++] = incoming;
    }
    ck_assert_uint_lt(count, ARGUMENTS);
    return emulator_start(ON_TERMINAL, all);
}

static void save(struct emulator *e)
{
    kill(e->pid, SIGTERM);
    int status = emulator_wait(e);
    ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM, "%s", e->text);
}

/* --- text that is to be the same --- */

struct text {
    char *at;
    size_t length;
};

static void add_text(struct text *t, const char *more)
{
    size_t length = strlen(more);
    t->at = realloc(t->at, t->length + length + 1);
    memcpy(t->at + t->length, more, length + 1);
    t->length += length;
}

/* --- Linux --- */

static const char *const linux_guest[] = {
    "-m",      "256",
    "-kernel", "build/guests/linux",
    "-initrd", "build/guests/initrd.gz",
    "-append", ("console=ttyS0 rdinit=/bin/sh " LINUX_BRIEFLY),
    NULL};

/* Reads files, and runs some hundred processes; the kernel's messages would come at any time. */
static const char linux_work[] =
    "dmesg -n 1; echo begin-\"\"work; for i in bin etc lib sbin usr; do find "
    "/$i -xdev -type f | sort | head "
    "-n 30 "
    "| while read f; do md5sum $f; done; done; dmesg | grep -c -i -e oops -e panic -e 'BUG:'; "
    "echo end-\"\"work\r";

/* The same from the archive that it has its files from. */
static const char linux_work_by_host[] =
    "d=$(mktemp -d); gzip -dc build/guests/initrd.gz | (cd $d && cpio -id --quiet 2>/dev/null); "
    "cd $d; echo begin-work; for i in bin etc lib sbin usr; do find $i -type f | "
    "LC_ALL=C sort | head -n 30 | xargs md5sum | sed 's:  :  /:'; done; echo 0; rm -rf $d";

/* As much as a message of Check's has room for. */
static const char *tail_of(const char *text)
{
    enum { TAIL = 2000 };
    size_t length = strlen(text);
    return text + (length > TAIL ? length - TAIL : 0);
}

/* What the work prints. */
static char *work_of(const char *text)
{
    const char *begin = strstr(text, "begin-work"), *end = strstr(text, "end-work");
    ck_assert_msg(begin && end && begin < end, "%s", tail_of(text));
    return strndup(begin, (size_t)(end - begin));
}

/* What a command of the host prints. */
static char *said_by_host(const char *command)
{
    FILE *pipe = popen(command, "r"); /* NOLINT(cert-env33-c) a constant command */
    char *said = NULL;
    size_t size = 0;
    ck_assert_ptr_nonnull(pipe);
    ck_assert_int_gt(getdelim(&said, &size, '\0', pipe), 0);
    ck_assert_int_eq(pclose(pipe), 0);
    return said;
}

static void check_work(const char *text, const char *by_host)
{
    char *work = work_of(text), *wanted = said_by_host(by_host);
    ck_assert_msg(strcmp(work, wanted) == 0, "%s\n--- the host:\n%s", tail_of(work),
                  tail_of(wanted));
    free(work);
    free(wanted);
}

static bool has(const char *text, const char *what)
{
    return text && strstr(text, what);
}

/*
 * The guest goes on for so many bytes of its output, or to what it then waits behind; or for some
 * seconds, as the interpreter would need minutes for it.
 */
static void linux_goes_on(struct emulator *e, uint32_t random, const char *last)
{
    enum { LOOK_AGAIN_MS = 20, LOOKS = 1000 };
    size_t bytes = 400 + random % 4000;
    for (unsigned i = 0; i < LOOKS && e->length < bytes && !has(e->text, last); i++)
        ck_assert_msg(emulator_watch(e, LOOK_AGAIN_MS), "%s", e->text);
}

/* Typed only where nothing of it can wait outside of the guest when that is saved. */
static void give_work(struct emulator *e)
{
    emulator_send(e, linux_work);
    emulator_expect(e, "begin-work");
}

/* A guest, what it waits behind, how its work is begun from there, and how long it goes on. */
struct guest {
    const char *const *options;
    const char *prompt;
    void (*give_work)(struct emulator *e);
    void (*go_on)(struct emulator *e, uint32_t random, const char *last);
};

/* One process's part of the run, to be added to what there was; true when it has its work. */
static bool run_part(const struct guest *g, struct emulator *e, const struct text *all, bool works,
                     uint32_t random)
{
    if (!works && !has(all->at, g->prompt))
        g->go_on(e, random, g->prompt);
    if (!works && (has(all->at, g->prompt) || has(e->text, g->prompt))) {
        g->give_work(e);
        works = true;
    }
    if (works)
        g->go_on(e, random, "end-work");
    save(e);
    return works;
}

/* From its first instruction to the end of its work; `saves` are counted. */
static struct text run_in_parts(const struct guest *g, unsigned *saves)
{
    uint32_t random = 1;
    struct text all = {NULL, 0};
    bool works = false;
    for (*saves = 0; !has(all.at, "end-work"); ++*saves) {
        struct emulator *e = start(g->options, engines[*saves % ENGINES], *saves > 0);
        random = random * 1664525 + 1013904223;
        works = run_part(g, e, &all, works, random >> 8);
        add_text(&all, e->text);
        emulator_kill(e);
    }
    return all;
}

START_TEST(linux_goes_on_in_another_engine)
{
    static const struct guest guest = {linux_guest, LINUX_PROMPT, give_work, linux_goes_on};
    unsigned saves;
    struct text all = run_in_parts(&guest, &saves);
    check_work(all.at, linux_work_by_host);
    ck_assert_uint_gt(saves, 3);
    free(all.at);
}
END_TEST

/* --- a whole Debian, from its disk, with APIC and HPET --- */

static const char *const debian_guest[] = {"-m",   "256",  "-hda",      "build/guests/debian.img",
                                           "-nic", "none", "-snapshot", NULL};

#define DEBIAN_PROMPT "root@tessera:~# "

/* Files of its disk, what it writes there, and how its interrupts come. */
static const char debian_work[] =
    "dmesg -n 1; stty -echo; echo begin-\"\"work; "
    "find /usr/bin -type f | sort | head -n 150 | xargs md5sum | tail -n 20; seq 100000 >f; sync; "
    "echo 3 >/proc/sys/vm/drop_caches; md5sum f; "
    "grep -q 'IO-APIC.*timer' /proc/interrupts && grep -q LOC: /proc/interrupts && echo apic; "
    "cat /sys/devices/system/clocksource/clocksource0/current_clocksource; "
    "dmesg | grep -c -i -e oops -e panic -e 'BUG:'; echo end-\"\"work\r";

/* From its first partition. Linux goes by the TSC for as long as that agrees with other clocks. */
static const char debian_work_by_host[] =
    "PATH=$PATH:/usr/sbin; d=$(mktemp -d); "
    "debugfs -R \"rdump /usr/bin $d\" 'build/guests/debian.img?offset=1048576' 2>/dev/null; "
    "cd $d; echo begin-work; find bin -type f | LC_ALL=C sort | head -n 150 | tail -n 20 | "
    "xargs md5sum | sed 's:  :  /usr/:'; seq 100000 | md5sum | sed 's:-:f:'; "
    "echo apic; echo tsc; echo 0; rm -rf $d";

static void log_in_and_work(struct emulator *e)
{
    emulator_send(e, "root\r");
    emulator_expect(e, DEBIAN_PROMPT);
    emulator_send(e, debian_work);
    emulator_expect(e, "begin-work");
}

/* Between its messages, too, which are few. */
static void debian_goes_on(struct emulator *e, uint32_t random, const char *last)
{
    enum { LOOK_AGAIN_MS = 100, LEAST = 10, MOST = 70 };
    for (unsigned i = LEAST + random % (MOST - LEAST); i > 0 && !has(e->text, last); i--)
        ck_assert_msg(emulator_watch(e, LOOK_AGAIN_MS), "%s", tail_of(e->text));
}

START_TEST(debian_goes_on_in_another_engine)
{
    static const struct guest guest = {debian_guest, "tessera login: ", log_in_and_work,
                                       debian_goes_on};
    unsigned saves;
    struct text all = run_in_parts(&guest, &saves);
    ck_assert_msg(has(all.at, "GRUB") && has(all.at, "Debian GNU/Linux 12 tessera ttyS0"), "%s",
                  tail_of(all.at));
    check_work(all.at, debian_work_by_host);
    ck_assert_uint_gt(saves, 3);
    free(all.at);
}
END_TEST

/* --- another processor --- */

static void ask_u_boot(struct emulator *e, const char *command, const char *answer)
{
    emulator_send(e, command);
    emulator_expect(e, answer);
    emulator_expect(e, "=> ");
}

/* U-Boot keeps its memory, and goes on at its prompt. */
START_TEST(u_boot_goes_on_in_another_engine)
{
    static const char *const guest[] = {
        "-M", "ppce500", "-m", "64", "-bios", "build/guests/u-boot-ppc", "-nic", "none", NULL};
    struct emulator *e = start(guest, "template", false);
    emulator_expect(e, "Hit any key");
    emulator_send(e, "\r");
    emulator_expect(e, "=> ");
    ask_u_boot(e, "mw 2000000 12345678; md 2000000 1\r", "02000000: 12345678");
    for (unsigned i = 1; i <= ENGINES; i++) {
        save(e);
        emulator_kill(e);
        e = start(guest, engines[i % ENGINES], true);
        ask_u_boot(e, "md 2000000 1\r", "02000000: 12345678");
    }
    emulator_kill(e);
}
END_TEST

/* --- the end of the process at any time --- */

/* Is there a whole state? Then it goes on. */
static void expect_state(const char *const *guest)
{
    struct emulator *e = start(guest, "interp", true);
    bool goes_on = emulator_watch(e, 300);
    ck_assert_msg(goes_on, "%s", e->text);
    kill(e->pid, SIGKILL);
    emulator_kill(e);
}

/* Is a file begun that has its name not yet? */
static bool is_being_written(void)
{
    DIR *folder = opendir(place);
    bool found = false;
    ck_assert_ptr_nonnull(folder);
    for (const struct dirent *entry; (entry = readdir(folder));)
        found |= strncmp(entry->d_name, ".new-", 5) == 0;
    closedir(folder);
    return found;
}

static bool has_ended(const struct emulator *e)
{
    siginfo_t info = {.si_pid = 0};
    return waitid(P_PID, (id_t)e->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid;
}

/* Killed while it writes, if that is seen in time, and `us` later. */
static bool kill_in_writing(const struct emulator *e, unsigned us)
{
    bool caught;
    kill(e->pid, SIGTERM);
    while (!(caught = is_being_written()) && !has_ended(e))
        ;
    usleep(us);
    kill(e->pid, SIGKILL);
    return caught;
}

/* At the beginning of the writing, in its midst, behind it: until each has been seen. */
START_TEST(a_kill_at_any_time_loses_nothing_older)
{
    enum { LEAST = 12, MOST = 60 };
    static const char *const guest[] = {"-m", "32", NULL};
    struct stat before, after;
    unsigned kept = 0, replaced = 0;
    struct emulator *e = start(guest, "template", false);
    emulator_expect(e, "> ");
    save(e);
    emulator_kill(e);
    for (unsigned i = 0; i < LEAST || !kept || !replaced; i++) {
        ck_assert_msg(i < MOST, "%u kept, %u replaced", kept, replaced);
        ck_assert_int_eq(stat(path, &before), 0);
        e = start(guest, engines[i % ENGINES], true);
        emulator_watch(e, 400);
        ck_assert_msg(!is_being_written(), "something is left of the kill before");
        bool caught = kill_in_writing(e, i % 4 * 4000);
        emulator_wait(e);
        emulator_kill(e);
        ck_assert_int_eq(stat(path, &after), 0);
        if (before.st_ino != after.st_ino)
            replaced++;
        else
            kept += caught;
        expect_state(guest);
    }
}
END_TEST

/* --- the user's mistakes --- */

static void expect_line(const char *const *arguments, const char *line)
{
    struct emulator *e = emulator_start(ON_PIPES, arguments);
    int status = emulator_wait(e);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 1, "%s", e->text);
    ck_assert_str_eq(e->text, line);
    emulator_kill(e);
}

START_TEST(mistakes_are_told_in_a_line)
{
    expect_line((const char *const[]){"-incoming", "tcp:0:4444", NULL},
                "tessera: -incoming tcp:0:4444: not file:FILE\n");
    expect_line((const char *const[]){"-incoming", "file:/nowhere/at/all", NULL},
                "tessera: /nowhere/at/all: No such file or directory\n");
    expect_line((const char *const[]){"-incoming", "file:/dev/null", NULL},
                "tessera: /dev/null: is no snapshot of Tessera's\n");
    expect_line((const char *const[]){"-savestate", "/nowhere/at/all", NULL},
                "tessera: /nowhere/at/: No such file or directory\n");
    expect_line((const char *const[]){"-snapshot-dir", "/nowhere", NULL},
                "tessera: /nowhere: No such file or directory\n");
    expect_line((const char *const[]){"-snapshot-dir", "/tmp", "-loadvm", "no-such-name", NULL},
                "tessera: /tmp/no-such-name.tessera: No such file or directory\n");
}
END_TEST

Suite *snapshot_guest_suite(void)
{
    Suite *suite = suite_create("guests");
    TCase *c = tcase_create("guests");
    tcase_set_timeout(c, 1800);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, linux_goes_on_in_another_engine);
    tcase_add_test(c, debian_goes_on_in_another_engine);
    tcase_add_test(c, u_boot_goes_on_in_another_engine);
    tcase_add_test(c, mistakes_are_told_in_a_line);
    suite_add_tcase(suite, c);
    c = tcase_create("kill");
    tcase_set_timeout(c, 600);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, a_kill_at_any_time_loses_nothing_older);
    suite_add_tcase(suite, c);
    return suite;
}
