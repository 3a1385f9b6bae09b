/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * QEMU's extensions of RFB, in the community's rfbproto.rst: keys by their places ("QEMU Extended
 * Key Event Message"), whatever is printed there at the viewer's; and motions of the pointer
 * instead of its position ("QEMU Pointer Motion Change Pseudo-encoding").
 *
 * A viewer lists an encoding that he knows; the server answers with an update that has a rectangle
 * of it.
 */
#ifdef HAVE_VNCSERVER

#include "hw/host/vnc_internal.h"

#include <arpa/inet.h>
#include <string.h>

enum { EXTENDED_KEY = -258, MOTION = -257, QEMU = 255, QEMU_EXTENDED_KEY = 0 };

/* In MOTION's, x is 0 if motions are wanted, and 1 for positions. */
static void answer(rfbClientPtr client, int encoding, bool x)
{
    struct {
        rfbFramebufferUpdateMsg update;
        rfbFramebufferUpdateRectHeader rectangle;
    } m = {
        .update = {.type = rfbFramebufferUpdate, .nRects = htons(1)},
        .rectangle = {.r = {.x = htons(x),
                            .w = htons((uint16_t)client->screen->width),
                            .h = htons((uint16_t)client->screen->height)},
                      .encoding = htonl((uint32_t)encoding)},
    };
    _Static_assert(sizeof m == sz_rfbFramebufferUpdateMsg + sz_rfbFramebufferUpdateRectHeader,
                   "as on the wire");
    if (rfbWriteExact(client, (const char *)&m, sizeof m) <= 0)
        rfbCloseClient(client);
}

void vnc_answer(struct viewer *v)
{
    bool is_absolute = input_is_absolute(v->setup->input);
    if (v->client && v->wants_key_answer)
        answer(v->client, EXTENDED_KEY, false);
    if (v->knows_motion && (v->wants_motion_answer || v->is_relative == is_absolute)) {
        v->is_relative = !is_absolute;
        if (v->client)
            answer(v->client, MOTION, is_absolute);
    }
    v->wants_key_answer = v->wants_motion_answer = false;
}

/* These are called with a lock of all of libvncserver's servers: nothing is sent here. */

static rfbBool enable_key(rfbClientPtr client, void **data, int encoding)
{
    struct viewer *v = client->screen->screenData;
    (void)data;
    v->wants_key_answer |= encoding == EXTENDED_KEY;
    return encoding == EXTENDED_KEY;
}

static rfbBool enable_motion(rfbClientPtr client, void **data, int encoding)
{
    struct viewer *v = client->screen->screenData;
    (void)data;
    v->wants_motion_answer |= encoding == MOTION;
    v->knows_motion |= encoding == MOTION;
    return encoding == MOTION;
}

/* The key's place, if he knows it and there is one; else by what is printed there. */
static void take_key(struct viewer *v, const rfbQemuExtendedKeyEventMsg *m)
{
    unsigned key = ntohl(m->keycode);
    bool down = m->down != 0;
    if (keymap_has(key))
        typist_key(&v->typist, key, down);
    else
        typist_keysym(&v->typist, ntohl(m->keysym), down);
}

/* FALSE for what is not ours: that ends the connection. */
static rfbBool take_message(rfbClientPtr client, void *data, const rfbClientToServerMsg *message)
{
    rfbQemuExtendedKeyEventMsg m;
    (void)data;
    if (message->type != QEMU || rfbReadExact(client, (char *)&m + 1, 1) <= 0 ||
        m.subtype != QEMU_EXTENDED_KEY ||
        rfbReadExact(client, (char *)&m + 2, sz_rfbQemuExtendedKeyEventMsg - 2) <= 0)
        return FALSE;
    take_key(client->screen->screenData, &m);
    return TRUE;
}

void vnc_register_extensions(void)
{
    static int key_encodings[] = {EXTENDED_KEY, 0}, motion_encodings[] = {MOTION, 0};
    static rfbProtocolExtension key = {.pseudoEncodings = key_encodings,
                                       .enablePseudoEncoding = enable_key,
                                       .handleMessage = take_message};
    static rfbProtocolExtension motion = {.pseudoEncodings = motion_encodings,
                                          .enablePseudoEncoding = enable_motion};
    rfbRegisterProtocolExtension(&key);
    rfbRegisterProtocolExtension(&motion);
}

#endif
