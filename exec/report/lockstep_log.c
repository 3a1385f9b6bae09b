/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notes of what guest code did to memory and devices, see lockstep_log.h. */
#include "exec/report/lockstep_log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "exec/guest.h"

/* A page of memory that a run wrote to. */
struct saved_page {
    struct saved_page *next; /* in its bucket */
    uint8_t *host;
    uint32_t physical;
    bool second_only; /* the run before the last rewind did not write to it */
    uint8_t before[PAGE_SIZE], after[PAGE_SIZE];
    uint8_t *kept; /* by log_keep; NULL if there is none */
};

/* A stretch ends when it has written so many pages, or has so many events. */
enum { BUCKETS = 1024, FULL_PAGES = 256, FULL_EVENTS = 4096 };

struct write_log {
    const struct guest *guest;
    struct memory *memory;
    bool replaying, again;
    struct saved_page *bucket[BUCKETS];
    struct saved_page **page; /* all that were ever needed; the first `pages` are in use */
    size_t pages, made, room;
    struct log_event *event;
    size_t events, event_room;
    bool device; /* one of them reached a device */
    /* Memory maps: before the first event, and those that events led to. */
    struct memory_placement *map; /* memory_regions() of them in each */
    size_t maps, map_room;
    size_t map_before_step, map_now;
    uint64_t remaps; /* as of map_now, while recording */
    size_t step;     /* the first event of this step, */
    size_t next;     /* the one that is to be replayed next, */
    size_t end;      /* and the one that the run before did not come to */
    bool differs;
    struct log_event other; /* then, what was asked for in its place */
};

struct write_log *write_log_create(struct memory *memory, const struct guest *guest)
{
    struct write_log *log = calloc(1, sizeof *log);
    if (!log)
        return NULL;
    log->guest = guest;
    log->memory = memory;
    return log;
}

void write_log_destroy(struct write_log *log)
{
    if (!log)
        return;
    for (size_t i = 0; i < log->made; i++) {
        free(log->page[i]->kept);
        free(log->page[i]);
    }
    free(log->page);
    free(log->map);
    free(log->event);
    free(log);
}

/* Half a comparison is worth nothing. */
static _Noreturn void no_memory(void)
{
    fprintf(stderr, "tessera: lockstep: no memory to note what was written\n");
    exit(1);
}

static void *grown(void *array, size_t *room, size_t element)
{
    *room = *room ? 2 * *room : 64;
    array = realloc(array, *room * element);
    if (!array)
        no_memory();
    return array;
}

/* --- pages --- */

static struct saved_page **bucket_of(struct write_log *log, const uint8_t *host)
{
    uintptr_t page = (uintptr_t)host / PAGE_SIZE;
    return &log->bucket[(page ^ page / BUCKETS) % BUCKETS];
}

static struct saved_page *find_page(struct write_log *log, const uint8_t *host)
{
    struct saved_page *p = *bucket_of(log, host);
    while (p && p->host != host)
        p = p->next;
    return p;
}

static struct saved_page *make_page(struct write_log *log)
{
    if (log->made == log->room)
        log->page = grown(log->page, &log->room, sizeof(struct saved_page *));
    struct saved_page *p = malloc(sizeof *p);
    if (!p)
        no_memory();
    p->kept = NULL;
    log->page[log->made++] = p;
    return p;
}

void log_page(struct write_log *log, uint32_t physical, uint8_t *host)
{
    if (find_page(log, host))
        return;
    struct saved_page *p = log->pages < log->made ? log->page[log->pages] : make_page(log);
    struct saved_page **bucket = bucket_of(log, host);
    log->pages++;
    p->next = *bucket;
    p->host = host;
    p->physical = physical & ~(uint32_t)PAGE_MASK;
    p->second_only = log->replaying;
    memcpy(p->before, host, PAGE_SIZE);
    *bucket = p;
}

static void forget_pages(struct write_log *log)
{
    for (size_t i = 0; i < log->pages; i++)
        *bucket_of(log, log->page[i]->host) = NULL;
    log->pages = 0;
}

/* Changes a page; whoever has translated code from what is changed there is told. */
static void put_page(struct write_log *log, struct saved_page *p, const uint8_t *bytes)
{
    enum { GRAIN = 8 };
    if (memory_has_code(log->memory, p->physical))
        for (unsigned i = 0; i < PAGE_SIZE; i += GRAIN)
            if (memcmp(p->host + i, bytes + i, GRAIN) != 0)
                memory_code_changes(log->memory, p->physical + i, GRAIN);
    memcpy(p->host, bytes, PAGE_SIZE);
}

/* --- the memory map --- */

static struct memory_placement *map_at(const struct write_log *log, size_t number)
{
    return log->map + number * memory_regions(log->memory);
}

/* Notes the map as it is, for its number. */
static size_t note_map(struct write_log *log)
{
    size_t size = memory_regions(log->memory) * sizeof *log->map;

    if (log->maps == log->map_room)
        log->map = grown(log->map, &log->map_room, size);
    memory_get_map(log->memory, map_at(log, log->maps));
    log->remaps = memory_remaps(log->memory);
    return log->map_now = log->maps++;
}

static void set_map(struct write_log *log, size_t number)
{
    memory_set_map(log->memory, map_at(log, number));
    log->map_now = number;
}

/* --- a stretch --- */

void log_record(struct write_log *log)
{
    forget_pages(log);
    log->events = log->step = log->next = 0;
    log->replaying = log->again = log->differs = log->device = false;
    log->maps = 0;
    log->map_before_step = note_map(log);
}

