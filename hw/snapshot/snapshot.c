/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snapshots: what a file has, in which order, and the point that is kept in memory. */
#include "hw/snapshot/snapshot.h"

#include "exec/exec.h"
#include "exec/memory.h"
#include "hw/device.h"
#include "hw/host/surroundings.h"
#include "hw/snapshot/internal.h"

#include <stdlib.h>
#include <string.h>

enum { NAME = 64, STATE_MOST = 1 << 26 };

/* --- the state of cpu and devices, as bytes --- */

void snapshot_free_state(struct snapshot_state *s)
{
    free(s->cpu.at);
    free(s->devices.at);
    *s = (struct snapshot_state){{NULL, 0}, {NULL, 0}};
}

static bool allocate(struct snapshot_bytes *b, size_t size)
{
    b->at = malloc(size);
    b->size = size;
    return b->at;
}

/* Devices first: some bring memory, and the clock what it is saved by, up to date. */
static bool take_devices(struct devices *d, struct snapshot_bytes *b)
{
    if (!allocate(b, devices_save(d, NULL, 0)))
        return false;
    devices_save(d, b->at, b->size);
    return true;
}

static bool take_cpu(struct exec *e, struct snapshot_bytes *b)
{
    struct exec_state s = exec_open_state(e);
    bool good = allocate(b, state_save(s.table, s.cpu, NULL, 0));
    if (good)
        state_save(s.table, s.cpu, b->at, b->size);
    exec_close_state(e, false);
    return good;
}

bool snapshot_take_state(const struct snapshot_machine *m, struct snapshot_state *s,
                         struct error *error)
{
    *s = (struct snapshot_state){{NULL, 0}, {NULL, 0}};
    if (take_devices(m->devices, &s->devices) && take_cpu(m->exec, &s->cpu))
        return true;
    snapshot_free_state(s);
    return error_set(error, "the host is out of memory");
}

static bool check_cpu(struct exec *e, const struct snapshot_bytes *b, struct error *error)
{
    struct exec_state s = exec_open_state(e);
    bool good = state_check(s.table, s.cpu, b->at, b->size, error);
    exec_close_state(e, false);
    return good;
}

/* They have been checked. Devices last: they drive the cpu's lines. */
void snapshot_put_state(const struct snapshot_machine *m, const struct snapshot_state *s)
{
    struct error unused;
    struct exec_state cpu = exec_open_state(m->exec);
    state_restore(cpu.table, cpu.cpu, s->cpu.at, s->cpu.size, &unused);
    exec_close_state(m->exec, true);
    devices_restore(m->devices, s->devices.at, s->devices.size, &unused);
}

/* --- parts --- */

/* What is passed from part to part of a file that is read. */
struct loading {
    const struct snapshot_machine *m;
    struct snapshot_state state;
    bool apply;
};

static void put_machine(struct snapshot_writer *w, const struct snapshot_machine *m,
                        const struct snapshot_state *s)
{
    (void)s;
    snapshot_put_string(w, m->name);
    snapshot_put_string(w, m->cpu);
    snapshot_put_layout(w, m->memory);
}

static void get_machine(struct snapshot_reader *r, struct loading *l)
{
    char name[NAME], cpu[NAME];
    snapshot_get_string(r, name, sizeof name);
    if (!snapshot_get_string(r, cpu, sizeof cpu))
        return;
    if (strcmp(name, l->m->name) != 0)
        snapshot_reader_fail(r, "is of the machine %s, not %s (-M %s)", name, l->m->name, name);
    else if (strcmp(cpu, l->m->cpu) != 0)
        snapshot_reader_fail(r, "is of the processor %s, not %s (-cpu %s)", cpu, l->m->cpu, cpu);
    else
        snapshot_check_layout(r, l->m->memory);
}

static void put_disks(struct snapshot_writer *w, const struct snapshot_machine *m,
                      const struct snapshot_state *s)
{
    (void)s;
    snapshot_put_disks(w, m->host);
}

static void get_disks(struct snapshot_reader *r, struct loading *l)
{
    snapshot_get_disks(r, l->m->host, l->apply);
}

static void put_memory(struct snapshot_writer *w, const struct snapshot_machine *m,
                       const struct snapshot_state *s)
{
    (void)s;
    snapshot_put_memory(w, m->memory);
}

static void get_memory(struct snapshot_reader *r, struct loading *l)
{
    snapshot_get_memory(r, l->m->memory, l->apply);
}

static void put_bytes(struct snapshot_writer *w, const struct snapshot_bytes *b)
{
    snapshot_put_number(w, b->size, 8);
    snapshot_put(w, b->at, b->size);
}

/* In place of what was there. */
static bool get_bytes(struct snapshot_reader *r, struct snapshot_bytes *b)
{
    uint64_t size = snapshot_get_number(r, 8);
    free(b->at);
    *b = (struct snapshot_bytes){NULL, 0};
    if (!snapshot_reader_is_good(r))
        return false;
    if (size > STATE_MOST)
        return snapshot_reader_fail(r, "is damaged: %" PRIu64 " bytes of state", size);
    if (!allocate(b, (size_t)size))
        return snapshot_reader_fail(r, "the host is out of memory");
    return snapshot_get(r, b->at, b->size);
}

static void put_cpu(struct snapshot_writer *w, const struct snapshot_machine *m,
                    const struct snapshot_state *s)
{
    (void)m;
    put_bytes(w, &s->cpu);
}

static void get_cpu(struct snapshot_reader *r, struct loading *l)
{
    struct error why;
    if (get_bytes(r, &l->state.cpu) && !check_cpu(l->m->exec, &l->state.cpu, &why))
        snapshot_reader_fail(r, "cpu: %s", why.text);
}

