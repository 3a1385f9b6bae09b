/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A doorman's thread accepts connections and gives each to the thread of a free slot; or, if there
 * is none, has it wait for one whose connection he ends. A slot's connection is closed under the
 * lock, so that nobody shuts down somebody else's descriptor.
 */
#include "hw/host/listener.h"

#include "hw/host/thread.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORTS = 65536, BACKLOG = 16 };

struct connection {
    int fd; /* -1: there is none */
    struct endpoint peer;
};

struct slot {
    struct listener *listener;
    unsigned number;
    pthread_t thread;
    struct connection now;
    struct connection next; /* who waits until that one has gone */
    uint64_t age;           /* more for who came later */
};

struct listener {
    struct service service;
    struct endpoint here;
    int fd, stop_fd;
    pthread_t doorman;
    unsigned threads; /* that were started: slots, then the doorman */
    pthread_mutex_t lock;
    pthread_cond_t news;
    bool ended;
    uint64_t come; /* connections, ever */
    struct slot slot[LISTENER_SLOTS];
};

/* --- addresses --- */

static bool split(struct address *a, const char *text, const char **port)
{
    const char *colon = strrchr(text, ':');
    size_t length = colon ? (size_t)(colon - text) : 0;
    if (!colon)
        return false;
    *port = colon + 1;
    if (length >= 2 && *text == '[' && text[length - 1] == ']') {
        text++;
        length -= 2;
    } else if (memchr(text, ':', length)) {
        return false;
    }
    if (length >= sizeof a->host)
        return false;
    snprintf(a->host, sizeof a->host, "%.*s", (int)length, text);
    if (!length)
        strcpy(a->host, "127.0.0.1");
    return true;
}

bool address_parse(struct address *a, const char *text, unsigned base, struct error *error)
{
    const char *port;
    char *end = NULL;
    unsigned long number = 0;
    if (!split(a, text, &port))
        return error_set(error, "%s: not HOST:NUMBER, such as 127.0.0.1:1", text);
    if (*port >= '0' && *port <= '9')
        number = strtoul(port, &end, 10);
    if (!end || *end || number + base >= PORTS)
        return error_set(error, "%s: not a number from 0 to %u behind the colon", text,
                         PORTS - 1 - base);
    a->port = (unsigned)number + base;
    return true;
}

void address_print(const struct address *a, char *to, unsigned size)
{
    snprintf(to, size, strchr(a->host, ':') ? "[%s]:%u" : "%s:%u", a->host, a->port);
}

bool address_is_loopback(const struct address *a)
{
    return strncmp(a->host, "127.", 4) == 0 || strcmp(a->host, "::1") == 0 ||
           strcmp(a->host, "localhost") == 0;
}

/* --- ends --- */

union name {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
};

static struct endpoint endpoint_of(const union name *name)
{
    bool is_ipv6 = name->any.sa_family == AF_INET6;
    const void *host = is_ipv6 ? (const void *)&name->in6.sin6_addr : &name->in.sin_addr;
    struct endpoint e = {.port = ntohs(is_ipv6 ? name->in6.sin6_port : name->in.sin_port),
                         .is_ipv6 = is_ipv6};
    inet_ntop(is_ipv6 ? AF_INET6 : AF_INET, host, e.host, sizeof e.host);
    return e;
}

static struct endpoint own_end(int fd)
{
    union name name = {.in6 = {0}};
    socklen_t size = sizeof name;
    getsockname(fd, &name.any, &size);
    return endpoint_of(&name);
}

/* --- connections --- */

/* Waits for one; -1 at the end. */
static int await_connection(struct slot *s)
{
    struct listener *l = s->listener;
    pthread_mutex_lock(&l->lock);
    while (s->now.fd < 0 && !l->ended)
        pthread_cond_wait(&l->news, &l->lock);
    int fd = l->ended ? -1 : s->now.fd;
    pthread_mutex_unlock(&l->lock);
    return fd;
}

