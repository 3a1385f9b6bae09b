/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See mixer.h. */
#include "hw/sound/mixer.h"

#include <stdlib.h>
#include <string.h>

static const uint64_t tick_ns = (uint64_t)10 * NS_PER_MS;
static const uint64_t one = (uint64_t)1 << 32; /* sample */

/* --- frames and times --- */

/* How many begin before that time. */
static uint64_t frame_of(const struct mixer *m, uint64_t time)
{
    return m->origin_frame + muldiv(time - m->origin, m->audio->rate, NS_PER_S);
}

uint64_t mixer_time_of(const struct mixer *m, uint64_t frame)
{
    uint64_t since = frame - m->origin_frame;
    return m->origin +
           (uint64_t)(((unsigned __int128)since * NS_PER_S + m->audio->rate - 1) / m->audio->rate);
}

static bool is_active(const struct mixer *m)
{
    for (unsigned i = 0; i < m->voices; i++)
        if (m->voice[i]->is_active)
            return true;
    return false;
}

/* --- passing on --- */

static int16_t cut_off(int32_t value)
{
    return (int16_t)(value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value);
}

static void pass_on(struct mixer *m, size_t count)
{
    struct audio_frame frames[512];
    for (size_t i = 0; i < count; i++) {
        int32_t *sum = m->sum[(m->flushed + i) % MIXER_FRAMES];
        frames[i] = (struct audio_frame){cut_off(sum[0]), cut_off(sum[1])};
        sum[0] = sum[1] = 0;
    }
    audio_put(m->audio, m->flushed, frames, count);
    m->flushed += count;
}

static void flush(struct mixer *m, uint64_t until)
{
    enum { MOST = 512 };
    while (m->flushed < until)
        pass_on(m, until - m->flushed < MOST ? (size_t)(until - m->flushed) : MOST);
}

static void advance(struct mixer *m, uint64_t now)
{
    uint64_t delay = muldiv(MIXER_DELAY_MS, m->audio->rate, 1000);
    while (m->advanced < now) {
        m->advanced = now - m->advanced < tick_ns ? now : m->advanced + tick_ns;
        for (unsigned i = 0; i < m->voices; i++)
            if (m->voice[i]->is_active && m->voice[i]->catch_up)
                m->voice[i]->catch_up(m->voice[i]->chip, m->advanced);
        uint64_t frame = frame_of(m, m->advanced);
        frame = frame > delay ? frame - delay : 0;
        flush(m, frame < m->end ? frame : m->end);
    }
}

static void tick(void *mixer, uint64_t now)
{
    struct mixer *m = mixer;
    advance(m, now);
    if (is_active(m) || m->flushed < m->end)
        timer_set(&m->tick, now + tick_ns);
    else
        audio_rest(m->audio);
}

void mixer_finish(struct mixer *m)
{
    if (!m->audio)
        return;
    flush(m, m->end);
    audio_rest(m->audio);
}

/* --- voices --- */

void voice_init(struct voice *v, struct mixer *mixer, void (*catch_up)(void *chip, uint64_t now),
                void *chip)
{
    *v = (struct voice){.mixer = mixer, .catch_up = catch_up, .chip = chip};
    if (!mixer)
        return;
    if (mixer->voices == MIXER_VOICES)
        abort();
    mixer->voice[mixer->voices++] = v;
}

/* Out of silence, which is left out. */
static void wake(struct mixer *m, uint64_t now)
{
    if (m->flushed < m->end)
        return;
    uint64_t frame = frame_of(m, now);
    m->flushed = m->end = frame > m->flushed ? frame : m->flushed;
    m->advanced = now;
    timer_set(&m->tick, now + tick_ns);
}

void voice_start(struct voice *v, uint32_t rate)
{
    struct mixer *m = v->mixer;
    if (!m)
        return;
    v->step = ((uint64_t)rate << 32) / m->audio->rate;
    if (v->is_active)
        return;
    uint64_t now = timers_now(m->timers);
    if (!is_active(m))
        wake(m, now);
    v->is_active = true;
    v->position = frame_of(m, now);
    v->next = one;
    v->left = v->right = 0;
}

void voice_stop(struct voice *v)
{
    v->is_active = false;
}

/* One that is late is heard later: the guest, or its host, has been too slow. */
static int32_t *place_for(struct mixer *m, uint64_t *position)
{
    if (*position < m->flushed)
        *position = m->flushed;
    if (*position >= m->flushed + MIXER_FRAMES)
        flush(m, *position - MIXER_FRAMES / 2);
    if (*position >= m->end)
        m->end = *position + 1;
    return m->sum[(*position)++ % MIXER_FRAMES];
}

static int32_t between(int32_t from, int32_t to, uint64_t part)
{
    return from + (int32_t)(((int64_t)(to - from) * (int64_t)part) >> 32);
}

void voice_put(struct voice *v, int32_t left, int32_t right)
{
    if (!v->mixer || !v->is_active)
        return;
    for (; v->next <= one; v->next += v->step) {
        int32_t *sum = place_for(v->mixer, &v->position);
        sum[0] += between(v->left, left, v->next);
        sum[1] += between(v->right, right, v->next);
    }
    v->next -= one;
    v->left = left;
    v->right = right;
}

void voice_catch_up(struct voice *v)
{
    if (v->mixer && v->is_active && v->catch_up)
        v->catch_up(v->chip, timers_now(v->mixer->timers));
}

int32_t sound_gain(unsigned half_decibels)
{
    static const uint64_t step = 4054710589; /* 10^(-1/40), in 2^-32 */
    uint64_t gain = one;
    while (half_decibels-- && gain)
        gain = (gain * step) >> 32;
    return (int32_t)(gain >> 16);
}

/* --- the mixer --- */

void mixer_init(struct mixer *m, struct timers *timers, struct audio *audio)
{
    memset(m, 0, sizeof *m);
    m->audio = audio;
    m->timers = timers;
    timer_init(&m->tick, timers, tick, m);
    m->origin = m->advanced = timers_now(timers);
}

/* Sound goes on from where it is, at another time. */
static void restored(void *device)
{
    struct mixer *m = device;
    mixer_finish(m);
    for (unsigned i = 0; i < m->voices; i++)
        m->voice[i]->is_active = false;
    m->origin = m->advanced = timers_now(m->timers);
    m->origin_frame = m->flushed;
    timer_cancel(&m->tick);
}

static const struct state_field fields[] = {
    {NOT_STATE(mixer, audio)},   {NOT_STATE(mixer, timers)},       {NOT_STATE(mixer, tick)},
    {NOT_STATE(mixer, origin)},  {NOT_STATE(mixer, origin_frame)}, {NOT_STATE(mixer, advanced)},
    {NOT_STATE(mixer, flushed)}, {NOT_STATE(mixer, end)},          {NOT_STATE(mixer, voices)},
    {NOT_STATE(mixer, voice)},   {NOT_STATE(mixer, sum)},          {0},
};
static const struct state_table state = STATE_TABLE(mixer, 1, fields);
const struct device mixer_device = {.name = "mixer", .state = &state, .restored = restored};
