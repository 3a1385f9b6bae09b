/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Packets, and who waits for whom. A connection's thread reads requests and has the cpu's thread
 * serve them; while the guest runs it waits for the other side (a Ctrl-C) and for the guest alike.
 */
#include "hw/gdb/gdb.h"
#include "hw/gdb/target.h"
#include "hw/host/listener.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CTRL_C = 3, CHECKSUM_DIGITS = 2 };

struct gdb_server {
    struct gdb_target target;
    struct control_listener listener;
    struct listener *door;
    int news_fd;          /* an eventfd: the guest has stopped */
    int fd;               /* whose session it is */
    pthread_mutex_t lock; /* of: */
    bool is_settled;      /* has he sent a packet? */
    bool end_is_told;
};

/* Where in a packet the next byte belongs. */
enum place { BETWEEN, IN_TEXT, IN_CHECKSUM };

struct session {
    struct gdb_server *server;
    struct gdb_request request;
    bool runs;    /* a request is to be answered when the guest stops */
    bool no_ack;  /* neither side acknowledges */
    bool is_over; /* the guest has ended */
    enum place place;
    uint8_t sum;
    unsigned digits;
    char checksum[CHECKSUM_DIGITS];
    char text[GDB_PACKET + 1];
    size_t length;
};

/* --- out --- */

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size) {
        ssize_t n = send(fd, bytes, size, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        size -= (size_t)n;
    }
    return true;
}

static bool send_packet(int fd, const char *text, size_t length)
{
    char packet[GDB_PACKET + 8];
    uint8_t sum = 0;
    packet[0] = '$';
    memcpy(packet + 1, text, length);
    for (size_t i = 0; i < length; i++)
        sum = (uint8_t)(sum + text[i]);
    packet[1 + length] = '#';
    gdb_to_hex(&sum, 1, packet + 2 + length);
    return write_all(fd, packet, length + 4);
}