static void end_connection(struct slot *s)
{
    pthread_mutex_lock(&s->listener->lock);
    close(s->now.fd);
    s->now = s->next;
    s->next.fd = -1;
    pthread_mutex_unlock(&s->listener->lock);
}

static void *run_slot(void *slot)
{
    struct slot *s = slot;
    const struct service *service = &s->listener->service;
    for (int fd; (fd = await_connection(s)) >= 0; end_connection(s))
        service->serve(service->owner, s->number, fd);
    return NULL;
}

static struct slot *free_slot(struct listener *l)
{
    for (struct slot *s = l->slot; s < l->slot + l->service.slots; s++)
        if (s->now.fd < 0)
            return s;
    return NULL;
}

static struct slot *oldest_stranger(struct listener *l)
{
    struct slot *oldest = NULL;
    for (struct slot *s = l->slot; s < l->slot + l->service.slots; s++)
        if ((!oldest || s->age < oldest->age) &&
            (s->next.fd >= 0 || !l->service.is_settled(l->service.owner, s->number)))
            oldest = s;
    return oldest;
}

/* Ends what is there; who waits already has come to say as little. */
static void put_behind(struct slot *s, const struct connection *c)
{
    if (s->next.fd >= 0)
        close(s->next.fd);
    s->next = *c;
    shutdown(s->now.fd, SHUT_RDWR);
}

static bool give_to_slot(struct listener *l, const struct connection *c)
{
    pthread_mutex_lock(&l->lock);
    struct slot *empty = free_slot(l), *s = empty ? empty : oldest_stranger(l);
    bool given = s && !l->ended;
    if (given)
        s->age = l->come++;
    if (given && empty)
        s->now = *c;
    else if (given)
        put_behind(s, c);
    pthread_cond_broadcast(&l->news);
    pthread_mutex_unlock(&l->lock);
    return given;
}

/* If the host has no descriptor to spare, the connection waits outside. */
static void accept_one(struct listener *l)
{
    static const struct timespec while_full = {.tv_nsec = 100 * 1000 * 1000};
    union name name = {.in6 = {0}};
    socklen_t size = sizeof name;
    int fd = accept4(l->fd, &name.any, &size, SOCK_CLOEXEC);
    struct connection c = {fd, endpoint_of(&name)};
    if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM))
        ppoll(&(struct pollfd){.fd = l->stop_fd, .events = POLLIN}, 1, &while_full, NULL);
    if (fd < 0 || give_to_slot(l, &c))
        return;
    l->service.refuse(l->service.owner, fd);
    close(fd);
}

static bool has_connection(struct listener *l)
{
    bool has = false;
    pthread_mutex_lock(&l->lock);
    for (unsigned i = 0; i < l->service.slots; i++)
        has |= l->slot[i].now.fd >= 0;
    pthread_mutex_unlock(&l->lock);
    return has;
}

static void *run_doorman(void *listener)
{
    static const struct timespec second = {.tv_sec = 1};
    struct listener *l = listener;
    struct pollfd fds[] = {{.fd = l->fd, .events = POLLIN}, {.fd = l->stop_fd, .events = POLLIN}};
    do {
        bool looks = l->service.look && has_connection(l);
        int ready = ppoll(fds, 2, looks ? &second : NULL, NULL);
        if (ready > 0 && fds[0].revents)
            accept_one(l);
        if (looks)
            l->service.look(l->service.owner);
    } while (!fds[1].revents);
    return NULL;
}

/* --- opening --- */

