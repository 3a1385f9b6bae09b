/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AC'97: the codec's registers, buffers by descriptors, interrupts. */
#include "hw/sound/ac97.h"

#include "exec/memory.h"
#include "tests/hw/card_stage.h"
#include "tests/hw/fake_audio.h"
#include "tests/hw/fixture.h"

#include <string.h>

enum { LIST = 0x1000, BUFFERS = 0x10000, FRAMES = 480, IN = 0, OUT = 0x10 };
enum { MASTER = 0x02, PCM = 0x18, RATE = 48000 };

static struct card_stage stage;
static struct fake_audio heard;
static struct mixer mixer;
static struct ac97 card;

static uint32_t codec(unsigned address)
{
    return ac97_codec_read(&card, address, 2);
}

static void set_codec(unsigned address, uint32_t value)
{
    ac97_codec_write(&card, address, value, 2);
}

static uint32_t master(unsigned offset, unsigned size)
{
    return ac97_master_read(&card, offset, size);
}

static void set_master(unsigned offset, uint32_t value, unsigned size)
{
    ac97_master_write(&card, offset, value, size);
}

static void setup(void)
{
    stage_open(&stage);
    fake_audio_init(&heard, RATE);
    memset(&mixer, 0, sizeof mixer);
    mixer_init(&mixer, stage.timers, &heard.audio);
    ck_assert(ac97_init(&card, stage.timers, stage.memory, &stage.bus, STAGE_SLOT, &mixer));
    card.pci.config[PCI_COMMAND] = PCI_COMMAND_IO | PCI_COMMAND_MASTER;
    set_master(0x2c, 2, 4);
    set_codec(MASTER, 0);
    set_codec(PCM, 0x0808);
}

static void teardown(void)
{
    stage_close(&stage);
}

static void describe(unsigned number, uint32_t address, uint32_t control_and_length)
{
    memory_write(stage.memory, LIST + 8 * number, address, 4);
    memory_write(stage.memory, LIST + 8 * number + 4, control_and_length, 4);
}

static int16_t wave[2 * FRAMES][2];

/* Two buffers, of which the first interrupts. */
static void fill(void)
{
    for (int i = 0; i < 2 * FRAMES; i++) {
        wave[i][0] = (int16_t)(i * 30 - 14000);
        wave[i][1] = (int16_t)(-7 * i - 1);
    }
    memory_copy_in(stage.memory, BUFFERS, wave, sizeof wave);
    describe(0, BUFFERS, 0x80000000 | 2 * FRAMES);
    describe(1, BUFFERS + FRAMES * 4, 2 * FRAMES);
}

START_TEST(the_codec_is_ready_once_its_reset_is_over)
{
    ck_assert_uint_eq(master(0x30, 4), 0x100);
    set_master(0x2c, 0, 4);
    ck_assert_uint_eq(master(0x30, 4), 0);
    ck_assert_uint_eq(codec(MASTER) & 0xffff, 0xffff);
    ck_assert_uint_eq(master(0x30, 4), 0x8000);
    set_master(0x30, 0x8000, 4);
    set_master(0x2c, 2, 4);
    ck_assert_uint_eq(master(0x30, 4), 0x100);
    ck_assert_uint_eq(codec(MASTER), 0x8000);
    ck_assert_uint_eq(codec(PCM), 0x8808);
    ck_assert_uint_eq(codec(0x26), 0x000f);
    ck_assert_uint_eq(codec(0x7c), 0x8384);
    ck_assert_uint_eq(codec(0x2c), 48000);
    set_codec(PCM, 0x0101);
    set_master(0x2c, 6, 4); /* a warm one keeps registers */
    ck_assert_uint_eq(master(0x2c, 4), 2);
    ck_assert_uint_eq(codec(PCM), 0x0101);
    set_codec(0, 0);
    ck_assert_uint_eq(codec(PCM), 0x8808);
}
END_TEST

START_TEST(rates_vary_if_they_may)
{
    set_codec(0x2c, 22050);
    ck_assert_uint_eq(codec(0x2c), 48000);
    set_codec(0x2a, 1);
    set_codec(0x2c, 22050);
    ck_assert_uint_eq(codec(0x2c), 22050);
    set_codec(0x2c, 7);
    ck_assert_uint_eq(codec(0x2c), 8000);
    set_codec(0x2a, 0);
    ck_assert_uint_eq(codec(0x2c), 48000);
    set_codec(MASTER, 0x2020);
    ck_assert_uint_eq(codec(MASTER), 0x1f1f);
}
END_TEST

