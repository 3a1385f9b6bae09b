/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The screen, see screen.h.
 *
 * Two locks: `handshake` is held for moments only, and the cpu's thread takes it; `picture_lock`
 * for as long as it takes to draw or to copy a picture. A refresh goes round as follows: the
 * drawing thread sets `due`; the cpu's thread latches, which takes `due` back and sets `latched`
 * if there is something to draw; the drawing thread draws. So nothing is latched while it draws.
 */
#include "hw/host/screen_internal.h"

#include "hw/host/thread.h"
#include "hw/timer.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

static const uint64_t shortest_pause = NS_PER_S / 60, longest_pause = NS_PER_S / 30;

struct screen {
    struct video video;
    void (*refresh)(void *owner);
    void *owner;
    pthread_t thread;

    pthread_mutex_t handshake;
    pthread_cond_t news; /* of what follows */
    atomic_bool due;
    bool latched, ended;
    unsigned views; /* how many look */

    pthread_mutex_t picture_lock;
    struct picture picture;
    struct screen_text text;
    bool is_text;
    bool everything; /* nothing has been latched yet */
    struct screen_view *view;
};

bool picture_resize(struct picture *p, unsigned width, unsigned height)
{
    uint32_t *pixels = calloc((size_t)width * height + 1, sizeof *pixels);
    if (!pixels)
        return false;
    free(p->pixels);
    p->width = width;
    p->height = height;
    p->pixels = pixels;
    return true;
}

/* --- drawing; under the picture's lock --- */

static void tell(const struct screen_view *v)
{
    static const uint64_t one = 1;
    /* A counter that is full is readable, too. */
    if (write(v->fd, &one, sizeof one) < 0)
        return;
}

static void note_change(struct screen_view *v, unsigned first, unsigned end, bool resized)
{
    bool none = v->first >= v->end;
    v->first = none || first < v->first ? first : v->first;
    v->end = none || end > v->end ? end : v->end;
    v->resized |= resized;
    tell(v);
}

static void draw(struct screen *s)
{
    const struct picture before = s->picture;
    unsigned first = 0, end = 0;
    s->video.draw(s->video.card, &s->picture, &first, &end);
    s->is_text = s->video.text(s->video.card, &s->text);
    bool resized = before.width != s->picture.width || before.height != s->picture.height;
    if (resized)
        first = 0, end = s->picture.height;
    for (struct screen_view *v = s->view; v && first < end; v = v->next)
        note_change(v, first, end, resized);
}

/* Draws what has been latched, if anything. */
static bool draw_latched(struct screen *s)
{
    pthread_mutex_lock(&s->handshake);
    bool latched = s->latched;
    s->latched = false;
    pthread_mutex_unlock(&s->handshake);
    if (latched)
        draw(s);
    return latched;
}

/* --- the drawing thread --- */

static struct timespec after(uint64_t ns)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    ns += (uint64_t)t.tv_nsec;
    return (struct timespec){.tv_sec = t.tv_sec + (time_t)(ns / NS_PER_S),
                             .tv_nsec = (long)(ns % NS_PER_S)};
}

/* With the handshake's lock: as long as somebody looks, until the pause is over. */
static void rest(struct screen *s, uint64_t pause)
{
    const struct timespec until = after(pause);
    while (!s->ended)
        if (!s->views)
            pthread_cond_wait(&s->news, &s->handshake);
        else if (pthread_cond_timedwait(&s->news, &s->handshake, &until) == ETIMEDOUT)
            break;
}

/* Asks for something to draw, and waits until the cpu's thread has looked; false at the end. */
static bool await_latch(struct screen *s, uint64_t pause)
{
    pthread_mutex_lock(&s->handshake);
    rest(s, pause);
    bool go_on = !s->ended;
    if (go_on) {
        atomic_store(&s->due, true);
        pthread_mutex_unlock(&s->handshake);
        s->refresh(s->owner);
        pthread_mutex_lock(&s->handshake);
    }
    while (atomic_load(&s->due) && !s->ended)
        pthread_cond_wait(&s->news, &s->handshake);
    pthread_mutex_unlock(&s->handshake);
    return go_on;
}