static int bind_to(const struct addrinfo *info)
{
    static const int one = 1;
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

static int listen_at(struct address *a, struct error *error)
{
    struct addrinfo *info, hints = {.ai_socktype = SOCK_STREAM};
    char port[8];
    snprintf(port, sizeof port, "%u", a->port);
    int status = getaddrinfo(a->host, port, &hints, &info);
    if (status) {
        error_set(error, "%s: %s", a->host, gai_strerror(status));
        return -1;
    }
    int fd = bind_to(info);
    if (fd < 0)
        error_set(error, "port %u of %s: %s", a->port, a->host, strerror(errno));
    freeaddrinfo(info);
    if (fd >= 0)
        a->port = own_end(fd).port;
    return fd;
}

int address_listen(struct address *a, unsigned more, struct error *error)
{
    for (;; a->port++) {
        int fd = listen_at(a, error);
        if (fd >= 0 || errno != EADDRINUSE || more-- == 0 || a->port == PORTS - 1)
            return fd;
    }
}

static bool start(struct listener *l, struct error *error)
{
    l->here = own_end(l->fd);
    for (; l->threads < l->service.slots; l->threads++)
        if (!thread_start(&l->slot[l->threads].thread, run_slot, &l->slot[l->threads], 0))
            return error_set(error, "no thread for connections: %s", strerror(errno));
    if (!thread_start(&l->doorman, run_doorman, l, 0))
        return error_set(error, "no thread for connections: %s", strerror(errno));
    l->threads++;
    return true;
}

static struct listener *create(const struct service *service)
{
    struct listener *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->service = *service;
    l->fd = -1;
    l->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->news, NULL);
    for (unsigned i = 0; i < l->service.slots; i++)
        l->slot[i] = (struct slot){.listener = l, .number = i, .now.fd = -1, .next.fd = -1};
    return l;
}

struct listener *listener_open(struct address *a, unsigned more, const struct service *service,
                               struct error *error)
{
    struct listener *l = create(service);
    if (!l || l->stop_fd < 0)
        error_set(error, "the host has no room for connections");
    else if ((l->fd = address_listen(a, more, error)) >= 0 && start(l, error))
        return l;
    listener_close(l);
    return NULL;
}

static void shut_down(struct listener *l)
{
    static const uint64_t one = 1;
    pthread_mutex_lock(&l->lock);
    l->ended = true;
    for (unsigned i = 0; i < l->service.slots; i++)
        if (l->slot[i].now.fd >= 0)
            shutdown(l->slot[i].now.fd, SHUT_RDWR);
    pthread_cond_broadcast(&l->news);
    pthread_mutex_unlock(&l->lock);
    if (l->threads && write(l->stop_fd, &one, sizeof one) < 0)
        abort(); /* a new eventfd takes a one */
}

/* The doorman does not look after it any more. */
static void join_slot(struct listener *l, struct slot *s)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    do {
        if (l->service.look)
            l->service.look(l->service.owner);
        until.tv_sec++;
    } while (pthread_clockjoin_np(s->thread, NULL, CLOCK_MONOTONIC, &until) == ETIMEDOUT);
}

void listener_close(struct listener *l)
{
    if (!l)
        return;
    shut_down(l);
    if (l->threads > l->service.slots)
        pthread_join(l->doorman, NULL);
    for (unsigned i = 0; i < l->threads && i < l->service.slots; i++)
        join_slot(l, &l->slot[i]);
    for (unsigned i = 0; i < l->service.slots; i++) {
        if (l->slot[i].now.fd >= 0) /* given, and not begun */
            close(l->slot[i].now.fd);
        if (l->slot[i].next.fd >= 0)
            close(l->slot[i].next.fd);
    }
    close(l->fd);
    close(l->stop_fd);
    pthread_mutex_destroy(&l->lock);
    pthread_cond_destroy(&l->news);
    free(l);
}

struct endpoint listener_here(const struct listener *l)
{
    return l->here;
}

unsigned listener_peers(struct listener *l, struct endpoint *peers)
{
    unsigned count = 0;
    pthread_mutex_lock(&l->lock);
    for (unsigned i = 0; i < l->service.slots; i++)
        if (l->slot[i].now.fd >= 0)
            peers[count++] = l->slot[i].now.peer;
    pthread_mutex_unlock(&l->lock);
    return count;
}
