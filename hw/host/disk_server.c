/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See disk_server.h. */
#include "hw/host/disk_server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- the connection --- */

struct ends {
    int listening, connected;
};

static bool join_ends(struct ends *e, const struct sockaddr_un *address)
{
    const struct sockaddr *a = (const struct sockaddr *)address;
    return e->listening >= 0 && e->connected >= 0 && bind(e->listening, a, sizeof *address) == 0 &&
           listen(e->listening, 1) == 0 && connect(e->connected, a, sizeof *address) == 0;
}

/* In a folder that nobody else can look into, and that is gone at once. */
static bool make_ends(struct ends *e)
{
    char folder[] = "/tmp/tessera-XXXXXX";
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!mkdtemp(folder))
        return false;
    snprintf(address.sun_path, sizeof address.sun_path, "%s/nbd", folder);
    e->listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    e->connected = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool good = join_ends(e, &address);
    int why = errno;
    unlink(address.sun_path);
    rmdir(folder);
    errno = why;
    return good;
}

static void close_if_open(int fd)
{
    if (fd >= 0)
        close(fd);
}

/* --- the process --- */

/*
 * systemd's way to hand a socket to a server, sd_listen_fds(3): it is descriptor 3, and the
 * environment says so, with the number of the process.
 */
enum { LISTENING = 3, PID_DIGITS = 12, VARIABLES = 1024 };

struct start {
    char *argv[10];
    char *environment[VARIABLES];
    char pid[sizeof "LISTEN_PID=" + PID_DIGITS];
    char format[64];
    char *file;
    int report[2]; /* a pipe, through which an execvpe that fails says why */
    struct ends ends;
    int words;
};

static void prepare(struct start *p, const char *format, bool read_only)
{
    unsigned n = 0, v = 0;
    snprintf(p->format, sizeof p->format, "--format=%s", format);
    p->argv[n++] = "qemu-nbd";
    p->argv[n++] = p->format;
    p->argv[n++] = "--cache=writeback";
    p->argv[n++] = "--discard=unmap";
    if (read_only)
        p->argv[n++] = "--read-only";
    p->argv[n++] = "--";
    p->argv[n] = p->file;
    for (char **e = environ; *e && v < VARIABLES - 3; e++)
        if (strncmp(*e, "LISTEN_", 7) != 0)
            p->environment[v++] = *e;
    p->environment[v++] = p->pid;
    p->environment[v] = "LISTEN_FDS=1";
}

/* Between fork and exec; with no more than what a signal handler may do. */
static void write_pid(char *to, pid_t pid)
{
    char digits[PID_DIGITS];
    unsigned n = 0;
    memcpy(to, "LISTEN_PID=", sizeof "LISTEN_PID=");
    to += strlen(to);
    do
        digits[n++] = (char)('0' + pid % 10);
    while ((pid /= 10));
    while (n)
        *to++ = digits[--n];
    *to = '\0';
}

/*
 * Keys that mean signals are not for it; that we are gone it learns from its connection, or, before
 * it has that, from a signal at which it ends in order.
 */
static _Noreturn void become_server(struct start *p)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    write_pid(p->pid, getpid());
    int null = open("/dev/null", O_RDWR);
    int report = fcntl(p->report[1], F_DUPFD_CLOEXEC, LISTENING + 1);
    if (report >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(p->words, STDOUT_FILENO) >= 0 &&
        dup2(p->words, STDERR_FILENO) >= 0 && dup2(p->ends.listening, LISTENING) >= 0) {
        fcntl(LISTENING, F_SETFD, 0);
        execvpe(p->argv[0], p->argv, p->environment);
    }
    int why = errno;
    if (write(report, &why, sizeof why) != sizeof why)
        _exit(EXIT_FAILURE);
    _exit(EXIT_FAILURE);
}

/* 0, or why there is no such program. */
static int spawn(struct disk_server *s, struct start *p)
{
    int why = 0;
    pid_t pid = fork();
    if (pid < 0)
        return errno;
    if (pid == 0)
        become_server(p);
    s->process = pidfd_open(pid, 0);
    close(p->report[1]);
    p->report[1] = -1;
    if (read(p->report[0], &why, sizeof why) < 0)
        why = errno;
    return why;
}

static int start(struct disk_server *s, struct start *p)
{
    s->words = memfd_create("qemu-nbd's words", MFD_CLOEXEC);
    p->words = s->words;
    if (s->words < 0 || !make_ends(&p->ends) || pipe2(p->report, O_CLOEXEC) != 0)
        return errno;
    return spawn(s, p);
}

int disk_server_start(struct disk_server *s, const char *file, const char *format, bool read_only,
                      struct error *error)
{
    struct start p = {.report = {-1, -1}, .ends = {-1, -1}};
    if (asprintf(&p.file, "file:%s", file) < 0) {
        error_set(error, "the host is out of memory");
        return -1;
    }
    prepare(&p, format, read_only);
    int why = start(s, &p);
    free(p.file);
    close_if_open(p.ends.listening);
    close_if_open(p.report[0]);
    close_if_open(p.report[1]);
    if (!why)
        return p.ends.connected;
    close_if_open(p.ends.connected);
    error_set(error, "%s: is of format %s, and qemu-nbd (package qemu-utils) does not start: %s",
              file, format, strerror(why));
    return -1;
}

/* --- what it says --- */

/* The program's own name goes. */
static const char *first_line(char *text)
{
    text[strcspn(text, "\n")] = '\0';
    return strncmp(text, "qemu-nbd: ", 10) == 0 ? text + 10 : text;
}

const char *disk_server_words(struct disk_server *s, const char *otherwise)
{
    ssize_t n = s->words >= 0 ? pread(s->words, s->first, sizeof s->first - 1, 0) : 0;
    if (n <= 0)
        return otherwise;
    s->first[n] = '\0';
    return first_line(s->first);
}

void disk_server_await(struct disk_server *s)
{
    siginfo_t end;
    while (s->process >= 0 && waitid(P_PIDFD, (id_t)s->process, &end, WEXITED) < 0 &&
           errno == EINTR)
        ;
    close_if_open(s->process);
    close_if_open(s->words);
    *s = (struct disk_server)DISK_SERVER_NONE;
}
