/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An interface of the host's, whose other side the guest is: Linux's
 * Documentation/networking/tuntap. */
#include "hw/host/net_link.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* EIO: the interface is not up. */
static size_t receive_frame(struct net_link *l, uint8_t *frame, size_t room)
{
    ssize_t n = read(l->fd, frame, room);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR && errno != EIO)) {
        fputs("tessera: a tap interface has gone; the guest hears nothing from it any more\n",
              stderr);
        close(l->fd);
        l->fd = -1;
    }
    return n > 0 ? (size_t)n : 0;
}

static enum net_sent send_frame(struct net_link *l, const uint8_t *frame, size_t size)
{
    if (l->fd < 0)
        return NET_LOST;
    if (write(l->fd, frame, size) >= 0)
        return NET_SENT;
    return errno == EAGAIN || errno == EINTR ? NET_LATER : NET_LOST;
}

static void close_link(struct net_link *l)
{
    if (l->fd >= 0)
        close(l->fd);
    free(l);
}

static int attach(const char *name)
{
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return -1;
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    if (ioctl(fd, TUNSETIFF, &request) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

struct net_link *net_tap_open(const struct net_request *r, struct error *error)
{
    static const struct net_link_kind kind = {receive_frame, send_frame, close_link,
                                              NULL,          false,      false};
    const char *name = r->interface ? r->interface : "tap%d";
    struct net_link *l = malloc(sizeof *l);
    if (!l || strlen(name) >= IFNAMSIZ) {
        error_set(error, "%s ifname=%s: %s", r->option, name,
                  l ? "too long for an interface" : "the host is out of memory");
        free(l);
        return NULL;
    }
    *l = (struct net_link){&kind, attach(name)};
    if (l->fd >= 0)
        return l;
    error_set(error, "%s tap: %s (an interface of one's own, by ip tuntap add, needs no rights)",
              r->option, strerror(errno));
    free(l);
    return NULL;
}