/* Once: by whoever notices first that the guest has ended. When it returns, it is told. */
static void tell_end(struct gdb_server *s)
{
    static const char ended[] = "$W00#b7";
    pthread_mutex_lock(&s->lock);
    if (!s->end_is_told && s->is_settled)
        (void)send(s->fd, ended, sizeof ended - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    s->end_is_told = true;
    pthread_mutex_unlock(&s->lock);
}

static bool answer(struct session *s)
{
    return send_packet(s->server->fd, s->request.answer, s->request.length);
}

/* --- requests, on the cpu's thread --- */

static void attach(void *server)
{
    gdb_attach(&((struct gdb_server *)server)->target);
}

static void detach(void *server)
{
    gdb_detach(&((struct gdb_server *)server)->target);
}

static void serve_request(void *request)
{
    gdb_serve(request);
}

static void tell_stop(void *request)
{
    struct gdb_request *r = request;
    r->length = 0;
    gdb_tell_stop(r);
}

static void interrupt(void *server)
{
    struct control *c = ((struct gdb_server *)server)->target.monitor->parts.control;
    if (control_is_running(c))
        control_stop(c, RUN_PAUSED);
}

static bool call(struct session *s, void (*function)(void *argument), void *argument)
{
    s->is_over |= !control_call(s->server->target.monitor->parts.control, function, argument);
    return !s->is_over;
}

/* --- in --- */

/* False: the session is over. */
static bool serve_packet(struct session *s)
{
    s->text[s->length] = 0;
    s->request.text = s->text;
    s->request.size = s->length;
    if (s->runs || !call(s, serve_request, &s->request))
        return s->runs; /* gdb waits: what comes meanwhile is nothing of its */
    switch (s->request.next) {
    case GDB_RUNS:
        s->runs = true;
        return true;
    case GDB_KILLED:
        return false;
    case GDB_DETACHED:
        answer(s);
        return false;
    default:
        break;
    }
    bool good = answer(s);
    s->no_ack |= strcmp(s->text, "QStartNoAckMode") == 0;
    return good;
}

/* From the first packet on it is a debugger's, until he goes; what was it before? */
static bool set_settled(struct gdb_server *s, bool is)
{
    pthread_mutex_lock(&s->lock);
    bool was = s->is_settled;
    s->is_settled = is;
    pthread_mutex_unlock(&s->lock);
    return was;
}

static bool end_packet(struct session *s)
{
    const char *text = s->checksum;
    uint8_t sum = 0;
    s->place = BETWEEN;
    bool good = gdb_from_hex(&text, &sum, 1) == 1 && sum == s->sum;
    bool is_first = good && !set_settled(s->server, true); /* none that comes now ends him */
    if (!s->no_ack && !write_all(s->server->fd, good ? "+" : "-", 1))
        return false;
    if (is_first && !call(s, attach, s->server))
        return false;
    return !good || serve_packet(s);
}

/* What is too long for us is not gdb's: it knows how much we take. */
static bool take_text(struct session *s, char c)
{
    if (c == '#') {
        s->place = IN_CHECKSUM;
        s->digits = 0;
        return true;
    }
    if (s->length == GDB_PACKET)
        return false;
    s->text[s->length++] = c;
    s->sum = (uint8_t)(s->sum + c);
    return true;
}

static bool take(struct session *s, char c)
{
    switch (s->place) {
    case IN_TEXT:
        return take_text(s, c);
    case IN_CHECKSUM:
        s->checksum[s->digits++] = c;
        return s->digits < CHECKSUM_DIGITS || end_packet(s);
    default:
        break;
    }
    if (c == '$') {
        s->place = IN_TEXT;
        s->length = s->sum = 0;
    } else if (c == '-') {
        return answer(s);
    } else if (c == CTRL_C && s->runs) {
        return call(s, interrupt, s->server);
    }
    return true;
}

static bool read_some(struct session *s)
{
    char bytes[4096];
    ssize_t n = read(s->server->fd, bytes, sizeof bytes);
    bool good = n > 0 || (n < 0 && errno == EINTR);
    for (ssize_t i = 0; i < n && good; i++)
        good = take(s, bytes[i]);
    return good;
}

static bool hear_of_stop(struct session *s)
{
    uint64_t times;
    (void)!read(s->server->news_fd, &times, sizeof times);
    if (!s->runs)
        return true;
    s->runs = false;
    return call(s, tell_stop, &s->request) && answer(s);
}

static void run_session(struct session *s)
{
    struct gdb_server *server = s->server;
    bool good = true;
    while (good) {
        struct pollfd fds[] = {{.fd = server->fd, .events = POLLIN},
                               {.fd = server->news_fd, .events = POLLIN}};
        if (poll(fds, 2, -1) < 0)
            continue;
        if (fds[1].revents)
            good = hear_of_stop(s);
        if (good && fds[0].revents)
            good = read_some(s);
    }
}

/* --- coming and going --- */

static void serve(void *owner, unsigned slot, int fd)
{
    struct gdb_server *server = owner;
    struct session *s = calloc(1, sizeof *s);
    (void)slot;
    if (s) {
        s->server = server;
        s->request.target = &server->target;
        server->fd = fd;
        run_session(s);
        if (s->is_over)
            tell_end(server);
        if (set_settled(server, false))
            control_call(server->target.monitor->parts.control, detach, server);
    }
    free(s);
}

static bool is_settled(void *owner, unsigned slot)
{
    struct gdb_server *s = owner;
    (void)slot;
    pthread_mutex_lock(&s->lock);
    bool is = s->is_settled;
    pthread_mutex_unlock(&s->lock);
    return is;
}

static void refuse(void *owner, int fd)
{
    (void)owner, (void)fd;
}

/* The guest has stopped, for whatever reason. */
static void happened(struct control_listener *listener, const struct control_news *news)
{
    struct gdb_server *s =
        (struct gdb_server *)((char *)listener - offsetof(struct gdb_server, listener));
    const uint64_t once = 1;
    if (news->event == EVENT_STOP)
        (void)!write(s->news_fd, &once, sizeof once);
}

static bool open_door(struct gdb_server *s, const char *where, struct error *error)
{
    const struct service service = {
        .owner = s, .slots = 1, .serve = serve, .is_settled = is_settled, .refuse = refuse};
    struct address address;
    struct error why;
    char text[300];
    if (!address_parse(&address, where, 0, &why) ||
        !(s->door = listener_open(&address, 0, &service, &why)))
        return error_set(error, "-gdb: %s", why.text);
    if (strcmp(strrchr(where, ':'), ":0") == 0) {
        address_print(&address, text, sizeof text);
        fprintf(stderr, "tessera: gdb: target remote %s\n", text);
    }
    return true;
}

bool gdb_open(struct gdb_server **server, const char *where, struct monitor *monitor,
              struct error *error)
{
    struct gdb_server *s;
    *server = s = calloc(1, sizeof *s);
    if (!s)
        return error_set(error, "-gdb: out of memory");
    s->target.monitor = monitor;
    pthread_mutex_init(&s->lock, NULL);
    s->news_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    s->listener.happened = happened;
    control_listen(monitor->parts.control, &s->listener);
    if (!exec_set_breakpoint(monitor->parts.exec, 0, false))
        return error_set(error, "-gdb: there are no stops in -jit lockstep");
    if (s->news_fd < 0)
        return error_set(error, "-gdb: %s", strerror(errno));
    return open_door(s, where, error);
}

void gdb_close(struct gdb_server *s)
{
    if (!s)
        return;
    tell_end(s);
    if (s->door)
        listener_close(s->door);
    control_unlisten(s->target.monitor->parts.control, &s->listener);
    if (s->news_fd >= 0)
        close(s->news_fd);
    pthread_mutex_destroy(&s->lock);
    free(s->target.description);
    free(s);
}
