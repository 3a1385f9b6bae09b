/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See replay_check.h. */
#include "hw/host/replay_check.h"

#include "exec/digest.h"
#include "exec/guest.h"
#include "exec/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Instructions between two digests; how many there are until all of memory has been looked at;
 * instructions between two marks. A mark ends a block wherever it falls, and what comes behind it
 * is translated once more: that is most of what recording costs.
 */
enum { EVERY = 1 << 26, PARTS = 256, MARK_EVERY = 1 << 19 };

struct digests {
    uint64_t cpu, devices, memory;
    uint32_t part;
};

static uint64_t digest_devices(struct devices *devices)
{
    size_t size = devices_save(devices, NULL, 0);
    uint8_t *bytes = malloc(size + 1);
    if (!bytes)
        abort();
    devices_save(devices, bytes, size);
    uint64_t digest = digest_bytes(0, bytes, size);
    free(bytes);
    return digest;
}

/* What a device has in memory in two places, as the VGA a text, is the same there from here on. */
static struct memory *prepared_memory(const struct replay_subject *s)
{
    devices_prepare(s->devices);
    return s->memory;
}

static uint64_t digest_part(const struct replay_subject *s, uint32_t part)
{
    struct memory *m = prepared_memory(s);
    uint32_t pages = memory_ram_size(m) / PAGE_SIZE;
    uint32_t size = (pages + PARTS - 1) / PARTS, first = part * size;
    uint64_t digest = 0;
    for (uint32_t page = first; page < first + size && page < pages; page++) {
        const uint8_t *host = memory_page(m, page * PAGE_SIZE).host;
        if (host)
            digest = digest_bytes(digest, host, PAGE_SIZE);
    }
    return digest;
}

static struct digests take(const struct replay_subject *s, uint32_t part)
{
    return (struct digests){.cpu = digest_state(s->exec, s->guest),
                            .devices = digest_devices(s->devices),
                            .memory = digest_part(s, part),
                            .part = part};
}

/* Whether the host has had to make up a page of zeros does not show. */
static uint64_t digest_page(const struct memory *m, uint32_t page)
{
    const uint8_t *bytes = memory_page_bytes(m, page);
    bool empty = *bytes == 0 && memcmp(bytes, bytes + 1, PAGE_SIZE - 1) == 0;
    return empty ? 0 : digest_bytes(page + 1, bytes, PAGE_SIZE);
}

static uint64_t digest_memory(const struct replay_subject *s)
{
    const struct memory *m = prepared_memory(s);
    uint64_t digest = 0;
    uint32_t page = 0, end;
    while (memory_next_used(m, &page, &end))
        for (; page < end; page++)
            digest += digest_page(m, page);
    return digest;
}

struct replay_digests replay_digests(const struct replay_subject *s)
{
    return (struct replay_digests){.cpu = digest_state(s->exec, s->guest),
                                   .devices = digest_devices(s->devices),
                                   .memory = digest_memory(s)};
}

/* --- the end --- */

enum { STATUS = 4, STATUS_AND_MEMORY = STATUS + 8 };

void replay_note_end(struct replay *r, const struct replay_subject *s, uint64_t count, int status)
{
    uint8_t data[STATUS_AND_MEMORY];
    replay_put(replay_put(data, (uint32_t)status, STATUS), digest_memory(s), 8);
    replay_note(r, REPLAY_END, count, data, sizeof data);
}

bool replay_check_end(const struct replay *r, const struct replay_subject *s, uint64_t count,
                      int status, struct error *error)
{
    const struct replay_event *e = replay_next(r);
    if (!e || e->kind != REPLAY_END || e->count != count ||
        (uint32_t)replay_number(e->data, STATUS) != (uint32_t)status)
        return error_set(error,
                         "differs: ends after %" PRIu64 " instructions, status %d; the recording "
                         "goes on to %" PRIu64,
                         count, status, e ? e->count : 0);
    return e->size < STATUS_AND_MEMORY || replay_number(e->data + STATUS, 8) == digest_memory(s) ||
           error_set(error,
                     "differs: all memory at its end, after %" PRIu64
                     " instructions; after %" PRIu64 " what was looked at was the same",
                     count, replay_last_check(r));
}

/* --- now and then --- */