static void put_devices(struct snapshot_writer *w, const struct snapshot_machine *m,
                        const struct snapshot_state *s)
{
    (void)m;
    put_bytes(w, &s->devices);
}

static void get_devices(struct snapshot_reader *r, struct loading *l)
{
    struct error why;
    struct snapshot_bytes *b = &l->state.devices;
    if (get_bytes(r, b) && !devices_check(l->m->devices, b->at, b->size, &why))
        snapshot_reader_fail(r, "%s", why.text);
}

/* In the order of the file, where each has its name and version in front; "end" is behind them. */
static const struct part {
    const char *name;
    unsigned version;
    void (*put)(struct snapshot_writer *w, const struct snapshot_machine *m,
                const struct snapshot_state *s);
    void (*get)(struct snapshot_reader *r, struct loading *l);
} parts[] = {
    {"machine", 1, put_machine, get_machine}, {"disks", 1, put_disks, get_disks},
    {"memory", 1, put_memory, get_memory},    {"cpu", 1, put_cpu, get_cpu},
    {"devices", 1, put_devices, get_devices},
};
enum { PARTS = sizeof parts / sizeof *parts };

/* --- saving --- */

static bool write_parts(struct snapshot_writer *w, const struct snapshot_machine *m,
                        const struct snapshot_state *s, struct error *error)
{
    for (unsigned i = 0; i < PARTS; i++) {
        snapshot_put_string(w, parts[i].name);
        snapshot_put_number(w, parts[i].version, 4);
        parts[i].put(w, m, s);
    }
    snapshot_put_string(w, "end");
    return snapshot_writer_end(w, error);
}

static bool save(const struct snapshot_machine *m, int fd, const char *name, struct error *error)
{
    struct snapshot_state s;
    if (!snapshot_take_state(m, &s, error))
        return false;
    struct snapshot_writer *w = snapshot_writer_create(fd, name);
    bool good = w ? write_parts(w, m, &s, error) : error_set(error, "the host is out of memory");
    snapshot_free_state(&s);
    return good;
}

bool snapshot_save(const struct snapshot_machine *m, int fd, const char *name, struct error *error)
{
    struct timers *q = &m->host->timers;
    bool stood_still = q->is_stopped;
    if (!snapshot_check_disks(m->host, error) || !surroundings_drain(m->host, error))
        return false;
    timers_stop(q);
    bool good = save(m, fd, name, error);
    if (!stood_still)
        timers_continue(q);
    return good;
}

/* --- loading --- */

static void load_part(struct snapshot_reader *r, const char *name, struct loading *l,
                      unsigned *seen)
{
    unsigned i = 0;
    while (i < PARTS && strcmp(name, parts[i].name) != 0)
        i++;
    uint64_t version = snapshot_get_number(r, 4);
    if (!snapshot_reader_is_good(r))
        return;
    if (i == PARTS)
        snapshot_reader_fail(r, "has a part that this Tessera does not know, %s", name);
    else if (version == 0 || version > parts[i].version)
        snapshot_reader_fail(r, "%s of version %" PRIu64 ": only versions 1 to %u are known", name,
                             version, parts[i].version);
    else if (i != *seen)
        snapshot_reader_fail(r, "is damaged: %s is not where it belongs", name);
    else
        parts[i].get(r, l);
    ++*seen;
}

/* The file from its beginning to its end. */
static bool read_parts(int fd, const char *file, struct loading *l, struct error *error)
{
    struct snapshot_reader *r = snapshot_reader_create(fd, file, error);
    char name[NAME];
    unsigned seen = 0;
    if (!r)
        return false;
    while (snapshot_get_string(r, name, sizeof name) && strcmp(name, "end") != 0)
        load_part(r, name, l, &seen);
    if (snapshot_reader_is_good(r) && seen < PARTS)
        snapshot_reader_fail(r, "lacks a part, %s", parts[seen].name);
    bool good = snapshot_reader_end(r);
    snapshot_reader_destroy(r);
    return good;
}

bool snapshot_load(struct snapshot_machine *m, int fd, const char *name, bool *broken,
                   struct error *error)
{
    struct loading l = {.m = m};
    *broken = false;
    bool good = surroundings_drain(m->host, error) && read_parts(fd, name, &l, error);
    if (good) {
        snapshot_forget(m);
        l.apply = true;
        good = read_parts(fd, name, &l, error);
        *broken = !good;
    }
    if (good)
        snapshot_put_state(m, &l.state);
    snapshot_free_state(&l.state);
    return good;
}

/* --- the point in memory --- */

struct snapshot_point {
    struct snapshot_state state;
};

void snapshot_forget(struct snapshot_machine *m)
{
    if (!m->point)
        return;
    memory_undo_end(m->memory);
    snapshot_free_state(&m->point->state);
    free(m->point);
    m->point = NULL;
}

bool snapshot_mark(struct snapshot_machine *m, struct error *error)
{
    snapshot_forget(m);
    if (!snapshot_check_disks(m->host, error) || !surroundings_drain(m->host, error))
        return false;
    m->point = calloc(1, sizeof *m->point);
    if (!m->point)
        return error_set(error, "the host is out of memory");
    if (snapshot_take_state(m, &m->point->state, error) && snapshot_mark_disks(m->host, error) &&
        (memory_undo_begin(m->memory) || error_set(error, "the host is out of memory")))
        return true;
    snapshot_forget(m);
    return false;
}

bool snapshot_revert(struct snapshot_machine *m, struct error *error)
{
    if (!m->point)
        return error_set(error, "there is no point to go back to");
    if (!surroundings_drain(m->host, error))
        return false;
    memory_undo(m->memory);
    snapshot_revert_disks(m->host);
    snapshot_put_state(m, &m->point->state);
    return true;
}
