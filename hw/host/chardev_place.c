/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See chardev_place.h. */
#include "hw/host/chardev_place.h"

#include "hw/host/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

bool place_is_socket(const struct outside *o)
{
    return o->kind == OUTSIDE_TCP || o->kind == OUTSIDE_UNIX;
}

/* --- by a path --- */

static int open_unix(const char *path, struct sockaddr_un *name, struct error *error)
{
    *name = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof name->sun_path) {
        error_set(error, "%s: longer than the %zu bytes that a socket's name may have", path,
                  sizeof name->sun_path - 1);
        return -1;
    }
    strcpy(name->sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        error_set(error, "%s: %s", path, strerror(errno));
    return fd;
}

static int give_up(int fd, const char *path, struct error *error)
{
    error_set(error, "%s: %s", path, strerror(errno));
    close(fd);
    return -1;
}

static int listen_at_path(const char *path, struct error *error)
{
    struct sockaddr_un name;
    int fd = open_unix(path, &name, error);
    if (fd < 0)
        return -1;
    /* What an earlier run has left behind is taken away; what somebody listens at is not. */
    if (connect(fd, (struct sockaddr *)&name, sizeof name) != 0 && errno == ECONNREFUSED)
        unlink(path);
    if (bind(fd, (struct sockaddr *)&name, sizeof name) == 0 && listen(fd, 1) == 0)
        return fd;
    return give_up(fd, path, error);
}

static int connect_to_path(const char *path, struct error *error)
{
    struct sockaddr_un name;
    int fd = open_unix(path, &name, error);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&name, sizeof name) != 0)
        return give_up(fd, path, error);
    return fd;
}

/* --- TCP --- */

static int connect_to_first(const struct addrinfo *a)
{
    int fd = -1;
    for (; a && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
        if (fd < 0 || connect(fd, a->ai_addr, a->ai_addrlen) == 0)
            continue;
        int reason = errno;
        close(fd);
        fd = -1;
        errno = reason;
    }
    return fd;
}

static int connect_to_host(const char *text, struct error *error)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    struct address a;
    char port[8];
    if (!address_parse(&a, text, 0, error))
        return -1;
    snprintf(port, sizeof port, "%u", a.port);
    int status = getaddrinfo(a.host, port, &hints, &found);
    int fd = status == 0 ? connect_to_first(found) : -1;
    if (fd < 0)
        error_set(error, "%s: %s", text, status ? gai_strerror(status) : strerror(errno));
    else
        fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK);
    if (found)
        freeaddrinfo(found);
    return fd;
}

int place_listen(const struct outside *o, struct error *error)
{
    struct address a;
    if (o->kind == OUTSIDE_UNIX)
        return listen_at_path(o->path, error);
    return address_parse(&a, o->path, 0, error) ? address_listen(&a, 0, error) : -1;
}

int place_connect(const struct outside *o, struct error *error)
{
    return o->kind == OUTSIDE_UNIX ? connect_to_path(o->path, error)
                                   : connect_to_host(o->path, error);
}

/* --- pseudo-terminals --- */

static bool is_ready(int master, char name[PLACE_NAME])
{
    return grantpt(master) == 0 && unlockpt(master) == 0 &&
           ptsname_r(master, name, PLACE_NAME) == 0;
}

/* It hands on bytes as they are, and shows none by itself. */
static void make_raw(const char *name)
{
    struct termios t;
    int slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0)
        return;
    if (tcgetattr(slave, &t) == 0) {
        cfmakeraw(&t);
        tcsetattr(slave, TCSANOW, &t);
    }
    close(slave);
}

int place_open_pty(const struct outside *o, char name[PLACE_NAME], struct error *error)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (master < 0 || !is_ready(master, name)) {
        error_set(error, "no pseudo-terminal: %s", strerror(errno));
        if (master >= 0)
            close(master);
        return -1;
    }
    make_raw(name);
    fprintf(stderr, "char device redirected to %s (label %s)\n", name, o->label ? o->label : "");
    return master;
}
