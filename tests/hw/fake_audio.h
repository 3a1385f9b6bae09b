/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An end of sound that keeps what it is given; what is left out is silence there, too. */
#ifndef TESTS_HW_FAKE_AUDIO_H
#define TESTS_HW_FAKE_AUDIO_H

#include "hw/host/audio.h"

enum { FAKE_AUDIO_ROOM = 4 * AUDIO_RATE };

struct fake_audio {
    struct audio audio;
    uint64_t count; /* frames up to the last one */
    bool went_back;
    struct audio_frame frame[FAKE_AUDIO_ROOM]; /* more are counted, but not kept */
};

void fake_audio_init(struct fake_audio *f, unsigned rate);
/* How often the left side goes from below to 0 or above, of `count` frames from there on. */
unsigned fake_audio_waves(const struct fake_audio *f, size_t from, size_t count);
/* The first frame that is not silent; `count` if there is none. */
size_t fake_audio_first(const struct fake_audio *f);

#endif
