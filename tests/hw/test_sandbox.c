/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is left to a process that has entered the sandbox. */
#include "hw/host/sandbox.h"
#include "hw/host/terminal.h"
#include "tests/hw/fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void open_a_file(void)
{
    open("/dev/null", O_RDONLY);
}

static void run_a_program(void)
{
    execl("/bin/true", "true", NULL);
}

static void fork_a_process(void)
{
    syscall(SYS_fork);
}

static void map_code(void)
{
    (void)mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void make_code(void)
{
    static char data[8192];
    mprotect((void *)(((uintptr_t)data + 4095) & ~4095ul), 4096, PROT_READ | PROT_EXEC);
}

static void type_for_the_user(void)
{
    ioctl(0, TIOCSTI, "x");
}

static void open_a_socket(void)
{
    socket(AF_INET, SOCK_STREAM, 0);
}

static void kill_somebody(void)
{
    syscall(SYS_tgkill, 1, 1, 0);
}

static void make_a_memory_file(void)
{
    memfd_create("x", 0);
}

/* SDL does so now and then, and goes on without. */
static void look_for_sound_cards(void)
{
    struct stat s;
    if (open("/dev/null", O_RDONLY) >= 0 || errno != EACCES ||
        fstatat(AT_FDCWD, "/dev/null", &s, 0) == 0 || errno != EACCES)
        syscall(SYS_exit_group, EXIT_FAILURE);
}

static const struct {
    void (*call)(void);
    const char *name;
} refused[] = {
    {open_a_file, "openat"},   {run_a_program, "execve"}, {fork_a_process, "fork"},
    {map_code, "mmap"},        {make_code, "mprotect"},   {type_for_the_user, "ioctl"},
    {open_a_socket, "socket"}, {kill_somebody, "tgkill"}, {make_a_memory_file, "memfd_create"},
};

static _Noreturn void enter(unsigned needs, void (*call)(void), int errors)
{
    struct error error = {""};
    dup2(errors, STDERR_FILENO);
    terminal_catch_signals(eventfd(0, 0));
    if (!sandbox_drop(&error) || !sandbox_enter(needs, &error)) {
        dprintf(STDERR_FILENO, "%s", error.text);
        _exit(EXIT_FAILURE);
    }
    call();
    syscall(SYS_exit_group, EXIT_SUCCESS); /* without what sanitizers do at an end */
    abort();
}

/* The wait status of a child that makes a call in the sandbox, and what it says. */
static int in_sandbox(unsigned needs, void (*call)(void), char *said, size_t room)
{
    int ends[2], status;
    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (!child)
        enter(needs, call, ends[1]);
    close(ends[1]);
    close(ends[1]);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ssize_t length = read(ends[0], said, room - 1);
    said[length > 0 ? length : 0] = 0;
    close(ends[0]);
    return status;
}

START_TEST(ends_by_what_is_not_allowed)
{
    char said[512], wanted[64];
    int status = in_sandbox(0, refused[_i].call, said, sizeof said);
    ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS, "%s: status %x: %s",
                  refused[_i].name, (unsigned)status, said);
    snprintf(wanted, sizeof wanted, "tessera: the sandbox: system call %s (", refused[_i].name);
    ck_assert_msg(strncmp(said, wanted, strlen(wanted)) == 0, "%s", said);
    ck_assert_ptr_eq(strchr(said, '\n'), said + strlen(said) - 1);
}
END_TEST

START_TEST(allows_what_is_needed)
{
    char said[512];
    int status = in_sandbox(SANDBOX_GDB, make_a_memory_file, said, sizeof said);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS, "%s", said);
}
END_TEST

/* --- threads that were there before --- */

static int to_thread[2], from_thread[2];
static pthread_t thread;

static void *open_when_told(void *unused)
{
    char byte = 0;
    (void)unused;
    if (write(from_thread[1], &byte, 1) == 1 && read(to_thread[0], &byte, 1) == 1)
        open_a_file();
    return NULL;
}

static void start_the_thread(void)
{
    char byte;
    if (pipe2(to_thread, O_CLOEXEC) != 0 || pipe2(from_thread, O_CLOEXEC) != 0 ||
        pthread_create(&thread, NULL, open_when_told, NULL) != 0 ||
        read(from_thread[0], &byte, 1) != 1)
        abort();
}

static void let_the_thread_open(void)
{
    if (write(to_thread[1], "x", 1) == 1)
        pthread_join(thread, NULL);
}

START_TEST(sound_cards_are_not_found)
{
    char said[512];
    int status = in_sandbox(SANDBOX_SOUND, look_for_sound_cards, said, sizeof said);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS, "status %x: %s",
                  (unsigned)status, said);
}
END_TEST

START_TEST(holds_for_all_threads)
{
    char said[512];
    int ends[2], status;
    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    if (!child) {
        start_the_thread();
        enter(0, let_the_thread_open, ends[1]);
    }
    close(ends[1]);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ssize_t length = read(ends[0], said, sizeof said - 1);
    said[length > 0 ? length : 0] = 0;
    ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS, "status %x: %s",
                  (unsigned)status, said);
}
END_TEST

/* --- files --- */

static bool opens(const char *path, int flags)
{
    int fd = open(path, flags);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* The step that is wrong, or 0; where the kernel has no Landlock nothing is to be refused. */
static int look_at_files(void)
{
    static const char *const readable[] = {"/usr/share", "/etc/hostname", "/no/such/file", NULL};
    struct error error;
    bool limits =
        syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
    if (!opens("/etc/passwd", O_RDONLY))
        return 1;
    if (!sandbox_drop(&error) || !sandbox_files(readable, &error))
        return 2;
    if (!opens("/etc/hostname", O_RDONLY) || !opens("/usr/share/doc", O_RDONLY | O_DIRECTORY))
        return 3;
    if (limits && (opens("/etc/passwd", O_RDONLY) || errno != EACCES))
        return 4;
    if (limits && (opens("/etc/hostname", O_WRONLY) || errno != EACCES))
        return 5;
    if (limits && (opens("/tmp/tessera-no-such-file", O_WRONLY | O_CREAT) || errno != EACCES))
        return 6;
    return 0;
}

START_TEST(only_listed_files_are_read)
{
    int status;
    pid_t child = fork();
    if (!child)
        _exit(look_at_files());
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(status == 0, "status %x", (unsigned)status);
}
END_TEST

Suite *sandbox_suite(void)
{
    Suite *suite = suite_create("sandbox");
    TCase *c = tcase_create("sandbox");
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, ends_by_what_is_not_allowed, 0, sizeof refused / sizeof *refused);
    tcase_add_test(c, allows_what_is_needed);
    tcase_add_test(c, sound_cards_are_not_found);
    tcase_add_test(c, holds_for_all_threads);
    tcase_add_test(c, only_listed_files_are_read);
    suite_add_tcase(suite, c);
    return suite;
}
