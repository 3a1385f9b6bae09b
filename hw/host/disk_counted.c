/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See disk_counted.h. */
#include "hw/host/disk_counted.h"

#include "hw/host/terminal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What a fast disk takes. */
enum { REQUEST_NS = 100 * NS_PER_US, BYTES_A_US = 250 };

struct counted_request {
    struct disk_request below;
    struct disk_request *request; /* NULL: withdrawn */
    struct counted_request *next;
    uint64_t due;
    uint8_t data[];
};

struct counted_disk {
    struct disk disk;
    struct disk *below;
    struct timers *timers;
    struct timer timer; /* of the first request */
    struct counted_request *first, *last;
};

static void set_timer(struct counted_disk *d)
{
    timer_set(&d->timer, d->first ? d->first->due : TIMER_NEVER);
}

static void nothing(void *owner)
{
    (void)owner;
}

/* Waits for the host; false if the user wants an end before that. */
static bool await(struct counted_disk *d, const struct counted_request *c)
{
    if (c->below.pending)
        disk_deliver(d->below);
    while (c->below.pending && !terminal_signal) {
        disk_wait(d->below);
        disk_deliver(d->below);
    }
    return !c->below.pending;
}

static void complete(struct counted_request *c, bool done)
{
    struct disk_request *r = c->request;
    if (!r)
        return;
    int error = done ? c->below.error : EIO;
    if (c->below.operation == DISK_READ && !error)
        memcpy(r->data, c->data, r->size);
    disk_complete(r, error);
}

static void complete_due(struct counted_disk *d, uint64_t now)
{
    struct counted_request *c;
    while ((c = d->first) && c->due <= now) {
        bool done = await(d, c);
        if (!done)
            disk_withdraw(&c->below);
        d->first = c->next;
        complete(c, done);
        free(c);
    }
    set_timer(d);
}

static void due(void *disk, uint64_t now)
{
    complete_due(disk, now);
}

void disk_counted_finish(struct disk *d)
{
    if (d)
        complete_due((struct counted_disk *)d, UINT64_MAX);
}

bool disk_counted_is_idle(const struct disk *d)
{
    return !d || !((const struct counted_disk *)d)->first;
}

static uint64_t duration(size_t size)
{
    return REQUEST_NS + size * NS_PER_US / BYTES_A_US;
}

static void append(struct counted_disk *d, struct counted_request *c)
{
    uint64_t at = timers_now(d->timers) + duration(c->below.size);
    c->due = d->first && d->last->due > at ? d->last->due : at;
    if (d->first)
        d->last->next = c;
    else
        d->first = c;
    d->last = c;
    set_timer(d);
}

static void submit(struct disk *disk, struct disk_request *r)
{
    struct counted_disk *d = (struct counted_disk *)disk;
    size_t size = r->operation == DISK_FLUSH ? 0 : r->size;
    struct counted_request *c = calloc(1, sizeof *c + size);
    if (!c)
        abort(); /* there is no other way to leave the guest's time out of it */
    c->request = r;
    c->below = (struct disk_request){.operation = r->operation,
                                     .offset = r->offset,
                                     .size = size,
                                     .data = r->operation == DISK_WRITE ? r->data : c->data,
                                     .done = nothing};
    append(d, c);
    disk_submit(d->below, &c->below);
}

static void withdraw(struct disk *disk, struct disk_request *r)
{
    struct counted_disk *d = (struct counted_disk *)disk;
    for (struct counted_request *c = d->first; c; c = c->next)
        if (c->request == r)
            c->request = NULL;
}

void disk_counted_look(struct disk *disk)
{
    struct counted_disk *d = (struct counted_disk *)disk;
    if (!d)
        return;
    d->disk.name = d->below->name;
    d->disk.size = d->below->size;
    d->disk.read_only = d->below->read_only;
}

struct disk *disk_counted_create(struct disk *below, struct timers *timers)
{
    static const struct disk_kind kind = {submit, withdraw};
    struct counted_disk *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->disk.kind = &kind;
    d->below = below;
    disk_counted_look(&d->disk);
    d->timers = timers;
    timer_init(&d->timer, timers, due, d);
    return &d->disk;
}

void disk_counted_destroy(struct disk *disk)
{
    struct counted_disk *d = (struct counted_disk *)disk;
    if (!d)
        return;
    timer_cancel(&d->timer);
    for (struct counted_request *c = d->first, *next; c; c = next) {
        next = c->next;
        disk_withdraw(&c->below);
        free(c);
    }
    free(d);
}
