/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See fake_audio.h. */
#include "tests/hw/fake_audio.h"

#include <string.h>

static void put(struct audio *a, uint64_t at, const struct audio_frame *frames, size_t count)
{
    struct fake_audio *f = (struct fake_audio *)a;
    f->went_back |= at < f->count;
    f->count = at + count;
    for (size_t i = 0; i < count && at + i < FAKE_AUDIO_ROOM; i++)
        f->frame[at + i] = frames[i];
}

void fake_audio_init(struct fake_audio *f, unsigned rate)
{
    memset(f, 0, sizeof *f);
    f->audio = (struct audio){.rate = rate, .put = put};
}

unsigned fake_audio_waves(const struct fake_audio *f, size_t from, size_t count)
{
    unsigned waves = 0;
    for (size_t i = from + 1; i < from + count; i++)
        waves += f->frame[i - 1].left < 0 && f->frame[i].left >= 0;
    return waves;
}

size_t fake_audio_first(const struct fake_audio *f)
{
    size_t i = 0;
    while (i < f->count && !f->frame[i].left && !f->frame[i].right)
        i++;
    return i;
}
