/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A screen for viewers by VNC, for any number of them at a time. */
#include "hw/host/display.h"

#include "hw/host/sandbox.h"

#ifdef HAVE_VNCSERVER

#include "hw/host/listener.h"
#include "hw/host/vnc_viewer.h"

#include <stdio.h>
#include <stdlib.h>

enum { FIRST_PORT = 5900 };

struct vnc {
    struct viewers *viewers;
    struct listener *listener;
};

static void serve(void *vnc, unsigned slot, int fd)
{
    viewers_serve(((struct vnc *)vnc)->viewers, slot, fd);
}

static bool is_settled(void *vnc, unsigned slot)
{
    return viewers_is_settled(((struct vnc *)vnc)->viewers, slot);
}

static void refuse(void *vnc, int fd)
{
    (void)vnc;
    viewers_refuse(fd, "too many viewers");
}

static void look(void *vnc)
{
    viewers_look(((struct vnc *)vnc)->viewers);
}

static struct listener *listener(void *vnc)
{
    return ((struct vnc *)vnc)->listener;
}

static void close_vnc(void *d)
{
    struct vnc *vnc = d;
    listener_close(vnc->listener);
    viewers_destroy(vnc->viewers);
    free(vnc);
}

static void tell(const struct address *a, const struct display_setup *setup)
{
    char text[300];
    address_print(a, text, sizeof text);
    fprintf(stderr, "tessera: VNC at %s (display %u)%s\n", text, a->port - FIRST_PORT,
            setup->password || address_is_loopback(a) ? "" : ", for anybody: without a password");
}

static bool listen_for_viewers(struct vnc *vnc, const struct display_setup *setup,
                               struct error *error)
{
    const struct display_request *r = setup->request;
    const struct service service = {vnc, LISTENER_SLOTS, serve, is_settled, refuse, look};
    struct address a;
    if (!address_parse(&a, r->address, FIRST_PORT, error))
        return false;
    unsigned number = a.port - FIRST_PORT;
    vnc->listener = listener_open(&a, r->to > number ? r->to - number : 0, &service, error);
    if (!vnc->listener)
        return false;
    tell(&a, setup);
    return true;
}

static void *open_vnc(const struct display_setup *setup, struct error *error)
{
    struct vnc *vnc = calloc(1, sizeof *vnc);
    if (vnc && (vnc->viewers = viewers_create(setup)) && listen_for_viewers(vnc, setup, error))
        return vnc;
    if (!vnc || !vnc->viewers)
        error_set(error, "the host is out of memory");
    if (vnc)
        close_vnc(vnc);
    return NULL;
}

const struct display vnc_display = {
    .name = "vnc",
    .usage = "vnc=HOST:NUMBER",
    .needs = SANDBOX_VIEWERS,
    .open = open_vnc,
    .close = close_vnc,
    .listener = listener,
};

#else

const struct display vnc_display = {
    .name = "vnc", .usage = "vnc=HOST:NUMBER", .package = "libvncserver-dev"};

#endif
