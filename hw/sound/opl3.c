/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See opl3.h. */
#include "hw/sound/opl3.h"

#include <stdlib.h>
#include <string.h>

/* A sample takes 288 of the crystal's cycles. */
enum { CRYSTAL_HZ = 14318180, CYCLES = 288, RATE = 49716 };
enum { TIMER1 = 0x02, TIMER2 = 0x03, TIMER_CONTROL = 0x04, NEW = 0x105, FOUR_OPERATORS = 0x104 };
enum { CLEAR_FLAGS = 0x80, KEY_ON = 0x20, RHYTHM = 0xbd };

static uint64_t time_of(uint64_t samples)
{
    return muldiv(samples, (uint64_t)CYCLES * NS_PER_S, CRYSTAL_HZ);
}

/* --- the synthesizer --- */

#ifdef HAVE_ADPLUG

#include <adplug/nukedopl.h>

struct synthesizer {
    opl3_chip chip;
};

static struct synthesizer *synthesizer_create(void)
{
    return calloc(1, sizeof(struct synthesizer));
}

static void synthesizer_reset(struct synthesizer *y)
{
    OPL3_Reset(&y->chip, RATE);
}

static void synthesizer_write(struct synthesizer *y, unsigned address, uint8_t value)
{
    OPL3_WriteReg(&y->chip, (uint16_t)address, value);
}

static void synthesizer_sample(struct synthesizer *y, int16_t sample[2])
{
    OPL3_Generate(&y->chip, sample);
}

#else

/* Never made. */
struct synthesizer {
    char none;
};

static struct synthesizer *synthesizer_create(void)
{
    return calloc(1, sizeof(struct synthesizer));
}

static void synthesizer_reset(struct synthesizer *y)
{
    (void)y;
}

static void synthesizer_write(struct synthesizer *y, unsigned address, uint8_t value)
{
    (void)y;
    (void)address;
    (void)value;
}

static void synthesizer_sample(struct synthesizer *y, int16_t sample[2])
{
    (void)y;
    sample[0] = sample[1] = 0;
}

#endif

/* An operator at rest still gives -1 in half of its wave. */
static bool is_silent(int16_t sample)
{
    enum { OPERATORS = 36 };
    return sample <= 0 && sample >= -OPERATORS;
}

static void catch_up(void *chip, uint64_t now)
{
    struct opl3 *s = chip;
    int16_t sample[2];
    if (now < s->begun)
        return;
    uint64_t due = muldiv(now - s->begun, CRYSTAL_HZ, (uint64_t)CYCLES * NS_PER_S);
    for (; s->samples < due; s->samples++) {
        synthesizer_sample(s->synthesizer, sample);
        s->silent = is_silent(sample[0]) && is_silent(sample[1]) ? s->silent + 1 : 0;
        voice_put(&s->voice, (int32_t)(((int64_t)sample[0] * s->gain[0]) >> 16),
                  (int32_t)(((int64_t)sample[1] * s->gain[1]) >> 16));
    }
    if (s->silent > RATE)
        voice_stop(&s->voice);
}

static void begin(struct opl3 *s)
{
    if (s->voice.is_active)
        return;
    voice_start(&s->voice, RATE);
    s->begun = timers_now(s->timers);
    s->samples = s->silent = 0;
}

static bool has_key(unsigned address)
{
    unsigned low = address & 0xff;
    return (low >= 0xb0 && low <= 0xb8) || address == RHYTHM;
}

static void play(struct opl3 *s, unsigned address, uint8_t value)
{
    if (!s->synthesizer)
        return;
    if (has_key(address) && value & KEY_ON)
        begin(s);
    s->silent = 0;
    voice_catch_up(&s->voice);
    synthesizer_write(s->synthesizer, address, value);
}

/* Keys last. */
static void play_all(struct opl3 *s)
{
    if (!s->synthesizer)
        return;
    synthesizer_reset(s->synthesizer);
    synthesizer_write(s->synthesizer, NEW, s->value[NEW]);
    synthesizer_write(s->synthesizer, FOUR_OPERATORS, s->value[FOUR_OPERATORS]);
    for (unsigned i = 0; i < OPL3_REGISTERS; i++)
        if (!has_key(i))
            synthesizer_write(s->synthesizer, i, s->value[i]);
    for (unsigned i = 0; i < OPL3_REGISTERS; i++)
        if (has_key(i))
            play(s, i, s->value[i]);
}

/* --- timers: ticks of 4 and 16 samples --- */

static uint64_t period_of(const struct opl3 *s, unsigned number)
{
    return time_of((256u - s->timer[number].value) * (number ? 16u : 4u));
}

