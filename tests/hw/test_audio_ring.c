/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Frames between two clocks. A guest that makes 10 ms at a time, and a host that takes a period at
 * a time, go by times that a test makes up, so that nothing is judged by a real clock. What is
 * heard of a sine is examined frame by frame: neither a gap nor a jump.
 */
#include "hw/host/audio_ring.h"
#include "tests/hw/fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 44100, TICK = RATE / 100, PERIOD = 1024, MS = RATE / 1000 };
enum { LOUD = 8000, HZ = 441, WAVE = RATE / HZ };
/* From frame to frame a sine rises by 2 pi / WAVE of that at most, 503; and by 1 % more. */
enum { STEEPEST = 510 };

static struct audio_ring ring;
static int16_t wave[WAVE];

static void setup(void)
{
    const double turn = 6.283185307179586;
    ck_assert(audio_ring_init(&ring, RATE));
    for (int i = 0; i < WAVE; i++)
        wave[i] = (int16_t)lround(LOUD * sin(turn * i / WAVE));
}

static void teardown(void)
{
    audio_ring_destroy(&ring);
}

/* --- one clock --- */

static void put_sine(uint64_t at, size_t count)
{
    struct audio_frame *f = calloc(count, sizeof *f);
    for (size_t i = 0; i < count; i++)
        f[i] = (struct audio_frame){wave[(at + i) % WAVE], (int16_t)-wave[(at + i) % WAVE]};
    audio_ring_put(&ring, at, f, count);
    free(f);
}

static struct audio_frame taken[RATE];

/* Returns the first frame that is not silent. */
static size_t take(size_t count)
{
    size_t first = 0;
    ck_assert_uint_le(count, RATE);
    audio_ring_take(&ring, taken, count);
    while (first < count && !taken[first].left && !taken[first].right)
        first++;
    return first;
}

static void expect_counts(uint64_t heard, uint64_t gaps, uint64_t lost)
{
    ck_assert_uint_eq(ring.counts.heard, heard);
    ck_assert_uint_eq(ring.counts.gaps, gaps);
    ck_assert_uint_eq(ring.counts.lost, lost);
}

START_TEST(a_sound_is_heard_bit_by_bit_once_enough_is_there)
{
    put_sine(1, 79 * MS);
    ck_assert_uint_eq(take(PERIOD), PERIOD);
    put_sine(1 + 79 * MS, 2 * MS);
    ck_assert_uint_eq(take(PERIOD), 0);
    for (int i = 0; i < PERIOD; i++) {
        ck_assert_int_eq(taken[i].left, wave[(1 + i) % WAVE]);
        ck_assert_int_eq(taken[i].right, -wave[(1 + i) % WAVE]);
    }
    expect_counts(PERIOD, 0, 0);
}
END_TEST

/* As a beep is; before it and behind it nothing is. */
START_TEST(a_short_sound_is_heard_when_it_is_over)
{
    put_sine(1, 1400);
    ck_assert_uint_eq(take(PERIOD), PERIOD);
    audio_ring_rest(&ring);
    ck_assert_uint_eq(take(PERIOD), 0);
    ck_assert_int_eq(taken[PERIOD - 1].left, wave[PERIOD % WAVE]);
    take(PERIOD);
    ck_assert_int_eq(taken[1400 - PERIOD - 1].left, wave[1400 % WAVE]);
    for (int i = 1400 - PERIOD; i < PERIOD; i++)
        ck_assert_int_eq(taken[i].left, 0);
    ck_assert_uint_eq(take(PERIOD), PERIOD);
    expect_counts(1400, 0, 0);
}
END_TEST

START_TEST(silence_between_two_sounds_is_as_long_as_the_guests)
{
    put_sine(1, 90 * MS);
    put_sine(1 + 95 * MS, 70 * MS);
    audio_ring_rest(&ring);
    take(90 * MS);
    ck_assert_int_eq(taken[90 * MS - 1].left, wave[90 * MS % WAVE]);
    ck_assert_uint_eq(take(6 * MS), 5 * MS);
    ck_assert_int_eq(taken[6 * MS - 1].left, wave[96 * MS % WAVE]);
}
END_TEST

START_TEST(a_new_sound_is_waited_for_anew)
{
    put_sine(1, 90 * MS);
    audio_ring_rest(&ring);
    ck_assert_uint_eq(take(100 * MS), 0);
    put_sine(1 + 1000 * MS, 70 * MS);
    ck_assert_uint_eq(take(PERIOD), PERIOD);
    put_sine(1 + 1070 * MS, 20 * MS);
    ck_assert_uint_eq(take(PERIOD), 0);
    ck_assert_int_eq(taken[0].left, wave[(1 + 1000 * MS) % WAVE]);
    expect_counts(90 * MS + PERIOD, 0, 0);
}
END_TEST

static void expect_no_jump(size_t count, int16_t *last)
{
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_le(abs(taken[i].left - *last), STEEPEST + 2 * LOUD / (6 * MS) + 1);
        *last = taken[i].left;
    }
}

