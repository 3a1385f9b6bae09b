/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source of pictures for tests of the screen and of displays: a picture that moves, or text. */
#ifndef TESTS_HW_TEST_VIDEO_H
#define TESTS_HW_TEST_VIDEO_H

#include "hw/host/screen.h"

#include <stdatomic.h>

struct test_video {
    /* What the cpu's thread sets. */
    unsigned width, height; /* of the picture; each step changes a line of it */
    unsigned step;
    const char *text; /* instead of it, lines ended by '\n'; of 80 x 25 */
    bool changed;
    /* As latched. */
    struct {
        unsigned width, height, step;
        const char *text;
    } latched;
    bool everything;
    atomic_uint latches, draws;
};

struct video test_video(struct test_video *v);
/* What a pixel is after so many steps; line number `step` modulo the height is the newest. */
uint32_t test_video_pixel(unsigned x, unsigned y, unsigned step);

#endif
