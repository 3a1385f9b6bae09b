/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sound by SDL, whose thread takes frames out of a ring; see audio.h for how many wait there. */
#include "hw/host/audio.h"

#ifdef HAVE_SDL2

#include "hw/host/sdl_library.h"

#include <stdlib.h>
#include <string.h>

enum { GATHERED_MS = 60, MOST_MS = 200, PERIOD = 512, PATIENCE_MS = 10000 };

struct sdl_audio {
    struct audio audio;
    SDL_sem *begun; /* the thread, whose beginning needs more system calls than the rest */
    SDL_AudioDeviceID device; /* 0: not open; its lock is over what follows */
    struct audio_frame *ring;
    size_t room, gathered; /* in frames; the latter are to wait before any is heard */
    size_t first, count;   /* those that wait */
    bool has_begun, is_heard;
};

/* --- SDL's thread --- */

static size_t take(struct sdl_audio *s, struct audio_frame *to, size_t wanted)
{
    size_t n = s->count < wanted ? s->count : wanted;
    for (size_t i = 0; i < n; i++)
        to[i] = s->ring[(s->first + i) % s->room];
    s->first = (s->first + n) % s->room;
    s->count -= n;
    return n;
}

static void fill(void *user, Uint8 *bytes, int size)
{
    struct sdl_audio *s = user;
    size_t wanted = (size_t)size / sizeof(struct audio_frame), n = 0;
    if (!s->has_begun)
        SDL_SemPost(s->begun);
    s->has_begun = true;
    s->is_heard = s->is_heard ? s->count >= wanted : s->count >= s->gathered;
    if (s->is_heard)
        n = take(s, (struct audio_frame *)bytes, wanted);
    memset(bytes + n * sizeof(struct audio_frame), 0,
           (size_t)size - n * sizeof(struct audio_frame));
}

/* --- the cpu's --- */

static void put(struct audio *a, uint64_t at, const struct audio_frame *frames, size_t count)
{
    struct sdl_audio *s = (struct sdl_audio *)a;
    (void)at; /* the host's silence lasts as long as the guest's */
    SDL_LockAudioDevice(s->device);
    for (size_t i = 0; i < count && s->count < s->room; i++)
        s->ring[(s->first + s->count++) % s->room] = frames[i];
    SDL_UnlockAudioDevice(s->device);
}

static bool start(struct audio *a, struct error *error)
{
    struct sdl_audio *s = (struct sdl_audio *)a;
    const SDL_AudioSpec wanted = {.freq = (int)a->rate,
                                  .format = AUDIO_S16SYS,
                                  .channels = 2,
                                  .samples = PERIOD,
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
    free(s->ring);
    free(s);
}

struct audio *audio_sdl_open(const struct audio_request *r, struct error *error)
{
    struct sdl_audio *s = calloc(1, sizeof *s);
    size_t room = (size_t)r->rate * MOST_MS / 1000;
    struct audio_frame *ring = calloc(room, sizeof *ring);
    if (!s || !ring) {
        free(s);
        free(ring);
        error_set(error, "the host is out of memory");
        return NULL;
    }
    *s = (struct sdl_audio){.audio = {r->rate, start, put, close_device},
                            .ring = ring,
                            .room = room,
                            .gathered = (size_t)r->rate * GATHERED_MS / 1000};
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
