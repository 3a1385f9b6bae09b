/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Options about sound: -audiodev, where it goes; -machine pcspk-audiodev= and -device, what is
 * heard there; -audio, both at once.
 */
#include "hw/cli/command_line.h"
#include "hw/cli/option_setters.h"

#include <string.h>
#include <strings.h>

/* --- where it goes --- */

static struct audio_request *request(const struct given *g)
{
    return &g->options->audio[g->options->audios];
}

static bool set_id(const struct given *g)
{
    request(g)->id = g->value;
    return *g->value || refuse(g, "nothing is given");
}

static bool set_wav_path(const struct given *g)
{
    request(g)->path = g->value;
    return *g->value || refuse(g, "not the name of a file");
}

static bool set_rate(const struct given *g)
{
    unsigned long rate;
    if (!parse_number(g->value, AUDIO_RATE_MOST, &rate) || rate < AUDIO_RATE_LEAST)
        return refuse(g, "not a number from %d to %d", AUDIO_RATE_LEAST, AUDIO_RATE_MOST);
    request(g)->rate = (unsigned)rate;
    return true;
}

static bool set_model(const struct given *g);

/* The first is -audio's alone. */
static const struct setting audio_properties[] = {
    {"model", "NAME", .set = set_model},
    {"id", "ID", .set = set_id},
    {"path", "FILE", .set = set_wav_path},
    {"out.frequency", "RATE", .set = set_rate},
    {0},
};

const char *audio_choice(unsigned i)
{
    return audio_kind_name((enum audio_kind)i);
}

static bool begin_audio(const struct given *g, const char *name, size_t length)
{
    char names[64];
    if (g->options->audios == AUDIODEVS)
        return refuse(g, "more than %d", AUDIODEVS);
    *request(g) = (struct audio_request){.rate = AUDIO_RATE, .path = "tessera.wav"};
    const char *kind;
    for (unsigned i = 0; (kind = audio_choice(i)); i++)
        if (strlen(kind) == length && strncmp(kind, name, length) == 0) {
            request(g)->kind = (enum audio_kind)i;
            return true;
        }
    join_choices(audio_choice, names, sizeof names);
    return refuse(g, "no such place for sound; there is %s", names);
}

static int find_audio(const struct options *o, const char *id)
{
    for (unsigned i = 0; i < o->audios; i++)
        if (o->audio[i].id && strcmp(o->audio[i].id, id) == 0)
            return (int)i;
    return -1;
}

static bool end_audio(const struct given *g)
{
    if (find_audio(g->options, request(g)->id) >= 0)
        return refuse(g, "there is one of that id already");
    return ++g->options->audios;
}

bool set_audiodev(const struct given *g)
{
    size_t length = strcspn(g->value, ",");
    if (strcmp(g->value, "help") == 0)
        return list_instead(g, LIST_AUDIO);
    if (!begin_audio(g, g->value, length) || !set_rest(g, length, audio_properties + 1))
        return false;
    return request(g)->id ? end_audio(g) : refuse(g, "id= is missing");
}

/* --- what is heard --- */

static const struct model {
    const char *name;
    size_t request; /* a struct sound_request of struct options */
} models[] = {
    {"pcspk", FIELD(struct sound_request, speaker)},
    {"sb16", FIELD(struct sound_request, sb16)},
    {"ac97", FIELD(struct sound_request, ac97)},
};
enum { MODELS = sizeof models / sizeof *models };

static struct sound_request *request_of(const struct given *g, const struct model *model)
{
    return (struct sound_request *)((char *)g->options + model->request);
}

static bool add(const struct given *g, struct sound_request *r, const char *option)
{
    if (r->is_there)
        return refuse(g, "there can be only one");
    *r = (struct sound_request){true, option, NULL, -1};
    return true;
}

