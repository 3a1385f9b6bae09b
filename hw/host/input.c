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
    unsigned key;    /* 0: the mouse's */
    bool down, is_button;
    int dx, dy, wheel;
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

/* --- coming; locked --- */

static struct event *add(struct input *s, struct queue *q)
{
    struct event *e = &q->event[(q->head + q->count++) % WAITING];
    *e = (struct event){.number = s->events++};
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
    struct event *e = add(s, &s->keys);
    e->key = key;
    e->down = down;
    return true;
}

/* Added to the last motion, if no button has changed since; NULL if there is no room. */
static struct event *motion(struct input *s)
{
    struct queue *q = &s->mouse;
    struct event *last = &q->event[(q->head + q->count - 1) % WAITING];
    if (q->count && !last->is_button)
        return last;
    if (!has_room(q, BUTTONS))
        return NULL;
    last = add(s, q);
    last->buttons = s->buttons;
    return last;
}

static bool add_motion(struct input *s, int dx, int dy, int wheel)
{
    /* No sum overflows: a hand that moves so far is not believed. */
    enum { FAR = 1 << 20 };
    struct event *e = motion(s);
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
    struct event *e = add(s, &s->mouse);
    e->buttons = s->buttons;
    e->is_button = true;
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
    if (e->key)
        sink->key(sink->chip, e->key, e->down);
    else
        sink->mouse(sink->chip, e->dx, e->dy, e->wheel, e->buttons);
}

void input_deliver(struct input *s)
{
    struct queue *q;
    atomic_store(&s->leds, s->sink.leds(s->sink.chip));
    pthread_mutex_lock(&s->lock);
    while ((q = next_queue(s))) {
        struct event e = pop(q);
        pthread_mutex_unlock(&s->lock);
        deliver(&s->sink, &e);
        pthread_mutex_lock(&s->lock);
    }
    pthread_mutex_unlock(&s->lock);
}
