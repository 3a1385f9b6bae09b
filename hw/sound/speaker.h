/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The PC's loudspeaker: the 8254's counter 2, which port 61h lets through. Each frame is the mean
 * of where the cone was in its time: so programs that play by pulses shorter than a frame are
 * heard, too. What rests out or in is brought back to silence, as a capacitor does it.
 */
#ifndef HW_SOUND_SPEAKER_H
#define HW_SOUND_SPEAKER_H

#include "hw/clock/i8254.h"
#include "hw/sound/mixer.h"

struct speaker {
    struct voice voice;
    const struct i8254 *pit;
    bool is_on;     /* bit 1 of port 61h */
    uint64_t since; /* the time up to which the cone's place is known */
    uint64_t out;   /* of the frame under way, in 2^-16 ticks, that it was out */
    int64_t rest;   /* where the capacitor is, in 2^-16 of a sample's steps */
};

/* Of a PIT that is to call speaker_change before counter 2 does. */
void speaker_init(struct speaker *s, struct mixer *mixer, const struct i8254 *pit);
/* The counter, or what lets it through, is about to change. */
void speaker_change(void *speaker);
void speaker_let_through(struct speaker *s, bool is_on);
/* The state is port 61h's. */
extern const struct device speaker_device;

#endif
