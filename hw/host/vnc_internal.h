/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the files that speak to libvncserver; see vnc_viewer.h. */
#ifndef HW_HOST_VNC_INTERNAL_H
#define HW_HOST_VNC_INTERNAL_H

#include "hw/host/display.h"
#include "hw/host/keymap.h"
#include "hw/host/screen.h"

#include <rfb/rfb.h>
#include <stdatomic.h>
#include <time.h>

/* A thread's calls of libvncserver, as another one sees them: vnc_watch.c. */
struct vnc_watch {
    clockid_t clock;   /* of the thread's processor time */
    atomic_int socket; /* libvncserver's */
    atomic_uint turns; /* odd: it is in a call */
    unsigned seen_turns;
    time_t seen_s; /* of the clock, when that turn was first seen */
};

struct viewer {
    const struct display_setup *setup;
    rfbScreenInfoPtr server;
    rfbClientPtr client; /* NULL: he is gone */
    struct screen_view view;
    struct vnc_watch watch;
    uint32_t *pixels; /* what he is shown */
    int told_width, told_height;
    struct typist typist;
    atomic_bool is_settled; /* past the handshake */
    unsigned buttons;       /* as RFB has them */
    bool is_relative;       /* he says how far his pointer moves, from VNC_STANDSTILL */
    bool knows_motion;      /* he can do either, and has been told which */
    bool wants_key_answer, wants_motion_answer;
    bool has_position;
    int x, y; /* of his pointer */
};

enum { VNC_STANDSTILL = 0x7fff };

/* On the thread itself: at its beginning; around a call, for a socket. */
void vnc_watch_thread(struct vnc_watch *w);
void vnc_watch_call(struct vnc_watch *w, int socket);
void vnc_watch_return(struct vnc_watch *w);
/* On one other, now and then; from `silent_fd` nothing ever comes. */
void vnc_watch_look(struct vnc_watch *w, int silent_fd);

/* Once or more: what of the protocol libvncserver leaves to others, for all its servers. */
void vnc_register_extensions(void);
/* Tells the viewer of those that he has asked for; and whether motions or positions are wanted. */
void vnc_answer(struct viewer *v);

#endif
