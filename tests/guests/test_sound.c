/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sound as a guest makes it, in a WAV file: by its frequency, and the same in each run. */
#include "emulator.h"
#include "rom.h"
#include "test_guests.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RATE = 44100, HEADER = 44, ROOM = 4 * RATE };

static char folder[] = "/tmp/tessera-sound-XXXXXX";
static char rom[64], wav[64], raw[64], recording[64], script[64];

/* 16384 times, 15 us each: bit 4 of port 61h changes. */
#define A_QUARTER_SECOND                                                                           \
    0xb9, 0x00, 0x40, 0xe4, 0x61, 0x24, 0x10, 0x3a, 0xc4, 0x74,                                    \
        0xf8,                  /* in; and 10h; cmp ah; je in */                                    \
        0x8a, 0xe0, 0xe2, 0xf4 /* mov ah, al; loop in */
#define END ROM_OUT(0xf4, 0), ROM_FOREVER

static const unsigned char tone[] = {
    A_QUARTER_SECOND,    ROM_OUT(0x43, 0xb6),
    ROM_OUT(0x42, 0x38), ROM_OUT(0x42, 0x05), /* 1336: 893.1 Hz */
    ROM_OUT(0x61, 0x03), A_QUARTER_SECOND,
    ROM_OUT(0x61, 0x00), END,
};

/* --- programs for cards; what they play stands behind them in the ROM, at F0000h --- */

enum { TABLE = 0x1000, SAMPLES = 0x2000, ROM_SIZE = 0x10000 };

#define OPL(reg, value) ROM_OUT(0x388, reg), ROM_OUT(0x389, value)
#define DSP(byte)       ROM_OUT(0x22c, byte)

/* A note of 440.0 Hz by the second operator of channel 0, its end; then 100 bytes at 11025 Hz by
 * DMA channel 1, again and again. */
static const unsigned char sound_blaster[] = {
    OPL(0x40, 0x3f),
    OPL(0x23, 0x21),
    OPL(0x43, 0x00),
    OPL(0x63, 0xf0),
    OPL(0x83, 0x0f),
    OPL(0xc0, 0x31),
    OPL(0xa0, 0x44),
    OPL(0xb0, 0x32),
    A_QUARTER_SECOND,
    OPL(0xb0, 0x12),
    ROM_OUT(0xd6, 0xc0),
    ROM_OUT(0xd4, 0),
    ROM_OUT(0x0a, 0x05),
    ROM_OUT(0x0c, 0),
    ROM_OUT(0x0b, 0x59),
    ROM_OUT(0x02, TABLE & 0xff),
    ROM_OUT(0x02, TABLE >> 8),
    ROM_OUT(0x03, 99),
    ROM_OUT(0x03, 0),
    ROM_OUT(0x83, 0x0f),
    ROM_OUT(0x0a, 0x01),
    DSP(0x41),
    DSP(0x2b),
    DSP(0x11),
    DSP(0xc6),
    DSP(0x00),
    DSP(99),
    DSP(0),
    A_QUARTER_SECOND,
    END,
};

/* Its ports at 1000h and 1400h; no reset, all volumes; buffers, all the same. */
enum { AC97_AT = 3 << 11, AC97_FRAMES = 8160, AC97_BUFFERS = 32, AC97_RATE = 48000 };
#define PCI(reg, dword) ROM_OUT32(0xcf8, 0x80000000u | AC97_AT | (reg)), ROM_OUT32(0xcfc, dword)

#define AC97_BEGIN                                                                                 \
    PCI(0x10, 0x1001), PCI(0x14, 0x1401), PCI(0x04, 5), ROM_OUT32(0x142c, 2),                      \
        ROM_OUT16(0x1002, 0), ROM_OUT16(0x1018, 0x0808), ROM_OUT32(0x1410, 0xf0000 + TABLE),       \
        ROM_OUT(0x1415, AC97_BUFFERS - 1), ROM_OUT(0x141b, 1)

static const unsigned char ac97[] = {AC97_BEGIN, A_QUARTER_SECOND, A_QUARTER_SECOND, END};

/* The last buffer is always that before the one which is played. */
static const unsigned char ac97_for_ever[] = {
    AC97_BEGIN, 0xba, 0x14, 0x14, 0xec,       /* next: mov $1414h, %dx; in (%dx), %al */
    0xfe,       0xc8, 0x42, 0xee, 0xeb, 0xf6, /* dec %al; inc %dx; out %al, (%dx); jmp next */
};

