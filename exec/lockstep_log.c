/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notes of what guest code did to memory and devices, see lockstep_log.h. */
#include "exec/lockstep_log.h"

#include <inttypes.h>
#include <stdlib.h>

enum event_kind { MEMORY_WRITE, DEVICE_READ, DEVICE_WRITE, PORT_READ, PORT_WRITE };

struct event {
    uint8_t kind, size;
    uint32_t address; /* physical, or a port */
    uint32_t old_value, new_value;
};

struct write_log {
    struct memory *memory;
    struct event *event;
    size_t events, room;
    bool overflowed;                  /* the host had no room for an event */
    const struct write_log *recorded; /* while replaying */
    size_t next;                      /* of the recorded events */
};

struct write_log *write_log_create(struct memory *memory)
{
    struct write_log *log = calloc(1, sizeof *log);
    if (log)
        log->memory = memory;
    return log;
}

void write_log_destroy(struct write_log *log)
{
    if (!log)
        return;
    free(log->event);
    free(log);
}

void log_start_record(struct write_log *log)
{
    log_start_replay(log, NULL);
}

void log_start_replay(struct write_log *log, const struct write_log *recorded)
{
    log->events = 0;
    log->overflowed = false;
    log->recorded = recorded;
    log->next = 0;
}

static bool make_room(struct write_log *log)
{
    if (log->events < log->room)
        return true;
    size_t room = log->room ? 2 * log->room : 64;
    struct event *event = realloc(log->event, room * sizeof *event);
    if (!event)
        return false;
    log->event = event;
    log->room = room;
    return true;
}

static void append(struct write_log *log, struct event event)
{
    if (make_room(log))
        log->event[log->events++] = event;
    else
        log->overflowed = true;
}

void log_undo(struct write_log *log)
{
    for (size_t i = log->events; i-- > 0;) {
        const struct event *e = &log->event[i];
        if (e->kind == MEMORY_WRITE)
            memory_write(log->memory, e->address, e->old_value, e->size);
    }
}

/* --- comparing --- */

static bool same_event(const struct event *a, const struct event *b)
{
    return a->kind == b->kind && a->size == b->size && a->address == b->address &&
           a->old_value == b->old_value && a->new_value == b->new_value;
}

static void print_event(const struct write_log *log, size_t i, FILE *to)
{
    static const char *const kinds[] = {"memory write", "device read", "device write", "port read",
                                        "port write"};
    if (i >= log->events) {
        fprintf(to, "nothing");
        return;
    }
    const struct event *e = &log->event[i];
    fprintf(to, "%s of %u bytes at %08" PRIx32 ": ", kinds[e->kind], e->size, e->address);
    if (e->kind == MEMORY_WRITE)
        fprintf(to, "%08" PRIx32 " becomes ", e->old_value);
    fprintf(to, "%08" PRIx32, e->new_value);
}

bool log_compare(const struct write_log *a, const struct write_log *b, FILE *to)
{
    if (a->overflowed || b->overflowed) {
        fprintf(to, "lockstep: no memory to note what was written\n");
        return false;
    }
    size_t i = 0;
    while (i < a->events && i < b->events && same_event(&a->event[i], &b->event[i]))
        i++;
    if (i == a->events && i == b->events)
        return true;
    fprintf(to, "lockstep: access %zu\n  first:  ", i);
    print_event(a, i, to);
    fprintf(to, "\n  second: ");
    print_event(b, i, to);
    fprintf(to, "\n");
    return false;
}

/* --- the hooks --- */

void log_memory_write(struct write_log *log, uint32_t address, uint32_t old_value,
                      uint32_t new_value, unsigned size)
{
    append(log, (struct event){MEMORY_WRITE, (uint8_t)size, address, old_value, new_value});
}

/* What the recorded run read; anything else asked for is a difference that log_compare finds. */
static uint32_t replayed(struct write_log *log, enum event_kind kind)
{
    const struct write_log *from = log->recorded;
    while (log->next < from->events) {
        const struct event *e = &from->event[log->next++];
        if (e->kind == kind)
            return e->new_value;
    }
    return UINT32_MAX;
}

static uint32_t note(struct write_log *log, enum event_kind kind, uint32_t address, uint32_t value,
                     unsigned size)
{
    append(log, (struct event){(uint8_t)kind, (uint8_t)size, address, 0, value});
    return value;
}

uint32_t log_device_read(struct write_log *log, uint32_t address, unsigned size)
{
    uint32_t value =
        log->recorded ? replayed(log, DEVICE_READ) : memory_read(log->memory, address, size);
    return note(log, DEVICE_READ, address, value, size);
}

void log_device_write(struct write_log *log, uint32_t address, uint32_t value, unsigned size)
{
    if (!log->recorded)
        memory_write(log->memory, address, value, size);
    note(log, DEVICE_WRITE, address, value, size);
}

uint32_t log_port_read(struct write_log *log, const struct board *board, uint16_t port,
                       unsigned size)
{
    uint32_t value =
        log->recorded ? replayed(log, PORT_READ) : board->port_read(board->board, port, size);
    return note(log, PORT_READ, port, value, size);
}

void log_port_write(struct write_log *log, const struct board *board, uint16_t port, uint32_t value,
                    unsigned size)
{
    if (!log->recorded)
        board->port_write(board->board, port, value, size);
    note(log, PORT_WRITE, port, value, size);
}
