/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a user's shell, disk, limits and kernel may be like. */
#include "emulator.h"
#include "test_guests.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHORT_RUN "-kernel", DEFAULT_GUEST, "-append", "do=reboot", "-no-reboot"

static char folder[] = "/tmp/tessera-around-XXXXXX";

static void make_folder(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c) */
}

static const char *in_folder(const char *name)
{
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static char *contents(const char *path)
{
    static char text[1 << 16];
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s", path);
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    return text;
}

static int count(const char *text, const char *word)
{
    int n = 0;
    for (; (text = strstr(text, word)); text += strlen(word))
        n++;
    return n;
}

/* --- descriptors that were closed --- */

static int closed; /* a bit each */

static void close_some(void)
{
    for (int fd = 0; fd < 3; fd++)
        if (closed >> fd & 1)
            close(fd);
}

/* Each file has what belongs there, and nothing else. */
START_TEST(closed_descriptors_are_not_taken)
{
    closed = _i;
    char log[PATH_MAX];
    strcpy(log, in_folder("log"));
    struct emulator *e = emulator_start_with(
        ON_PIPES, (const char *[]){SHORT_RUN, "-d", "int", "-D", log, NULL}, close_some);
    int status = emulator_wait(e);
    bool no_output = closed >> 1 & 1;
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), no_output ? EXIT_FAILURE : EXIT_SUCCESS);
    char *text = contents(log);
    ck_assert_int_gt(count(text, "interrupt "), 0);
    ck_assert_int_eq(count(text, "Tessera"), 0);
    ck_assert_int_eq(count(e->text, "Rebooting."), !no_output);
    ck_assert_int_eq(count(e->text, "tessera: standard output: "), no_output && closed < 4);
    emulator_kill(e);
}
END_TEST

/* --- a full disk --- */

static int full; /* descriptor */

static void fill_disk(void)
{
    int fd = open("/dev/full", O_WRONLY);
    if (full && fd >= 0)
        dup2(fd, full);
}

static const struct {
    const char *arguments[8];
    int full;
    const char *lost; /* NULL: standard error itself, where nothing can be told */
} on_full_disks[] = {
    {{"-help"}, 1, "standard output"},
    {{"-version"}, 1, "standard output"},
    {{"-cpu", "help"}, 1, "standard output"},
    {{"-M", "help"}, 1, "standard output"},
    {{"-d", "help"}, 1, "standard output"},
    {{SHORT_RUN}, 1, "standard output"},
    {{SHORT_RUN, "-stats"}, 2, NULL},
    {{SHORT_RUN, "-d", "int"}, 2, NULL},
    {{SHORT_RUN, "-stats-json", "/dev/full"}, 0, "/dev/full"},
    {{SHORT_RUN, "-serial", "file:/dev/full"}, 0, "/dev/full"},
};
enum { ON_FULL_DISKS = sizeof on_full_disks / sizeof *on_full_disks };

/* Told in one line, and by the exit status. */
static void check_loss(struct emulator *e, const char *lost)
{
    char line[128];
    int status = emulator_wait(e);
    snprintf(line, sizeof line, "tessera: %s: No space left on device\n", lost ? lost : "");
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE,
                  "wait status %x, output:\n%s", (unsigned)status, e->text);
    ck_assert_msg(count(e->text, line) == !!lost, "%s", e->text);
    emulator_kill(e);
}

START_TEST(full_disks_are_told)
{
    full = on_full_disks[_i].full;
    struct emulator *e = emulator_start_with(ON_PIPES, on_full_disks[_i].arguments, fill_disk);
    check_loss(e, on_full_disks[_i].lost);
}
END_TEST

START_TEST(a_lost_log_is_told)
{
    const char *arguments[] = {SHORT_RUN, "-d", "int", "-D", "/dev/full", NULL};
    check_loss(emulator_start(ON_PIPES, arguments), "/dev/full");
}
END_TEST

/* Where memory for the guest is a file, like all others are. */
static void small_files_only(void)
{
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){1 << 20, 1 << 20});
}

START_TEST(a_limit_of_files_is_told)
{
    struct emulator *e =
        emulator_start_with(ON_PIPES, (const char *[]){"-m", "64", NULL}, small_files_only);
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE);
    ck_assert_str_eq(e->text,
                     "tessera: -m 64 MiB: files, which the guest's RAM is one of, may not be "
                     "so large (ulimit -f)\n");
    emulator_kill(e);
}
END_TEST

/* --- names that others can guess --- */

static void lay_traps(void)
{
    char name[64];
    snprintf(name, sizeof name, "/tmp/perf-%d.map", (int)getpid());
    if (symlink(in_folder("victim"), name) != 0 || chdir(folder) != 0)
        _exit(127);
    snprintf(name, sizeof name, "jit-%d.dump", (int)getpid());
    if (mkfifo(name, 0666) != 0)
        _exit(127);
}

