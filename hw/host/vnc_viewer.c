/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See vnc_viewer.h. */
#include "hw/host/vnc_viewer.h"

#ifdef HAVE_VNCSERVER

#include "hw/host/keymap.h"
#include "hw/host/listener.h"
#include "hw/host/vnc_internal.h"

#include <endian.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_WIDTH = 640, FIRST_HEIGHT = 480, PIXEL = 4, PATIENCE_S = 30 };

struct viewers {
    const struct display_setup *setup;
    int silent_fd;      /* from which nothing comes */
    char *passwords[2]; /* libvncserver's form of a list */
    struct viewer viewer[LISTENER_SLOTS];
};

/* --- the picture --- */

static void set_format(struct viewer *v)
{
    rfbPixelFormat *f = &v->server->serverFormat;
    f->redShift = 16;
    f->greenShift = 8;
    f->blueShift = 0;
    if (v->client)
        v->server->setTranslateFunction(v->client);
}

/* As large as the guest's; false, and as it was, if there is no memory. */
static bool resize(struct viewer *v, unsigned width, unsigned height)
{
    uint32_t *pixels = calloc((size_t)width * height, PIXEL);
    if (!pixels)
        return false;
    rfbNewFramebuffer(v->server, (char *)pixels, (int)width, (int)height, 8, 3, PIXEL);
    set_format(v);
    free(v->pixels);
    v->pixels = pixels;
    return true;
}

struct span {
    unsigned x, end;
};

/* Copies a line; which of its pixels are others now. */
static struct span copy_line(uint32_t *to, const uint32_t *from, unsigned width)
{
    struct span s = {0, width};
    if (memcmp(to, from, width * sizeof *to) == 0)
        return (struct span){0, 0};
    while (to[s.x] == from[s.x])
        s.x++;
    while (to[s.end - 1] == from[s.end - 1])
        s.end--;
    memcpy(to + s.x, from + s.x, (s.end - s.x) * sizeof *to);
    return s;
}

static void mark(struct viewer *v, struct span s, unsigned first, unsigned end)
{
    if (s.x < s.end)
        rfbMarkRectAsModified(v->server, (int)s.x, (int)first, (int)s.end, (int)end);
}

/* Copies lines; those in a row that changed are marked together. */
static void copy(struct viewer *v, const struct picture *p, unsigned first, unsigned end)
{
    struct span all = {0, 0};
    for (unsigned y = first; y < end && y < p->height; y++) {
        size_t line = (size_t)y * p->width;
        struct span s = copy_line(v->pixels + line, p->pixels + line, p->width);
        if (s.x == s.end || all.x == all.end) {
            mark(v, all, first, y);
            all = s;
            first = y;
        } else {
            all.x = s.x < all.x ? s.x : all.x;
            all.end = s.end > all.end ? s.end : all.end;
        }
    }
    mark(v, all, first, end < p->height ? end : p->height);
}

static void look(struct viewer *v)
{
    const struct picture *p = screen_look(v->setup->screen, &v->view);
    bool fits = (int)p->width == v->server->width && (int)p->height == v->server->height;
    if (p->pixels && (fits || resize(v, p->width, p->height)))
        copy(v, p, fits ? v->view.first : 0, fits ? v->view.end : p->height);
    screen_end_look(v->setup->screen, &v->view);
}

/* --- keys and the mouse --- */

static struct viewer *viewer_of(rfbClientPtr client)
{
    return client->screen->screenData;
}

static void key(rfbBool down, rfbKeySym keysym, rfbClientPtr client)
{
    typist_keysym(&viewer_of(client)->typist, keysym, down);
}

/* RFB's buttons 4 and 5 are a turn of the wheel. */
static void press_buttons(struct viewer *v, unsigned mask)
{
    static const uint8_t buttons[8] = {
        BUTTON_LEFT, BUTTON_MIDDLE, BUTTON_RIGHT, BUTTONS, BUTTONS, BUTTONS, BUTTONS, BUTTON_4,
    };
    unsigned changed = mask ^ v->buttons;
    for (unsigned i = 0; i < 8; i++)
        if (changed >> i & 1 && buttons[i] < BUTTONS)
            input_button(v->setup->input, buttons[i], mask >> i & 1);
    if (changed & mask & 0x18)
        input_motion(v->setup->input, 0, 0, mask & 0x08 ? -1 : 1);
    v->buttons = mask;
}