static void write_sound_blaster(void)
{
    static unsigned char image[TABLE + 100];
    memcpy(image, sound_blaster, sizeof sound_blaster);
    memset(image + TABLE, 0xc0, 50);
    memset(image + TABLE + 50, 0x40, 50);
    rom_write(rom, image, sizeof image);
}

enum { LOUD = 8000, HALF_WAVE = 48, STEEPEST = 4 * LOUD / HALF_WAVE };

/* Two parabolas, 500 Hz. */
static int16_t wave(unsigned frame)
{
    int at = (int)frame % HALF_WAVE;
    int level = at * (HALF_WAVE - at) * 4 * LOUD / (HALF_WAVE * HALF_WAVE);
    return (int16_t)(frame / HALF_WAVE % 2 ? -level : level);
}

static void write_ac97(const unsigned char *code, size_t size)
{
    static unsigned char image[ROM_SIZE - 16];
    memset(image, 0, sizeof image);
    memcpy(image, code, size);
    for (unsigned i = 0; i < AC97_BUFFERS; i++) {
        const uint32_t entry[] = {0xf0000 + SAMPLES, 2 * AC97_FRAMES};
        memcpy(image + TABLE + sizeof entry * i, entry, sizeof entry);
    }
    for (unsigned i = 0; i < AC97_FRAMES; i++) {
        const int16_t frame[] = {wave(i), wave(i)};
        memcpy(image + SAMPLES + sizeof frame * i, frame, sizeof frame);
    }
    rom_write(rom, image, sizeof image);
}

static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(rom, sizeof rom, "%s/rom", folder);
    snprintf(wav, sizeof wav, "%s/wav", folder);
    snprintf(raw, sizeof raw, "%s/raw", folder);
    snprintf(recording, sizeof recording, "%s/recording", folder);
}

static void teardown(void)
{
    unlink(rom);
    unlink(wav);
    unlink(raw);
    unlink(recording);
    rmdir(folder);
}

struct sound {
    uint8_t header[HEADER];
    int16_t frame[ROOM][2];
    size_t count;
};

static struct sound *read_wav(void)
{
    struct sound *s = calloc(1, sizeof *s);
    uint32_t size;
    FILE *f = fopen(wav, "rb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fread(s->header, 1, HEADER, f), HEADER);
    s->count = fread(s->frame, 4, ROOM, f);
    fclose(f);
    memcpy(&size, s->header + 40, sizeof size);
    ck_assert_uint_eq(size, 4 * s->count);
    return s;
}

/* It ends by itself; what it was heard to play. */
static struct sound *play(const char *const *more)
{
    char audiodev[128];
    const char *arguments[24] = {"-nographic",
                                 "-bios",
                                 rom,
                                 "-device",
                                 "isa-debug-exit,iobase=0xf4",
                                 "-machine",
                                 "pcspk-audiodev=a",
                                 "-audiodev",
                                 audiodev};
    snprintf(audiodev, sizeof audiodev, "wav,id=a,path=%s", wav);
    for (int i = 0; more[i]; i++)
        arguments[9 + i] = more[i];
    unlink(wav);
    struct emulator *e = emulator_start(ON_PIPES, arguments);
    int status = emulator_wait(e);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 1, "%s", e->text);
    emulator_kill(e);
    return read_wav();
}

static unsigned waves_of(const struct sound *s, size_t from, size_t count)
{
    unsigned waves = 0;
    for (size_t i = from + 1; i < from + count && i < s->count; i++)
        waves += s->frame[i - 1][0] < 0 && s->frame[i][0] >= 0;
    return waves;
}

static size_t first_of(const struct sound *s)
{
    size_t i = 0;
    while (i < s->count && !s->frame[i][0])
        i++;
    return i;
}

START_TEST(a_tone_of_the_speaker_has_its_frequency)
{
    rom_write(rom, tone, sizeof tone);
    struct sound *s = play((const char *[]){"-icount", "shift=3,sleep=off", NULL});
    size_t first = first_of(s);
    ck_assert_uint_ge(first, RATE / 5); /* by the guest's clock */
    unsigned waves = waves_of(s, first, RATE / 5);
    ck_assert_msg(waves >= 178 && waves <= 179, "%u", waves); /* 893.1 / 5 */
    free(s);
}
END_TEST

static void expect_same(struct sound *a, struct sound *b)
{
    ck_assert_uint_eq(a->count, b->count);
    ck_assert_mem_eq(a->frame, b->frame, 4 * a->count);
    free(b);
}

