/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of a recording: see replay.h. */
#include "hw/host/replay.h"

#include "exec/file.h"
#include "hw/host/counted_time.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 5, OLDEST_VERSION = 4, HEADER_SIZE = 12, FRAME_SIZE = 21, START_SIZE = 12 };
static const char magic[8] = {'T', 'E', 'S', 'S', 'R', 'E', 'P', 'L'};

struct replay {
    const char *path;
    FILE *file;
    bool plays, at_end;
    int64_t at, end; /* of the next event in the file */
    uint64_t last_check, last_mark;
    const uint64_t *skipped;
    char *machine; /* as recorded */
    struct replay_event next;
};

static struct replay *allocate(const char *path, bool plays, struct error *error)
{
    struct replay *r = calloc(1, sizeof *r);
    if (!r) {
        error_set(error, "the host is out of memory");
        return NULL;
    }
    r->path = path;
    r->plays = plays;
    return r;
}

void replay_close(struct replay *r)
{
    if (!r)
        return;
    if (r->file)
        fclose(r->file);
    free(r->machine);
    free(r);
}

const char *replay_path(const struct replay *r)
{
    return r->path;
}

bool replay_records(const struct replay *r)
{
    return r && !r->plays;
}

bool replay_plays(const struct replay *r)
{
    return r && r->plays;
}

void replay_checked(struct replay *r, uint64_t count)
{
    r->last_check = count;
}

uint64_t replay_last_check(const struct replay *r)
{
    return r ? r->last_check : 0;
}

void replay_marked(struct replay *r, uint64_t count)
{
    r->last_mark = count;
}

uint64_t replay_last_mark(const struct replay *r)
{
    return r->last_mark;
}

void replay_clock(struct replay *r, const uint64_t *skipped)
{
    r->skipped = skipped;
}

static uint64_t skipped(const struct replay *r)
{
    return r->skipped ? *r->skipped : 0;
}

/* --- recording --- */

void replay_note(struct replay *r, enum replay_kind kind, uint64_t count, const void *data,
                 size_t size)
{
    uint8_t frame[FRAME_SIZE];
    if (!replay_records(r))
        return;
    replay_put(replay_put(replay_put(replay_put(frame, kind, 1), count, 8), size, 4), skipped(r),
               8);
    fwrite(frame, 1, sizeof frame, r->file);
    fwrite(data, 1, size, r->file);
    if (kind == REPLAY_DIGEST || kind == REPLAY_END)
        fflush(r->file); /* should the emulator be killed */
}

struct replay *replay_create(const char *path, const struct replay_start *start,
                             struct error *error)
{
    uint8_t header[HEADER_SIZE], data[REPLAY_MOST];
    size_t words = start->machine ? strlen(start->machine) : 0;
    struct replay *r = allocate(path, false, error);
    if (!r)
        return NULL;
    r->file = file_create(path);
    if (!r->file) {
        error_set(error, "-record %s: %s", path, strerror(errno));
        replay_close(r);
        return NULL;
    }
    memcpy(header, magic, sizeof magic);
    replay_put(header + sizeof magic, VERSION, 4);
    fwrite(header, 1, sizeof header, r->file);
    replay_put(replay_put(data, start->shift, 4), (uint64_t)start->time_of_day, 8);
    if (words > sizeof data - START_SIZE)
        words = 0; /* it is not to be told, then */
    if (words)
        memcpy(data + START_SIZE, start->machine, words);
    replay_note(r, REPLAY_START, 0, data, START_SIZE + words);
    return r;
}

/* --- replaying --- */

static bool has_good_size(const struct replay_event *e)
{
    static const struct {
        uint32_t least, most;
    } sizes[] = {
        [REPLAY_START] = {START_SIZE, REPLAY_MOST},
        [REPLAY_DIGEST] = {28, 28},
        [REPLAY_BYTES] = {2, REPLAY_MOST},
        [REPLAY_KEY] = {2, 2},
        [REPLAY_MOUSE] = {16, 16},
        [REPLAY_END] = {4, 12},
        [REPLAY_FRAME] = {2, REPLAY_MOST},
        [REPLAY_POSITION] = {12, 12},
        [REPLAY_MARK] = {8, 8},
        [REPLAY_ACT] = {1, 1},
        [REPLAY_MEDIUM] = {3, REPLAY_MOST},
    };
    return e->kind >= REPLAY_START && e->kind < REPLAY_KINDS && e->size >= sizes[e->kind].least &&
           e->size <= sizes[e->kind].most;
}

