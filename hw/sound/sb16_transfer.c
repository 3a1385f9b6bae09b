/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples by DMA, as their time comes. */
#include "hw/sound/sb16_internal.h"

#include <string.h>

static unsigned samples_a_frame(const struct sb16_transfer *t)
{
    return t->is_stereo ? 2 : 1;
}

static size_t bytes_a_sample(const struct sb16_transfer *t)
{
    return t->is_16bit ? 2 : 1;
}

/* --- moving --- */

static size_t transfer(void *chip, enum dma_direction direction, uint8_t *bytes, size_t size)
{
    struct sb16 *s = chip;
    size_t left = s->needed - s->taken, n = size < left ? size : left;
    if (s->transfer.is_input)
        memset(bytes, s->transfer.is_signed ? 0 : 0x80, n);
    else if (direction == DMA_FROM_MEMORY)
        memcpy(s->bytes + s->taken, bytes, n);
    s->taken += n;
    return n;
}

/* How many of these bytes could be had. */
static size_t move(struct sb16 *s, size_t size)
{
    unsigned channel = sb16_channel(s, s->transfer.is_16bit);
    s->taken = 0;
    s->needed = size;
    memset(s->bytes, 0, size);
    i8237_request(&s->wiring.dma[channel / 4], channel % 4, true);
    i8237_request(&s->wiring.dma[channel / 4], channel % 4, false);
    s->needed = 0;
    return s->taken;
}

/* --- playing --- */

static int32_t sample_at(const struct sb16 *s, size_t number)
{
    const struct sb16_transfer *t = &s->transfer;
    uint16_t raw = t->is_16bit ? (uint16_t)(s->bytes[2 * number] | s->bytes[2 * number + 1] << 8)
                               : (uint16_t)(s->bytes[number] << 8);
    return (int16_t)(t->is_signed ? raw : raw ^ 0x8000);
}

static int32_t scaled(int32_t sample, int32_t gain)
{
    return (int32_t)(((int64_t)sample * gain) >> 16);
}

static void play(struct sb16 *s, size_t frames)
{
    unsigned samples = samples_a_frame(&s->transfer);
    for (size_t i = 0; i < frames; i++) {
        int32_t left = sample_at(s, i * samples), right = sample_at(s, i * samples + samples - 1);
        voice_put(&s->voice, scaled(left, s->gain[0]), scaled(right, s->gain[1]));
    }
}

/* --- time --- */

static uint64_t frames_due(const struct sb16_transfer *t, uint64_t now)
{
    return now > t->begun ? muldiv(now - t->begun, t->rate, NS_PER_S) : 0;
}

/* In the block; a last frame may lack a sample. */
static uint64_t frames_left(const struct sb16_transfer *t)
{
    return (t->left + samples_a_frame(t) - 1) / samples_a_frame(t);
}

/* A millisecond on, or at the end of the block: the first moment at which so many are due. */
static void set_timer(struct sb16 *s)
{
    const struct sb16_transfer *t = &s->transfer;
    uint64_t n = t->rate / 1000 + 1, left = frames_left(t);
    n = t->frames + (n < left ? n : left);
    if (t->is_on && !t->is_paused)
        timer_set(&s->timer, t->begun + muldiv(n, NS_PER_S, t->rate) + 1);
    else
        timer_cancel(&s->timer);
}

static void end_block(struct sb16 *s)
{
    struct sb16_transfer *t = &s->transfer;
    if (t->is_auto)
        t->left = t->block;
    else
        sb16_stop(s);
    sb16_ask(s, t->is_16bit ? SB16_IRQ_16BIT : SB16_IRQ_8BIT);
}

/* At most so many frames, of this block; returns how many it was. */
static uint64_t do_frames(struct sb16 *s, uint64_t most)
{
    struct sb16_transfer *t = &s->transfer;
    uint64_t frames = frames_left(t), room = sizeof s->bytes / 4;
    frames = frames < most ? frames : most;
    frames = frames < room ? frames : room;
    uint32_t samples = (uint32_t)frames * samples_a_frame(t);
    samples = samples < t->left ? samples : t->left;
    size_t size = samples * bytes_a_sample(t);
    if (!t->is_silence && move(s, size) < size)
        return 0;
    if (t->is_silence)
        memset(s->bytes, 0x80, size);
    if (!t->is_input)
        play(s, frames);
    t->left -= samples;
    t->frames += frames;
    return frames;
}

/* Whoever has masked the channel, or has stopped the DSP by the interrupt, is waited for. */
static void fire(void *chip, uint64_t now)
{
    struct sb16 *s = chip;
    struct sb16_transfer *t = &s->transfer;
    while (t->is_on && !t->is_paused && frames_due(t, now) > t->frames) {
        if (!do_frames(s, frames_due(t, now) - t->frames)) {
            t->begun = now;
            t->frames = 0;
        } else if (!t->left) {
            end_block(s);
        }
    }
    set_timer(s);
}

static void set_voice(struct sb16 *s)
{
    const struct sb16_transfer *t = &s->transfer;
    if (t->is_on && !t->is_paused && !t->is_input)
        voice_start(&s->voice, t->rate);
    else
        voice_stop(&s->voice);
}

void sb16_start(struct sb16 *s, const struct sb16_transfer *t)
{
    s->transfer = *t;
    s->transfer.is_on = true;
    s->transfer.left = t->block;
    s->transfer.begun = timers_now(s->wiring.timers);
    set_voice(s);
    set_timer(s);
}

void sb16_stop(struct sb16 *s)
{
    s->transfer.is_on = false;
    set_voice(s);
    set_timer(s);
}

void sb16_pause(struct sb16 *s, bool is_paused)
{
    struct sb16_transfer *t = &s->transfer;
    if (t->is_paused && !is_paused) {
        t->begun = timers_now(s->wiring.timers);
        t->frames = 0;
    }
    t->is_paused = is_paused;
    set_voice(s);
    set_timer(s);
}

/* --- the chip --- */

void sb16_transfer_init(struct sb16 *s)
{
    static const unsigned channels[] = {0, 1, 3, 5, 6, 7};
    const struct dma_client client = {s, transfer, NULL};
    for (unsigned i = 0; i < sizeof channels / sizeof *channels; i++)
        i8237_connect(&s->wiring.dma[channels[i] / 4], channels[i] % 4, &client);
    timer_init(&s->timer, s->wiring.timers, fire, s);
}

void sb16_transfer_restored(struct sb16 *s)
{
    set_voice(s);
}

static const struct state_field fields[] = {
    {STATE(sb16_transfer, is_on)},
    {STATE(sb16_transfer, is_paused)},
    {STATE(sb16_transfer, is_16bit)},
    {STATE(sb16_transfer, is_stereo)},
    {STATE(sb16_transfer, is_signed)},
    {STATE(sb16_transfer, is_input)},
    {STATE(sb16_transfer, is_auto)},
    {STATE(sb16_transfer, is_silence)},
    {STATE(sb16_transfer, rate), .least = 1, .most = 1000000},
    {STATE(sb16_transfer, block), .least = 1, .most = 0x10000},
    {STATE(sb16_transfer, left), .most = 0x10000},
    {STATE(sb16_transfer, begun)},
    {STATE(sb16_transfer, frames)},
    {0},
};
const struct state_table sb16_transfer_state = STATE_TABLE(sb16_transfer, 1, fields);
