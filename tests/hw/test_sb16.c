/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Sound Blaster 16: its DSP, samples by DMA, its mixer, its OPL3. */
#include "hw/sound/sb16.h"

#include "exec/memory.h"
#include "tests/hw/fake_audio.h"
#include "tests/hw/fixture.h"

#include <string.h>

enum { AT = 0x10000, SAMPLES = 1000 };

static struct timers *timers;
static struct memory *memory;
static struct fake_audio heard;
static struct mixer mixer;
static struct dma_pages pages;
static struct i8237 dma[2];
static struct sb16 card;
static unsigned irqs, irq_number;

static void note_irq(void *chip, unsigned input, bool level)
{
    (void)chip;
    irqs += level;
    irq_number = input;
}

static void setup(void)
{
    const char *reason;
    test_time = 4711;
    timers = new_timers();
    memory = memory_create(1 << 20, &reason);
    fake_audio_init(&heard, AUDIO_RATE);
    mixer_init(&mixer, timers, &heard.audio);
    i8237_init(dma, memory, &pages);
    ck_assert(
        sb16_init(&card, &(struct sb16_wiring){timers, &mixer, dma, {note_irq, NULL, 0}, 5, 1, 5}));
    irqs = 0;
}

static void teardown(void)
{
    sb16_destroy(&card);
    memory_destroy(memory);
}

static void dsp(uint8_t byte)
{
    ck_assert_uint_eq(sb16_read(&card, 0xc, 1) & 0x80, 0);
    sb16_write(&card, 0xc, byte, 1);
}

static uint32_t answer(void)
{
    ck_assert_uint_eq(sb16_read(&card, 0xe, 1) & 0x80, 0x80);
    return sb16_read(&card, 0xa, 1);
}

static void set_level(uint8_t address, uint8_t value)
{
    sb16_write(&card, 4, address, 1);
    sb16_write(&card, 5, value, 1);
}

static uint32_t level(uint8_t address)
{
    sb16_write(&card, 4, address, 1);
    return sb16_read(&card, 5, 1);
}

/* Channel 1 for bytes, or 5 for words. */
static void set_dma(unsigned channel, uint8_t mode, unsigned count)
{
    struct i8237 *s = &dma[channel / 4];
    unsigned shift = channel / 4, unit = channel % 4;
    uint32_t at = shift ? AT >> 1 : AT & 0xffff;
    i8237_write(&dma[1], 11 << 1, 0xc0, 1);
    i8237_write(&dma[1], 10 << 1, 0, 1);
    i8237_write(s, 12u << shift, 0, 1);
    i8237_write(s, 11u << shift, mode | unit, 1);
    i8237_write(s, (2 * unit) << shift, at & 0xff, 1);
    i8237_write(s, (2 * unit) << shift, at >> 8 & 0xff, 1);
    i8237_write(s, (2 * unit + 1) << shift, (count - 1) & 0xff, 1);
    i8237_write(s, (2 * unit + 1) << shift, (count - 1) >> 8, 1);
    pages.page[3] = pages.page[0xb] = AT >> 16;
    i8237_write(s, 10u << shift, unit, 1);
}

static void set_rate(unsigned rate)
{
    dsp(0x41);
    dsp((uint8_t)(rate >> 8));
    dsp((uint8_t)rate);
}

static void start(uint8_t command, uint8_t mode, unsigned count)
{
    dsp(command);
    dsp(mode);
    dsp((uint8_t)(count - 1));
    dsp((uint8_t)((count - 1) >> 8));
}

/* --- the DSP --- */

START_TEST(a_reset_is_answered_and_tells_the_version)
{
    sb16_write(&card, 6, 1, 1);
    sb16_write(&card, 6, 0, 1);
    ck_assert_uint_eq(answer(), 0xaa);
    ck_assert_uint_eq(sb16_read(&card, 0xe, 1) & 0x80, 0);
    dsp(0xe1);
    ck_assert_uint_eq(answer(), 4);
    ck_assert_uint_eq(answer(), 5);
    dsp(0xe0);
    dsp(0x55);
    ck_assert_uint_eq(answer(), 0xaa);
    dsp(0xf2);
    ck_assert_uint_eq(irqs, 1);
    ck_assert_uint_eq(irq_number, 5);
    ck_assert_uint_eq(level(0x82) & 3, 1);
    ck_assert_uint_eq(level(0x80) & 15, 2);
    ck_assert_uint_eq(level(0x81), 0x22);
}
END_TEST

START_TEST(words_are_heard_bit_by_bit)
{
    int16_t wave[SAMPLES][2];
    for (int i = 0; i < SAMPLES; i++) {
        wave[i][0] = (int16_t)(i * 60 - 30000);
        wave[i][1] = (int16_t)(i * i);
    }
    memory_copy_in(memory, AT, wave, sizeof wave);
    set_dma(5, 0x48, 2 * SAMPLES);
    set_rate(AUDIO_RATE);
    start(0xb0, 0x30, 2 * SAMPLES);
    advance(timers, (uint64_t)(SAMPLES - 1) * NS_PER_S / AUDIO_RATE);
    ck_assert_uint_eq(irqs, 0);
    advance(timers, 2 * NS_PER_S / AUDIO_RATE);
    ck_assert_uint_eq(irqs, 1);
    ck_assert_uint_eq(level(0x82) & 3, 2);
    sb16_read(&card, 0xf, 1);
    ck_assert_uint_eq(level(0x82) & 3, 0);
    advance(timers, NS_PER_S);
    ck_assert_uint_eq(heard.count, SAMPLES);
    ck_assert_mem_eq(heard.frame, wave, sizeof wave);
}
END_TEST

