/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A network of two, over TCP: each frame goes behind its length, four bytes, big-endian, which is
 * how QEMU's -netdev socket does it. Who listens has one other side at a time.
 */
#include "hw/host/listener.h"
#include "hw/host/net_link.h"

#include <endian.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LENGTH = 4 };

struct socket_link {
    struct net_link link;
    int listening; /* -1: we have connected */
    size_t sent;   /* of the frame that goes out, its length included */
    size_t taken;  /* likewise, of the one that comes */
    uint8_t in[LENGTH + NET_FRAME_MOST];
};

static void forget_other(struct socket_link *s)
{
    fprintf(stderr, "tessera: the other side of a network has gone%s\n",
            s->listening >= 0 ? "; another one may come" : "");
    close(s->link.fd);
    s->link.fd = s->listening;
    s->sent = s->taken = 0;
}

static void accept_other(struct socket_link *s)
{
    static const int on = 1;
    int fd = accept4(s->listening, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    s->link.fd = fd;
}

/* --- frames that come --- */

static uint32_t length_of(const struct socket_link *s)
{
    uint32_t length;
    memcpy(&length, s->in, sizeof length);
    return be32toh(length);
}

/* False: there is no more for the time being, or for ever. */
static bool take(struct socket_link *s, size_t until)
{
    ssize_t n = recv(s->link.fd, s->in + s->taken, until - s->taken, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        forget_other(s);
    s->taken += n > 0 ? (size_t)n : 0;
    return n > 0 && s->taken == until;
}

static size_t receive_frame(struct net_link *l, uint8_t *frame, size_t room)
{
    struct socket_link *s = (struct socket_link *)l;
    if (l->fd == s->listening) {
        accept_other(s);
        return 0;
    }
    if (s->taken < LENGTH && !take(s, LENGTH))
        return 0;
    uint32_t length = length_of(s);
    if (!length || length > room || length > NET_FRAME_MOST) {
        forget_other(s);
        return 0;
    }
    if (!take(s, LENGTH + length))
        return 0;
    s->taken = 0;
    memcpy(frame, s->in + LENGTH, length);
    return length;
}

/* --- frames that go --- */

static enum net_sent send_frame(struct net_link *l, const uint8_t *frame, size_t size)
{
    struct socket_link *s = (struct socket_link *)l;
    uint32_t length = htobe32((uint32_t)size);
    size_t begun = s->sent < LENGTH ? 0 : s->sent - LENGTH;
    struct iovec parts[] = {
        {(uint8_t *)&length + (s->sent < LENGTH ? s->sent : LENGTH),
         s->sent < LENGTH ? LENGTH - s->sent : 0},
        {(uint8_t *)frame + begun, size - begun},
    };
    const struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    if (l->fd == s->listening)
        return NET_LOST;
    ssize_t n = sendmsg(l->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN && errno != EINTR) {
        s->sent = 0; /* reading will find that nobody is there */
        return NET_LOST;
    }
    s->sent += n > 0 ? (size_t)n : 0;
    if (s->sent < LENGTH + size)
        return NET_LATER;
    s->sent = 0;
    return NET_SENT;
}

/* --- beginning and end --- */

static void close_link(struct net_link *l)
{
    struct socket_link *s = (struct socket_link *)l;
    if (l->fd >= 0 && l->fd != s->listening)
        close(l->fd);
    if (s->listening >= 0)
        close(s->listening);
    free(s);
}

/* One that listens or has connected; -1 and errno. */
static int open_at(const struct addrinfo *i, bool listens)
{
    static const int on = 1;
    int fd = socket(i->ai_family, i->ai_socktype | SOCK_CLOEXEC | (listens ? SOCK_NONBLOCK : 0), 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    int failed = listens ? bind(fd, i->ai_addr, i->ai_addrlen) || listen(fd, 1)
                         : connect(fd, i->ai_addr, i->ai_addrlen);
    if (!failed)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

static int open_socket(const struct address *a, bool listens, const char **why)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = listens ? AI_PASSIVE : 0};
    struct addrinfo *all;
    char port[8];
    snprintf(port, sizeof port, "%u", a->port);
    int status = getaddrinfo(a->host, port, &hints, &all), fd = -1;
    if (status) {
        *why = gai_strerror(status);
        return -1;
    }
    for (const struct addrinfo *i = all; i && fd < 0; i = i->ai_next)
        fd = open_at(i, listens);
    freeaddrinfo(all);
    *why = fd < 0 ? strerror(errno) : NULL;
    return fd;
}

struct net_link *net_socket_open(const struct net_request *r, struct error *error)
{
    static const struct net_link_kind kind = {receive_frame, send_frame, close_link,
                                              NULL,          false,      false};
    struct socket_link *s = calloc(1, sizeof *s);
    const char *text = r->listen ? r->listen : r->connect, *why = "the host is out of memory";
    struct address a;
    if (!address_parse(&a, text, 0, error)) {
        free(s);
        return NULL;
    }
    int fd = s ? open_socket(&a, r->listen, &why) : -1;
    if (fd < 0) {
        free(s);
        error_set(error, "%s %s=%s: %s", r->option, r->listen ? "listen" : "connect", text, why);
        return NULL;
    }
    s->link = (struct net_link){&kind, fd};
    s->listening = r->listen ? fd : -1;
    return &s->link;
}