START_TEST(the_semaphore_is_taken_by_who_reads_it)
{
    ck_assert_uint_eq(master(0x34, 1), 0);
    ck_assert_uint_eq(master(0x34, 1), 1);
    codec(MASTER);
    ck_assert_uint_eq(master(0x34, 1), 0);
}
END_TEST

START_TEST(buffers_are_heard_bit_by_bit)
{
    fill();
    set_master(OUT, LIST, 4);
    set_master(OUT + 5, 1, 1);
    set_master(OUT + 0xb, 0x15, 1);
    advance(stage.timers, 5 * NS_PER_MS);
    ck_assert_uint_eq(master(OUT + 4, 1), 0);
    ck_assert_uint_eq(master(OUT + 0xa, 1), 1);
    ck_assert_uint_eq(master(OUT + 8, 2), FRAMES); /* half of the samples */
    ck_assert(!card.pci.interrupt);
    advance(stage.timers, 5 * NS_PER_MS + 2);
    ck_assert(card.pci.interrupt);
    ck_assert_uint_eq(master(0x30, 4), 0x140);
    ck_assert_uint_eq(master(OUT + 4, 1), 1);
    ck_assert_uint_eq(master(OUT + 6, 2), 0x0a);
    set_master(OUT + 6, 8, 2);
    ck_assert(!card.pci.interrupt);
    advance(stage.timers, 10 * NS_PER_MS);
    ck_assert_uint_eq(master(OUT + 6, 2), 0x07);
    ck_assert(card.pci.interrupt);
    set_master(OUT + 6, 0x1c, 2);
    ck_assert(!card.pci.interrupt);
    advance(stage.timers, NS_PER_S);
    ck_assert_uint_eq(heard.count, 2 * FRAMES);
    ck_assert_mem_eq(heard.frame, wave, sizeof wave);
}
END_TEST

START_TEST(another_last_buffer_lets_it_go_on)
{
    fill();
    set_master(OUT, LIST, 4);
    set_master(OUT + 0xb, 1, 1);
    advance(stage.timers, 20 * NS_PER_MS);
    ck_assert_uint_eq(master(OUT + 6, 2) & 1, 1);
    ck_assert_uint_eq(master(OUT + 4, 1), 0);
    set_master(OUT + 5, 1, 1);
    ck_assert_uint_eq(master(OUT + 6, 2) & 1, 0);
    ck_assert_uint_eq(master(OUT + 4, 1), 1);
    advance(stage.timers, 20 * NS_PER_MS);
    ck_assert_uint_eq(master(OUT + 6, 2) & 1, 1);
}
END_TEST

START_TEST(empty_buffers_end)
{
    set_master(OUT, LIST, 4);
    set_master(OUT + 5, 31, 1);
    set_master(OUT + 0xb, 0x15, 1);
    ck_assert_uint_eq(master(OUT + 4, 1), 31);
    ck_assert_uint_eq(master(OUT + 6, 2), 7);
    set_master(OUT + 0xb, 0, 1);
    set_master(OUT + 0xb, 2, 1);
    ck_assert_uint_eq(master(OUT + 5, 1), 0);
    ck_assert_uint_eq(master(OUT + 6, 2), 1);
}
END_TEST

START_TEST(inputs_give_silence)
{
    fill();
    set_master(IN, LIST, 4);
    set_master(IN + 0xb, 0x11, 1);
    advance(stage.timers, 10 * NS_PER_MS + 2);
    ck_assert_uint_eq(master(0x30, 4), 0x120);
    ck_assert_uint_eq(memory_read(stage.memory, BUFFERS, 4), 0);
    ck_assert_uint_eq(memory_read(stage.memory, BUFFERS + 4 * FRAMES - 4, 4), 0);
    ck_assert_uint_ne(memory_read(stage.memory, BUFFERS + 4 * FRAMES, 4), 0);
}
END_TEST

START_TEST(levels_turn_down)
{
    fill();
    set_codec(MASTER, 0x0400); /* 6 dB, on the left */
    set_master(OUT, LIST, 4);
    set_master(OUT + 0xb, 1, 1);
    advance(stage.timers, NS_PER_S);
    ck_assert_int_le(heard.frame[0].left, -6900);
    ck_assert_int_ge(heard.frame[0].left, -7100);
    ck_assert_int_eq(heard.frame[1].right, wave[1][1]);
}
END_TEST

/* --- periods of a few frames --- */

enum { SHORT = 8, ALL = 32 };

