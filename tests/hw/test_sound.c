/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is heard: the mixer, the PC's speaker, WAV files. */
#include "hw/pc/sysctl.h"
#include "tests/hw/fake_audio.h"
#include "tests/hw/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct timers *timers;
static struct fake_audio heard;
static struct mixer mixer;
static struct voice voice, other;
static struct i8254 pit;
static struct port61 port61;
static struct speaker speaker;

static void setup(void)
{
    test_time = 12345;
    timers = new_timers();
    fake_audio_init(&heard, AUDIO_RATE);
    mixer_init(&mixer, timers, &heard.audio);
    voice_init(&voice, &mixer, NULL, NULL);
    voice_init(&other, &mixer, NULL, NULL);
    i8254_init(&pit, timers, (struct irq_line){NULL, NULL, 0});
    speaker_init(&speaker, &mixer, &pit);
    pit.listener = (struct i8254_listener){speaker_change, &speaker};
    port61_init(&port61, timers, &pit, &speaker);
    port61_reset(&port61);
}

/* --- the mixer --- */

START_TEST(a_voice_at_the_ends_rate_is_heard_bit_by_bit)
{
    voice_start(&voice, AUDIO_RATE);
    for (int i = 0; i < 1000; i++)
        voice_put(&voice, 13 * i - 5000, -i - 1);
    voice_stop(&voice);
    advance(timers, NS_PER_S);
    ck_assert_uint_eq(heard.count, 1000);
    for (int i = 0; i < 1000; i++) {
        ck_assert_int_eq(heard.frame[i].left, 13 * i - 5000);
        ck_assert_int_eq(heard.frame[i].right, -i - 1);
    }
    ck_assert_uint_eq(timers_next(timers), TIMER_NEVER); /* nothing more is to be done */
}
END_TEST

START_TEST(other_rates_are_interpolated)
{
    voice_start(&voice, AUDIO_RATE / 2);
    for (int i = 1; i <= 100; i++)
        voice_put(&voice, 100 * i, 0);
    voice_stop(&voice);
    advance(timers, NS_PER_S);
    ck_assert_uint_eq(heard.count, 199);
    for (int i = 0; i < 199; i++)
        ck_assert_int_eq(heard.frame[i].left, 100 + 50 * i);
}
END_TEST

START_TEST(voices_are_added_and_cut_off)
{
    voice_start(&voice, AUDIO_RATE);
    voice_start(&other, AUDIO_RATE);
    for (int i = 0; i < 3; i++) {
        voice_put(&voice, 20000, -20000);
        voice_put(&other, i * 10000, -i * 10000);
    }
    voice_stop(&voice);
    voice_stop(&other);
    advance(timers, NS_PER_S);
    ck_assert_int_eq(heard.frame[0].left, 20000);
    ck_assert_int_eq(heard.frame[1].left, 30000);
    ck_assert_int_eq(heard.frame[2].left, INT16_MAX);
    ck_assert_int_eq(heard.frame[2].right, INT16_MIN);
}
END_TEST

START_TEST(silence_lasts_as_long_as_the_guests)
{
    for (int i = 0; i < 2; i++) {
        voice_start(&voice, AUDIO_RATE);
        voice_put(&voice, 1, 1);
        voice_stop(&voice);
        advance(timers, NS_PER_S);
    }
    ck_assert_uint_eq(heard.count, AUDIO_RATE + 1);
    ck_assert_int_eq(heard.frame[AUDIO_RATE].left, 1);
    ck_assert(!heard.went_back);
}
END_TEST

/* A host that slept: all is heard, if later. */
START_TEST(nothing_is_lost_of_what_comes_late)
{
    voice_start(&voice, AUDIO_RATE);
    for (int i = 0; i < 3 * MIXER_FRAMES; i++)
        voice_put(&voice, 1 + i % 1000, 0);
    voice_stop(&voice);
    advance(timers, NS_PER_S);
    mixer_finish(&mixer);
    ck_assert_uint_eq(heard.count, 3 * MIXER_FRAMES);
    for (int i = 0; i < 3 * MIXER_FRAMES; i++)
        ck_assert_int_eq(heard.frame[i].left, 1 + i % 1000);
}
END_TEST

START_TEST(a_clock_that_jumps_is_not_heard)
{
    advance(timers, NS_PER_S);
    voice_start(&voice, AUDIO_RATE);
    voice_put(&voice, 1, 1);
    timers->origin += NS_PER_S / 2; /* back */
    mixer_device.restored(&mixer);
    ck_assert_uint_eq(heard.count, AUDIO_RATE + 1);
    voice_start(&voice, AUDIO_RATE);
    voice_put(&voice, 2, 2);
    mixer_finish(&mixer);
    ck_assert_uint_eq(heard.count, AUDIO_RATE + 2);
    ck_assert(!heard.went_back);
}
END_TEST

/* --- the speaker --- */

static void set_counter(uint8_t control, uint16_t count)
{
    i8254_write(&pit, 3, control, 1);
    i8254_write(&pit, 2, count & 0xff, 1);
    i8254_write(&pit, 2, count >> 8, 1);
}

