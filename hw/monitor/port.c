/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See port.h. */
#include "hw/monitor/port.h"

#include "hw/host/chardev_place.h"
#include "hw/host/telnet.h"
#include "hw/host/terminal.h"
#include "hw/host/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

struct monitor_port {
    struct monitor_request request;
    void (*serve)(void *owner, struct monitor_port *p);
    void *owner;
    int listening; /* -1: not a socket's */
    int pty;       /* or -1 */
    int in, out;
    int keys; /* of a console: the pipe's other end, to `in` */
    struct port_console console;
    int stop_fd, ring_fd;
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t lock; /* of `in`, while a connection comes or goes */
    bool ended;
    enum telnet telnet;
    char bytes[4096]; /* that have come, */
    size_t at, count; /* and are yet to be looked at */
    char line[PORT_LONGEST + 1];
    size_t length;
    bool too_long;
    bool after_cr; /* in Telnet: a line feed belongs to it */
    struct {
        unsigned depth; /* of brackets */
        bool in_string, escaped;
    } json; /* of what the line has so far, if it is for programs */
};

/* --- opening --- */

static bool open_pipe(struct monitor_port *p, struct error *error)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return error_set(error, "no pipe: %s", strerror(errno));
    p->in = ends[0];
    p->keys = ends[1];
    return true;
}

static bool open_way_in(struct monitor_port *p, struct error *error)
{
    char name[PLACE_NAME];
    if (p->request.shares_console)
        return open_pipe(p, error);
    if (p->request.at.kind == OUTSIDE_PTY)
        return (p->pty = place_open_pty(&p->request.at, name, error)) >= 0;
    if (p->request.at.kind == OUTSIDE_STDIO)
        return true;
    p->listening = place_listen(&p->request.at, error);
    return p->listening >= 0;
}

int monitor_port_share(struct monitor_port *p, const struct port_console *console)
{
    p->console = *console;
    return p->keys;
}

struct monitor_port *monitor_port_open(const struct monitor_request *r, struct error *error)
{
    struct monitor_port *p = calloc(1, sizeof *p);
    if (!p) {
        error_set(error, "the host is out of memory");
        return NULL;
    }
    p->request = *r;
    p->listening = p->pty = p->in = p->out = p->keys = -1;
    pthread_mutex_init(&p->lock, NULL);
    p->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    p->ring_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (p->stop_fd < 0 || p->ring_fd < 0)
        error_set(error, "no event descriptor: %s", strerror(errno));
    else if (open_way_in(p, error))
        return p;
    monitor_port_close(p);
    return NULL;
}

/* --- connections --- */