static void note(struct replay *r, const struct replay_subject *s, uint64_t count)
{
    struct digests d = take(s, (uint32_t)(count / EVERY % PARTS));
    uint8_t data[28];
    replay_put(replay_put(replay_put(replay_put(data, d.cpu, 8), d.devices, 8), d.memory, 8),
               d.part, 4);
    replay_note(r, REPLAY_DIGEST, count, data, sizeof data);
    replay_checked(r, count);
}

static bool tell_first(const struct replay *r, const char *what, uint64_t count,
                       struct error *error)
{
    return error_set(error,
                     "-replay %s: %s differs at its first look, after %" PRIu64
                     " instructions (start it with the options and files of the recording)",
                     replay_path(r), what, count);
}

static bool compare(struct replay *r, const struct replay_subject *s, const uint8_t *noted,
                    uint64_t count, struct error *error)
{
    uint32_t part = (uint32_t)replay_number(noted + 24, 4) % PARTS;
    struct digests d = take(s, part);
    const char *what = d.cpu != replay_number(noted, 8)           ? "the cpu"
                       : d.devices != replay_number(noted + 8, 8) ? "a device"
                       : d.memory != replay_number(noted + 16, 8) ? "memory"
                                                                  : NULL;
    uint64_t before = replay_last_check(r);
    if (what && !before)
        return tell_first(r, what, count, error);
    if (what)
        return error_set(error,
                         "-replay %s: %s differs after %" PRIu64 " instructions; after %" PRIu64
                         " all was the same",
                         replay_path(r), what, count, before);
    replay_checked(r, count);
    return true;
}

bool replay_check(struct replay *r, const struct replay_subject *subject, uint64_t count,
                  struct error *error)
{
    const struct replay_event *e = replay_at(r, REPLAY_DIGEST, count);
    uint64_t last = replay_last_check(r);
    if (replay_records(r) && (!last || count - last >= EVERY))
        note(r, subject, count);
    if (!e)
        return true;
    bool same = compare(r, subject, e->data, count, error);
    replay_go_on(r);
    return same;
}

/* --- marks --- */

struct mark {
    uint32_t at, cpu;
};

static struct mark take_mark(const struct replay_subject *s)
{
    struct block_key key = s->guest->key(exec_core(s->exec));
    uint64_t digest = digest_state(s->exec, s->guest);
    return (struct mark){key.base + key.pc, (uint32_t)(digest ^ digest >> 32)};
}

uint64_t replay_due(const struct replay *r)
{
    const struct replay_event *e = replay_next(r);
    if (replay_records(r))
        return replay_last_mark(r) + MARK_EVERY;
    return e && (e->kind == REPLAY_MARK || replay_next_act(r)) ? e->count : UINT64_MAX;
}

static void note_mark(struct replay *r, struct mark m, uint64_t count)
{
    uint8_t data[8];
    replay_put(replay_put(data, m.at, 4), m.cpu, 4);
    replay_note(r, REPLAY_MARK, count, data, sizeof data);
}

static bool compare_mark(const struct replay *r, struct mark m, const uint8_t *noted,
                         uint64_t count, struct error *error)
{
    struct mark was = {(uint32_t)replay_number(noted, 4), (uint32_t)replay_number(noted + 4, 4)};
    char where[48] = "";
    if (m.at == was.at && m.cpu == was.cpu)
        return true;
    if (!replay_last_mark(r))
        return tell_first(r, "the cpu", count, error);
    if (m.at != was.at)
        snprintf(where, sizeof where, ", which is not at %08" PRIx32 " as it was", was.at);
    return error_set(error,
                     "-replay %s: the cpu differs after %" PRIu64 " instructions, at %08" PRIx32
                     "%s; after %" PRIu64 " it was the same",
                     replay_path(r), count, m.at, where, replay_last_mark(r));
}

bool replay_mark(struct replay *r, const struct replay_subject *subject, uint64_t count,
                 struct error *error)
{
    const struct replay_event *e = replay_at(r, REPLAY_MARK, count);
    if (!e && !(replay_records(r) && count >= replay_due(r)))
        return true;
    struct mark m = take_mark(subject);
    bool same = !e || compare_mark(r, m, e->data, count, error);
    if (replay_records(r))
        note_mark(r, m, count);
    if (e)
        replay_go_on(r);
    if (same)
        replay_marked(r, count);
    return same;
}
