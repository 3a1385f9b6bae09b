/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The codec: Audio Codec '97, revision 2.3, section 5. */
#include "hw/sound/ac97_internal.h"

#include "exec/exec.h"

#include <string.h>

enum {
    RESET = 0x00,
    MASTER = 0x02,
    MONO = 0x06,
    PC_BEEP = 0x0a,
    PHONE = 0x0c,
    MICROPHONE = 0x0e,
    LINE_IN = 0x10,
    AUX = 0x16,
    PCM_OUT = 0x18,
    RECORD_SELECT = 0x1a,
    RECORD_GAIN = 0x1c,
    GENERAL = 0x20,
    POWER = 0x26,
    EXTENDED_ID = 0x28,
    EXTENDED_CONTROL = 0x2a,
    DAC_RATE = 0x2c,
    ADC_RATE = 0x32,
    MICROPHONE_RATE = 0x34,
    VENDOR1 = 0x7c,
    VENDOR2 = 0x7e
};
enum { MUTE = 0x8000, VARIABLE_RATE = 1, READY = 0x0f, RATE = 48000, RATE_LEAST = 8000 };

static uint16_t *reg(struct ac97 *s, unsigned address)
{
    return &s->codec[address / 2];
}

/* What of a register may be written; 0: it is read-only, or not there. */
static uint16_t writable(unsigned address)
{
    switch (address) {
    case MASTER:
    case MASTER + 2:
        return 0xbf3f;
    case MONO:
        return 0x803f;
    case PC_BEEP:
        return 0x801e;
    case PHONE:
        return 0x801f;
    case MICROPHONE:
        return 0x805f;
    case RECORD_SELECT:
        return 0x0707;
    case RECORD_GAIN:
        return 0x8f0f;
    case GENERAL:
        return 0xa380;
    case POWER:
        return 0xff00;
    case EXTENDED_CONTROL:
        return VARIABLE_RATE;
    case DAC_RATE:
    case ADC_RATE:
    case MICROPHONE_RATE:
        return 0xffff;
    default:
        return address >= LINE_IN && address <= PCM_OUT ? 0x9f1f : 0;
    }
}

uint32_t ac97_rate(const struct ac97 *s, enum ac97_channels channel)
{
    static const uint8_t of[] = {
        [AC97_IN] = ADC_RATE, [AC97_OUT] = DAC_RATE, [AC97_MICROPHONE] = MICROPHONE_RATE};
    return s->codec[of[channel] / 2];
}

/* --- levels --- */

/* Of 5 bits, in steps of 1.5 dB; PCM's 8 is 0 dB. */
static int32_t gain_of(uint16_t master, uint16_t pcm, unsigned shift)
{
    enum { EVEN = 8, STEP = 3 };
    int steps = (master >> shift & 0x1f) + (pcm >> shift & 0x1f) - EVEN;
    if ((master | pcm) & MUTE)
        return 0;
    return sound_gain(steps > 0 ? (unsigned)steps * STEP : 0);
}

static void set_gains(struct ac97 *s)
{
    uint16_t master = *reg(s, MASTER), pcm = *reg(s, PCM_OUT);
    s->gain[0] = gain_of(master, pcm, 8);
    s->gain[1] = gain_of(master, pcm, 0);
}

/* A sixth bit is more than there is, and reads as the most there is (5.7.1). */
static uint16_t within_five_bits(uint16_t level)
{
    level = level & 0x2000 ? (level & ~0x2000) | 0x1f00 : level;
    return level & 0x20 ? (level & ~0x20) | 0x1f : level;
}

static uint16_t within_rates(const struct ac97 *s, uint16_t rate)
{
    if (!(s->codec[EXTENDED_CONTROL / 2] & VARIABLE_RATE) || rate > RATE)
        return RATE;
    return rate < RATE_LEAST ? RATE_LEAST : rate;
}

static void set_rates_back(struct ac97 *s)
{
    *reg(s, DAC_RATE) = *reg(s, ADC_RATE) = *reg(s, MICROPHONE_RATE) = RATE;
}

/* --- registers --- */

static bool is_rate(unsigned address)
{
    return address == DAC_RATE || address == ADC_RATE || address == MICROPHONE_RATE;
}

static void write_register(struct ac97 *s, unsigned address, uint16_t value)
{
    uint16_t mask = writable(address);
    uint16_t *to = reg(s, address);
    ac97_catch_up(s);
    if (address == RESET) {
        ac97_codec_reset(s);
        return;
    }
    value = (uint16_t)((*to & ~mask) | (value & mask));
    if (address >= MASTER && address <= MONO)
        value = within_five_bits(value);
    if (is_rate(address))
        value = within_rates(s, value);
    *to = value;
    if (address == EXTENDED_CONTROL && !(value & VARIABLE_RATE))
        set_rates_back(s);
    if (!mask)
        log_if(LOG_UNIMP, "ac97: codec register %02x is not to be written\n", address);
    set_gains(s);
    if (is_rate(address) || address == EXTENDED_CONTROL)
        ac97_go_on(s);
}

uint32_t ac97_codec_read(void *device, uint32_t offset, unsigned size)
{
    struct ac97 *s = device;
    uint32_t value = 0;
    s->semaphore = false;
    if (!(s->global & AC97_COLD_RESET) || offset >= 2 * AC97_CODEC_REGISTERS) {
        s->read_failed = true; /* nobody answers on the AC-link */
        return UINT32_MAX;
    }
    for (unsigned i = 0; i < size; i++) {
        unsigned at = offset + i;
        uint32_t word = at < 2 * AC97_CODEC_REGISTERS ? *reg(s, at) : 0xffff;
        value |= (word >> (at % 2 * 8) & 0xff) << (8 * i);
    }
    return value;
}

/* By words. */
void ac97_codec_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct ac97 *s = device;
    s->semaphore = false;
    if (size == 1 || !(s->global & AC97_COLD_RESET))
        return;
    for (unsigned i = 0; i < size; i += 2)
        if (offset + i < 2 * AC97_CODEC_REGISTERS)
            write_register(s, (offset + i) & ~1u, (uint16_t)(value >> (8 * i)));
}

void ac97_codec_reset(struct ac97 *s)
{
    memset(s->codec, 0, sizeof s->codec);
    *reg(s, MASTER) = *reg(s, MASTER + 2) = *reg(s, MONO) = *reg(s, RECORD_GAIN) = MUTE;
    *reg(s, PHONE) = *reg(s, MICROPHONE) = MUTE | 0x08;
    for (unsigned i = LINE_IN; i <= PCM_OUT; i += 2)
        *reg(s, i) = MUTE | 0x0808;
    *reg(s, POWER) = READY;
    *reg(s, EXTENDED_ID) = VARIABLE_RATE;
    *reg(s, VENDOR1) = 0x8384; /* SigmaTel's STAC9700, which has no registers of its own */
    *reg(s, VENDOR2) = 0x7600;
    set_rates_back(s);
    set_gains(s);
    ac97_go_on(s);
}

void ac97_codec_restored(struct ac97 *s)
{
    static const uint8_t rates[] = {DAC_RATE, ADC_RATE, MICROPHONE_RATE};
    for (unsigned i = 0; i < sizeof rates; i++)
        *reg(s, rates[i]) = within_rates(s, *reg(s, rates[i]));
    set_gains(s);
}