/* Of instructions, from an event to the next: digests are nearer, and what is not is damaged. */
enum { MOST_BETWEEN = 1 << 28 };

static bool read_event(struct replay *r)
{
    struct replay_event *e = &r->next;
    uint8_t frame[FRAME_SIZE];
    uint64_t before = e->count;
    r->at = r->end;
    if (fread(frame, 1, sizeof frame, r->file) != sizeof frame)
        return false;
    e->kind = (enum replay_kind)frame[0];
    e->count = replay_number(frame + 1, 8);
    e->size = (uint32_t)replay_number(frame + 9, 4);
    e->skipped = replay_number(frame + 13, 8);
    r->end = r->at + FRAME_SIZE + e->size;
    return has_good_size(e) && e->count >= before && e->count - before <= MOST_BETWEEN &&
           fread(e->data, 1, e->size, r->file) == e->size;
}

void replay_go_on(struct replay *r)
{
    r->at_end = r->at_end || !read_event(r);
}

const struct replay_event *replay_next(const struct replay *r)
{
    return replay_plays(r) && !r->at_end ? &r->next : NULL;
}

bool replay_is_due(const struct replay *r, const struct replay_event *e, uint64_t count)
{
    return e->count < count || (e->count == count && e->skipped <= skipped(r));
}

const struct replay_event *replay_at(const struct replay *r, enum replay_kind kind, uint64_t count)
{
    const struct replay_event *e = replay_next(r);
    return e && e->kind == kind && e->count == count && replay_is_due(r, e, count) ? e : NULL;
}

const struct replay_event *replay_next_act(const struct replay *r)
{
    const struct replay_event *e = replay_next(r);
    return e && (e->kind == REPLAY_ACT || e->kind == REPLAY_MEDIUM) ? e : NULL;
}

struct replay_place replay_place(const struct replay *r)
{
    return (struct replay_place){r->at, r->last_check, r->last_mark, r->at_end};
}

void replay_return(struct replay *r, const struct replay_place *place)
{
    r->at_end = false;
    r->next.count = place->last_check > place->last_mark ? place->last_check : place->last_mark;
    r->end = place->next;
    if (fseeko(r->file, place->next, SEEK_SET) == 0)
        replay_go_on(r);
    r->at_end = r->at_end || place->at_end;
    r->last_check = place->last_check;
    r->last_mark = place->last_mark;
}

static bool read_start(struct replay *r, struct replay_start *start, struct error *error)
{
    uint8_t header[HEADER_SIZE];
    if (fread(header, 1, sizeof header, r->file) != sizeof header ||
        memcmp(header, magic, sizeof magic) != 0)
        return error_set(error, "-replay %s: no recording of Tessera's", r->path);
    uint64_t version = replay_number(header + sizeof magic, 4);
    if (version < OLDEST_VERSION || version > VERSION)
        return error_set(error, "-replay %s: of another version of Tessera", r->path);
    r->end = HEADER_SIZE;
    replay_go_on(r);
    const struct replay_event *e = replay_at(r, REPLAY_START, 0);
    if (e) {
        start->shift = (uint32_t)replay_number(e->data, 4);
        start->time_of_day = (int64_t)replay_number(e->data + 4, 8);
        if (e->size > START_SIZE)
            r->machine = strndup((const char *)e->data + START_SIZE, e->size - START_SIZE);
        start->machine = r->machine;
    }
    if (!e || start->shift > ICOUNT_MOST_SHIFT)
        return error_set(error, "-replay %s: its beginning is damaged", r->path);
    replay_go_on(r);
    return true;
}

struct replay *replay_open(const char *path, struct replay_start *start, struct error *error)
{
    struct replay *r = allocate(path, true, error);
    if (!r)
        return NULL;
    r->file = fopen(path, "rbe");
    if (!r->file)
        error_set(error, "-replay %s: %s", path, strerror(errno));
    if (r->file && read_start(r, start, error))
        return r;
    replay_close(r);
    return NULL;
}
