/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The CT1745: levels, and which interrupt and DMA channels are used (chapter 4). */
#include "hw/sound/sb16_internal.h"

#include <string.h>

enum {
    RESET = 0x00,
    MASTER = 0x30,
    VOICE = 0x32,
    FM = 0x34,
    IRQ = 0x80,
    DMA = 0x81,
    STATUS = 0x82
};
/* The Sound Blaster Pro's: both sides' levels in one. */
enum { OLD_VOICE = 0x04, OLD_MASTER = 0x22, OLD_FM = 0x26 };
enum { NO_CHANNEL = 8 };

static const uint8_t irqs[] = {9, 5, 7, 10};

static unsigned irq_of(const struct sb16 *s)
{
    for (unsigned i = 0; i < sizeof irqs; i++)
        if (s->level[IRQ] >> i & 1)
            return irqs[i];
    return irqs[0];
}

static void set_irq(const struct sb16 *s)
{
    struct irq_line line = s->wiring.irq;
    line.input += irq_of(s);
    irq_set(&line, s->pending);
}

static unsigned lowest_of(uint8_t bits)
{
    for (unsigned i = 0; i < 8; i++)
        if (bits >> i & 1)
            return i;
    return NO_CHANNEL;
}

unsigned sb16_channel(const struct sb16 *s, bool is_16bit)
{
    unsigned words = lowest_of(s->level[DMA] & 0xe0), bytes = lowest_of(s->level[DMA] & 0x0b);
    return is_16bit && words != NO_CHANNEL ? words : bytes != NO_CHANNEL ? bytes : SB16_DMA;
}

void sb16_ask(struct sb16 *s, uint8_t who)
{
    s->pending |= who;
    set_irq(s);
}

void sb16_acknowledge(struct sb16 *s, uint8_t who)
{
    s->pending &= (uint8_t)~who;
    set_irq(s);
}

/* In steps of 2 dB from 31 down; 24 is what a reset sets. */
static int32_t gain_of(uint8_t level)
{
    enum { FULL = 24, STEP = 4 };
    unsigned steps = level >> 3;
    return steps == 0 ? 0 : sound_gain(steps < FULL ? (FULL - steps) * STEP : 0);
}

static int32_t product(int32_t a, int32_t b)
{
    return (int32_t)(((int64_t)a * b) >> 16);
}

static void set_gains(struct sb16 *s)
{
    voice_catch_up(&s->opl.voice);
    voice_catch_up(&s->direct);
    for (unsigned side = 0; side < 2; side++) {
        int32_t master = gain_of(s->level[MASTER + side]);
        s->gain[side] = product(master, gain_of(s->level[VOICE + side]));
        s->opl.gain[side] = product(master, gain_of(s->level[FM + side]));
    }
}

void sb16_mixer_reset(struct sb16 *s)
{
    uint8_t irq = s->level[IRQ], dma = s->level[DMA];
    memset(s->level, 0, sizeof s->level);
    for (unsigned i = MASTER; i < FM + 2; i++)
        s->level[i] = 0xc0;
    for (unsigned i = 0x44; i <= 0x47; i++)
        s->level[i] = 0x80; /* treble and bass: even */
    s->level[IRQ] = irq;
    s->level[DMA] = dma;
    set_gains(s);
}

void sb16_mixer_restored(struct sb16 *s)
{
    set_gains(s);
}

static unsigned new_level_of(unsigned old)
{
    return old == OLD_VOICE ? VOICE : old == OLD_MASTER ? MASTER : old == OLD_FM ? FM : 0;
}

uint8_t sb16_mixer_read(const struct sb16 *s)
{
    unsigned level = new_level_of(s->address);
    if (level)
        return (s->level[level] & 0xf0) | s->level[level + 1] >> 4;
    if (s->address == STATUS)
        return s->pending | 0x20; /* of a CT1745 */
    return s->level[s->address];
}

void sb16_mixer_write(struct sb16 *s, uint8_t value)
{
    unsigned level = new_level_of(s->address);
    if (s->address == RESET) {
        sb16_mixer_reset(s);
    } else if (level) {
        s->level[level] = value & 0xf0;
        s->level[level + 1] = (uint8_t)(value << 4);
    } else if (s->address == IRQ) {
        uint8_t pending = s->pending;
        sb16_acknowledge(s, pending);
        s->level[IRQ] = value | 0xf0;
        sb16_ask(s, pending);
    } else if (s->address != STATUS) {
        s->level[s->address] = value;
    }
    set_gains(s);
}
