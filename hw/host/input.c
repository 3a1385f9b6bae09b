/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two queues, of keys and of the mouse's doings: a guest that does not read one of them is not to
 * hold up the other. What is pressed has a place in its queue kept for its release.
 */
#include "hw/host/input.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { WAITING = 1024 };
_Static_assert(WAITING >= 2 * KEYS, "room for the press and the release of every key");

struct event {
    uint64_t number; /* in the order of coming, over both queues */
    enum { KEY, MOTION, POSITION, BUTTON } what;
    unsigned key;
    bool down;
    int dx, dy, wheel;
    unsigned x, y;
    unsigned buttons;
};

struct queue {
    unsigned head, count;
    struct event event[WAITING];
};

struct input {
    void (*ring)(void *owner);
    void *owner;
    struct input_sink sink;
    atomic_uint leds;
    atomic_bool is_absolute;
    pthread_mutex_t lock; /* of what follows */
    uint64_t events;
    struct queue keys, mouse;
    bool is_down[KEYS];
    unsigned keys_down;
    unsigned buttons;
};

struct input *input_create(void (*ring)(void *owner), void *owner)
{
    struct input *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->ring = ring;
    s->owner = owner;
    atomic_init(&s->leds, 0);
    atomic_init(&s->is_absolute, false);
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void input_destroy(struct input *s)
{
    if (!s)
        return;
    pthread_mutex_destroy(&s->lock);
    free(s);
}

void input_set_sink(struct input *s, const struct input_sink *sink)
{
    s->sink = *sink;
}

unsigned input_leds(struct input *s)
{
    return atomic_load(&s->leds);
}

bool input_is_absolute(struct input *s)
{
    return atomic_load(&s->is_absolute);
}

unsigned input_across(int pixel, int size)
{
    if (pixel <= 0 || size <= 1)
        return 0;
    return pixel < size ? (unsigned)((int64_t)pixel * INPUT_ACROSS / (size - 1)) : INPUT_ACROSS;
}

/* --- coming; locked --- */

static struct event *add(struct input *s, struct queue *q, int what)
{
    struct event *e = &q->event[(q->head + q->count++) % WAITING];
    *e = (struct event){.number = s->events++, .what = what, .buttons = s->buttons};
    return e;
}

/* Is there room for one more, besides the releases of so many that are down? */
static bool has_room(const struct queue *q, unsigned down)
{
    return q->count + down < WAITING;
}

static bool add_key(struct input *s, unsigned key, bool down)
{
    if (down == s->is_down[key] || (down && !has_room(&s->keys, s->keys_down + 1)))
        return false;
    s->is_down[key] = down;
    s->keys_down += down ? 1 : -1u;
    struct event *e = add(s, &s->keys, KEY);
    e->key = key;
    e->down = down;
    return true;
}

/* The last one, if that is of the same kind, or a new one; NULL if there is no room. */
static struct event *last_or_new(struct input *s, int what)
{
    struct queue *q = &s->mouse;
    struct event *last = &q->event[(q->head + q->count - 1) % WAITING];
    if (q->count && (int)last->what == what)
        return last;
    return has_room(q, BUTTONS) ? add(s, q, what) : NULL;
}

static bool add_position(struct input *s, unsigned x, unsigned y)
{
    struct event *e = last_or_new(s, POSITION);
    if (!e)
        return false;
    e->x = x < INPUT_ACROSS ? x : INPUT_ACROSS;
    e->y = y < INPUT_ACROSS ? y : INPUT_ACROSS;
    return true;
}

static bool add_motion(struct input *s, int dx, int dy, int wheel)
{
    /* No sum overflows: a hand that moves so far is not believed. */
    enum { FAR = 1 << 20 };
    struct event *e = last_or_new(s, MOTION);
    if (!e || abs(e->dx) > FAR || abs(e->dy) > FAR || abs(e->wheel) > FAR)
        return false;
    e->dx += dx % FAR;
    e->dy += dy % FAR;
    e->wheel += wheel % FAR;
    return true;
}

static bool add_button(struct input *s, unsigned button, bool down)
{
    unsigned bit = 1u << button;
    if (down == !!(s->buttons & bit) || (down && !has_room(&s->mouse, BUTTONS)))
        return false;
    s->buttons ^= bit;
    add(s, &s->mouse, BUTTON);
    return true;
}

/* --- from any thread --- */

static void unlock_and_ring(struct input *s, bool is_new)
{
    pthread_mutex_unlock(&s->lock);
    if (is_new)
        s->ring(s->owner);
}

void input_key(struct input *s, unsigned key, bool down)
{
    if (key == 0 || key >= KEYS)
        return;
    pthread_mutex_lock(&s->lock);
    unlock_and_ring(s, add_key(s, key, down));
}

void input_motion(struct input *s, int dx, int dy, int wheel)
{
    pthread_mutex_lock(&s->lock);
    unlock_and_ring(s, add_motion(s, dx, dy, wheel));
}

void input_position(struct input *s, unsigned x, unsigned y)
{
    pthread_mutex_lock(&s->lock);
    unlock_and_ring(s, add_position(s, x, y));
}

void input_button(struct input *s, unsigned button, bool down)
{
    if (button >= BUTTONS)
        return;
    pthread_mutex_lock(&s->lock);
    unlock_and_ring(s, add_button(s, button, down));
}

void input_release_all(struct input *s)
{
    bool is_new = false;
    pthread_mutex_lock(&s->lock);
    for (unsigned key = 0; key < KEYS; key++)
        is_new |= add_key(s, key, false);
    for (unsigned button = 0; button < BUTTONS; button++)
        is_new |= add_button(s, button, false);
    unlock_and_ring(s, is_new);
}

/* --- going --- */

static struct event pop(struct queue *q)
{
    struct event e = q->event[q->head];
    q->head = (q->head + 1) % WAITING;
    q->count--;
    return e;
}

/* The queue whose first event is to go next; NULL if none can. */
static struct queue *next_queue(struct input *s)
{
    bool key = s->keys.count && s->sink.key_room(s->sink.chip);
    bool mouse = s->mouse.count && s->sink.mouse_room(s->sink.chip);
    if (key && mouse)
        key = s->keys.event[s->keys.head].number < s->mouse.event[s->mouse.head].number;
    if (key)
        return &s->keys;
    return mouse ? &s->mouse : NULL;
}

static void deliver(const struct input_sink *sink, const struct event *e)
{
    if (e->what == KEY)
        sink->key(sink->chip, e->key, e->down);
    else if (e->what == POSITION && sink->position)
        sink->position(sink->chip, e->x, e->y, e->buttons);
    else if (e->what != POSITION)
        sink->mouse(sink->chip, e->dx, e->dy, e->wheel, e->buttons);
}

void input_deliver(struct input *s)
{
    struct queue *q;
    const struct input_sink *sink = &s->sink;
    atomic_store(&s->leds, sink->leds(sink->chip));
    atomic_store(&s->is_absolute, sink->is_absolute && sink->is_absolute(sink->chip));
    pthread_mutex_lock(&s->lock);
    while ((q = next_queue(s))) {
        struct event e = pop(q);
        pthread_mutex_unlock(&s->lock);
        deliver(sink, &e);
        pthread_mutex_lock(&s->lock);
    }
    pthread_mutex_unlock(&s->lock);
}
