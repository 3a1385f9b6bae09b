/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sound by SDL, whose thread takes frames out of a ring. */
#include "hw/host/audio_ring.h"

#ifdef HAVE_SDL2

#include "hw/host/sdl_library.h"

#include <stdlib.h>

enum { PERIOD_MS = 25, PATIENCE_MS = 10000 };

struct sdl_audio {
    struct audio audio;
    SDL_sem *begun; /* the thread, whose beginning needs more system calls than the rest */
    SDL_AudioDeviceID device; /* 0: not open; its lock is over what follows */
    struct audio_ring ring;
    bool has_begun;
};

static void fill(void *user, Uint8 *bytes, int size)
{
    struct sdl_audio *s = user;
    if (!s->has_begun)
        SDL_SemPost(s->begun);
    s->has_begun = true;
    audio_ring_take(&s->ring, (struct audio_frame *)bytes,
                    (size_t)size / sizeof(struct audio_frame));
}

/* --- the cpu's thread --- */

static void put(struct audio *a, uint64_t at, const struct audio_frame *frames, size_t count)
{
    struct sdl_audio *s = (struct sdl_audio *)a;
    SDL_LockAudioDevice(s->device);
    audio_ring_put(&s->ring, at, frames, count);
    SDL_UnlockAudioDevice(s->device);
}

static void rest(struct audio *a)
{
    struct sdl_audio *s = (struct sdl_audio *)a;
    SDL_LockAudioDevice(s->device);
    audio_ring_rest(&s->ring);
    SDL_UnlockAudioDevice(s->device);
}

static void count(struct audio *a, struct audio_counts *counts)
{
    struct sdl_audio *s = (struct sdl_audio *)a;
    SDL_LockAudioDevice(s->device);
    *counts = s->ring.counts;
    SDL_UnlockAudioDevice(s->device);
}

/*
 * How many frames the host takes at a time: SDL lets sound servers keep no more than that, so it is
 * also for how long its thread may be late. A power of two, as SDL has it.
 */
static Uint16 period(unsigned rate)
{
    unsigned frames = 1;
    while (2 * frames <= rate * PERIOD_MS / 1000)
        frames *= 2;
    return (Uint16)frames;
}

static bool start(struct audio *a, struct error *error)
{
    struct sdl_audio *s = (struct sdl_audio *)a;
    const SDL_AudioSpec wanted = {.freq = (int)a->rate,
                                  .format = AUDIO_S16SYS,
                                  .channels = 2,
                                  .samples = period(a->rate),
                                  .callback = fill,
                                  .userdata = s};
    s->begun = SDL_CreateSemaphore(0);
    if (s->begun && SDL_InitSubSystem(SDL_INIT_AUDIO) == 0)
        s->device = SDL_OpenAudioDevice(NULL, 0, &wanted, NULL, 0);
    if (!s->device)
        return error_set(error, "-audiodev sdl: %s (-audiodev none does without)", SDL_GetError());
    SDL_PauseAudioDevice(s->device, 0);
    return SDL_SemWaitTimeout(s->begun, PATIENCE_MS) == 0 ||
           error_set(error, "-audiodev sdl: the host's sound does not play");
}

static void close_device(struct audio *a)
{
    struct sdl_audio *s = (struct sdl_audio *)a;
    if (s->device) {
        SDL_CloseAudioDevice(s->device);
        SDL_QuitSubSystem(SDL_INIT_AUDIO);
    }
    if (s->begun)
        SDL_DestroySemaphore(s->begun);
    audio_ring_destroy(&s->ring);
    free(s);
}

struct audio *audio_sdl_open(const struct audio_request *r, struct error *error)
{
    struct sdl_audio *s = calloc(1, sizeof *s);
    if (!s || !audio_ring_init(&s->ring, r->rate)) {
        free(s);
        error_set(error, "the host is out of memory");
        return NULL;
    }
    s->audio = (struct audio){r->rate, start, put, close_device, rest, count};
    return &s->audio;
}

#else

struct audio *audio_sdl_open(const struct audio_request *r, struct error *error)
{
    (void)r;
    error_set(error, "-audiodev sdl: built without SDL (-audiodev wav writes a file)");
    return NULL;
}

#endif