/* The guest's mouse tells how far it moves, not where it is; a tablet the latter. */
static void move(struct viewer *v, int x, int y)
{
    int from_x = v->is_relative ? VNC_STANDSTILL : v->x;
    int from_y = v->is_relative ? VNC_STANDSTILL : v->y;
    if (!v->is_relative && input_is_absolute(v->setup->input))
        input_position(v->setup->input, input_across(x, v->server->width),
                       input_across(y, v->server->height));
    else if ((x != from_x || y != from_y) && (v->is_relative || v->has_position))
        input_motion(v->setup->input, x - from_x, y - from_y, 0);
    v->has_position = true;
    v->x = x;
    v->y = y;
}

static void pointer(int mask, int x, int y, rfbClientPtr client)
{
    struct viewer *v = viewer_of(client);
    move(v, x, y);
    press_buttons(v, (unsigned)mask);
}

/* --- a connection --- */

/* libvncserver 0.9.14 forgets to free these. */
static void gone(rfbClientPtr client)
{
    for (rfbExtensionData *e = client->extensions, *next; e; e = next) {
        next = e->next;
        free(e);
    }
    client->extensions = NULL;
    free(client->wsctx);
    client->wsctx = NULL;
    viewer_of(client)->client = NULL;
}

static enum rfbNewClientAction come(rfbClientPtr client)
{
    viewer_of(client)->client = client;
    client->clientGoneHook = gone;
    return RFB_CLIENT_ACCEPT;
}

static time_t seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

/*
 * He has been told a size when he came, and wants to hear of another one only since then, maybe:
 * libvncserver does not see to that.
 */
static void tell_size(struct viewer *v, bool has_just_come)
{
    rfbClientPtr c = v->client;
    if (!c)
        return;
    bool is_new = v->told_width != v->server->width || v->told_height != v->server->height;
    if (!has_just_come && !(is_new && c->useNewFBSize))
        return;
    c->newFBSizePending |= !has_just_come;
    v->told_width = v->server->width;
    v->told_height = v->server->height;
    rfbUpdateClient(c);
}

/* Until he has something to say, or there is something to show; a stranger for a second at most. */
static void await(struct viewer *v, bool is_stranger)
{
    static const struct timespec second = {.tv_sec = 1};
    struct pollfd fds[] = {{.fd = v->client->sock, .events = POLLIN},
                           {.fd = v->view.fd, .events = POLLIN}};
    if (ppoll(fds, 2, is_stranger ? &second : NULL, NULL) > 0 && fds[1].revents)
        look(v);
}

/*
 * Who has not said within half a minute who he is keeps others from a place. A client that has been
 * closed is there until libvncserver processes events.
 */
static void talk(struct viewer *v)
{
    time_t until = seconds() + PATIENCE_S;
    while (v->client) {
        bool is_stranger = v->client->state != RFB_NORMAL;
        if (is_stranger && seconds() >= until)
            rfbCloseClient(v->client);
        if (v->client->sock != RFB_INVALID_SOCKET)
            await(v, is_stranger);
        vnc_watch_call(&v->watch, v->client->sock);
        rfbProcessEvents(v->server, 0);
        vnc_watch_return(&v->watch);
        v->is_settled = v->client && v->client->state == RFB_NORMAL;
        tell_size(v, is_stranger && v->is_settled);
        vnc_answer(v);
    }
}

static void begin(struct viewer *v)
{
    typist_init(&v->typist, v->setup->layout, v->setup->input);
    v->buttons = 0;
    v->is_relative = v->knows_motion = v->has_position = false;
    v->wants_key_answer = v->wants_motion_answer = false;
}

