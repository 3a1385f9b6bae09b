/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See timeline.h. */
#include "hw/snapshot/timeline.h"

#include "exec/exec.h"
#include "exec/memory.h"
#include "hw/host/replay_check.h"
#include "hw/host/surroundings.h"
#include "hw/snapshot/difference.h"
#include "hw/snapshot/internal.h"

#include <inttypes.h>
#include <stdlib.h>

/* Instructions between two moments; moments at most; how small beside its age a gap may be. */
enum { EVERY = 1 << 24, MOMENTS = 256, GAP_OF_AGE = 4 };

struct moment {
    struct snapshot_state state;
    struct surroundings_place place;
    struct difference written; /* what brings the next one's memory and disks back to this one */
};

/* What is looked for while the past is gone through. */
struct search {
    bool on;
    bool passes;     /* from moment to moment, without keeping more of them */
    uint64_t before; /* the present */
    uint64_t met;    /* stops so far, since the moment it began with */
    uint64_t wanted; /* enough when so many have been met; 0: never */
    bool enough;
    uint64_t last;    /* the last that counts is that number of `met`; 0: there is none */
    uint64_t last_at; /* instructions then */
    struct stop stop;
};

struct timeline {
    struct snapshot_machine machine;
    struct moment *moment[MOMENTS]; /* in their order; the last one is what memory is marked at */
    unsigned moments;
    struct search search;
};

static struct surroundings *host(const struct timeline *t)
{
    return t->machine.host;
}

uint64_t timeline_now(const struct timeline *t)
{
    return exec_instructions(t->machine.exec);
}

static uint64_t when(const struct timeline *t, unsigned i)
{
    return t->moment[i]->place.instructions;
}

uint64_t timeline_begin(const struct timeline *t)
{
    return when(t, 0);
}

/* --- keeping moments --- */

static void free_moment(struct moment *m)
{
    if (!m)
        return;
    snapshot_free_state(&m->state);
    difference_free(&m->written);
    free(m);
}

static struct moment *new_moment(const struct timeline *t)
{
    struct error none;
    struct moment *m = calloc(1, sizeof *m);
    if (!m || !snapshot_take_state(&t->machine, &m->state, &none)) {
        free(m);
        return NULL;
    }
    surroundings_get_place(host(t), &m->place);
    return m;
}

/* Memory and disks are what they are at the last moment. */
static bool mark(const struct timeline *t)
{
    struct error none;
    return memory_undo_begin(t->machine.memory) && snapshot_mark_disks(host(t), &none);
}

/* Without moment i, which is neither the first nor the last; false if there is no room for that. */
static bool drop(struct timeline *t, unsigned i)
{
    if (!difference_merge(&t->moment[i - 1]->written, &t->moment[i]->written))
        return false;
    struct moment *dropped = t->moment[i];
    t->moments--;
    for (unsigned k = i; k < t->moments; k++)
        t->moment[k] = t->moment[k + 1];
    free_moment(dropped);
    return true;
}

/* How small the gap is that it leaves: its age in such gaps. */
static uint64_t needlessness(const struct timeline *t, unsigned i)
{
    uint64_t gap = when(t, i + 1) - when(t, i - 1) + 1;
    return (timeline_now(t) - when(t, i + 1)) / gap;
}

static size_t size_of(const struct timeline *t)
{
    size_t size = 0;
    for (unsigned i = 0; i < t->moments; i++)
        size += sizeof *t->moment[i] + t->moment[i]->state.cpu.size +
                t->moment[i]->state.devices.size + t->moment[i]->written.bytes;
    return size;
}

static bool is_full(const struct timeline *t)
{
    return t->moments == MOMENTS || size_of(t) > TIMELINE_MOST;
}

/* The one that is needed least; 0 if there is none but the first and the last. */
static unsigned most_needless(const struct timeline *t)
{
    unsigned found = 0;
    for (unsigned i = 1; i + 1 < t->moments; i++)
        if (!found || needlessness(t, i) > needlessness(t, found))
            found = i;
    return found;
}

static void thin_out(struct timeline *t)
{
    unsigned i;
    while ((i = most_needless(t)) && (needlessness(t, i) >= GAP_OF_AGE || is_full(t)))
        if (!drop(t, i))
            return;
}

/* Not now, if a disk is at work or the host has no room: there will be another time. */
static void keep_moment(struct timeline *t)
{
    struct moment *last = t->moments ? t->moment[t->moments - 1] : NULL, *m;
    if (t->moments == MOMENTS || !surroundings_is_quiet(host(t)) || !(m = new_moment(t)))
        return;
    if ((last && !difference_take(&last->written, &t->machine)) || !mark(t)) {
        free_moment(m);
        return;
    }
    t->moment[t->moments++] = m;
    thin_out(t);
}

void timeline_begin_here(struct timeline *t)
{
    struct moment *m = new_moment(t);
    if (!m)
        return;
    while (t->moments)
        free_moment(t->moment[--t->moments]);
    mark(t);
    t->moment[t->moments++] = m;
}

static void looked(void *timeline)
{
    struct timeline *t = timeline;
    if (!t->search.passes && timeline_now(t) - when(t, t->moments - 1) >= EVERY)
        keep_moment(t);
}

/* --- going back --- */

/* To moment i, which is the last then; the machine stands still there, as at no end. */
static void restore(struct timeline *t, unsigned i)
{
    struct error none;
    /* What a disk still does is done first, so that its answer does not come in the past. */
    surroundings_drain(host(t), &none);
    memory_undo(t->machine.memory);
    snapshot_revert_disks(host(t));
    while (t->moments - 1 > i) {
        free_moment(t->moment[--t->moments]);
        difference_put(&t->moment[t->moments - 1]->written, &t->machine);
    }
    difference_free(&t->moment[i]->written);
    mark(t);
    snapshot_put_state(&t->machine, &t->moment[i]->state);
    surroundings_set_place(host(t), &t->moment[i]->place);
    control_stop(&host(t)->control, RUN_DEBUG);
    t->search.met = 0;
}

