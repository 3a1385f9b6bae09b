/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The DSP: its commands (chapter 6), and the card's ports (chapter 2). */
#include "hw/sound/sb16_internal.h"

#include "exec/exec.h"

#include <string.h>

enum { MIXER_ADDRESS = 4, MIXER_DATA, RESET, FM_ADDRESS = 8, FM_DATA, READ = 0xa, WRITE = 0xc };
enum { READY = 0xe, READY_16BIT = 0xf };
enum { RATE_LEAST = 4000, RATE_MOST = 48000, USUAL_RATE = 22050 };

static void answer(struct sb16 *s, uint8_t byte)
{
    if (s->answers < SB16_ANSWERS)
        s->answer[s->answers++] = byte;
}

static uint8_t take_answer(struct sb16 *s)
{
    if (s->answers) {
        s->last = s->answer[0];
        memmove(s->answer, s->answer + 1, --s->answers);
    }
    return s->last;
}

/* --- samples by command 10h: each is held until the next --- */

static void catch_up_direct(void *chip, uint64_t now)
{
    struct sb16 *s = chip;
    int32_t sample = (s->direct_sample - 0x80) * 256;
    while (mixer_time_of(s->direct.mixer, s->direct.position + 1) <= now)
        voice_put(&s->direct, (int32_t)(((int64_t)sample * s->gain[0]) >> 16),
                  (int32_t)(((int64_t)sample * s->gain[1]) >> 16));
    if (now > s->direct_until)
        voice_stop(&s->direct);
}

static void play_directly(struct sb16 *s, uint8_t sample)
{
    voice_catch_up(&s->direct);
    s->direct_sample = sample;
    s->direct_until = timers_now(s->wiring.timers) + NS_PER_S / 2;
    if (s->wiring.mixer)
        voice_start(&s->direct, s->wiring.mixer->audio->rate);
}

/* --- commands --- */

static uint32_t words(uint8_t low, uint8_t high)
{
    return (uint32_t)low | (uint32_t)high << 8;
}

static uint32_t within_limits(uint32_t rate)
{
    return rate < RATE_LEAST ? RATE_LEAST : rate > RATE_MOST ? RATE_MOST : rate;
}

/* The older cards' commands: 8 bits, unsigned, mono; 9xh: at higher speed. */
static void start_old(struct sb16 *s, uint8_t command)
{
    bool is_auto = command & 0x0c && command != 0x14 && command != 0x24;
    bool is_fast = (command & 0xf0) == 0x90;
    is_auto = is_fast ? !(command & 1) : is_auto;
    bool is_single = !is_auto && !is_fast;
    sb16_start(s, &(struct sb16_transfer){
                      .is_input = is_fast ? command & 8 : (command & 0xf0) == 0x20,
                      .is_auto = is_auto,
                      .rate = s->rate,
                      .block = is_single ? words(s->parameter[0], s->parameter[1]) + 1 : s->block});
}

/* Bxh: 16 bits, Cxh: 8 bits; bits 3, 2: input, auto-initialize; mode bits 5, 4: stereo, signed. */
static void start_new(struct sb16 *s, uint8_t command)
{
    uint8_t mode = s->parameter[0];
    sb16_start(s, &(struct sb16_transfer){.is_16bit = (command & 0xf0) == 0xb0,
                                          .is_input = command & 8,
                                          .is_auto = command & 4,
                                          .is_stereo = mode & 0x20,
                                          .is_signed = mode & 0x10,
                                          .rate = s->rate,
                                          .block = words(s->parameter[1], s->parameter[2]) + 1});
}

static void start_silence(struct sb16 *s)
{
    sb16_start(s, &(struct sb16_transfer){.is_silence = true,
                                          .rate = s->rate,
                                          .block = words(s->parameter[0], s->parameter[1]) + 1});
}

static void tell_copyright(struct sb16 *s)
{
    static const char text[] = "COPYRIGHT (C) CREATIVE TECHNOLOGY LTD, 1992.";
    for (unsigned i = 0; i < sizeof text; i++)
        answer(s, (uint8_t)text[i]);
}

/* --- by the command's number --- */