START_TEST(with_icount_runs_and_replays_sound_the_same)
{
    rom_write(rom, tone, sizeof tone);
    struct sound *s = play((const char *[]){"-icount", "shift=3,sleep=off", NULL});
    expect_same(s, play((const char *[]){"-icount", "shift=3,sleep=off", "-jit", "ir", NULL}));
    const char *icount[] = {"-icount", "shift=3,sleep=off", "-record", recording, NULL};
    expect_same(s, play(icount));
    icount[2] = "-replay";
    expect_same(s, play(icount));
    free(s);
}
END_TEST

/* In each engine, and from a recording of it. */
static void expect_same_again(struct sound *s, const char *device)
{
    const char *more[] = {"-icount", "shift=3,sleep=off", "-device", device, "-jit", "ir", NULL};
    expect_same(s, play(more));
    more[4] = "-record";
    more[5] = recording;
    expect_same(s, play(more));
    more[4] = "-replay";
    expect_same(s, play(more));
}

START_TEST(a_sound_blaster_plays_notes_and_samples)
{
    const char *device = "sb16,audiodev=a";
    write_sound_blaster();
    struct sound *s =
        play((const char *[]){"-icount", "shift=3,sleep=off", "-device", device, NULL});
    unsigned note = waves_of(s, first_of(s), RATE / 5);
    unsigned samples = waves_of(s, s->count - RATE / 5, RATE / 5);
    ck_assert_msg(note >= 87 && note <= 89, "%u", note);          /* 440.0 / 5 */
    ck_assert_msg(samples >= 21 && samples <= 23, "%u", samples); /* 110.25 / 5 */
    expect_same_again(s, device);
    free(s);
}
END_TEST

START_TEST(an_ac97_plays_its_buffers)
{
    const char *device = "AC97,audiodev=a";
    write_ac97(ac97, sizeof ac97);
    struct sound *s =
        play((const char *[]){"-icount", "shift=3,sleep=off", "-device", device, NULL});
    unsigned waves = waves_of(s, first_of(s), RATE / 5);
    ck_assert_msg(waves >= 99 && waves <= 101, "%u", waves); /* 500 / 5 */
    expect_same_again(s, device);
    free(s);
}
END_TEST

/* --- a snapshot in the middle --- */

static void write_script(void)
{
    snprintf(script, sizeof script, "%s/script", folder);
    FILE *f = fopen(script, "w");
    ck_assert_ptr_nonnull(f);
    fputs("sleep 0.35\nsavevm mid\nsleep 60\n", f);
    fclose(f);
}

/*
 * Saving is not heard. What is loaded plays the rest, as long and as high; but not bit by bit, as
 * what is between a chip and the file begins anew: a capacitor, the place between two samples.
 */
static void expect_to_go_on(const char *device)
{
    const char *more[] = {"-icount",
                          "shift=3,sleep=off",
                          "-device",
                          device,
                          "-snapshot-dir",
                          folder,
                          NULL,
                          NULL,
                          NULL,
                          NULL,
                          NULL};
    struct sound *undisturbed = play(more);
    write_script();
    more[6] = "-script";
    more[7] = script;
    expect_same(undisturbed, play(more));
    more[6] = "-loadvm";
    more[7] = "mid";
    more[8] = "-jit";
    more[9] = "ir";
    struct sound *later = play(more);
    ck_assert_uint_gt(later->count, RATE / 20);
    ck_assert_uint_lt(later->count, undisturbed->count);
    size_t before = undisturbed->count - later->count;
    unsigned waves = waves_of(later, 0, later->count);
    unsigned wanted = waves_of(undisturbed, before, later->count);
    ck_assert_uint_gt(wanted, 10);
    ck_assert_msg(waves + 1 >= wanted && waves <= wanted + 1, "%u, not %u", waves, wanted);
    free(later);
    free(undisturbed);
}

START_TEST(what_is_saved_in_mid_tone_goes_on)
{
    rom_write(rom, tone, sizeof tone);
    expect_to_go_on("virtio-rng-pci");
    write_ac97(ac97, sizeof ac97);
    expect_to_go_on("AC97,audiodev=a");
    write_sound_blaster();
    expect_to_go_on("sb16,audiodev=a");
}
END_TEST

START_TEST(without_listeners_the_guest_goes_on_the_same)
{
    rom_write(rom, tone, sizeof tone);
    struct emulator *e = emulator_start(
        ON_PIPES,
        (const char *[]){"-nographic", "-bios", rom, "-device", "isa-debug-exit,iobase=0xf4",
                         "-machine", "pcspk-audiodev=a", "-audiodev", "none,id=a", NULL});
    int status = emulator_wait(e);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    emulator_kill(e);
}
END_TEST