/* The last moment before so many instructions, or the first. */
static unsigned moment_before(const struct timeline *t, uint64_t instructions)
{
    unsigned i = t->moments - 1;
    while (i && when(t, i) >= instructions)
        i--;
    return i;
}

static void run_to(struct timeline *t, uint64_t instructions)
{
    surroundings_run_to(host(t), instructions, &t->search.enough);
}

/* The same, with moments on the way that are the closer the nearer that is. */
static void approach(struct timeline *t, uint64_t instructions)
{
    static const unsigned distances[] = {1 << 22, 1 << 18, 1 << 14, 1 << 10};
    for (unsigned i = 0; i < sizeof distances / sizeof *distances; i++)
        if (timeline_now(t) + 2 * (uint64_t)distances[i] < instructions) {
            run_to(t, instructions - distances[i]);
            keep_moment(t);
        }
    run_to(t, instructions);
}

/* The past makes no noise. */
static unsigned begin_search(struct timeline *t)
{
    unsigned mask = log_mask;
    if (control_is_running(&host(t)->control))
        control_stop(&host(t)->control, RUN_DEBUG);
    t->search = (struct search){.on = true, .before = timeline_now(t)};
    return mask;
}

static void end_search(struct timeline *t, unsigned mask)
{
    log_mask = mask;
    t->search.on = t->search.enough = false;
    t->search.wanted = 0;
    if (control_state(&host(t)->control) != RUN_SHUTDOWN)
        control_stop(&host(t)->control, RUN_DEBUG);
}

static void go_back(struct timeline *t, uint64_t instructions)
{
    log_mask = 0;
    restore(t, moment_before(t, instructions));
    approach(t, instructions);
}

void timeline_go(struct timeline *t, uint64_t instructions)
{
    unsigned mask = begin_search(t);
    if (instructions < timeline_now(t))
        go_back(t, instructions);
    else
        run_to(t, instructions);
    end_search(t, mask);
}

/* --- to a stop --- */

bool timeline_heeds(struct timeline *t, const struct stop *stop)
{
    struct search *s = t ? &t->search : NULL;
    if (!s || !s->on)
        return false;
    uint64_t now = timeline_now(t);
    s->met++;
    if (stop->cause == STOP_WATCHPOINT ? now <= s->before : now < s->before) {
        s->last = s->met;
        s->last_at = now;
        s->stop = *stop;
    }
    if (s->met == s->wanted) {
        s->enough = true;
        exec_stop(t->machine.exec);
    }
    return true;
}

/* Between that moment and `end`; then it is the last one. */
static bool search_from(struct timeline *t, unsigned i, uint64_t end)
{
    restore(t, i);
    t->search.last = 0;
    t->search.passes = true;
    run_to(t, end);
    t->search.passes = false;
    return t->search.last;
}

/* Of a breakpoint there may be several at the same count, so that its number says which. */
static void go_to_found(struct timeline *t, unsigned i)
{
    uint64_t number = t->search.last, at = t->search.last_at;
    if (t->search.stop.cause == STOP_WATCHPOINT) {
        go_back(t, at - 1);
        return;
    }
    restore(t, i);
    t->search.wanted = number;
    approach(t, at);
    if (!t->search.enough)
        run_to(t, at + 1);
}

bool timeline_back_to_stop(struct timeline *t, struct stop *stop)
{
    unsigned mask = begin_search(t), i = t->moments;
    uint64_t end = t->search.before;
    bool found = false;
    log_mask = 0;
    while (!found && i-- > 0 && !host(t)->stopped) {
        found = search_from(t, i, end);
        end = when(t, i);
    }
    *stop = t->search.stop;
    if (found)
        go_to_found(t, i);
    else
        restore(t, 0);
    end_search(t, mask);
    return found;
}

/* --- for people --- */

void timeline_print(struct timeline *t, FILE *to)
{
    struct replay_digests d = replay_digests(&host(t)->subject);
    fprintf(to, "instruction %" PRIu64 " of the replay of %s", timeline_now(t),
            replay_path(host(t)->replay));
    if (host(t)->time.furthest > timeline_now(t))
        fprintf(to, ", which has been to %" PRIu64, host(t)->time.furthest);
    fprintf(to, "\nmoments kept: %u, from %" PRIu64 " on, %s\n", t->moments, timeline_begin(t),
            size_text(size_of(t)).text);
    fprintf(to, "digests: cpu %016" PRIx64 ", devices %016" PRIx64 ", memory %016" PRIx64 "\n",
            d.cpu, d.devices, d.memory);
}

/* --- beginning and end --- */

struct timeline *timeline_create(const struct snapshot_machine *m, struct error *error)
{
    struct timeline *t = calloc(1, sizeof *t);
    if (t) {
        t->machine = *m;
        keep_moment(t);
    }
    if (!t || !t->moments) {
        timeline_destroy(t);
        error_set(error, "-replay: the host has no room for going back");
        return NULL;
    }
    m->host->control.options.no_shutdown = true;
    m->host->control.no_more = "the recording ends here; back N goes back by N instructions";
    m->host->keeper = (struct surroundings_keeper){t, looked};
    return t;
}

void timeline_destroy(struct timeline *t)
{
    if (!t)
        return;
    host(t)->keeper = (struct surroundings_keeper){NULL, NULL};
    if (t->machine.memory)
        memory_undo_end(t->machine.memory);
    while (t->moments)
        free_moment(t->moment[--t->moments]);
    free(t);
}