bool log_is_full(const struct write_log *log)
{
    return log->device || log->pages >= FULL_PAGES || log->events >= FULL_EVENTS;
}

void log_rewind(struct write_log *log)
{
    for (size_t i = 0; i < log->pages; i++) {
        struct saved_page *p = log->page[i];
        memcpy(p->after, p->host, PAGE_SIZE);
        put_page(log, p, p->before);
        p->second_only = false;
    }
    set_map(log, log->map_before_step);
    log->end = log->replaying ? log->next : log->events;
    log->next = log->step;
    log->replaying = true;
    log->again = log->differs = false;
}

void log_again(struct write_log *log)
{
    log->again = true;
}

void log_step(struct write_log *log)
{
    forget_pages(log);
    log->step = log->next;
    log->map_before_step = log->map_now;
    log->replaying = true;
}

void log_keep(struct write_log *log)
{
    for (size_t i = 0; i < log->pages; i++) {
        struct saved_page *p = log->page[i];
        p->kept = malloc(PAGE_SIZE);
        if (!p->kept)
            no_memory();
        memcpy(p->kept, p->second_only ? p->before : p->after, PAGE_SIZE);
    }
}

void log_bring_back(struct write_log *log)
{
    for (size_t i = 0; i < log->pages; i++) {
        struct saved_page *p = log->page[i];
        put_page(log, p, p->kept ? p->kept : p->before);
        free(p->kept);
        p->kept = NULL;
    }
    set_map(log, log->maps - 1);
    forget_pages(log);
}

/* --- comparing --- */

static const char *name_of(const struct write_log *log, const struct log_event *e)
{
    static const char *const kinds[LOG_GUEST] = {
        [LOG_DEVICE_READ] = "device read",
        [LOG_DEVICE_WRITE] = "device write",
        [LOG_CLOCK] = "clock",
    };

    return e->kind < LOG_GUEST ? kinds[e->kind] : log->guest->questions[e->kind - LOG_GUEST];
}

static void print_event(const struct write_log *log, const struct log_event *e, FILE *to)
{
    if (!e) {
        fprintf(to, "nothing\n");
        return;
    }
    fprintf(to, "%s", name_of(log, e));
    if (e->size)
        fprintf(to, " of %u bytes at %08" PRIx32, e->size, e->address);
    if (e->written)
        fprintf(to, ": %08" PRIx32, e->written);
    fprintf(to, "\n");
}

static bool same_events(const struct write_log *log, FILE *to)
{
    if (!log->differs && log->next == log->end)
        return true;
    fprintf(to, "lockstep: access %zu\n  first:  ", log->next - log->step);
    print_event(log, log->next < log->end ? &log->event[log->next] : NULL, to);
    fprintf(to, "  second: ");
    print_event(log, log->differs ? &log->other : NULL, to);
    return false;
}

static bool same_page(const struct saved_page *p, FILE *to)
{
    const uint8_t *first = p->second_only ? p->before : p->after;
    unsigned i = 0;
    if (memcmp(first, p->host, PAGE_SIZE) == 0)
        return true;
    while (first[i] == p->host[i])
        i++;
    fprintf(to, "lockstep: memory at %08" PRIx32 ", before: %02x, first: %02x, second: %02x\n",
            p->physical + i, p->before[i], first[i], p->host[i]);
    return false;
}

bool log_same(const struct write_log *log, FILE *to)
{
    bool same = same_events(log, to);
    for (size_t i = 0; i < log->pages && same; i++)
        same = same_page(log->page[i], to);
    return same;
}

/* --- events --- */

bool log_replays(const struct write_log *log)
{
    return log->replaying;
}

static void append(struct write_log *log, struct log_event *event, const struct core *core)
{
    if (log->events == log->event_room)
        log->event = grown(log->event, &log->event_room, sizeof *log->event);
    event->line = core->int_line;
    event->leave = core->exit_request;
    event->budget = core->budget;
    event->lines = log->guest->lines(core);
    log->event[log->events++] = *event;
}

void log_note(struct write_log *log, struct log_event *event, const struct core *core)
{
    event->map = memory_remaps(log->memory) != log->remaps ? (u32)note_map(log) : 0;
    append(log, event, core);
    log->device |= event->kind != LOG_CLOCK;
}

/* Does what the device did, beside answering. */
static void drive(struct write_log *log, const struct log_event *event, struct core *core)
{
    core->int_line = event->line;
    core->exit_request = event->leave ? EXIT_REQUESTED : 0;
    core->budget = event->budget;
    if (event->map)
        set_map(log, event->map);
    if (event->lines != log->guest->lines(core))
        log->guest->drive_lines(core, event->lines);
}

static bool asks_the_same(const struct log_event *a, const struct log_event *b)
{
    return a->kind == b->kind && a->size == b->size && a->address == b->address &&
           a->written == b->written;
}

static void note_difference(struct write_log *log, struct log_event *event)
{
    if (!log->differs)
        log->other = *event;
    log->differs = true;
    event->read = UINT64_MAX;
}

bool log_replay(struct write_log *log, struct log_event *event, struct core *core)
{
    if (!log->replaying)
        return false;
    if (log->again && log->next == log->events) {
        event->read = UINT64_MAX;
        event->map = 0;
        append(log, event, core);
    }
    if (log->differs || log->next == log->events || !asks_the_same(&log->event[log->next], event)) {
        note_difference(log, event);
        return true;
    }
    *event = log->event[log->next++];
    drive(log, event, core);
    return true;
}