/* Waits until there is something at `fd`; false at the end. */
static bool await(const struct monitor_port *p, int fd)
{
    struct pollfd fds[] = {{.fd = p->stop_fd, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
    while (ppoll(fds, 2, NULL, NULL) < 0 && errno == EINTR)
        ;
    return !fds[0].revents;
}

static void set_connection(struct monitor_port *p, int in, int out)
{
    pthread_mutex_lock(&p->lock);
    p->in = in;
    p->out = out;
    if (p->ended && in >= 0)
        shutdown(in, SHUT_RD);
    pthread_mutex_unlock(&p->lock);
    p->at = p->count = p->length = 0;
    p->too_long = false;
    p->telnet = TELNET_TEXT;
    memset(&p->json, 0, sizeof p->json);
}

static void serve_one(struct monitor_port *p)
{
    int fd = accept4(p->listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    set_connection(p, fd, fd);
    p->serve(p->owner, p);
    set_connection(p, -1, -1);
    close(fd);
}

static void serve_at(struct monitor_port *p, int in, int out)
{
    set_connection(p, in, out);
    p->serve(p->owner, p);
    set_connection(p, -1, -1);
}

/* Until somebody is at a pseudo-terminal's other end, which no event tells; false at the end. */
static bool await_terminal(const struct monitor_port *p)
{
    static const struct timespec look_again = {.tv_nsec = 200 * 1000 * 1000};
    struct pollfd stop = {.fd = p->stop_fd, .events = POLLIN};
    struct pollfd master = {.fd = p->pty, .events = 0};
    while (ppoll(&stop, 1, &look_again, NULL) <= 0)
        if (poll(&master, 1, 0) >= 0 && !(master.revents & POLLHUP))
            return true;
    return false;
}

static void *run(void *port)
{
    struct monitor_port *p = port;
    if (p->request.shares_console) {
        p->serve(p->owner, p);
        return NULL;
    }
    if (p->request.at.kind == OUTSIDE_STDIO) {
        serve_at(p, STDIN_FILENO, STDOUT_FILENO);
        return NULL;
    }
    while (p->pty >= 0 && await_terminal(p))
        serve_at(p, p->pty, p->pty);
    while (p->listening >= 0 && await(p, p->listening))
        serve_one(p);
    return NULL;
}

bool monitor_port_start(struct monitor_port *p, void (*serve)(void *owner, struct monitor_port *p),
                        void *owner, struct error *error)
{
    struct pollfd first = {.fd = p->listening, .events = POLLIN};
    p->serve = serve;
    p->owner = owner;
    if (p->request.at.wait && p->listening >= 0 && ppoll(&first, 1, NULL, NULL) < 0)
        return error_set(error, "nobody has connected: %s", strerror(errno));
    p->has_thread = thread_start(&p->thread, run, p, 0);
    return p->has_thread || error_set(error, "no thread: %s", strerror(errno));
}

void monitor_port_close(struct monitor_port *p)
{
    static const uint64_t one = 1;
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->ended = true;
    if (p->in >= 0 && p->listening >= 0)
        shutdown(p->in, SHUT_RD);
    pthread_mutex_unlock(&p->lock);
    if (p->has_thread && write(p->stop_fd, &one, sizeof one) > 0)
        pthread_join(p->thread, NULL);
    if (p->listening >= 0)
        close(p->listening);
    if (p->pty >= 0)
        close(p->pty);
    if (p->keys >= 0) {
        close(p->keys);
        close(p->in);
    }
    if (p->stop_fd >= 0)
        close(p->stop_fd);
    if (p->ring_fd >= 0)
        close(p->ring_fd);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

/* --- lines --- */

/* Is a byte text, rather than Telnet's? */
static bool is_text(struct monitor_port *p, uint8_t byte)
{
    return !p->request.at.telnet || telnet_is_text(&p->telnet, byte);
}

/* Telnet's lines end in CR LF, its Enter key alone in CR NUL. */
static bool ends_line(struct monitor_port *p, char byte)
{
    bool after_cr = p->after_cr;
    p->after_cr = byte == '\r' && p->request.at.telnet;
    return p->after_cr || (byte == '\n' && !after_cr);
}

static void add_byte(struct monitor_port *p, char byte)
{
    if (byte == '\r' || byte == '\n' || (!byte && p->request.at.telnet))
        return;
    if (p->length < PORT_LONGEST)
        p->line[p->length++] = byte ? byte : '?';
    else
        p->too_long = true;
}

/* JSON's brackets and strings; true behind the last bracket of a value. */
static bool ends_value(struct monitor_port *p, char byte)
{
    enum { DEEPEST = 64 };
    bool escaped = p->json.escaped;
    p->json.escaped = p->json.in_string && byte == '\\' && !escaped;
    if (byte == '"' && !escaped)
        p->json.in_string = !p->json.in_string;
    if (p->json.in_string)
        return false;
    if (byte == '{' || byte == '[')
        p->too_long |= ++p->json.depth > DEEPEST;
    return (byte == '}' || byte == ']') && p->json.depth && !--p->json.depth;
}

/* A value ends where its brackets do; what is none, or has a line's end in a string, with its line.
 */
static bool add_json(struct monitor_port *p, char byte)
{
    bool is_blank = byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
    if (!p->json.depth && is_blank && !p->length)
        return false;
    if (byte == '\n' && (!p->json.depth || p->json.in_string))
        return true;
    if (p->length < PORT_LONGEST)
        p->line[p->length++] = byte ? byte : '?';
    else
        p->too_long = true;
    return ends_value(p, byte);
}

/* Goes through what has come; true when a line is complete. */
static bool find_line(struct monitor_port *p)
{
    while (p->at < p->count) {
        char byte = p->bytes[p->at++];
        if (!is_text(p, (uint8_t)byte))
            continue;
        if (p->request.qmp ? add_json(p, byte) : ends_line(p, byte))
            return true;
        if (!p->request.qmp)
            add_byte(p, byte);
    }
    return false;
}

static enum port_news take_line(struct monitor_port *p, char **line)
{
    enum port_news news = p->too_long ? PORT_TOO_LONG : PORT_LINE;
    p->line[p->length] = 0;
    *line = p->line;
    p->length = 0;
    p->too_long = false;
    memset(&p->json, 0, sizeof p->json);
    return news;
}

/* In the background of a terminal nothing is read, but looked whether it is ours again. */
static bool is_ours(const struct monitor_port *p)
{
    return p->request.at.kind != OUTSIDE_STDIO || terminal_is_ours();
}

/* Reads what there is; waits for it, or to be rung, or for the end. */
static enum port_news fill(struct monitor_port *p)
{
    static const struct timespec look_again = {.tv_nsec = 200 * 1000 * 1000};
    uint64_t rung;
    bool ours = is_ours(p);
    struct pollfd fds[] = {{.fd = p->stop_fd, .events = POLLIN},
                           {.fd = p->ring_fd, .events = POLLIN},
                           {.fd = ours ? p->in : -1, .events = POLLIN}};
    if (ppoll(fds, 3, ours ? NULL : &look_again, NULL) < 0)
        return errno == EINTR ? PORT_RUNG : PORT_END;
    if (fds[0].revents)
        return PORT_END;
    if (fds[1].revents && read(p->ring_fd, &rung, sizeof rung) > 0)
        return PORT_RUNG;
    if (!fds[2].revents || !is_ours(p))
        return PORT_RUNG;
    ssize_t n = read(p->in, p->bytes, sizeof p->bytes);
    if (n <= 0)
        return n < 0 && (errno == EINTR || errno == EAGAIN) ? PORT_RUNG : PORT_END;
    p->at = 0;
    p->count = (size_t)n;
    return PORT_LINE;
}

enum port_news monitor_port_read(struct monitor_port *p, char **line)
{
    while (!find_line(p)) {
        enum port_news news = fill(p);
        if (news != PORT_LINE)
            return news;
    }
    return take_line(p, line);
}

/* False at the end. */
static bool await_byte(struct monitor_port *p)
{
    while (p->at == p->count)
        if (fill(p) == PORT_END)
            return false;
    return true;
}

int monitor_port_key(struct monitor_port *p)
{
    while (await_byte(p)) {
        uint8_t byte = (uint8_t)p->bytes[p->at++];
        bool belongs = p->after_cr && (byte == '\n' || !byte);
        if (!is_text(p, byte))
            continue;
        p->after_cr = byte == '\r' && p->request.at.telnet;
        if (!belongs)
            return byte;
    }
    return -1;
}

bool monitor_port_is_telnet(const struct monitor_port *p)
{
    return p->request.at.telnet && !p->request.qmp;
}

/* What somebody does not take at once is waited for, but not at the end. */
static bool write_all(struct monitor_port *p, const char *text, size_t size)
{
    struct pollfd fds[] = {{.fd = p->stop_fd, .events = POLLIN}, {.fd = p->out, .events = POLLOUT}};
    for (size_t done = 0; done < size;) {
        ssize_t n = write(p->out, text + done, size - done);
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return false;
        done += n > 0 ? (size_t)n : 0;
        if (n < 0 && ppoll(fds, 2, NULL, NULL) > 0 && fds[0].revents)
            return false;
    }
    return true;
}

/* Lines of a terminal that nobody else makes ready end in CR LF. */
static bool write_lines(struct monitor_port *p, const char *text, size_t size)
{
    while (size) {
        const char *lf = memchr(text, '\n', size);
        size_t length = lf ? (size_t)(lf - text) : size;
        if (!write_all(p, text, length) || (lf && !write_all(p, "\r\n", 2)))
            return false;
        size -= length + (lf ? 1 : 0);
        text += length + (lf ? 1 : 0);
    }
    return true;
}

bool monitor_port_write(struct monitor_port *p, const char *text, size_t size)
{
    if (monitor_port_is_shared(p))
        return p->console.write(p->console.owner, text, size);
    bool is_remote = p->request.at.telnet || p->pty >= 0;
    return is_remote ? write_lines(p, text, size) : write_all(p, text, size);
}

bool monitor_port_ask_for_keys(struct monitor_port *p)
{
    return write_all(p, (const char *)telnet_greeting, sizeof telnet_greeting) && await_byte(p) &&
           (uint8_t)p->bytes[p->at] == TELNET_IAC;
}

bool monitor_port_is_shared(const struct monitor_port *p)
{
    return p->request.shares_console;
}

bool monitor_port_is_terminal(const struct monitor_port *p)
{
    if (p->request.qmp || p->listening >= 0)
        return false;
    return p->pty >= 0 || (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO));
}

void monitor_port_ring(struct monitor_port *p)
{
    static const uint64_t one = 1;
    if (write(p->ring_fd, &one, sizeof one) < 0)
        return; /* it has been rung more often than it can count */
}

bool monitor_port_has_terminal(const struct monitor_port *p)
{
    return monitor_port_is_terminal(p) && p->pty < 0 && !monitor_port_is_shared(p);
}