static void check_private(const char *path)
{
    struct stat s;
    ck_assert_int_eq(lstat(path, &s), 0);
    ck_assert(S_ISREG(s.st_mode));
    ck_assert_uint_eq(s.st_mode & 0777, 0600);
    ck_assert_int_gt(s.st_size, 0);
}

START_TEST(links_and_fifos_are_replaced)
{
    static char program[PATH_MAX];
    char name[64];
    FILE *victim = fopen(in_folder("victim"), "w");
    ck_assert_ptr_nonnull(victim);
    fprintf(victim, "precious");
    fclose(victim);
    ck_assert_ptr_nonnull(realpath(emulator_program(), program));
    setenv("TESSERA", program, 1);
    struct emulator *e = emulator_start_with(
        ON_PIPES, (const char *[]){"-perfmap", "-jitdump", "-no-reboot", NULL}, lay_traps);
    pid_t pid = e->pid;
    emulator_expect(e, "\n> ");
    emulator_kill(e);
    ck_assert_str_eq(contents(in_folder("victim")), "precious");
    snprintf(name, sizeof name, "/tmp/perf-%d.map", (int)pid);
    check_private(name);
    unlink(name);
    snprintf(name, sizeof name, "jit-%d.dump", (int)pid);
    check_private(in_folder(name));
}
END_TEST

/* --- memory that may not become executable --- */

/* Older kernels know nothing of it, and then it changes nothing. */
static void no_memory_gains_execution(void)
{
    enum { SET_MDWE = 65, REFUSE_EXEC_GAIN = 1 };
    prctl(SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0);
}

#define ARGUMENT(n)    offsetof(struct seccomp_data, args[n])
#define LOAD(offset)   BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define UNLESS(n, no)  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, n, 0, no)
#define IF_BITS(n, no) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, n, 0, no)
#define RETURN(what)   BPF_STMT(BPF_RET | BPF_K, what)

/* As SELinux without execmem: none but files' can be executed. */
static void no_memory_is_executable(void)
{
    struct sock_filter filter[] = {
        LOAD(offsetof(struct seccomp_data, nr)),
        UNLESS(SYS_mmap, 5),
        LOAD(ARGUMENT(2)),
        IF_BITS(PROT_EXEC, 3),
        LOAD(ARGUMENT(3)),
        IF_BITS(MAP_ANONYMOUS, 1),
        RETURN(SECCOMP_RET_ERRNO | EACCES),
        RETURN(SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        _exit(127);
}

static const char *const engines[] = {"template", "ir", "interp"};

static struct emulator *start_engine(const char *engine, void (*setup)(void))
{
    return emulator_start_with(ON_PIPES, (const char *[]){SHORT_RUN, "-jit", engine, NULL}, setup);
}

static void check_runs(struct emulator *e)
{
    emulator_expect(e, "Rebooting.");
    ck_assert_int_eq(emulator_wait(e), 0);
    emulator_kill(e);
}

START_TEST(runs_where_memory_gains_no_execution)
{
    check_runs(start_engine(engines[_i], no_memory_gains_execution));
}
END_TEST

START_TEST(says_that_memory_cannot_be_executed)
{
    struct emulator *e = start_engine(engines[_i], no_memory_is_executable);
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE);
    ck_assert_str_eq(e->text, "tessera: memory may not become executable here (-jit interp needs "
                              "none that is)\n");
    emulator_kill(e);
}
END_TEST

START_TEST(interp_runs_where_memory_cannot_be_executed)
{
    check_runs(start_engine("interp", no_memory_is_executable));
}
END_TEST

Suite *surroundings_suite(void)
{
    Suite *suite = suite_create("surroundings");
    TCase *c = tcase_create("surroundings");
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_checked_fixture(c, make_folder, remove_folder);
    if (!emulator_is_qemu()) {
        tcase_add_loop_test(c, closed_descriptors_are_not_taken, 0, 8);
        tcase_add_loop_test(c, full_disks_are_told, 0, ON_FULL_DISKS);
        tcase_add_test(c, a_lost_log_is_told);
        tcase_add_test(c, a_limit_of_files_is_told);
        tcase_add_test(c, links_and_fifos_are_replaced);
        tcase_add_loop_test(c, runs_where_memory_gains_no_execution, 0, 3);
        tcase_add_loop_test(c, says_that_memory_cannot_be_executed, 0, 2);
        tcase_add_test(c, interp_runs_where_memory_cannot_be_executed);
    }
    suite_add_tcase(suite, c);
    return suite;
}