/* From the middle of a wave to silence, and back. */
START_TEST(a_gap_is_counted_and_has_no_edges)
{
    enum { SOUND = 36 * WAVE + WAVE / 4 };
    int16_t last = 0;
    put_sine(WAVE, SOUND);
    take(SOUND);
    expect_no_jump(SOUND, &last);
    ck_assert_int_gt(last, LOUD / 2);
    expect_counts(SOUND, 0, 0);
    take(PERIOD);
    expect_no_jump(PERIOD, &last);
    ck_assert_int_eq(last, 0);
    expect_counts(SOUND, 1, 0);
    put_sine(WAVE + SOUND, 50 * MS);
    ck_assert_uint_eq(take(PERIOD), PERIOD); /* it gathers */
    put_sine(WAVE + SOUND + 50 * MS, 40 * MS);
    take(PERIOD);
    expect_no_jump(PERIOD, &last);
    ck_assert_int_eq(last, wave[(SOUND + PERIOD - 1) % WAVE]);
    expect_counts(SOUND + PERIOD, 1, 0);
}
END_TEST

START_TEST(what_is_too_much_is_lost_without_an_edge)
{
    int16_t last = 0;
    put_sine(WAVE, 100 * MS);
    take(PERIOD);
    expect_no_jump(PERIOD, &last);
    put_sine(WAVE + 100 * MS, 150 * MS);
    take(PERIOD);
    expect_no_jump(PERIOD, &last);
    take(50 * MS);
    expect_no_jump(50 * MS, &last);
    ck_assert_uint_eq(ring.counts.gaps, 0);
    ck_assert_uint_eq(ring.counts.lost, RATE * (200 - 80) / 1000);
}
END_TEST

/* --- two clocks --- */

/* In nanoseconds of the guest's clock; the host's tick is as long by its own. */
struct clocks {
    double host;       /* how fast the host's sound goes by the guest's clock */
    double guest_late; /* ticks come late by up to so much, */
    double host_late;  /* and periods */
};

static double some_of(double most)
{
    static uint32_t seed = 1;
    seed = seed * 1664525 + 1013904223;
    return most * (seed >> 8) / (1 << 24);
}

struct listener {
    bool has_begun;
    int16_t last;
    unsigned silent, longest; /* frames in a row */
    int steepest;
    uint64_t frames, waves;
};

static void listen(struct listener *l, const struct audio_frame *f, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        l->has_begun |= f[i].left != 0;
        if (!l->has_begun)
            continue;
        l->frames++;
        l->silent = f[i].left ? 0 : l->silent + 1;
        l->longest = l->silent > l->longest ? l->silent : l->longest;
        l->steepest =
            abs(f[i].left - l->last) > l->steepest ? abs(f[i].left - l->last) : l->steepest;
        l->waves += l->last < 0 && f[i].left >= 0;
        l->last = f[i].left;
    }
}

/* What the host hears in so many seconds of the guest's. */
static struct listener play(const struct clocks *c, unsigned seconds)
{
    struct listener l = {0};
    uint64_t ticks = 0, periods = 0;
    double tick = 0, period = 0;
    while (ticks < 100ull * seconds) {
        if (tick <= period) {
            put_sine(ticks * TICK, TICK);
            tick = (double)++ticks * NS_PER_S / 100 + some_of(c->guest_late);
        } else {
            audio_ring_take(&ring, taken, PERIOD);
            listen(&l, taken, PERIOD);
            period = (double)++periods * NS_PER_S * PERIOD / RATE / c->host + some_of(c->host_late);
        }
    }
    return l;
}

static void expect_sine(const struct listener *l, unsigned seconds)
{
    ck_assert_uint_eq(ring.counts.gaps, 0);
    ck_assert_uint_eq(ring.counts.lost, 0);
    ck_assert_uint_le(l->longest, 1);
    ck_assert_int_le(l->steepest, STEEPEST);
    ck_assert_uint_ge(l->waves + HZ / 8, (uint64_t)HZ * seconds); /* but for what waits still */
}

START_TEST(either_side_may_be_late_for_a_moment)
{
    const struct clocks late[] = {{1, 20e6, 20e6}, {1, 40e6, 0}, {1, 0, 100e6}};
    for (size_t i = 0; i < sizeof late / sizeof *late; i++) {
        audio_ring_destroy(&ring);
        setup();
        struct listener l = play(&late[i], 60);
        expect_sine(&l, 60);
    }
}
END_TEST

/* Sound cards are wrong by some 100 millionths; in half an hour, here, by more than a second. */
START_TEST(clocks_that_part_are_followed)
{
    const struct clocks parting[] = {
        {1.0008, 15e6, 5e6}, {0.9992, 15e6, 5e6}, {1.009, 5e6, 1e6}, {0.991, 5e6, 1e6}};
    for (size_t i = 0; i < sizeof parting / sizeof *parting; i++) {
        audio_ring_destroy(&ring);
        setup();
        struct listener l = play(&parting[i], 1800);
        expect_sine(&l, 1800);
        ck_assert_uint_ge((uint64_t)ring.counts.heard + RATE / 8,
                          (uint64_t)(1800 * RATE * parting[i].host));
    }
}
END_TEST

Suite *audio_ring_suite(void)
{
    Suite *s = suite_create("audio_ring");
    TCase *t = tcase_create("all");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_sound_is_heard_bit_by_bit_once_enough_is_there);
    tcase_add_test(t, a_short_sound_is_heard_when_it_is_over);
    tcase_add_test(t, silence_between_two_sounds_is_as_long_as_the_guests);
    tcase_add_test(t, a_new_sound_is_waited_for_anew);
    tcase_add_test(t, a_gap_is_counted_and_has_no_edges);
    tcase_add_test(t, what_is_too_much_is_lost_without_an_edge);
    tcase_add_test(t, either_side_may_be_late_for_a_moment);
    tcase_add_test(t, clocks_that_part_are_followed);
    suite_add_tcase(s, t);
    return s;
}