static void use_dummy_sound(void)
{
    setenv("SDL_AUDIODRIVER", "dummy", 1);
}

/* With the sandbox, which ends what SDL may not. */
START_TEST(sdl_takes_it)
{
    rom_write(rom, tone, sizeof tone);
    struct emulator *e = emulator_start_with(
        ON_PIPES,
        (const char *[]){"-nographic", "-bios", rom, "-device", "isa-debug-exit,iobase=0xf4",
                         "-machine", "pcspk-audiodev=a", "-audiodev", "sdl,id=a", NULL},
        use_dummy_sound);
    int status = emulator_wait(e);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 1, "%s", e->text);
    emulator_kill(e);
}
END_TEST

/* What SDL is given is written to a file, a period in about the time that it would be heard. */
static void use_file_of_samples(void)
{
    setenv("SDL_AUDIODRIVER", "disk", 1);
    setenv("SDL_DISKAUDIOFILE", raw, 1);
    setenv("SDL_DISKAUDIODELAY", "22", 1);
}

struct counts {
    unsigned long heard, gaps, lost;
};

static struct counts counts_of(struct emulator *e)
{
    struct counts c;
    emulator_send(e, "info audio\n");
    emulator_expect(e, "a: type=sdl: ");
    size_t at = e->seen;
    emulator_expect(e, " frames lost");
    ck_assert_int_eq(sscanf(e->text + at, "%lu frames at 48000 Hz, %lu gaps, %lu frames", &c.heard,
                            &c.gaps, &c.lost),
                     3);
    return c;
}

/* Until a second of it has been heard, however long that takes. */
static struct counts play_by_sdl(void)
{
    struct counts c;
    write_ac97(ac97_for_ever, sizeof ac97_for_ever);
    struct emulator *e = emulator_start_with(
        ON_PIPES,
        (const char *[]){"-display", "none", "-monitor", "stdio", "-bios", rom, "-device",
                         "AC97,audiodev=a", "-audiodev", "sdl,id=a,out.frequency=48000", NULL},
        use_file_of_samples);
    for (c = counts_of(e); c.heard < AC97_RATE; c = counts_of(e))
        emulator_watch(e, 100);
    emulator_send(e, "quit\n");
    emulator_wait(e);
    emulator_kill(e);
    return c;
}

/*
 * On a busy machine there are gaps, which are counted; and in any case no edges: the wave's slope
 * is the steepest, but for where a level fades.
 */
START_TEST(what_sdl_is_given_does_not_crackle)
{
    enum { FADE = 2 * LOUD / (6 * AC97_RATE / 1000), CROSSING = 2 };
    struct counts c = play_by_sdl();
    int16_t frame[2], last = 0;
    unsigned long heard = 0, silent = 0;
    FILE *f = fopen(raw, "rb");
    ck_assert_ptr_nonnull(f);
    while (heard < c.heard && fread(frame, sizeof frame, 1, f) == 1) {
        ck_assert_int_le(abs(frame[0] - last), STEEPEST + STEEPEST / 100 + FADE + 1);
        ck_assert_int_eq(frame[0], frame[1]);
        silent = frame[0] ? 0 : silent + 1;
        last = frame[0];
        heard += heard || last;
        ck_assert(!heard || silent <= CROSSING || c.gaps);
    }
    fclose(f);
    ck_assert_uint_ge(heard, AC97_RATE);
}
END_TEST

Suite *sound_suite(void)
{
    Suite *s = suite_create("sound");
    TCase *t = tcase_create("all");
    tcase_set_timeout(t, CASE_TIMEOUT);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_tone_of_the_speaker_has_its_frequency);
    tcase_add_test(t, with_icount_runs_and_replays_sound_the_same);
    tcase_add_test(t, a_sound_blaster_plays_notes_and_samples);
    tcase_add_test(t, an_ac97_plays_its_buffers);
    tcase_add_test(t, without_listeners_the_guest_goes_on_the_same);
    tcase_add_test(t, sdl_takes_it);
    tcase_add_test(t, what_sdl_is_given_does_not_crackle);
    suite_add_tcase(s, t);
    t = tcase_create("snapshot");
    tcase_set_timeout(t, CASE_TIMEOUT);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, what_is_saved_in_mid_tone_goes_on);
    suite_add_tcase(s, t);
    return s;
}
