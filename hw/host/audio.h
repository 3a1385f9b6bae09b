/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where sound goes: a WAV file, or the host's loudspeakers by SDL. Nobody who listens slowly slows
 * the guest: frames are taken at once, or lost.
 *
 *   struct audio *a;
 *   audio_open(&request, &a, &error)      a file is opened
 *   audio_start(a, &error)                a thread is started; before the sandbox is entered
 *   audio_put(a, at, frames, count)
 *   audio_close(a)
 *
 * A frame has a number, which tells its time: number N is heard N / rate seconds after power-on.
 * What is left out between two calls is silence.
 *
 * A WAV file has the frame of each number at its place, the silence as a hole in the file; its
 * header is right whenever a call has returned, so a killed Tessera leaves a file that plays.
 *
 * By SDL, 60 ms are gathered before anything is heard, which is as much as host and guest may be
 * apart for a moment; when a guest falls behind more, there is silence until as much is gathered
 * again, instead of a crackle with each frame that is missing. What is more than 200 ms ahead,
 * as when the host's clock for sound is slow, is lost.
 */
#ifndef HW_HOST_AUDIO_H
#define HW_HOST_AUDIO_H

#include "hw/host/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum audio_kind { AUDIO_NONE, AUDIO_WAV, AUDIO_SDL };
enum { AUDIO_RATE = 44100, AUDIO_RATE_LEAST = 8000, AUDIO_RATE_MOST = 192000 };

/* What the user says of one: -audiodev. */
struct audio_request {
    const char *id;
    enum audio_kind kind;
    const char *path; /* of a WAV file */
    unsigned rate;    /* frames a second */
};

/* Left and right. */
struct audio_frame {
    int16_t left, right;
};

struct audio {
    unsigned rate;
    bool (*start)(struct audio *a, struct error *error); /* may be NULL */
    void (*put)(struct audio *a, uint64_t at, const struct audio_frame *frames, size_t count);
    void (*close)(struct audio *a);
};

/* *a is NULL where nobody listens. */
bool audio_open(const struct audio_request *r, struct audio **a, struct error *error);
bool audio_start(struct audio *a, struct error *error);
/* Numbers do not go back. */
void audio_put(struct audio *a, uint64_t at, const struct audio_frame *frames, size_t count);
/* NULL may be closed, too. */
void audio_close(struct audio *a);
/* Which system calls (enum sandbox_need). */
unsigned audio_needs(enum audio_kind kind);

/* NULL, and an error, if there is none. */
struct audio *audio_wav_open(const struct audio_request *r, struct error *error);
struct audio *audio_sdl_open(const struct audio_request *r, struct error *error);

#endif