/* libvncserver closes what it has; the connection itself is its owner's. */
static void connect_client(struct viewer *v, int fd)
{
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    vnc_watch_call(&v->watch, copy);
    if (copy >= FD_SETSIZE) /* it calls select(2) */
        close(copy);
    else if (copy >= 0)
        rfbNewClient(v->server, copy);
    vnc_watch_return(&v->watch);
}

void viewers_serve(struct viewers *viewers, unsigned slot, int fd)
{
    struct viewer *v = &viewers->viewer[slot];
    struct error error;
    begin(v);
    vnc_watch_thread(&v->watch);
    if (!resize(v, FIRST_WIDTH, FIRST_HEIGHT))
        return;
    if (screen_add_view(v->setup->screen, &v->view, &error)) {
        look(v);
        connect_client(v, fd);
        talk(v);
        screen_remove_view(v->setup->screen, &v->view);
    }
    v->is_settled = false;
    press_buttons(v, 0);
    typist_release(&v->typist);
    free(v->pixels);
    v->pixels = NULL;
    v->server->frameBuffer = NULL;
}

bool viewers_is_settled(const struct viewers *v, unsigned slot)
{
    return v->viewer[slot].is_settled;
}

void viewers_look(struct viewers *v)
{
    for (unsigned i = 0; i < LISTENER_SLOTS; i++)
        vnc_watch_look(&v->viewer[i].watch, v->silent_fd);
}

/* By version 3.3, in which the server says no at once. */
void viewers_refuse(int fd, const char *reason)
{
    uint8_t message[256];
    uint32_t none = 0, length = htobe32((uint32_t)strlen(reason));
    size_t size = 0;
    memcpy(message, "RFB 003.003\n", 12);
    memcpy(message + 12, &none, 4);
    memcpy(message + 16, &length, 4);
    size = 20 + (size_t)snprintf((char *)message + 20, sizeof message - 20, "%s", reason);
    if (send(fd, message, size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        return;
    shutdown(fd, SHUT_WR);
}

/* --- all of them --- */

static bool init(struct viewer *v, const struct display_setup *setup, char **passwords)
{
    int argc = 0;
    v->setup = setup;
    rfbScreenInfoPtr s = rfbGetScreen(&argc, NULL, FIRST_WIDTH, FIRST_HEIGHT, 8, 3, PIXEL);
    v->server = s;
    if (!s)
        return false;
    s->desktopName = setup->title;
    s->screenData = v;
    s->cursor = NULL;
    s->deferUpdateTime = 0;
    s->alwaysShared = TRUE;
    s->newClientHook = come;
    s->kbdAddEvent = key;
    s->ptrAddEvent = pointer;
    if (*passwords) {
        s->authPasswdData = passwords;
        s->passwordCheck = rfbCheckPasswordByList;
    }
    set_format(v);
    return true;
}

/* What libgcrypt does when libvncserver first asks it for something, the sandbox forbids. */
static void prepare_cryptography(void)
{
    uint8_t challenge[CHALLENGESIZE];
    char password[] = "once";
    rfbRandomBytes(challenge);
    rfbEncryptBytes(challenge, password);
}

struct viewers *viewers_create(const struct display_setup *setup)
{
    struct viewers *v = calloc(1, sizeof *v);
    if (!v)
        return NULL;
    rfbLogEnable(FALSE);
    vnc_register_extensions();
    v->setup = setup;
    v->passwords[0] = (char *)setup->password;
    v->silent_fd = eventfd(0, EFD_CLOEXEC);
    prepare_cryptography();
    for (unsigned i = 0; i < LISTENER_SLOTS; i++)
        if (v->silent_fd < 0 || !init(&v->viewer[i], setup, v->passwords)) {
            viewers_destroy(v);
            return NULL;
        }
    return v;
}

void viewers_destroy(struct viewers *v)
{
    for (unsigned i = 0; v && i < LISTENER_SLOTS; i++)
        if (v->viewer[i].server)
            rfbScreenCleanup(v->viewer[i].server);
    if (v)
        close(v->silent_fd);
    free(v);
}

#endif
