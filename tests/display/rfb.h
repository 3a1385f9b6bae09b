/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A viewer: as much of RFB as tests need, raw pixels only. */
#ifndef TESTS_DISPLAY_RFB_H
#define TESTS_DISPLAY_RFB_H

#include <stdbool.h>
#include <stdint.h>

struct rfb {
    int fd;
    unsigned width, height;
    char name[128];
    uint32_t *pixels;
    bool has_extended_keys; /* the server has said so, */
    int motion;             /* or whether it wants motions: 0, positions: 1, neither: -1 */
    bool resized;
};

enum { RFB_RAW = 0, RFB_DESKTOP_SIZE = -223, RFB_MOTION = -257, RFB_EXTENDED_KEY = -258 };

/* As far as the server's description of its screen. */
struct rfb *rfb_open(unsigned port);
void rfb_close(struct rfb *r);
/* Ends with RFB_RAW. */
void rfb_encodings(struct rfb *r, const int *encodings);
void rfb_request(struct rfb *r, bool incremental);
/* Takes one update. */
void rfb_update(struct rfb *r);
void rfb_key(struct rfb *r, uint32_t keysym, bool down);
void rfb_extended_key(struct rfb *r, uint32_t keysym, uint32_t keycode, bool down);
void rfb_pointer(struct rfb *r, unsigned buttons, unsigned x, unsigned y);

#endif
