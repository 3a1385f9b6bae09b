/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See sandbox.h. */
#include "hw/host/sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* --- what is dropped --- */

/*
 * Those that came through execve; all of ours are opened close-on-exec, and from here on so are
 * these. They stay until the guest runs: what is opened until then may be called /dev/fd/3.
 */
static struct {
    int fd[64];
    unsigned count;
} inherited;

static void keep_inherited(int fd)
{
    if (inherited.count == sizeof inherited.fd / sizeof *inherited.fd) {
        close(fd);
        return;
    }
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    inherited.fd[inherited.count++] = fd;
}

static void find_inherited(void)
{
    DIR *open = opendir("/proc/self/fd");
    struct dirent *entry;
    if (!open) /* without it, /dev/fd/3 and the like could not have been opened, either */
        return;
    while ((entry = readdir(open))) {
        int fd = (int)strtol(entry->d_name, NULL, 10);
        if (fd > STDERR_FILENO && fcntl(fd, F_GETFD) == 0)
            keep_inherited(fd);
    }
    closedir(open);
}

static void close_inherited(void)
{
    while (inherited.count)
        close(inherited.fd[--inherited.count]);
}

/* capabilities(7). Some of it needs one of them: who has none, need not give it up. */
static bool drop_capabilities(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
    for (int i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
        prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
    return syscall(SYS_capset, &header, none) == 0;
}

/*
 * With heaps for threads glibc opens files in the middle of malloc() and free(): one tells of the
 * host's cpus, when there are as many as nine, one of its memory, when a heap is to shrink.
 */
static void use_one_heap(void)
{
    mallopt(M_ARENA_MAX, 1);
}

bool sandbox_drop(struct error *error)
{
    use_one_heap();
    find_inherited();
    return (drop_capabilities() && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) ||
           error_set(error, "privileges cannot be dropped: %s (-sandbox off keeps them)",
                     strerror(errno));
}

/* --- files --- */

/* Which rights to files a ruleset of this kernel's can take away. landlock(7). */
static uint64_t all_rights(int version)
{
    uint64_t first = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
    return version < 2 ? first : version < 3 ? first << 1 | 1 : first << 2 | 3;
}

static bool allow_reading(int rules, const char *path)
{
    struct landlock_path_beneath_attr a = {.parent_fd = open(path, O_PATH | O_CLOEXEC)};
    struct stat s;
    if (a.parent_fd < 0)
        return true;
    a.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
    if (fstat(a.parent_fd, &s) == 0 && S_ISDIR(s.st_mode))
        a.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
    bool good = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &a, 0) == 0;
    close(a.parent_fd);
    return good;
}