static unsigned parameters_of(uint8_t command)
{
    if ((command & 0xe0) == 0xa0 && command >= 0xb0)
        return 3;
    if ((command & 0xf0) == 0xc0)
        return 3;
    switch (command) {
    case 0x10:
    case 0x38:
    case 0x40:
    case 0xe0:
    case 0xe2:
    case 0xe4:
        return 1;
    case 0x14:
    case 0x16:
    case 0x17:
    case 0x24:
    case 0x41:
    case 0x42:
    case 0x48:
    case 0x74:
    case 0x75:
    case 0x76:
    case 0x77:
    case 0x80:
        return 2;
    default:
        return 0;
    }
}

/* Rates and blocks. */
static bool do_setting(struct sb16 *s)
{
    switch (s->command) {
    case 0x40:
        s->rate = within_limits(1000000u / (256u - s->parameter[0]));
        return true;
    case 0x41:
    case 0x42:
        s->rate = within_limits(words(s->parameter[1], s->parameter[0]));
        return true;
    case 0x48:
        s->block = words(s->parameter[0], s->parameter[1]) + 1;
        return true;
    case 0xd1:
    case 0xd3:
        s->speaker = s->command == 0xd1;
        return true;
    case 0xe4:
        s->test = s->parameter[0];
        return true;
    default:
        return false;
    }
}

static bool do_question(struct sb16 *s)
{
    switch (s->command) {
    case 0x20:
        answer(s, 0x80);
        return true;
    case 0xd8:
        answer(s, s->speaker ? 0xff : 0);
        return true;
    case 0xe0:
        answer(s, (uint8_t)~s->parameter[0]);
        return true;
    case 0xe1:
        answer(s, 4);
        answer(s, 5);
        return true;
    case 0xe3:
        tell_copyright(s);
        return true;
    case 0xe8:
        answer(s, s->test);
        return true;
    case 0xf8:
        answer(s, 0);
        return true;
    default:
        return false;
    }
}

static bool do_start(struct sb16 *s)
{
    switch (s->command) {
    case 0x10:
        play_directly(s, s->parameter[0]);
        return true;
    case 0x14:
    case 0x1c:
    case 0x24:
    case 0x2c:
    case 0x90:
    case 0x91:
    case 0x98:
    case 0x99:
        start_old(s, s->command);
        return true;
    case 0x80:
        start_silence(s);
        return true;
    default:
        if (s->command < 0xb0 || s->command > 0xcf)
            return false;
        start_new(s, s->command);
        return true;
    }
}

static bool do_control(struct sb16 *s)
{
    switch (s->command) {
    case 0xd0:
    case 0xd5:
        sb16_pause(s, true);
        return true;
    case 0xd4:
    case 0xd6:
        sb16_pause(s, false);
        return true;
    case 0xd9:
    case 0xda:
        s->transfer.is_auto = false;
        return true;
    case 0xf2:
        sb16_ask(s, SB16_IRQ_8BIT);
        return true;
    case 0xf3:
        sb16_ask(s, SB16_IRQ_16BIT);
        return true;
    default:
        return false;
    }
}

static void do_command(struct sb16 *s)
{
    if (!do_setting(s) && !do_question(s) && !do_start(s) && !do_control(s))
        log_if(LOG_UNIMP, "sb16: DSP command %02x is not there\n", s->command);
}

static void write_dsp(struct sb16 *s, uint8_t value)
{
    if (s->wanted > s->parameters) {
        s->parameter[s->parameters++] = value;
    } else {
        s->command = value;
        s->parameters = 0;
        s->wanted = (uint8_t)parameters_of(value);
    }
    if (s->parameters == s->wanted)
        do_command(s);
}

static void reset_dsp(struct sb16 *s)
{
    sb16_stop(s);
    voice_stop(&s->direct);
    s->transfer = (struct sb16_transfer){.rate = USUAL_RATE, .block = 1};
    s->command = s->parameters = s->wanted = s->answers = 0;
    memset(s->answer, 0, sizeof s->answer);
    s->speaker = false;
    s->rate = USUAL_RATE;
    s->block = 0x800;
    sb16_acknowledge(s, SB16_IRQ_8BIT | SB16_IRQ_16BIT);
}

/* A 1, then a 0; it answers AAh. */
static void write_reset(struct sb16 *s, uint8_t value)
{
    if (s->in_reset && !(value & 1)) {
        reset_dsp(s);
        answer(s, 0xaa);
    }
    s->in_reset = value & 1;
}

/* --- ports --- */

