/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Frames between the guest, which makes them by its clock, and the host's sound, which takes them
 * by its own: neither waits for the other, and the two clocks are never quite the same.
 *
 *   audio_ring_put(r, at, frames, count)   the guest's side, some 10 ms at a time
 *   audio_ring_rest(r)                     nothing more comes for now: what is there is all
 *   audio_ring_take(r, to, wanted)         the host's side, whenever it likes
 *
 * Before a sound is heard, 80 ms of it are gathered, or all of it: by so much less what the host
 * takes at a time may either side be late at a moment. How much waits, in the mean, tells how the
 * clocks part; beyond 20 ms from those 80, frames are read a little faster or slower, by 1 % at
 * most, in between two of them. So a sound card may go wrong by so much for ever. Within, frames
 * are heard bit by bit.
 *
 * A guest that falls behind by more leaves a gap, which lasts until as much is gathered again. One
 * that is ahead by 200 ms loses what is above 80. Both are counted, and neither crackles: the level
 * goes to where the sound is within 6 ms.
 *
 * Numbers of frames are times: what is left out between two calls is silence, which is as long to
 * the host as it was to the guest.
 */
#ifndef HW_HOST_AUDIO_RING_H
#define HW_HOST_AUDIO_RING_H

#include "hw/host/audio.h"

struct audio_ring {
    struct audio_frame *frame;
    unsigned rate;
    size_t room, gathered; /* in frames */
    size_t first, count;   /* those that wait */
    uint64_t next;         /* the number of the one that comes behind them */
    bool is_heard, rests;
    bool is_cut;     /* silent for want of frames */
    uint32_t phase;  /* in 2^-32 frames behind the first */
    int64_t waiting; /* how many wait, in the mean, in 2^-16 frames */
    /* How the level goes from what was heard last to what is to be heard. */
    bool is_broken;
    struct audio_frame last;
    int32_t step[2], fade;
    struct audio_counts counts;
};

/* False if the host has no room. */
bool audio_ring_init(struct audio_ring *r, unsigned rate);
void audio_ring_destroy(struct audio_ring *r);
/* Numbers do not go back. */
void audio_ring_put(struct audio_ring *r, uint64_t at, const struct audio_frame *frames,
                    size_t count);
void audio_ring_rest(struct audio_ring *r);
/* All of `wanted`; silence where there is nothing. */
void audio_ring_take(struct audio_ring *r, struct audio_frame *to, size_t wanted);

#endif
