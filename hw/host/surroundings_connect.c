/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a machine is connected to on the host: see surroundings.h. */
#include "hw/host/chardev_place.h"
#include "hw/host/surroundings.h"

static bool connect_file(struct surroundings *s, const char *path, bool append,
                         struct chardev **end, struct error *error)
{
    struct chardev_file *file = &s->file[s->files];
    if (!chardev_file_open(file, path, append, &s->host_timers, &s->output_owner, error))
        return false;
    s->files++;
    *end = &file->chardev;
    return true;
}

static bool connect_line(struct surroundings *s, const struct outside *outside,
                         struct chardev **end, struct error *error)
{
    struct chardev_line *line = chardev_line_open(outside, &s->output_owner, error);
    if (!line)
        return false;
    s->line[s->lines++] = line;
    *end = chardev_line_end(line);
    return true;
}

static bool connect_ring(struct surroundings *s, const struct outside *outside,
                         struct chardev **end, struct error *error)
{
    struct chardev_ring *ring = &s->ring[s->rings];
    if (!chardev_ring_open(ring, outside->label, outside->size))
        return error_set(error, "the host is out of memory");
    s->rings++;
    *end = &ring->chardev;
    return true;
}

static bool log_line(struct surroundings *s, const struct outside *outside, struct chardev **end,
                     struct error *error)
{
    struct chardev *log;
    if (!connect_file(s, outside->log, outside->log_append, &log, error))
        return false;
    *end = chardev_log_init(&s->log[s->logs++], *end, log);
    return true;
}

bool surroundings_connect(struct surroundings *s, const struct outside *outside,
                          enum outside_use use, struct chardev **end, struct error *error)
{
    if (outside->kind == OUTSIDE_FILE &&
        !connect_file(s, outside->path, outside->append, end, error))
        return false;
    if ((outside->kind == OUTSIDE_PTY || place_is_socket(outside)) &&
        !connect_line(s, outside, end, error))
        return false;
    if (outside->kind == OUTSIDE_RING && !connect_ring(s, outside, end, error))
        return false;
    if (outside->kind == OUTSIDE_NULL)
        *end = &chardev_null;
    if (outside->kind == OUTSIDE_STDIO) {
        *end = use == OUTSIDE_TEXT ? &s->console.text : &s->console.chardev;
        s->input = s->input || use == OUTSIDE_SERIAL;
    }
    if (outside->log && !log_line(s, outside, end, error))
        return false;
    if (s->is_tapped && use == OUTSIDE_SERIAL && *end && !s->tap.end)
        *end = tap_init(&s->tap, *end);
    if (s->time.on && outside->kind != OUTSIDE_NONE)
        *end = counted_port_init(&s->port[s->ports++], *end, &s->time);
    return true;
}

bool surroundings_open_net(struct surroundings *s, const struct net_request *request,
                           struct net **net, struct error *error)
{
    *net = replay_plays(s->replay) ? NULL : net_open(request, &s->net_owner, error);
    if (!*net && !replay_plays(s->replay))
        return false;
    s->net[s->nets] = *net;
    if (s->time.on)
        *net = net_counted_init(&s->counted_net[s->nets], *net, s->nets, s->replay);
    s->nets++;
    return true;
}

bool surroundings_open_audio(struct surroundings *s, const struct audio_request *request,
                             struct audio **audio, struct error *error)
{
    if (!audio_open(request, audio, error))
        return false;
    s->audio[s->audios++] = *audio;
    return true;
}