/* Its place is the one that is being made. */
static bool set_model(const struct given *g)
{
    for (const struct model *m = models; m < models + MODELS; m++)
        if (strcasecmp(m->name, g->value) == 0) {
            if (!add(g, request_of(g, m), "-audio"))
                return false;
            request_of(g, m)->audio = (int)g->options->audios;
            return true;
        }
    return refuse(g, "no such sound; there is pcspk, sb16, ac97");
}

static bool is_heard(const struct given *g)
{
    for (const struct model *m = models; m < models + MODELS; m++)
        if (request_of(g, m)->is_there && request_of(g, m)->audio == (int)g->options->audios)
            return true;
    return false;
}

bool set_audio(const struct given *g)
{
    struct given named = *g;
    if (strncmp(g->value, "driver=", strlen("driver=")) == 0)
        named.value += strlen("driver=");
    size_t length = strcspn(named.value, ",");
    if (strcmp(named.value, "help") == 0)
        return list_instead(g, LIST_AUDIO);
    if (!begin_audio(&named, named.value, length))
        return false;
    request(g)->id = "-audio";
    if (!set_rest(&named, length, audio_properties))
        return false;
    return is_heard(g) ? end_audio(g) : refuse(g, "model= is missing");
}

bool set_speaker_audiodev(const struct given *g)
{
    g->options->speaker = (struct sound_request){true, "-machine pcspk-audiodev", g->value, -1};
    return true;
}

static bool set_port(const struct given *g)
{
    unsigned long port;
    if (!parse_number(g->value, 0x280, &port) || port < 0x220 || port % 0x20)
        return refuse(g, "not 0x220, 0x240, 0x260 or 0x280");
    g->options->sb16_at.port = (unsigned)port;
    return true;
}

static bool set_irq(const struct given *g)
{
    unsigned long irq;
    if (!parse_number(g->value, 10, &irq) || (irq != 5 && irq != 7 && irq != 9 && irq != 10))
        return refuse(g, "not 5, 7, 9 or 10");
    g->options->sb16_at.irq = (unsigned)irq;
    return true;
}

static bool set_dma(const struct given *g)
{
    unsigned long dma;
    if (!parse_number(g->value, 3, &dma) || dma == 2)
        return refuse(g, "not 0, 1 or 3");
    g->options->sb16_at.dma = (unsigned)dma;
    return true;
}

static bool set_dma16(const struct given *g)
{
    unsigned long dma;
    if (!parse_number(g->value, 7, &dma) || dma < 5)
        return refuse(g, "not 5, 6 or 7");
    g->options->sb16_at.dma16 = (unsigned)dma;
    return true;
}

const struct setting sb16_properties[] = {
    {"audiodev", "ID", .set = set_text, .field = FIELD(const char *, sb16.audiodev)},
    {"iobase", "PORT", .set = set_port},
    {"irq", "NUMBER", .set = set_irq},
    {"dma", "NUMBER", .set = set_dma},
    {"dma16", "NUMBER", .set = set_dma16},
    {"id", "NAME", .set = set_nothing},
    {0},
};

bool set_sb16(const struct given *g)
{
    return add(g, &g->options->sb16, "-device sb16,audiodev");
}

const struct setting ac97_properties[] = {
    {"audiodev", "ID", .set = set_text, .field = FIELD(const char *, ac97.audiodev)},
    {"id", "NAME", .set = set_nothing},
    {0},
};

bool set_ac97(const struct given *g)
{
    return add(g, &g->options->ac97, "-device AC97,audiodev");
}

static bool find_place(const struct options *o, struct sound_request *r, struct error *error)
{
    if (r->is_there && r->audio >= 0)
        return true;
    r->audio = r->audiodev ? find_audio(o, r->audiodev) : r->is_there && o->audios ? 0 : -1;
    return r->audio >= 0 || !r->audiodev ||
           error_set(error, "%s=%s: no -audiodev has that id", r->option, r->audiodev);
}

bool complete_sound(struct options *o, struct error *error)
{
    return find_place(o, &o->speaker, error) && find_place(o, &o->sb16, error) &&
           find_place(o, &o->ac97, error);
}
