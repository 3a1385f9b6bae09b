/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The screen in a browser: noVNC's page, served from here, speaks VNC over a WebSocket to the port
 * that it came from. Each request has a connection of its own.
 */
#include "hw/host/display.h"

#include "hw/host/sandbox.h"

#ifdef HAVE_VNCSERVER

#include "hw/host/http.h"
#include "hw/host/listener.h"
#include "hw/host/vnc_viewer.h"
#include "hw/host/web_files.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static const char page[] = "/vnc.html", socket_path[] = "/websockify",
                  start[] = "/vnc.html?autoconnect=1&resize=scale&show_dot=1&quality=9&reconnect=1";

struct web {
    struct viewers *viewers;
    struct listener *listener;
    struct web_files *files;
    bool is_local;
};

/* --- answers --- */

/* Waits for who reads slowly, but not for ever. */
static void send_all(int fd, const char *bytes, size_t size)
{
    enum { PATIENCE_MS = 10000 };
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    while (size && poll(&ready, 1, PATIENCE_MS) > 0) {
        ssize_t n = send(fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0)
            return;
        bytes += n;
        size -= (size_t)n;
    }
}

static void send_head(int fd, const char *status, const char *fields, size_t size)
{
    char head[1024];
    int length = snprintf(head, sizeof head,
                          "HTTP/1.1 %s\r\nContent-Length: %zu\r\n%s"
                          "Cache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\n"
                          "Content-Security-Policy: frame-ancestors 'none'\r\n"
                          "Connection: close\r\n\r\n",
                          status, size, fields);
    send_all(fd, head, (size_t)length);
}

static void send_status(int fd, const char *status)
{
    char text[128];
    int length = snprintf(text, sizeof text, "%s\n", status);
    send_head(fd, status, "Content-Type: text/plain\r\n", (size_t)length);
    send_all(fd, text, (size_t)length);
}

static void send_file(struct web *web, int fd, const struct http_request *r)
{
    char fields[256];
    const struct web_file *f = web_files_find(web->files, r->path);
    if (strcmp(r->path, "/") == 0) {
        snprintf(fields, sizeof fields, "Location: %s\r\n", start);
        send_head(fd, "302 Found", fields, 0);
    } else if (!f) {
        send_status(fd, "404 Not Found");
    } else {
        snprintf(fields, sizeof fields, "Content-Type: %s\r\n", f->type);
        send_head(fd, "200 OK", fields, f->size);
        send_all(fd, f->bytes, r->is_head ? 0 : f->size);
    }
}

/* --- a connection --- */

/*
 * Looks at the request, which is not whole if its time is over, and stays where it is: libvncserver
 * wants to read the one that asks for a WebSocket itself.
 */
static enum http_state await_request(int fd, struct http_request *r)
{
    enum { PATIENCE_MS = 10000, STEP_MS = 20 };
    char text[HTTP_REQUEST];
    enum http_state state = HTTP_MORE;
    struct timespec step = {.tv_nsec = STEP_MS * 1000 * 1000};
    struct pollfd end = {.fd = fd, .events = POLLRDHUP};
    if (poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, PATIENCE_MS) <= 0)
        return HTTP_MORE;
    for (unsigned ms = 0; state == HTTP_MORE && ms < PATIENCE_MS; ms += STEP_MS) {
        if (ms && ppoll(&end, 1, &step, NULL) > 0) /* what has been seen is readable all the time */
            return HTTP_MORE;
        ssize_t n = recv(fd, text, sizeof text, MSG_PEEK | MSG_DONTWAIT);
        if (n <= 0)
            return HTTP_MORE;
        state = http_parse(r, text, (size_t)n);
    }
    return state;
}

static void take(int fd, size_t size)
{
    char bytes[HTTP_REQUEST];
    if (recv(fd, bytes, size, MSG_DONTWAIT) < 0)
        return;
}

static void serve(void *owner, unsigned slot, int fd)
{
    struct web *web = owner;
    struct http_request r;
    enum http_state state = await_request(fd, &r);
    if (state == HTTP_MORE) /* browsers open connections in advance, and may not need them */
        return;
    bool is_ours = state == HTTP_GOOD && http_is_ours(&r, web->is_local);
    if (is_ours && r.is_websocket && strcmp(r.path, socket_path) == 0) {
        viewers_serve(web->viewers, slot, fd);
        return;
    }
    take(fd, state == HTTP_GOOD ? r.size : HTTP_REQUEST);
    if (is_ours)
        send_file(web, fd, &r);
    else
        send_status(fd, state == HTTP_GOOD ? "403 Forbidden" : "400 Bad Request");
    shutdown(fd, SHUT_WR);
}

/* Requests are not: each has an end. */
static bool is_settled(void *web, unsigned slot)
{
    return viewers_is_settled(((struct web *)web)->viewers, slot);
}

static void refuse(void *owner, int fd)
{
    static const char text[] = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n"
                               "Retry-After: 1\r\nConnection: close\r\n\r\n";
    (void)owner;
    if (send(fd, text, sizeof text - 1, MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
        shutdown(fd, SHUT_WR);
}

/* --- opening --- */

static void look(void *web)
{
    viewers_look(((struct web *)web)->viewers);
}

static void close_web(void *d)
{
    struct web *web = d;
    listener_close(web->listener);
    viewers_destroy(web->viewers);
    web_files_free(web->files);
    free(web);
}

static bool read_page(struct web *web, const char *folder, struct error *error)
{
    struct error why;
    const char *from = folder ? folder : "/usr/share/novnc";
    web->files = web_files_read(from, &why);
    if (!web->files)
        return error_set(error, "noVNC's page is not there (package novnc): %s", why.text);
    return web_files_find(web->files, page) ||
           error_set(error, "%s: no %s there; it is not noVNC's (package novnc)", from, page + 1);
}

static bool listen_for_browsers(struct web *web, const struct display_setup *setup,
                                struct error *error)
{
    const struct service service = {web, LISTENER_SLOTS, serve, is_settled, refuse, look};
    struct address a;
    char text[300];
    if (!address_parse(&a, setup->request->address, 0, error))
        return false;
    web->is_local = address_is_loopback(&a);
    web->listener = listener_open(&a, 0, &service, error);
    if (!web->listener)
        return false;
    address_print(&a, text, sizeof text);
    fprintf(stderr, "tessera: the screen is at http://%s/%s\n", text,
            setup->password || web->is_local ? "" : ", for anybody: without a password");
    return true;
}

static void *open_web(const struct display_setup *setup, struct error *error)
{
    struct web *web = calloc(1, sizeof *web);
    if (web && (web->viewers = viewers_create(setup)) &&
        read_page(web, setup->request->novnc, error) && listen_for_browsers(web, setup, error))
        return web;
    if (!web || !web->viewers)
        error_set(error, "the host is out of memory");
    if (web)
        close_web(web);
    return NULL;
}

const struct display web_display = {
    .name = "web",
    .usage = "web=HOST:PORT",
    .needs = SANDBOX_VIEWERS,
    .open = open_web,
    .close = close_web,
};

#else

const struct display web_display = {
    .name = "web", .usage = "web=HOST:PORT", .package = "libvncserver-dev"};

#endif
