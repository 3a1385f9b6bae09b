/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See audio.h. */
#include "hw/host/audio.h"

#include "hw/host/sandbox.h"

const char *audio_kind_name(enum audio_kind kind)
{
    static const char *const names[] = {
        [AUDIO_NONE] = "none", [AUDIO_WAV] = "wav", [AUDIO_SDL] = "sdl", [AUDIO_KINDS] = NULL};
    return names[kind];
}

bool audio_open(const struct audio_request *r, struct audio **a, struct error *error)
{
    *a = NULL;
    if (r->kind == AUDIO_NONE)
        return true;
    *a = r->kind == AUDIO_WAV ? audio_wav_open(r, error) : audio_sdl_open(r, error);
    return *a;
}

bool audio_start(struct audio *a, struct error *error)
{
    return !a || !a->start || a->start(a, error);
}

void audio_put(struct audio *a, uint64_t at, const struct audio_frame *frames, size_t count)
{
    a->put(a, at, frames, count);
}

void audio_rest(struct audio *a)
{
    if (a->rest)
        a->rest(a);
}

bool audio_count(struct audio *a, struct audio_counts *counts)
{
    if (a->count)
        a->count(a, counts);
    return a->count;
}

void audio_close(struct audio *a)
{
    if (a)
        a->close(a);
}

unsigned audio_needs(enum audio_kind kind)
{
    return kind == AUDIO_WAV ? SANDBOX_WAV : kind == AUDIO_SDL ? SANDBOX_SOUND : 0u;
}
