/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Those who look by RFB, the protocol of VNC (RFC 6143), plain or over WebSocket; it is spoken by
 * libvncserver. Each viewer has a server of libvncserver's for himself, and the thread of his
 * connection (hw/host/listener.h): so that one who is slow, or dies in the middle of a message,
 * holds up nobody, and what that library shares among clients is not shared here.
 */
#ifndef HW_HOST_VNC_VIEWER_H
#define HW_HOST_VNC_VIEWER_H

#include "hw/host/display.h"

struct viewers;
/* One for each of a listener's slots. NULL: no memory. */
struct viewers *viewers_create(const struct display_setup *setup);
void viewers_destroy(struct viewers *v);
/* A connection, until either side ends it; stays the caller's. */
void viewers_serve(struct viewers *v, unsigned slot, int fd);
/* Has a viewer come to an end with who he is? On any thread. */
bool viewers_is_settled(const struct viewers *v, unsigned slot);
/* Ends what keeps a processor busy for nothing; called now and then, on a thread of no viewer. */
void viewers_look(struct viewers *v);
/* Tells him who waits at `fd` why he cannot be served. */
void viewers_refuse(int fd, const char *reason);

#endif
