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
static char rom[64], wav[64], recording[64];

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

static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(rom, sizeof rom, "%s/rom", folder);
    snprintf(wav, sizeof wav, "%s/wav", folder);
    snprintf(recording, sizeof recording, "%s/recording", folder);
}

static void teardown(void)
{
    unlink(rom);
    unlink(wav);
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

Suite *sound_suite(void)
{
    Suite *s = suite_create("sound");
    TCase *t = tcase_create("all");
    tcase_set_timeout(t, CASE_TIMEOUT);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_tone_of_the_speaker_has_its_frequency);
    tcase_add_test(t, with_icount_runs_and_replays_sound_the_same);
    tcase_add_test(t, without_listeners_the_guest_goes_on_the_same);
    tcase_add_test(t, sdl_takes_it);
    suite_add_tcase(s, t);
    return s;
}
