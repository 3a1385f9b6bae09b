/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A program for Linux: plays a second of a tone, by ALSA's ioctls on /dev/snd, without its library.
 *
 *   tone CARD RATE CHANNELS BITS HZ [PERIOD]     what it plays, as the card's driver is asked to
 *                                                take it; an interrupt for each PERIOD frames
 *
 * On the first channel; the second, if there is one, is silent. Before that, all of the card's
 * switches and volumes for playback are turned on, and to their most.
 */
#include <err.h>
#include <fcntl.h>
#include <sound/asound.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

/* --- the mixer --- */

static void turn_up(int fd, const struct snd_ctl_elem_id *id)
{
    struct snd_ctl_elem_info info = {.id = *id};
    struct snd_ctl_elem_value value = {.id = *id};
    if (ioctl(fd, SNDRV_CTL_IOCTL_ELEM_INFO, &info))
        return;
    if (info.type != SNDRV_CTL_ELEM_TYPE_BOOLEAN && info.type != SNDRV_CTL_ELEM_TYPE_INTEGER)
        return;
    for (unsigned i = 0; i < info.count && i < 2; i++)
        value.value.integer.value[i] = info.value.integer.max;
    if (ioctl(fd, SNDRV_CTL_IOCTL_ELEM_WRITE, &value) < 0)
        warn("%s", id->name);
}

/* A Sound Blaster 16 plays 8 bits only if its driver is to keep the 16-bit DMA for recording. */
static void choose_dma(int fd, const struct snd_ctl_elem_id *id, unsigned bits)
{
    enum { AUTO, PLAYBACK, CAPTURE };
    struct snd_ctl_elem_value value = {.id = *id};
    value.value.enumerated.item[0] = bits == 8 ? CAPTURE : AUTO;
    if (ioctl(fd, SNDRV_CTL_IOCTL_ELEM_WRITE, &value) < 0)
        err(1, "%s", id->name);
}

static int has_end(const char *name, const char *end)
{
    size_t size = strlen(name), tail = strlen(end);
    return size >= tail && strcmp(name + size - tail, end) == 0;
}

static void set_mixer(const char *card, unsigned bits)
{
    enum { MOST = 256 };
    static struct snd_ctl_elem_id ids[MOST];
    struct snd_ctl_elem_list list = {.space = MOST, .pids = ids};
    char path[64];
    snprintf(path, sizeof path, "/dev/snd/controlC%s", card);
    int fd = open(path, O_RDWR);
    if (fd < 0 || ioctl(fd, SNDRV_CTL_IOCTL_ELEM_LIST, &list))
        err(1, "%s", path);
    for (unsigned i = 0; i < list.used; i++) {
        const char *name = (const char *)ids[i].name;
        if (has_end(name, "Playback Switch") || has_end(name, "Playback Volume"))
            turn_up(fd, &ids[i]);
        else if (strcmp(name, "16-bit DMA Allocation") == 0)
            choose_dma(fd, &ids[i], bits);
    }
}

/* --- playing --- */

static void set_mask(struct snd_pcm_hw_params *p, int what, unsigned bit)
{
    struct snd_mask *m = &p->masks[what - SNDRV_PCM_HW_PARAM_FIRST_MASK];
    memset(m, 0, sizeof *m);
    m->bits[bit / 32] = 1u << bit % 32;
}

static void set_number(struct snd_pcm_hw_params *p, int what, unsigned number)
{
    struct snd_interval *i = &p->intervals[what - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL];
    *i = (struct snd_interval){.min = number, .max = number, .integer = 1};
}

static void set_any(struct snd_pcm_hw_params *p)
{
    memset(p, 0, sizeof *p);
    for (unsigned i = 0; i < sizeof p->masks / sizeof *p->masks; i++)
        memset(p->masks[i].bits, 0xff, sizeof p->masks[i].bits);
    for (unsigned i = 0; i < sizeof p->intervals / sizeof *p->intervals; i++)
        p->intervals[i] = (struct snd_interval){.max = ~0u};
    p->rmask = ~0u;
}

/* Players usually want some 20 ms, and four of them; of shorter ones there are more. */
enum { PERIOD = 1024, PERIODS = 4, MOST_PERIODS = 32 };

static int open_pcm(const char *card, unsigned rate, unsigned channels, unsigned bits,
                    unsigned period)
{
    struct snd_pcm_hw_params p;
    char path[64];
    snprintf(path, sizeof path, "/dev/snd/pcmC%sD0p", card);
    int fd = open(path, O_RDWR);
    set_any(&p);
    set_mask(&p, SNDRV_PCM_HW_PARAM_ACCESS, SNDRV_PCM_ACCESS_RW_INTERLEAVED);
    set_mask(&p, SNDRV_PCM_HW_PARAM_FORMAT,
             bits == 8 ? SNDRV_PCM_FORMAT_U8 : SNDRV_PCM_FORMAT_S16_LE);
    set_number(&p, SNDRV_PCM_HW_PARAM_CHANNELS, channels);
    set_number(&p, SNDRV_PCM_HW_PARAM_RATE, rate);
    set_number(&p, SNDRV_PCM_HW_PARAM_PERIOD_SIZE, period);
    set_number(&p, SNDRV_PCM_HW_PARAM_BUFFER_SIZE,
               period * (period < PERIOD ? MOST_PERIODS : PERIODS));
    if (fd < 0 || ioctl(fd, SNDRV_PCM_IOCTL_HW_PARAMS, &p) || ioctl(fd, SNDRV_PCM_IOCTL_PREPARE))
        err(1, "%s", path);
    return fd;
}

/* A square wave. */
static void *make_tone(unsigned rate, unsigned channels, unsigned bits, unsigned hz)
{
    enum { LOUD = 10000 };
    short *words = calloc((size_t)rate * channels, sizeof *words);
    unsigned char *bytes = (unsigned char *)words;
    if (!words)
        err(1, "memory");
    for (unsigned i = 0; i < rate; i++) {
        int is_up = (unsigned long long)i * hz * 2 / rate % 2;
        for (unsigned c = 0; c < channels; c++) {
            int level = c ? 0 : is_up ? LOUD : -LOUD;
            if (bits == 8)
                bytes[i * channels + c] = (unsigned char)(128 + level / 256);
            else
                words[i * channels + c] = (short)level;
        }
    }
    return words;
}

static void play(int fd, void *frames, unsigned count, size_t size)
{
    for (unsigned done = 0; done < count;) {
        struct snd_xferi some = {.buf = (char *)frames + done * size, .frames = count - done};
        if (ioctl(fd, SNDRV_PCM_IOCTL_WRITEI_FRAMES, &some))
            err(1, "playing");
        done += (unsigned)some.result;
    }
    if (ioctl(fd, SNDRV_PCM_IOCTL_DRAIN))
        err(1, "draining");
}

int main(int argc, char **argv)
{
    if (argc != 6 && argc != 7)
        errx(1, "usage: tone CARD RATE CHANNELS BITS HZ [PERIOD]");
    unsigned rate = (unsigned)atoi(argv[2]), channels = (unsigned)atoi(argv[3]);
    unsigned bits = (unsigned)atoi(argv[4]), hz = (unsigned)atoi(argv[5]);
    set_mixer(argv[1], bits);
    int fd = open_pcm(argv[1], rate, channels, bits, argc == 7 ? (unsigned)atoi(argv[6]) : PERIOD);
    play(fd, make_tone(rate, channels, bits, hz), rate, (size_t)channels * bits / 8);
    puts("played");
    return 0;
}