static void *run(void *screen)
{
    struct screen *s = screen;
    uint64_t pause = 0;
    while (await_latch(s, pause)) {
        pthread_mutex_lock(&s->picture_lock);
        pause = draw_latched(s) ? shortest_pause : longest_pause;
        pthread_mutex_unlock(&s->picture_lock);
    }
    return NULL;
}

/* --- the cpu's thread --- */

static bool latch(struct screen *s)
{
    bool latched = s->video.latch(s->video.card, s->everything);
    s->everything = false;
    return latched;
}

void screen_latch(struct screen *s)
{
    if (!atomic_load_explicit(&s->due, memory_order_relaxed))
        return;
    pthread_mutex_lock(&s->handshake);
    if (atomic_load(&s->due)) {
        s->latched |= latch(s);
        atomic_store(&s->due, false);
        pthread_cond_broadcast(&s->news);
    }
    pthread_mutex_unlock(&s->handshake);
}

const struct picture *screen_now(struct screen *s, const struct screen_text **text)
{
    pthread_mutex_lock(&s->picture_lock);
    draw_latched(s);
    if (latch(s))
        draw(s);
    *text = s->is_text ? &s->text : NULL;
    return &s->picture;
}

void screen_end_now(struct screen *s)
{
    pthread_mutex_unlock(&s->picture_lock);
}

/* --- views --- */

static void count_views(struct screen *s, int more)
{
    pthread_mutex_lock(&s->handshake);
    s->views += (unsigned)more;
    pthread_cond_broadcast(&s->news);
    pthread_mutex_unlock(&s->handshake);
}

bool screen_add_view(struct screen *s, struct screen_view *v, struct error *error)
{
    v->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (v->fd < 0)
        return error_set(error, "no event descriptor: %s", strerror(errno));
    pthread_mutex_lock(&s->picture_lock);
    v->first = v->end = 0;
    v->next = s->view;
    s->view = v;
    note_change(v, 0, s->picture.height, true);
    pthread_mutex_unlock(&s->picture_lock);
    count_views(s, 1);
    return true;
}

void screen_remove_view(struct screen *s, struct screen_view *v)
{
    pthread_mutex_lock(&s->picture_lock);
    struct screen_view **at = &s->view;
    while (*at != v)
        at = &(*at)->next;
    *at = v->next;
    pthread_mutex_unlock(&s->picture_lock);
    count_views(s, -1);
    close(v->fd);
}

const struct picture *screen_look(struct screen *s, struct screen_view *v)
{
    uint64_t count;
    pthread_mutex_lock(&s->picture_lock);
    while (read(v->fd, &count, sizeof count) < 0 && errno == EINTR)
        ;
    return &s->picture;
}

void screen_end_look(struct screen *s, struct screen_view *v)
{
    v->first = v->end = 0;
    v->resized = false;
    pthread_mutex_unlock(&s->picture_lock);
}

bool screen_text(struct screen *s, struct screen_text *t)
{
    pthread_mutex_lock(&s->picture_lock);
    bool is_text = s->is_text;
    if (is_text)
        *t = s->text;
    pthread_mutex_unlock(&s->picture_lock);
    return is_text;
}

/* --- beginning and end --- */

static void init_locks(struct screen *s)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s->news, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&s->handshake, NULL);
    pthread_mutex_init(&s->picture_lock, NULL);
}

static void free_screen(struct screen *s)
{
    pthread_cond_destroy(&s->news);
    pthread_mutex_destroy(&s->handshake);
    pthread_mutex_destroy(&s->picture_lock);
    free(s->picture.pixels);
    free(s);
}

struct screen *screen_create(const struct video *video, void (*refresh)(void *owner), void *owner,
                             struct error *error)
{
    struct screen *s = calloc(1, sizeof *s);
    if (!s) {
        error_set(error, "the host is out of memory");
        return NULL;
    }
    s->video = *video;
    s->refresh = refresh;
    s->owner = owner;
    s->everything = true;
    init_locks(s);
    if (thread_start(&s->thread, run, s, 0))
        return s;
    error_set(error, "no thread for the screen: %s", strerror(errno));
    free_screen(s);
    return NULL;
}

void screen_destroy(struct screen *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->handshake);
    s->ended = true;
    pthread_cond_broadcast(&s->news);
    pthread_mutex_unlock(&s->handshake);
    pthread_join(s->thread, NULL);
    free_screen(s);
}