uint32_t sb16_read(void *device, uint32_t offset, unsigned size)
{
    struct sb16 *s = device;
    switch (offset) {
    case MIXER_ADDRESS:
        return s->address;
    case MIXER_DATA:
        return sb16_mixer_read(s);
    case READ:
        return take_answer(s);
    case WRITE:
        return 0x7f; /* it takes commands at once */
    case READY:
        sb16_acknowledge(s, SB16_IRQ_8BIT);
        return s->answers ? 0xff : 0x7f;
    case READY_16BIT:
        sb16_acknowledge(s, SB16_IRQ_16BIT);
        return 0xff;
    default:
        return offset < OPL3_PORTS || offset == FM_ADDRESS ? opl3_read(&s->opl, offset & 3, size)
                                                           : 0xff;
    }
}

void sb16_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct sb16 *s = device;
    switch (offset) {
    case MIXER_ADDRESS:
        s->address = (uint8_t)value;
        break;
    case MIXER_DATA:
        sb16_mixer_write(s, (uint8_t)value);
        break;
    case RESET:
        write_reset(s, (uint8_t)value);
        break;
    case WRITE:
        write_dsp(s, (uint8_t)value);
        break;
    default:
        if (offset < OPL3_PORTS || offset == FM_ADDRESS || offset == FM_DATA)
            opl3_write(&s->opl, offset & 3, value, size);
    }
}

/* --- the card --- */

static void reset(void *device)
{
    struct sb16 *s = device;
    const struct sb16_wiring *w = &s->wiring;
    s->in_reset = false;
    s->address = s->last = s->test = 0;
    reset_dsp(s);
    s->level[0x80] = w->irq_number == 5    ? 0xf2
                     : w->irq_number == 7  ? 0xf4
                     : w->irq_number == 10 ? 0xf8
                                           : 0xf1;
    s->level[0x81] = (uint8_t)(1u << w->dma8 | 1u << w->dma16);
    sb16_mixer_reset(s);
    opl3_reset(&s->opl);
}

bool sb16_init(struct sb16 *s, const struct sb16_wiring *w)
{
    memset(s, 0, sizeof *s);
    s->wiring = *w;
    sb16_transfer_init(s);
    voice_init(&s->voice, w->mixer, NULL, s);
    voice_init(&s->direct, w->mixer, catch_up_direct, s);
    bool good = opl3_init(&s->opl, w->timers, w->mixer);
    reset(s);
    return good;
}

void sb16_destroy(struct sb16 *s)
{
    opl3_destroy(&s->opl);
}

static void restored(void *device)
{
    struct sb16 *s = device;
    sb16_mixer_restored(s);
    sb16_transfer_restored(s);
    opl3_device.restored(&s->opl);
}

static const struct state_field fields[] = {
    {NOT_STATE(sb16, wiring)},
    {STATE_OF(sb16, opl, &opl3_state)},
    {NOT_STATE(sb16, voice)},
    {NOT_STATE(sb16, direct)},
    {STATE(sb16, in_reset)},
    {STATE(sb16, command)},
    {STATE_ARRAY(sb16, parameter)},
    {STATE(sb16, parameters), .most = 3},
    {STATE(sb16, wanted), .most = 3},
    {STATE_ARRAY(sb16, answer)},
    {STATE(sb16, answers), .most = SB16_ANSWERS},
    {STATE(sb16, last)},
    {STATE(sb16, test)},
    {STATE(sb16, speaker)},
    {STATE(sb16, rate), .least = RATE_LEAST, .most = RATE_MOST},
    {STATE(sb16, block), .least = 1, .most = 0x10000},
    {STATE_OF(sb16, transfer, &sb16_transfer_state)},
    {STATE_OF_TIMER(sb16, timer)},
    {NOT_STATE(sb16, direct_sample)},
    {NOT_STATE(sb16, direct_until)},
    {STATE(sb16, address)},
    {STATE_BYTES(sb16, level)},
    {STATE(sb16, pending)},
    {NOT_STATE(sb16, bytes)},
    {NOT_STATE(sb16, taken)},
    {NOT_STATE(sb16, needed)},
    {NOT_STATE(sb16, gain)},
    {0},
};
static const struct state_table state = STATE_TABLE(sb16, 1, fields);
const struct device sb16_device = {
    .name = "sb16", .reset = reset, .state = &state, .restored = restored};
