/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From chips to the host's end (hw/host/audio.h): all voices of one -audiodev, mixed at its rate.
 *
 * Everything is by the virtual clock. A voice puts samples at its chip's rate as guest time goes
 * by, to frames that its start has chosen; frames are passed on when no voice can come back to
 * them, MIXER_DELAY_MS later. So what comes out depends on what the guest does at which time and
 * on nothing else, and nobody waits: without an end, or with a slow one, chips go on the same.
 *
 *   voice_init(&s->voice, mixer, catch_up, s);
 *   voice_start(&s->voice, 22050);         the next sample is of this moment
 *   voice_put(&s->voice, left, right);
 *   voice_stop(&s->voice);
 *
 * What the guest can see goes by timers of the chip's own. One that only makes samples has
 * `catch_up` instead, which is to put all up to a time; it calls voice_catch_up before it changes.
 *
 * A voice at the end's own rate comes out bit by bit, if it is alone; others are interpolated
 * between two samples.
 */
#ifndef HW_SOUND_MIXER_H
#define HW_SOUND_MIXER_H

#include "hw/device.h"
#include "hw/host/audio.h"
#include "hw/timer.h"

enum { MIXER_VOICES = 8, MIXER_FRAMES = 8192, MIXER_DELAY_MS = 20 };

struct voice {
    struct mixer *mixer; /* NULL: nobody listens */
    void (*catch_up)(void *chip, uint64_t now);
    void *chip;
    bool is_active;
    uint64_t position;   /* the frame that comes next */
    uint64_t step, next; /* in 2^-32 samples: from frame to frame; from the last sample to it */
    int32_t left, right; /* the last sample */
};

struct mixer {
    struct audio *audio;
    struct timers *timers;
    struct timer tick;             /* only while there is something to be heard */
    uint64_t origin, origin_frame; /* that frame is heard at that time */
    uint64_t advanced;             /* the time up to which voices have caught up */
    uint64_t flushed;              /* frames below have been passed on */
    uint64_t end;                  /* above, nothing has been put */
    unsigned voices;
    struct voice *voice[MIXER_VOICES];
    int32_t sum[MIXER_FRAMES][2]; /* frame N is at N % MIXER_FRAMES */
};

void mixer_init(struct mixer *m, struct timers *timers, struct audio *audio);
/* Before all chips that have voices: a clock that is restored jumps. */
extern const struct device mixer_device;
/* All that has been put is passed on: at the end. */
void mixer_finish(struct mixer *m);

/* `mixer` may be NULL, `catch_up` too. More than MIXER_VOICES: aborts. */
void voice_init(struct voice *v, struct mixer *mixer, void (*catch_up)(void *chip, uint64_t now),
                void *chip);
/* Of one that is active, only the rate changes. `rate`: samples a second, not 0. */
void voice_start(struct voice *v, uint32_t rate);
void voice_stop(struct voice *v);
/* Samples are of 16 bits; what is louder, in the sum, is cut off. */
void voice_put(struct voice *v, int32_t left, int32_t right);
void voice_catch_up(struct voice *v);
/* What a sample is multiplied by, in 2^-16, to be so many half decibels lower. */
int32_t sound_gain(unsigned half_decibels);
/* The time of a frame: voices at the end's rate put one for each. */
uint64_t mixer_time_of(const struct mixer *m, uint64_t frame);

#endif