static void look(struct opl3 *s, unsigned number)
{
    struct opl3_timer *t = &s->timer[number];
    uint64_t now = timers_now(s->timers), period = period_of(s, number);
    if (t->is_on && !t->is_masked && now > t->start &&
        (now - t->start) / period > (t->since - t->start) / period)
        t->has_expired = true;
    t->since = now;
}

static void load(struct opl3 *s, unsigned number)
{
    s->timer[number].start = s->timer[number].since = timers_now(s->timers);
}

static void write_timer_control(struct opl3 *s, uint8_t value)
{
    for (unsigned i = 0; i < 2; i++) {
        struct opl3_timer *t = &s->timer[i];
        bool is_on = value >> i & 1;
        look(s, i);
        if (value & CLEAR_FLAGS) {
            t->has_expired = false;
            continue;
        }
        if (is_on && !t->is_on)
            load(s, i);
        t->is_on = is_on;
        t->is_masked = value >> (6 - i) & 1;
        t->has_expired = t->has_expired && !t->is_masked;
    }
}

static void write_timer(struct opl3 *s, unsigned number, uint8_t value)
{
    look(s, number);
    s->timer[number].value = value;
    load(s, number);
}

static uint8_t status(struct opl3 *s)
{
    look(s, 0);
    look(s, 1);
    bool first = s->timer[0].has_expired, second = s->timer[1].has_expired;
    return (uint8_t)((first || second) << 7 | first << 6 | second << 5);
}

/* --- ports --- */

uint32_t opl3_read(void *device, uint32_t offset, unsigned size)
{
    (void)size;
    return offset & 1 ? 0xff : status(device);
}

static void write_register(struct opl3 *s, unsigned address, uint8_t value)
{
    s->value[address] = value;
    if (address == TIMER1 || address == TIMER2)
        write_timer(s, address - TIMER1, value);
    else if (address == TIMER_CONTROL)
        write_timer_control(s, value);
    else
        play(s, address, value);
}

/* The other half of the registers is there for programs that know of it: 105h tells. */
void opl3_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct opl3 *s = device;
    (void)size;
    if (offset & 1) {
        write_register(s, s->address, (uint8_t)value);
        return;
    }
    s->address = (uint16_t)(value & 0xff) | (offset & 2 ? 0x100 : 0);
    if (!(s->value[NEW] & 1) && s->address != NEW)
        s->address &= 0xff;
}

/* --- the chip --- */

void opl3_reset(void *device)
{
    struct opl3 *s = device;
    voice_catch_up(&s->voice);
    voice_stop(&s->voice);
    s->address = 0;
    memset(s->value, 0, sizeof s->value);
    memset(s->timer, 0, sizeof s->timer);
    play_all(s);
}

bool opl3_init(struct opl3 *s, struct timers *timers, struct mixer *mixer)
{
    memset(s, 0, sizeof *s);
    s->timers = timers;
    s->gain[0] = s->gain[1] = sound_gain(0);
    voice_init(&s->voice, mixer, catch_up, s);
    s->synthesizer = mixer ? synthesizer_create() : NULL;
    opl3_reset(s);
    return s->synthesizer || !mixer;
}

void opl3_destroy(struct opl3 *s)
{
    free(s->synthesizer);
    s->synthesizer = NULL;
}

/* A forged time that is to come would divide what is below 0. */
static void restored(void *device)
{
    struct opl3 *s = device;
    for (unsigned i = 0; i < 2; i++)
        if (s->timer[i].since < s->timer[i].start)
            load(s, i);
    play_all(s);
}

static const struct state_field timer_fields[] = {
    {STATE(opl3_timer, value)},
    {STATE(opl3_timer, is_on)},
    {STATE(opl3_timer, is_masked)},
    {STATE(opl3_timer, has_expired)},
    {STATE(opl3_timer, since)},
    {STATE(opl3_timer, start)},
    {0},
};
static const struct state_table timer_state = STATE_TABLE(opl3_timer, 1, timer_fields);

static const struct state_field fields[] = {
    {NOT_STATE(opl3, timers)},
    {NOT_STATE(opl3, voice)},
    {STATE(opl3, address), .most = OPL3_REGISTERS - 1},
    {STATE_BYTES(opl3, value)},
    {STATE_ARRAY_OF(opl3, timer, &timer_state)},
    {NOT_STATE(opl3, synthesizer)},
    {NOT_STATE(opl3, begun)},
    {NOT_STATE(opl3, samples)},
    {NOT_STATE(opl3, silent)},
    {NOT_STATE(opl3, gain)},
    {0},
};
const struct state_table opl3_state = STATE_TABLE(opl3, 1, fields);
const struct device opl3_device = {
    .name = "opl3", .reset = opl3_reset, .state = &opl3_state, .restored = restored};