START_TEST(bytes_go_round_until_they_are_stopped)
{
    uint8_t wave[100];
    for (unsigned i = 0; i < sizeof wave; i++)
        wave[i] = (uint8_t)(3 * i);
    memory_copy_in(memory, AT, wave, sizeof wave);
    set_dma(1, 0x58, sizeof wave);
    set_rate(AUDIO_RATE);
    start(0xc6, 0, sizeof wave / 2);
    advance(timers, NS_PER_S / AUDIO_RATE * 400 + 400);
    ck_assert_uint_ge(irqs, 7);
    ck_assert_uint_le(irqs, 8);
    dsp(0xda); /* at the end of this block */
    advance(timers, NS_PER_S);
    ck_assert_uint_eq(heard.count % 50, 0);
    for (unsigned i = 0; i < heard.count; i++) {
        ck_assert_int_eq(heard.frame[i].left, (wave[i % sizeof wave] - 128) * 256);
        ck_assert_int_eq(heard.frame[i].right, heard.frame[i].left);
    }
}
END_TEST

START_TEST(the_mixer_turns_down)
{
    static const uint8_t loud = 255;
    memory_copy_in(memory, AT, &loud, 1);
    set_level(0x30, 21 << 3); /* 6 dB less on the left */
    set_level(0x33, 0);
    set_dma(1, 0x48, 1);
    set_rate(AUDIO_RATE);
    start(0xc0, 0, 1);
    advance(timers, NS_PER_S);
    ck_assert_int_ge(heard.frame[0].left, 16200);
    ck_assert_int_le(heard.frame[0].left, 16320);
    ck_assert_int_eq(heard.frame[0].right, 0);
}
END_TEST

START_TEST(a_masked_channel_is_waited_for)
{
    set_rate(AUDIO_RATE);
    start(0xc0, 0, 10);
    advance(timers, NS_PER_S);
    ck_assert_uint_eq(irqs, 0);
    set_dma(1, 0x48, 10);
    advance(timers, 2 * NS_PER_MS);
    ck_assert_uint_eq(irqs, 1);
}
END_TEST

/* --- the OPL3 --- */

static void opl(unsigned address, uint8_t value)
{
    opl3_write(&card.opl, 0, address, 1);
    opl3_write(&card.opl, 1, value, 1);
}

/* As programs look for it: timer 1 expires after 80 us, and not before. */
START_TEST(it_is_found_by_its_timers)
{
    opl(4, 0x60);
    opl(4, 0x80);
    ck_assert_uint_eq(opl3_read(&card.opl, 0, 1) & 0xe0, 0);
    opl(2, 0xff);
    opl(4, 0x21);
    advance(timers, 80 * NS_PER_US);
    ck_assert_uint_eq(opl3_read(&card.opl, 0, 1) & 0xe0, 0);
    advance(timers, NS_PER_US);
    ck_assert_uint_eq(opl3_read(&card.opl, 0, 1), 0xc0);
    opl(4, 0x60);
    opl(4, 0x80);
    ck_assert_uint_eq(opl3_read(&card.opl, 0, 1) & 0xe0, 0);
}
END_TEST

#ifdef HAVE_ADPLUG
START_TEST(a_note_has_its_frequency)
{
    opl(0x20, 0x21);
    opl(0x40, 0x3f); /* the modulator is silent */
    opl(0x23, 0x21);
    opl(0x43, 0x00);
    opl(0x63, 0xf0);
    opl(0x83, 0x0f);
    opl(0xe3, 0x00);
    opl(0xa0, 0x44); /* F-number 244h, block 4: 440 Hz */
    opl(0xb0, 0x32);
    advance(timers, NS_PER_S);
    opl(0xb0, 0x12);
    advance(timers, 3 * (uint64_t)NS_PER_S);
    unsigned waves = fake_audio_waves(&heard, AUDIO_RATE / 4, AUDIO_RATE / 2);
    ck_assert_msg(waves >= 219 && waves <= 221, "%u", waves);
    ck_assert_uint_eq(timers_next(timers), TIMER_NEVER);
}
END_TEST
#endif

Suite *sb16_suite(void)
{
    Suite *s = suite_create("sb16");
    TCase *t = tcase_create("all");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_reset_is_answered_and_tells_the_version);
    tcase_add_test(t, words_are_heard_bit_by_bit);
    tcase_add_test(t, bytes_go_round_until_they_are_stopped);
    tcase_add_test(t, the_mixer_turns_down);
    tcase_add_test(t, a_masked_channel_is_waited_for);
    tcase_add_test(t, it_is_found_by_its_timers);
#ifdef HAVE_ADPLUG
    tcase_add_test(t, a_note_has_its_frequency);
#endif
    suite_add_tcase(s, t);
    return s;
}
