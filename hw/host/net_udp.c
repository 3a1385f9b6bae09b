/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A network of two, over UDP: each frame is a datagram, as QEMU's -netdev socket,udp= does it.
 * Nobody connects: what is sent to an address where nobody is is lost, as on a cable.
 */
#include "hw/host/listener.h"
#include "hw/host/net_link.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static size_t receive_frame(struct net_link *l, uint8_t *frame, size_t room)
{
    ssize_t n = recv(l->fd, frame, room, MSG_DONTWAIT);
    return n > 0 ? (size_t)n : 0;
}

static enum net_sent send_frame(struct net_link *l, const uint8_t *frame, size_t size)
{
    const struct iovec part = {(uint8_t *)frame, size};
    const struct msghdr message = {.msg_iov = (struct iovec *)&part, .msg_iovlen = 1};
    if (sendmsg(l->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
        return NET_SENT;
    return errno == EAGAIN || errno == EINTR ? NET_LATER : NET_LOST;
}

static void close_link(struct net_link *l)
{
    close(l->fd);
    free(l);
}

/* --- beginning --- */

static struct addrinfo *look_up(const char *option, const char *text, int family, bool here,
                                struct error *error)
{
    const struct addrinfo hints = {
        .ai_family = family, .ai_socktype = SOCK_DGRAM, .ai_flags = here ? AI_PASSIVE : 0};
    struct addrinfo *found = NULL;
    struct address a;
    char port[8];
    if (!address_parse(&a, text, 0, error))
        return NULL;
    snprintf(port, sizeof port, "%u", a.port);
    int status = getaddrinfo(a.host, port, &hints, &found);
    if (status)
        error_set(error, "%s %s: %s", option, text, gai_strerror(status));
    return status ? NULL : found;
}

/* One that sends there, and hears what comes from there. */
static int open_between(const struct addrinfo *here, const struct addrinfo *there)
{
    int fd = socket(there->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || (bind(fd, here->ai_addr, here->ai_addrlen) == 0 &&
                   connect(fd, there->ai_addr, there->ai_addrlen) == 0))
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

static int open_socket(const struct net_request *r, struct error *error)
{
    struct addrinfo *there = look_up(r->option, r->udp, AF_UNSPEC, false, error);
    struct addrinfo *here =
        there ? look_up(r->option, r->local, there->ai_family, true, error) : NULL;
    int fd = here ? open_between(here, there) : -1;
    if (here && fd < 0)
        error_set(error, "%s localaddr=%s: %s", r->option, r->local, strerror(errno));
    if (here)
        freeaddrinfo(here);
    if (there)
        freeaddrinfo(there);
    return fd;
}

struct net_link *net_udp_open(const struct net_request *r, struct error *error)
{
    static const struct net_link_kind kind = {receive_frame, send_frame, close_link,
                                              NULL,          false,      false};
    struct net_link *l = malloc(sizeof *l);
    if (!l) {
        error_set(error, "the host is out of memory");
        return NULL;
    }
    *l = (struct net_link){&kind, open_socket(r, error)};
    if (l->fd >= 0)
        return l;
    free(l);
    return NULL;
}
