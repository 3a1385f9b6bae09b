/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See chardev_line.h. */
#include "hw/host/chardev_line.h"

#include "hw/host/chardev_place.h"
#include "hw/host/telnet.h"
#include "hw/host/thread.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RING = 64 * 1024 };

struct ring {
    size_t at, count;
    uint8_t bytes[RING];
};

struct chardev_line {
    struct chardev chardev;
    struct outside where;
    char name[PLACE_NAME + 8];
    const struct output_owner *owner;
    int listening; /* -1: there is one connection, and no more */
    int wake_fd;
    pthread_t thread;
    bool has_thread;
    enum telnet telnet;
    bool after_cr;        /* in Telnet: a NUL belongs to it */
    pthread_mutex_t lock; /* of what follows */
    int fd;               /* -1: nobody is connected */
    bool in_use;          /* somebody is at the pseudo-terminal's other end */
    bool ending, blocked; /* the guest waits for room in `out` */
    struct ring in, out;
};

/* --- rings --- */

static size_t room(const struct ring *r)
{
    return RING - r->count;
}

static void put(struct ring *r, uint8_t byte)
{
    r->bytes[(r->at + r->count++) % RING] = byte;
}

static void drop(struct ring *r, size_t size)
{
    r->at = (r->at + size) % RING;
    r->count -= size;
}

/* Those in a row. */
static size_t first(const struct ring *r)
{
    return r->at + r->count > RING ? RING - r->at : r->count;
}

/* --- the cpu's thread --- */

static struct chardev_line *of(struct chardev *c)
{
    return (struct chardev_line *)c;
}

static void wake(const struct chardev_line *l)
{
    static const uint64_t one = 1;
    if (write(l->wake_fd, &one, sizeof one) < 0)
        return; /* it has been woken often enough */
}

static size_t take(struct chardev *c, uint8_t *bytes, size_t most)
{
    struct chardev_line *l = of(c);
    size_t n = 0;
    pthread_mutex_lock(&l->lock);
    bool was_full = !room(&l->in);
    for (; n < most && l->in.count; n++) {
        bytes[n] = l->in.bytes[l->in.at];
        drop(&l->in, 1);
    }
    pthread_mutex_unlock(&l->lock);
    if (was_full && n)
        wake(l);
    return n;
}

static bool is_ready(struct chardev *c)
{
    struct chardev_line *l = of(c);
    pthread_mutex_lock(&l->lock);
    bool ready = room(&l->out) > 1;
    l->blocked = !ready;
    pthread_mutex_unlock(&l->lock);
    return ready;
}

static void put_byte(struct chardev *c, uint8_t byte)
{
    struct chardev_line *l = of(c);
    while (!is_ready(c))
        if (!l->owner->wait(l->owner->owner))
            return;
    pthread_mutex_lock(&l->lock);
    bool was_empty = !l->out.count;
    if (l->where.telnet && byte == TELNET_IAC)
        put(&l->out, byte);
    put(&l->out, byte);
    pthread_mutex_unlock(&l->lock);
    if (was_empty)
        wake(l);
}

/* --- the line's own --- */

static bool is_pty(const struct chardev_line *l)
{
    return l->where.kind == OUTSIDE_PTY;
}

static void disconnect(struct chardev_line *l)
{
    if (is_pty(l)) {
        l->in_use = false;
        return;
    }
    close(l->fd);
    l->fd = -1;
}

static void set_connection(struct chardev_line *l, int fd)
{
    l->fd = fd;
    l->in_use = true;
    l->telnet = TELNET_TEXT;
    l->after_cr = false;
    if (l->where.telnet && write(fd, telnet_greeting, sizeof telnet_greeting) < 0)
        disconnect(l);
}

static void add_byte(struct chardev_line *l, uint8_t byte)
{
    if (!l->where.telnet) {
        put(&l->in, byte);
    } else if (telnet_is_text(&l->telnet, byte)) {
        bool belongs = l->after_cr && !byte;
        l->after_cr = byte == '\r';
        if (!belongs)
            put(&l->in, byte);
    }
}

static void read_some(struct chardev_line *l)
{
    uint8_t bytes[4096];
    size_t most = room(&l->in) < sizeof bytes ? room(&l->in) : sizeof bytes;
    ssize_t n = read(l->fd, bytes, most);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        disconnect(l);
    for (ssize_t i = 0; i < n; i++)
        add_byte(l, bytes[i]);
}

static void write_some(struct chardev_line *l)
{
    ssize_t n = write(l->fd, l->out.bytes + l->out.at, first(&l->out));
    if (n > 0)
        drop(&l->out, (size_t)n);
    else if (errno != EAGAIN && errno != EINTR)
        disconnect(l);
}

/* What nobody is there to hear is lost. */
static bool is_heard(const struct chardev_line *l)
{
    return l->fd >= 0 && l->in_use;
}

struct wanted {
    struct pollfd fds[3];
    int patience_ms;
};

/* A pseudo-terminal whose other end is closed says so all the time: it is looked at now and then.
 */
