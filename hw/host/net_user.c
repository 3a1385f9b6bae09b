/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The user's own network: a process of ours (net_slirp.c) that is allowed to open sockets, which
 * the one with the guest is not. Each message between them is a frame; what is asked of the network
 * itself goes by another socket.
 */
#include "hw/host/net_link.h"
#include "hw/host/net_slirp.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct user_link {
    struct net_link link;
    int socket;  /* stays open when the process has ended: more than one thread sends */
    int process; /* a descriptor of it */
    int control;
};

static void give_up(struct net_link *l)
{
    fputs("tessera: the user network has ended; the guest hears nothing from it any more\n",
          stderr);
    l->fd = -1;
}

static size_t receive_frame(struct net_link *l, uint8_t *frame, size_t room)
{
    ssize_t n = recv(l->fd, frame, room, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        give_up(l);
    return n > 0 ? (size_t)n : 0;
}

static enum net_sent send_frame(struct net_link *l, const uint8_t *frame, size_t size)
{
    const struct user_link *u = (struct user_link *)l;
    if (send(u->socket, frame, size, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
        return NET_SENT;
    return errno == EAGAIN || errno == EINTR ? NET_LATER : NET_LOST;
}

static void await(struct user_link *u)
{
    siginfo_t end;
    while (u->process >= 0 && waitid(P_PIDFD, (id_t)u->process, &end, WEXITED) < 0 &&
           errno == EINTR)
        ;
    if (u->process >= 0)
        close(u->process);
}

static void close_link(struct net_link *l)
{
    struct user_link *u = (struct user_link *)l;
    if (u->socket >= 0)
        close(u->socket);
    if (u->control >= 0)
        close(u->control);
    await(u);
    free(u);
}

/* A question is its letter and a text, an answer a character, '1' for a mistake, and a text. */
static bool ask(struct net_link *l, enum net_forwarding what, const char *text, char *answer,
                struct error *error)
{
    const struct user_link *u = (struct user_link *)l;
    char question[NET_SLIRP_REPORT];
    int length = snprintf(question, sizeof question, "%c%s", what, text);
    if (length < 0 || (size_t)length >= sizeof question)
        return error_set(error, "more than a network takes");
    ssize_t n = send(u->control, question, (size_t)length, MSG_NOSIGNAL);
    while (n >= 0 && (n = recv(u->control, answer, NET_ANSWER - 1, 0)) < 0 && errno == EINTR)
        n = 0;
    if (n <= 0)
        return error_set(error, "the user network has ended");
    bool good = *answer == '0';
    memmove(answer, answer + 1, (size_t)n - 1);
    answer[n - 1] = '\0';
    return good || error_set(error, "%s", answer);
}

/* --- the process --- */

/* Where the process has its sockets. */
enum { SOCKET = 3, CONTROL };

/* Nothing of ours is for it: neither signals nor files, but standard error and its sockets. */
static void part(int socket, int control)
{
    enum { ABOVE = 64 };
    sigset_t none;
    for (int i = 1; i < NSIG; i++)
        signal(i, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NAME, "tessera-net");
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    socket = fcntl(socket, F_DUPFD, ABOVE);
    control = fcntl(control, F_DUPFD, ABOVE);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 ||
        dup3(socket, SOCKET, O_CLOEXEC) < 0 || dup3(control, CONTROL, O_CLOEXEC) < 0)
        _exit(EXIT_FAILURE);
    close_range(CONTROL + 1, ~0u, 0);
}

static _Noreturn void become_network(const struct net_request *r, int socket, int control)
{
    part(socket, control);
    net_slirp_run(r, SOCKET, CONTROL);
    _exit(EXIT_SUCCESS);
}

/* The other end of a new socket; -1 if there is none. */
static int connect_to(int *fd)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    *fd = ends[0];
    return ends[1];
}

static bool start(struct user_link *u, const struct net_request *r, struct error *error)
{
    int socket = connect_to(&u->socket), control = connect_to(&u->control);
    if (socket < 0 || control < 0)
        return error_set(error, "%s: no socket for it: %s", r->option, strerror(errno));
    pid_t pid = fork();
    if (pid == 0)
        become_network(r, socket, control);
    close(socket);
    close(control);
    u->process = pid > 0 ? pidfd_open(pid, 0) : -1;
    return pid > 0 || error_set(error, "%s: no process for it: %s", r->option, strerror(errno));
}

static bool await_report(struct user_link *u, const struct net_request *r, struct error *error)
{
    char report[NET_SLIRP_REPORT + 1];
    ssize_t n;
    while ((n = recv(u->socket, report, NET_SLIRP_REPORT, 0)) < 0 && errno == EINTR)
        ;
    report[n > 0 ? n : 0] = '\0';
    if (n <= 0)
        return error_set(error, "%s: the user network ended at its start", r->option);
    return !*report || error_set(error, "%s: %s", r->option, report);
}

struct net_link *net_user_open(const struct net_request *r, struct error *error)
{
    static const struct net_link_kind kind = {
        receive_frame, send_frame, close_link, ask, .takes_large = true, .sends_directly = true};
    struct user_link *u = calloc(1, sizeof *u);
    if (!u) {
        error_set(error, "the host is out of memory");
        return NULL;
    }
    u->link = (struct net_link){&kind, -1};
    u->socket = u->process = u->control = -1;
    if (start(u, r, error) && await_report(u, r, error)) {
        u->link.fd = u->socket;
        return &u->link;
    }
    close_link(&u->link);
    return NULL;
}