bool sandbox_files(const char *const *readable, struct error *error)
{
    int version =
        (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return true;
    struct landlock_ruleset_attr all = {.handled_access_fs = all_rights(version)};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    bool good = rules >= 0;
    for (; good && *readable; readable++)
        good = allow_reading(rules, *readable);
    good = good && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    if (!good)
        error_set(error, "files cannot be restricted: %s (-sandbox off does without)",
                  strerror(errno));
    if (rules >= 0)
        close(rules);
    return good;
}

/* --- system calls --- */

#ifdef HAVE_SECCOMP

#include "hw/host/terminal.h"

#include <netinet/in.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

enum { ALWAYS = 0, SYSTEM_CALLS = 512 };

#define ONLY(argument, value)                                                                      \
    {                                                                                              \
        SCMP_A##argument(SCMP_CMP_EQ, value)                                                       \
    }
#define EXCEPT(argument, value)                                                                    \
    {                                                                                              \
        SCMP_A##argument(SCMP_CMP_NE, value)                                                       \
    }
#define WITHOUT(argument, bits)                                                                    \
    {                                                                                              \
        SCMP_A##argument(SCMP_CMP_MASKED_EQ, bits, 0)                                              \
    }
#define AMONG(argument, bits, value)                                                               \
    {                                                                                              \
        SCMP_A##argument(SCMP_CMP_MASKED_EQ, bits, value)                                          \
    }
#define PLAIN(need, name)                                                                          \
    {                                                                                              \
        need, SCMP_SYS(name), 0,                                                                   \
        {                                                                                          \
            {                                                                                      \
                0                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }
#define CHECKED(need, name, ...)                                                                   \
    {                                                                                              \
        need, SCMP_SYS(name), 1, __VA_ARGS__                                                       \
    }

static const struct rule {
    unsigned need; /* any of these; ALWAYS: in every run */
    int call;
    unsigned conditions;
    struct scmp_arg_cmp condition[1];
} rules[] = {
    /* The guest's time, its lines, the log. */
    PLAIN(ALWAYS, read),
    PLAIN(ALWAYS, write),
    PLAIN(ALWAYS, poll),
    PLAIN(ALWAYS, ppoll),
    PLAIN(ALWAYS, timer_settime),
    PLAIN(ALWAYS, rt_sigreturn),
    PLAIN(ALWAYS, restart_syscall),
    PLAIN(ALWAYS, fstat), /* stdio: whose is the buffer; glibc has both calls for it */
    CHECKED(ALWAYS, newfstatat, ONLY(3, AT_EMPTY_PATH)),
    PLAIN(ALWAYS, clock_gettime), /* for hosts whose vDSO cannot tell the time */
    PLAIN(ALWAYS, gettimeofday),
    PLAIN(ALWAYS, time),
    /* Memory, but none that can be executed. */
    PLAIN(ALWAYS, brk),
    CHECKED(ALWAYS, mmap, WITHOUT(2, PROT_EXEC)),
    CHECKED(ALWAYS, mprotect, WITHOUT(2, PROT_EXEC)), /* malloc(3) in other threads */
    PLAIN(ALWAYS, mremap),
    PLAIN(ALWAYS, munmap),
    PLAIN(ALWAYS, madvise),
    PLAIN(ALWAYS, getrandom),
    PLAIN(ALWAYS, sysinfo), /* qsort(3) asks how much memory there is */
    /* The terminal, when we are stopped, go on or end; TIOCSTI would be typing for the user. */
    CHECKED(ALWAYS, ioctl, ONLY(1, TCGETS)),
    CHECKED(ALWAYS, ioctl, ONLY(1, TCSETS)),
    CHECKED(ALWAYS, ioctl, ONLY(1, TIOCGPGRP)),
    PLAIN(ALWAYS, getpgrp),
    /* A thread that has been started may not have got far yet. */
    PLAIN(ALWAYS, set_robust_list),
    PLAIN(ALWAYS, rseq),
    /* The end, in order or by a signal: abort(3), or somebody else's that is passed on. */
    PLAIN(ALWAYS, rt_sigaction),
    PLAIN(ALWAYS, rt_sigprocmask),
    PLAIN(ALWAYS, getpid),
    PLAIN(ALWAYS, gettid),
    PLAIN(ALWAYS, writev),
    PLAIN(ALWAYS, timer_delete),
    PLAIN(ALWAYS, futex),
    PLAIN(ALWAYS, close),
    PLAIN(ALWAYS, exit),
    PLAIN(ALWAYS, exit_group),
    PLAIN(SANDBOX_GDB, memfd_create),
    PLAIN(SANDBOX_GDB | SANDBOX_SCREEN_FILE, ftruncate),
    PLAIN(SANDBOX_GDB | SANDBOX_SCREEN_FILE | SANDBOX_SNAPSHOT | SANDBOX_MEDIA | SANDBOX_REPLAY,
          lseek),
    PLAIN(SANDBOX_GDB | SANDBOX_DISK | SANDBOX_MEDIA, pread64),
    PLAIN(SANDBOX_GDB | SANDBOX_DISK | SANDBOX_MEDIA | SANDBOX_WAV, pwrite64),
    CHECKED(SANDBOX_MEDIA, fcntl, ONLY(1, F_OFD_GETLK)),
    CHECKED(SANDBOX_MEDIA, fcntl, ONLY(1, F_OFD_SETLK)),
    CHECKED(SANDBOX_GDB, fcntl, ONLY(1, F_GETFD)),
    PLAIN(SANDBOX_DISK | SANDBOX_MEDIA, fdatasync),
    PLAIN(SANDBOX_DISK | SANDBOX_VIEWERS | SANDBOX_WINDOW | SANDBOX_NETWORK | SANDBOX_SOCKETS |
              SANDBOX_SNAPSHOT | SANDBOX_SOUND,
          sendto), /* an NBD server's; the others if it is by TLS */
    PLAIN(SANDBOX_DISK | SANDBOX_VIEWERS | SANDBOX_WINDOW | SANDBOX_NETWORK | SANDBOX_SOCKETS |
              SANDBOX_SOUND,
          recvfrom),
    PLAIN(SANDBOX_DISK | SANDBOX_WINDOW | SANDBOX_NETWORK | SANDBOX_SOUND, sendmsg),
    PLAIN(SANDBOX_DISK | SANDBOX_WINDOW | SANDBOX_SOCKETS | SANDBOX_SNAPSHOT | SANDBOX_SOUND,
          recvmsg),
    PLAIN(SANDBOX_DISK | SANDBOX_VIEWERS | SANDBOX_WINDOW | SANDBOX_SOCKETS, shutdown),
    PLAIN(SANDBOX_DISK | SANDBOX_NETWORK, waitid), /* for processes of our own */
    /* To a socket that listens, which was made before, and what comes from it. */
    PLAIN(SANDBOX_VIEWERS | SANDBOX_NETWORK, accept4),
    PLAIN(SANDBOX_VIEWERS, getpeername),
    CHECKED(SANDBOX_VIEWERS | SANDBOX_NETWORK, setsockopt, ONLY(1, IPPROTO_TCP)),
    CHECKED(SANDBOX_VIEWERS | SANDBOX_SCRIPT, fcntl, ONLY(1, F_GETFL)), /* fdopen(3), too */
    CHECKED(SANDBOX_VIEWERS, fcntl, ONLY(1, F_SETFL)),
    CHECKED(SANDBOX_VIEWERS, fcntl, ONLY(1, F_DUPFD_CLOEXEC)),
    PLAIN(SANDBOX_VIEWERS, select),
    PLAIN(SANDBOX_VIEWERS, dup2),
    PLAIN(SANDBOX_VIEWERS, pselect6),
    PLAIN(SANDBOX_VIEWERS, eventfd2),
    PLAIN(SANDBOX_SNAPSHOT, fsync),
    CHECKED(SANDBOX_CURSES | SANDBOX_EDITOR, ioctl, ONLY(1, TIOCGWINSZ)),
    CHECKED(SANDBOX_EDITOR, ioctl, ONLY(1, TIOCSWINSZ)),
    CHECKED(SANDBOX_EDITOR, ioctl, ONLY(1, TCSETSW)),
    CHECKED(SANDBOX_EDITOR, ioctl, ONLY(1, TCSETSF)),
    CHECKED(SANDBOX_EDITOR, ioctl, ONLY(1, FIONREAD)),
    /* The window system's socket, recvfrom and the like, and pictures that it shares with us. */
    PLAIN(SANDBOX_WINDOW | SANDBOX_SCRIPT | SANDBOX_SOUND, clock_nanosleep),
    CHECKED(SANDBOX_SOUND, ioctl, AMONG(1, 0xff00, 'A' << 8)), /* ALSA's */
    PLAIN(SANDBOX_WINDOW, shmget),
    PLAIN(SANDBOX_WINDOW, shmat),
    PLAIN(SANDBOX_WINDOW, shmdt),
    PLAIN(SANDBOX_WINDOW, shmctl),
    /* A network of the user's: it opens sockets as the guest wishes, and reads files. */
    CHECKED(SANDBOX_SOCKETS, socket, ONLY(0, AF_INET)),
    CHECKED(SANDBOX_SOCKETS, socket, ONLY(0, AF_INET6)),
    PLAIN(SANDBOX_SOCKETS, bind),
    PLAIN(SANDBOX_SOCKETS, listen),
    PLAIN(SANDBOX_SOCKETS, accept),
    PLAIN(SANDBOX_SOCKETS, connect),
    PLAIN(SANDBOX_SOCKETS, getsockname),
    PLAIN(SANDBOX_SOCKETS, getpeername),
    PLAIN(SANDBOX_SOCKETS, getsockopt),
    PLAIN(SANDBOX_SOCKETS, setsockopt),
    CHECKED(SANDBOX_SOCKETS, ioctl, ONLY(1, FIONREAD)),
    PLAIN(SANDBOX_SOCKETS, fcntl),
    CHECKED(SANDBOX_SOCKETS, openat, WITHOUT(2, O_ACCMODE | O_CREAT | O_TRUNC)),
    PLAIN(SANDBOX_SOCKETS, newfstatat),
    PLAIN(SANDBOX_SOCKETS, lseek),
};

/* These fail, as for somebody who may not, and that is all: SDL looks for new sound cards by ALSA
 * all the time. */
static const struct rule denied[] = {
    PLAIN(SANDBOX_SOUND, openat),
    CHECKED(SANDBOX_SOUND, newfstatat, EXCEPT(3, AT_EMPTY_PATH)),
};

static int add(scmp_filter_ctx filter, const struct rule *r, uint32_t action, unsigned needs)
{
    return r->need && !(r->need & needs)
               ? 0
               : seccomp_rule_add_array(filter, action, r->call, r->conditions, r->condition);
}

static bool add_rules(scmp_filter_ctx filter, unsigned needs)
{
    int status = 0;
    for (unsigned i = 0; i < sizeof rules / sizeof *rules && status == 0; i++)
        status = add(filter, &rules[i], SCMP_ACT_ALLOW, needs);
    for (unsigned i = 0; i < sizeof denied / sizeof *denied && status == 0; i++)
        status = add(filter, &denied[i], SCMP_ACT_ERRNO(EACCES), needs);
    /* To ourselves only. */
    if (status == 0)
        status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                                  SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
    errno = -status;
    return status == 0;
}

static bool load(scmp_filter_ctx filter)
{
    /* One filter for all threads, and a search in it that is short for each call. */
    int status = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    if (status == 0)
        status = seccomp_load(filter);
    errno = -status;
    return status == 0;
}

/* --- a call that is not allowed --- */

/* Of all calls, looked up before there is a filter: the handler can allocate nothing. */
static char *names[SYSTEM_CALLS];

static void look_names_up(void)
{
    for (int i = 0; i < SYSTEM_CALLS; i++)
        names[i] = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, i);
}

static void refused(int signal_number, siginfo_t *info, void *context)
{
    char line[160];
    int call = info->si_syscall;
    (void)context;
    terminal_leave();
    if (info->si_code == 1 /* SYS_SECCOMP */) {
        const char *name = call >= 0 && call < SYSTEM_CALLS ? names[call] : NULL;
        int length = snprintf(line, sizeof line,
                              "tessera: the sandbox: system call %s (%d) is not allowed while a "
                              "guest runs (-sandbox off allows it)\n",
                              name ? name : "without a name", call);
        if (write(STDERR_FILENO, line, (size_t)length) != length)
            _exit(EXIT_FAILURE);
    }
    terminal_die(signal_number);
}

static bool catch_refusals(void)
{
    struct sigaction a = {.sa_sigaction = refused, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigfillset(&a.sa_mask);
    look_names_up();
    return sigaction(SIGSYS, &a, NULL) == 0;
}

bool sandbox_enter(unsigned needs, struct error *error)
{
    close_inherited();
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
    bool entered = filter && catch_refusals() && add_rules(filter, needs) && load(filter);
    int reason = filter ? errno : ENOMEM;
    seccomp_release(filter);
    return entered || error_set(error,
                                "system calls cannot be restricted: %s (-sandbox off does "
                                "without)",
                                strerror(reason));
}

#else

bool sandbox_enter(unsigned needs, struct error *error)
{
    (void)needs;
    (void)error;
    close_inherited();
    return true;
}

#endif
