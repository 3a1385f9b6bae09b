/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See audio_ring.h. */
#include "hw/host/audio_ring.h"

#include <stdlib.h>

enum { GATHERED_MS = 80, SLACK_MS = 20, MOST_MS = 200, FADE_MS = 6 };
/* What is beyond the slack is made up in so many seconds; the mean is one of about a second. */
enum { SECONDS = 2, MEAN_BITS = 16 };
static const int64_t one = (int64_t)1 << 32; /* frame */

static size_t frames_of(const struct audio_ring *r, unsigned ms)
{
    return (size_t)r->rate * ms / 1000;
}

bool audio_ring_init(struct audio_ring *r, unsigned rate)
{
    *r = (struct audio_ring){.rate = rate, .rests = true};
    r->room = frames_of(r, MOST_MS);
    r->gathered = frames_of(r, GATHERED_MS);
    r->frame = calloc(r->room, sizeof *r->frame);
    return r->frame;
}

void audio_ring_destroy(struct audio_ring *r)
{
    free(r->frame);
}

/* Of the one that is so many behind the first; at most `room`. */
static size_t place_of(const struct audio_ring *r, size_t behind)
{
    size_t place = r->first + behind;
    return place < r->room ? place : place - r->room;
}

static void drop(struct audio_ring *r, size_t count)
{
    r->first = place_of(r, count);
    r->count -= count;
}

/* --- the guest's side --- */

static void add(struct audio_ring *r, struct audio_frame frame)
{
    if (r->count == r->room) {
        r->counts.lost += r->count - r->gathered;
        drop(r, r->count - r->gathered);
        r->is_broken |= r->is_heard;
    }
    r->frame[place_of(r, r->count++)] = frame;
}

void audio_ring_put(struct audio_ring *r, uint64_t at, const struct audio_frame *frames,
                    size_t count)
{
    /* If all has been heard, the silence has been, too. */
    uint64_t silence = r->count ? at - r->next : 0;
    for (uint64_t i = 0; i < silence && i < r->room; i++)
        add(r, (struct audio_frame){0, 0});
    for (size_t i = 0; i < count; i++)
        add(r, frames[i]);
    r->next = at + count;
    r->rests = false;
}

void audio_ring_rest(struct audio_ring *r)
{
    r->rests = true;
    r->is_cut &= r->count > 0;
}

/* --- the host's --- */

static int16_t cut_off(int32_t value)
{
    return (int16_t)(value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value);
}

/* A frame is heard, by way of what was heard before if it does not follow on that. */
static struct audio_frame hear(struct audio_ring *r, struct audio_frame f)
{
    int32_t most = (int32_t)frames_of(r, FADE_MS);
    if (r->is_broken) {
        r->fade = most;
        r->step[0] = r->last.left - f.left;
        r->step[1] = r->last.right - f.right;
    }
    r->is_broken = false;
    if (r->fade) {
        f.left = cut_off(f.left + r->step[0] * r->fade / most);
        f.right = cut_off(f.right + r->step[1] * r->fade / most);
        r->fade--;
    }
    r->last = f;
    return f;
}

static int16_t between(int16_t from, int16_t to, uint32_t part)
{
    return (int16_t)(from + (((int64_t)to - from) * part >> 32));
}

/* The first that waits, or what is between it and the next. */
static struct audio_frame head(const struct audio_ring *r)
{
    struct audio_frame a = r->frame[r->first];
    struct audio_frame b = r->frame[place_of(r, r->count > 1)];
    return (struct audio_frame){between(a.left, b.left, r->phase),
                                between(a.right, b.right, r->phase)};
}

/* How far to go from frame to frame, in 2^-32. */
static int64_t pace(struct audio_ring *r, size_t wanted)
{
    int64_t slack = (int64_t)frames_of(r, SLACK_MS) << MEAN_BITS;
    int64_t weight = wanted < r->rate ? (int64_t)wanted : r->rate;
    r->waiting += (((int64_t)r->count << MEAN_BITS) - r->waiting) * weight / r->rate;
    int64_t off = r->waiting - ((int64_t)r->gathered << MEAN_BITS);
    off = off > slack ? off - slack : off < -slack ? off + slack : 0;
    int64_t change = off * (one >> MEAN_BITS) / SECONDS / r->rate;
    return one + (change > one / 100 ? one / 100 : change < -one / 100 ? -one / 100 : change);
}

static void begin(struct audio_ring *r)
{
    if (r->count < (r->rests ? 1 : r->gathered))
        return;
    r->is_heard = true;
    r->is_broken = r->is_cut;
    r->is_cut = false;
    r->phase = 0;
    r->waiting = (int64_t)r->gathered << MEAN_BITS;
}

/* There is nothing left; only the end of a sound may be sudden. */
static void end(struct audio_ring *r)
{
    r->is_heard = false;
    r->is_cut = r->is_broken = !r->rests;
    r->counts.gaps += !r->rests;
}

static size_t play(struct audio_ring *r, struct audio_frame *to, size_t wanted)
{
    int64_t step = pace(r, wanted);
    size_t n = 0;
    for (; n < wanted && r->count; n++) {
        to[n] = hear(r, head(r));
        uint64_t at = r->phase + (uint64_t)step;
        size_t gone = (size_t)(at >> 32);
        r->phase = (uint32_t)at;
        drop(r, gone < r->count ? gone : r->count);
    }
    r->counts.heard += n;
    return n;
}

void audio_ring_take(struct audio_ring *r, struct audio_frame *to, size_t wanted)
{
    size_t n = 0;
    if (!r->is_heard)
        begin(r);
    if (r->is_heard)
        n = play(r, to, wanted);
    if (r->is_heard && n < wanted)
        end(r);
    for (; n < wanted; n++)
        to[n] = hear(r, (struct audio_frame){0, 0});
}
