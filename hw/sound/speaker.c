/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See speaker.h. */
#include "hw/sound/speaker.h"

enum { LOUD = 16384, CAPACITOR = 10, FRACTION = 16, SILENT = 4 };

static uint64_t ticks_of(uint64_t ns)
{
    return muldiv(ns, (uint64_t)I8254_HZ << FRACTION, NS_PER_S);
}

static void see(struct speaker *s, uint64_t until)
{
    if (s->is_on)
        s->out += i8254_high_time2(s->pit, s->since, until);
    s->since = until;
}

/* Of a frame that lasted so long; what is left of it has passed the capacitor. */
static int32_t put_frame(struct speaker *s, uint64_t ns)
{
    uint64_t ticks = ticks_of(ns);
    int64_t place = ticks ? (int64_t)(s->out * LOUD / ticks) : 0;
    place = (place > LOUD ? LOUD : place) << FRACTION;
    s->rest += (place - s->rest) / (1 << CAPACITOR);
    s->out = 0;
    int32_t sample = (int32_t)((place - s->rest) / (1 << FRACTION));
    voice_put(&s->voice, sample, sample);
    return sample;
}

/* Is there nothing that would move it? */
static bool is_still(const struct speaker *s)
{
    return !s->is_on || !i8254_moves2(s->pit);
}

static void catch_up(void *chip, uint64_t now)
{
    struct speaker *s = chip;
    const struct mixer *m = s->voice.mixer;
    int32_t sample = LOUD;
    if (now <= s->since)
        return;
    for (;;) {
        uint64_t begin = mixer_time_of(m, s->voice.position);
        uint64_t end = mixer_time_of(m, s->voice.position + 1);
        if (end > now)
            break;
        if (end > s->since)
            see(s, end);
        sample = put_frame(s, end - begin);
    }
    see(s, now);
    if (is_still(s) && sample > -SILENT && sample < SILENT)
        voice_stop(&s->voice);
}

void speaker_change(void *speaker)
{
    struct speaker *s = speaker;
    if (!s->voice.mixer || (!s->is_on && !s->voice.is_active))
        return;
    if (!s->voice.is_active) {
        voice_start(&s->voice, s->voice.mixer->audio->rate);
        s->since = timers_now(s->voice.mixer->timers);
        s->out = 0;
    }
    voice_catch_up(&s->voice);
}

void speaker_let_through(struct speaker *s, bool is_on)
{
    speaker_change(s);
    s->is_on = is_on;
    speaker_change(s);
}

void speaker_init(struct speaker *s, struct mixer *mixer, const struct i8254 *pit)
{
    *s = (struct speaker){.pit = pit};
    voice_init(&s->voice, mixer, catch_up, s);
}

static const struct state_field fields[] = {
    {NOT_STATE(speaker, voice)},
    {NOT_STATE(speaker, pit)},
    {NOT_STATE(speaker, is_on)},
    {NOT_STATE(speaker, since)},
    {NOT_STATE(speaker, out)},
    {NOT_STATE(speaker, rest)},
    {0},
};
static const struct state_table state = STATE_TABLE(speaker, 1, fields);
const struct device speaker_device = {.name = "speaker", .state = &state};
