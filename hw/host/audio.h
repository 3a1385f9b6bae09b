/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where sound goes: a WAV file, or the host's loudspeakers by SDL. Nobody who listens slowly slows
 * the guest: frames are taken at once, or lost.
 *
 *   struct audio *a;
 *   audio_open(&request, &a, &error)      a file is opened
 *   audio_start(a, &error)                a thread is started; before the sandbox is entered
 *   audio_put(a, at, frames, count)
 *   audio_rest(a)                         nothing more comes for now
 *   audio_close(a)
 *
 * A frame has a number, which tells its time: number N is heard N / rate seconds after power-on.
 * What is left out between two calls is silence.
 *
 * A WAV file has the frame of each number at its place, the silence as a hole in the file; its
 * header is right whenever a call has returned, so a killed Tessera leaves a file that plays.
 *
 * SDL takes frames when the host's sound wants them, out of a ring: see audio_ring.h for what it
 * does where that is not when they come.
 */
#ifndef HW_HOST_AUDIO_H
#define HW_HOST_AUDIO_H

#include "hw/host/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum audio_kind { AUDIO_NONE, AUDIO_WAV, AUDIO_SDL, AUDIO_KINDS };
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

/* What has become of frames, since the start. */
struct audio_counts {
    uint64_t heard; /* by the host */
    uint64_t gaps;  /* how often it had none, though the guest's sound had not ended */
    uint64_t lost;  /* too many at a time */
};

struct audio {
    unsigned rate;
    bool (*start)(struct audio *a, struct error *error); /* may be NULL */
    void (*put)(struct audio *a, uint64_t at, const struct audio_frame *frames, size_t count);
    void (*close)(struct audio *a);
    /* NULL where nobody waits for frames. */
    void (*rest)(struct audio *a);
    void (*count)(struct audio *a, struct audio_counts *counts);
};

/* As the command line has it; NULL from AUDIO_KINDS on. */
const char *audio_kind_name(enum audio_kind kind);
/* *a is NULL where nobody listens. */
bool audio_open(const struct audio_request *r, struct audio **a, struct error *error);
bool audio_start(struct audio *a, struct error *error);
/* Numbers do not go back. */
void audio_put(struct audio *a, uint64_t at, const struct audio_frame *frames, size_t count);
/* All that has been put is to be heard without waiting for more. */
void audio_rest(struct audio *a);
/* False of an end that takes all as it comes. */
bool audio_count(struct audio *a, struct audio_counts *counts);
/* NULL may be closed, too. */
void audio_close(struct audio *a);
/* Which system calls (enum sandbox_need). */
unsigned audio_needs(enum audio_kind kind);

/* NULL, and an error, if there is none. */
struct audio *audio_wav_open(const struct audio_request *r, struct error *error);
struct audio *audio_sdl_open(const struct audio_request *r, struct error *error);

#endif