static void play_short_ones(uint32_t samples, uint32_t control)
{
    for (unsigned i = 0; i < ALL; i++)
        describe(i, BUFFERS + i * 2 * samples, control | samples);
    set_master(OUT, LIST, 4);
    set_master(OUT + 5, ALL - 1, 1);
    set_master(OUT + 0xb, 0x15, 1);
}

/* The buffer before the one that is played is the last. */
static void go_round(void)
{
    set_master(OUT + 5, master(OUT + 4, 1) - 1, 1);
}

START_TEST(short_buffers_interrupt_when_they_end)
{
    uint64_t start = test_time;
    play_short_ones(2 * SHORT, 0x80000000);
    for (unsigned i = 1; i <= 10 * ALL; i++) {
        uint64_t end = start + (uint64_t)i * SHORT * NS_PER_S / RATE;
        advance(stage.timers, end - 1 - test_time);
        ck_assert(!card.pci.interrupt);
        ck_assert_uint_eq(master(OUT + 4, 1), (i - 1) % ALL);
        advance(stage.timers, 2);
        ck_assert(card.pci.interrupt);
        ck_assert_uint_eq(master(OUT + 4, 1), i % ALL);
        ck_assert_uint_eq(master(OUT + 8, 2), 2 * SHORT);
        set_master(OUT + 6, 0x1c, 2);
        go_round();
    }
}
END_TEST

/* How often timers are served in so much time, with a guest that goes round at each interrupt. */
static unsigned services(uint64_t time)
{
    unsigned count = 0;
    for (uint64_t end = test_time + time; test_time < end; count++) {
        advance(stage.timers, timers_next(stage.timers) - timers_now(stage.timers));
        if (card.pci.interrupt) {
            set_master(OUT + 6, 0x1c, 2);
            go_round();
        }
    }
    return count;
}

START_TEST(short_buffers_that_do_not_interrupt_cost_no_more_than_long_ones)
{
    play_short_ones(2 * SHORT, 0);
    describe(ALL / 2, BUFFERS, 0x80000000 | 2 * SHORT);
    unsigned count = services(NS_PER_S);
    ck_assert_uint_ge(count, 1000);
    ck_assert_uint_le(count, 1000 + 100 + 2 * RATE / SHORT / ALL);
    ck_assert_uint_ge(heard.count, RATE - RATE / 20);
}
END_TEST

START_TEST(buffers_of_a_frame_cost_one_service_each)
{
    play_short_ones(2, 0x80000000);
    ck_assert_uint_le(services(NS_PER_S / 10), RATE / 10 + 20);
    set_master(OUT + 6, 0x1c, 2);
    go_round();
    advance(stage.timers, NS_PER_S); /* a host that was away: all at once */
    ck_assert(card.pci.interrupt);
    ck_assert_uint_eq(master(OUT + 6, 2), 0xf);
}
END_TEST

/* Positions, that is; what is put into the mixer is as much. */
START_TEST(who_turns_a_knob_again_and_again_hears_it_at_the_same_speed)
{
    describe(0, BUFFERS, 0xfffe);
    set_master(OUT, LIST, 4);
    set_master(OUT + 0xb, 1, 1);
    for (unsigned i = 0; i < 5000; i++) {
        advance(stage.timers, 100 * NS_PER_US + 1);
        set_codec(MASTER, i % 32 * 0x101);
    }
    ck_assert_uint_eq(master(OUT + 8, 2), 0xfffe - 2 * RATE / 2);
}
END_TEST

Suite *ac97_suite(void)
{
    Suite *s = suite_create("ac97");
    TCase *t = tcase_create("all");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, the_codec_is_ready_once_its_reset_is_over);
    tcase_add_test(t, rates_vary_if_they_may);
    tcase_add_test(t, the_semaphore_is_taken_by_who_reads_it);
    tcase_add_test(t, buffers_are_heard_bit_by_bit);
    tcase_add_test(t, another_last_buffer_lets_it_go_on);
    tcase_add_test(t, empty_buffers_end);
    tcase_add_test(t, inputs_give_silence);
    tcase_add_test(t, levels_turn_down);
    tcase_add_test(t, short_buffers_interrupt_when_they_end);
    tcase_add_test(t, short_buffers_that_do_not_interrupt_cost_no_more_than_long_ones);
    tcase_add_test(t, buffers_of_a_frame_cost_one_service_each);
    tcase_add_test(t, who_turns_a_knob_again_and_again_hears_it_at_the_same_speed);
    suite_add_tcase(s, t);
    return s;
}