static struct wanted what_to_wait_for(struct chardev_line *l)
{
    enum { LOOK_AGAIN_MS = 200, LAST_MS = 1000 };
    short events = (short)((room(&l->in) ? POLLIN : 0) | (l->out.count ? POLLOUT : 0));
    bool away = is_pty(l) && !l->in_use;
    return (struct wanted){
        .fds = {{.fd = l->wake_fd, .events = POLLIN},
                {.fd = l->fd < 0 && !l->ending ? l->listening : -1, .events = POLLIN},
                {.fd = away || !events ? -1 : l->fd, .events = events}},
        .patience_ms = away        ? LOOK_AGAIN_MS
                       : l->ending ? LAST_MS
                                   : -1,
    };
}

static void look_at_pty(struct chardev_line *l)
{
    struct pollfd master = {.fd = l->fd, .events = 0};
    if (poll(&master, 1, 0) >= 0)
        l->in_use = !(master.revents & POLLHUP);
}

/* One thing after the other that has come; locked. */
static void serve(struct chardev_line *l, const struct wanted *w)
{
    uint64_t count;
    if (w->fds[0].revents && read(l->wake_fd, &count, sizeof count) < 0)
        return; /* there is only one reader */
    if (w->fds[1].revents) {
        int fd = accept4(l->listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd >= 0)
            set_connection(l, fd);
    }
    if (w->fds[2].revents & (POLLIN | POLLHUP | POLLERR) && room(&l->in))
        read_some(l);
    if (w->fds[2].revents & POLLOUT && is_heard(l))
        write_some(l);
    if (is_pty(l))
        look_at_pty(l);
    if (!is_heard(l))
        drop(&l->out, l->out.count);
}

static void tell_owner(struct chardev_line *l)
{
    bool has_news = l->in.count || (l->blocked && room(&l->out) > 1);
    if (has_news)
        l->owner->drained(l->owner->owner);
}

static void *run(void *line)
{
    struct chardev_line *l = line;
    pthread_mutex_lock(&l->lock);
    for (bool stuck = false; !l->ending || (l->out.count && !stuck);) {
        struct wanted w = what_to_wait_for(l);
        pthread_mutex_unlock(&l->lock);
        int ready = poll(w.fds, sizeof w.fds / sizeof *w.fds, w.patience_ms);
        pthread_mutex_lock(&l->lock);
        stuck = l->ending && ready == 0;
        serve(l, &w);
        tell_owner(l);
    }
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

/* --- beginning and end --- */

static bool open_place(struct chardev_line *l, struct error *error)
{
    char pty[PLACE_NAME];
    if (is_pty(l)) {
        l->fd = place_open_pty(&l->where, pty, error);
        if (l->fd >= 0)
            snprintf(l->name, sizeof l->name, "pty:%s", pty);
        return l->fd >= 0;
    }
    if (l->where.server) {
        l->listening = place_listen(&l->where, error);
        return l->listening >= 0;
    }
    int fd = place_connect(&l->where, error);
    if (fd >= 0)
        set_connection(l, fd);
    return fd >= 0;
}

struct chardev_line *chardev_line_open(const struct outside *o, const struct output_owner *owner,
                                       struct error *error)
{
    struct chardev_line *l = calloc(1, sizeof *l);
    if (!l) {
        error_set(error, "the host is out of memory");
        return NULL;
    }
    l->chardev = (struct chardev){take, is_ready, put_byte};
    l->where = *o;
    l->owner = owner;
    l->listening = l->fd = -1;
    pthread_mutex_init(&l->lock, NULL);
    l->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (l->wake_fd < 0)
        error_set(error, "no event descriptor: %s", strerror(errno));
    else if (open_place(l, error))
        return l;
    chardev_line_close(l);
    return NULL;
}

bool chardev_line_start(struct chardev_line *l, struct error *error)
{
    struct pollfd connection = {.fd = l->listening, .events = POLLIN};
    if (l->where.wait && l->listening >= 0 && ppoll(&connection, 1, NULL, NULL) < 0)
        return error_set(error, "%s: nobody has connected: %s", l->where.path, strerror(errno));
    l->has_thread = thread_start(&l->thread, run, l, 0);
    return l->has_thread || error_set(error, "no thread: %s", strerror(errno));
}

void chardev_line_close(struct chardev_line *l)
{
    pthread_mutex_lock(&l->lock);
    l->ending = true;
    pthread_mutex_unlock(&l->lock);
    if (l->has_thread) {
        wake(l);
        pthread_join(l->thread, NULL);
    }
    if (l->fd >= 0)
        close(l->fd);
    if (l->listening >= 0)
        close(l->listening);
    if (l->wake_fd >= 0)
        close(l->wake_fd);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

struct chardev *chardev_line_end(struct chardev_line *l)
{
    return &l->chardev;
}

const char *chardev_line_label(const struct chardev_line *l)
{
    return l->where.label ? l->where.label : "";
}

const char *chardev_line_name(const struct chardev_line *l)
{
    return *l->name ? l->name : l->where.text;
}