START_TEST(a_tone_has_its_frequency_and_its_time)
{
    advance(timers, NS_PER_S);
    set_counter(0xb6, 1193); /* 1000 Hz */
    port61_write(&port61, 0, 3, 1);
    advance(timers, NS_PER_S);
    port61_write(&port61, 0, 0, 1);
    advance(timers, NS_PER_S);
    ck_assert_uint_ge(fake_audio_first(&heard), AUDIO_RATE - 1);
    ck_assert_uint_le(fake_audio_first(&heard), AUDIO_RATE + 1);
    unsigned waves = fake_audio_waves(&heard, AUDIO_RATE, AUDIO_RATE);
    ck_assert_msg(waves >= 999 && waves <= 1001, "%u", waves);
    ck_assert_uint_le(fake_audio_waves(&heard, 2 * AUDIO_RATE + 100, AUDIO_RATE), 1);
    ck_assert_int_eq(heard.frame[3 * AUDIO_RATE - 1].left, 0);
    ck_assert_uint_eq(timers_next(timers), TIMER_NEVER);
}
END_TEST

/* As an ear does it, which is deaf to 16 kHz. */
static void smooth(int frames)
{
    for (size_t i = 0; i + (size_t)frames < heard.count; i++) {
        int sum = 0;
        int count = 0;
        for (; count < frames; count++)
            sum += heard.frame[i + (size_t)count].left;
        heard.frame[i].left = (int16_t)(sum / frames);
    }
}

/* By mode 0, 16000 pulses a second: 20 longer and 20 shorter ones are a wave. */
START_TEST(pulses_are_heard_by_their_length)
{
    port61_write(&port61, 0, 3, 1);
    i8254_write(&pit, 3, 0x90, 1);
    for (int i = 0; i < 16000; i++) {
        i8254_write(&pit, 2, i % 40 < 20 ? 10 : 60, 1);
        advance(timers, NS_PER_S / 16000);
    }
    smooth(11);
    unsigned waves = fake_audio_waves(&heard, AUDIO_RATE / 2, AUDIO_RATE / 4);
    ck_assert_msg(waves >= 99 && waves <= 101, "%u", waves);
}
END_TEST

START_TEST(what_is_too_high_is_silent)
{
    port61_write(&port61, 0, 3, 1);
    set_counter(0xb6, 2);
    advance(timers, NS_PER_S);
    for (size_t i = AUDIO_RATE / 2; i < AUDIO_RATE * 3 / 4; i++)
        ck_assert_int_le(abs(heard.frame[i].left), 1000);
}
END_TEST

START_TEST(without_an_end_nothing_is_done)
{
    speaker_init(&speaker, NULL, &pit);
    set_counter(0xb6, 1193);
    port61_write(&port61, 0, 3, 1);
    timer_cancel(&pit.timer);
    ck_assert_uint_eq(timers_next(timers), TIMER_NEVER);
}
END_TEST

/* --- WAV files --- */

static uint32_t number_at(const uint8_t *bytes, unsigned at)
{
    uint32_t value;
    memcpy(&value, bytes + at, sizeof value);
    return value;
}

static size_t read_file(const char *path, uint8_t *bytes, size_t room)
{
    FILE *f = fopen(path, "rb");
    ck_assert_ptr_nonnull(f);
    size_t size = fread(bytes, 1, room, f);
    fclose(f);
    return size;
}

START_TEST(a_wav_file_is_whole_after_each_write)
{
    static const struct audio_frame frames[] = {{1, -1}, {0x1234, 2}};
    char path[] = "/tmp/tessera-wav-XXXXXX";
    uint8_t bytes[256];
    struct error error;
    struct audio *a;
    close(mkstemp(path));
    const struct audio_request r = {.kind = AUDIO_WAV, .path = path, .rate = 22050};
    ck_assert(audio_open(&r, &a, &error));
    ck_assert_uint_eq(read_file(path, bytes, sizeof bytes), 44);
    ck_assert_uint_eq(number_at(bytes, 40), 0);
    audio_put(a, 3, frames, 2);
    ck_assert_uint_eq(read_file(path, bytes, sizeof bytes), 44 + 5 * 4);
    ck_assert_mem_eq(bytes, "RIFF", 4);
    ck_assert_uint_eq(number_at(bytes, 4), 36 + 5 * 4);
    ck_assert_uint_eq(number_at(bytes, 24), 22050);
    ck_assert_uint_eq(number_at(bytes, 40), 5 * 4);
    ck_assert_uint_eq(number_at(bytes, 44 + 2 * 4), 0);
    ck_assert_mem_eq(bytes + 44 + 3 * 4, frames, sizeof frames);
    audio_close(a);
    unlink(path);
}
END_TEST

START_TEST(what_is_no_file_is_refused)
{
    const struct audio_request r = {.kind = AUDIO_WAV, .path = "/dev/null", .rate = 22050};
    struct error error;
    struct audio *a;
    ck_assert(!audio_open(&r, &a, &error));
    ck_assert_str_eq(error.text, "/dev/null: not a file (a WAV file's header is written last)");
}
END_TEST

Suite *sound_suite(void)
{
    Suite *s = suite_create("sound");
    TCase *t = tcase_create("all");
    tcase_add_checked_fixture(t, setup, NULL);
    tcase_add_test(t, a_voice_at_the_ends_rate_is_heard_bit_by_bit);
    tcase_add_test(t, other_rates_are_interpolated);
    tcase_add_test(t, voices_are_added_and_cut_off);
    tcase_add_test(t, silence_lasts_as_long_as_the_guests);
    tcase_add_test(t, nothing_is_lost_of_what_comes_late);
    tcase_add_test(t, a_clock_that_jumps_is_not_heard);
    tcase_add_test(t, a_tone_has_its_frequency_and_its_time);
    tcase_add_test(t, pulses_are_heard_by_their_length);
    tcase_add_test(t, what_is_too_high_is_silent);
    tcase_add_test(t, without_an_end_nothing_is_done);
    tcase_add_test(t, a_wav_file_is_whole_after_each_write);
    tcase_add_test(t, what_is_no_file_is_refused);
    suite_add_tcase(s, t);
    return s;
}
