/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See replay_input.h. */
#include "hw/host/replay_input.h"

#include "exec/exec.h"

static void key(void *chip, unsigned key, bool down)
{
    struct replay_input *s = chip;
    uint8_t data[2] = {(uint8_t)key, down};
    if (replay_plays(s->replay))
        return;
    if (replay_records(s->replay))
        replay_note(s->replay, REPLAY_KEY, exec_instructions(s->exec), data, sizeof data);
    s->sink.key(s->sink.chip, key, down);
}

static void mouse(void *chip, int dx, int dy, int wheel, unsigned buttons)
{
    struct replay_input *s = chip;
    uint8_t data[16];
    if (replay_plays(s->replay))
        return;
    replay_put(replay_put(replay_put(replay_put(data, (uint32_t)dx, 4), (uint32_t)dy, 4),
                          (uint32_t)wheel, 4),
               buttons, 4);
    if (replay_records(s->replay))
        replay_note(s->replay, REPLAY_MOUSE, exec_instructions(s->exec), data, sizeof data);
    s->sink.mouse(s->sink.chip, dx, dy, wheel, buttons);
}

static void position(void *chip, unsigned x, unsigned y, unsigned buttons)
{
    struct replay_input *s = chip;
    uint8_t data[12];
    if (replay_plays(s->replay) || !s->sink.position)
        return;
    replay_put(replay_put(replay_put(data, x, 4), y, 4), buttons, 4);
    if (replay_records(s->replay))
        replay_note(s->replay, REPLAY_POSITION, exec_instructions(s->exec), data, sizeof data);
    s->sink.position(s->sink.chip, x, y, buttons);
}

static bool is_absolute(void *chip)
{
    struct replay_input *s = chip;
    return s->sink.is_absolute && s->sink.is_absolute(s->sink.chip);
}

static bool key_room(void *chip)
{
    struct replay_input *s = chip;
    return replay_plays(s->replay) || s->sink.key_room(s->sink.chip);
}

static bool mouse_room(void *chip)
{
    struct replay_input *s = chip;
    return replay_plays(s->replay) || s->sink.mouse_room(s->sink.chip);
}

static unsigned leds(void *chip)
{
    struct replay_input *s = chip;
    return s->sink.leds(s->sink.chip);
}

struct input_sink replay_input_sink(struct replay_input *s)
{
    return (struct input_sink){.chip = s,
                               .key = key,
                               .mouse = mouse,
                               .key_room = key_room,
                               .mouse_room = mouse_room,
                               .position = position,
                               .is_absolute = is_absolute,
                               .leds = leds};
}

static int number(const uint8_t *at)
{
    return (int32_t)(uint32_t)replay_number(at, 4);
}

/* A motion is no larger than input_motion lets it be. */
static int distance(const uint8_t *at)
{
    enum { FAR = 1 << 21 };
    int n = number(at);
    return n < -FAR ? -FAR : n > FAR ? FAR : n;
}

static unsigned across(const uint8_t *at)
{
    uint64_t n = replay_number(at, 4);
    return n < INPUT_ACROSS ? (unsigned)n : INPUT_ACROSS;
}

static unsigned buttons(const uint8_t *at)
{
    return (unsigned)replay_number(at, 4) & ((1u << BUTTONS) - 1);
}

static bool deliver_next(struct replay_input *s, uint64_t count)
{
    const struct input_sink *sink = &s->sink;
    const struct replay_event *e = replay_at(s->replay, REPLAY_KEY, count);
    if (e) {
        sink->key(sink->chip, e->data[0], e->data[1]);
    } else if ((e = replay_at(s->replay, REPLAY_MOUSE, count))) {
        sink->mouse(sink->chip, distance(e->data), distance(e->data + 4), distance(e->data + 8),
                    buttons(e->data + 12));
    } else if ((e = replay_at(s->replay, REPLAY_POSITION, count)) && sink->position) {
        sink->position(sink->chip, across(e->data), across(e->data + 4), buttons(e->data + 8));
    }
    if (e)
        replay_go_on(s->replay);
    return e;
}

void replay_input_deliver(struct replay_input *s)
{
    while (replay_plays(s->replay) && deliver_next(s, exec_instructions(s->exec)))
        ;
}
