/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A disk's thread, and the way of requests there and back. Each becomes a job with a buffer of its
 * own, so that a request that is withdrawn leaves nothing behind that the thread could still use.
 */
#include "hw/host/disk.h"

#include "hw/host/clock.h"
#include "hw/host/disk_store.h"
#include "hw/host/thread.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct job {
    struct job *next;
    struct disk_request *request; /* NULL: withdrawn */
    struct disk_store *store;     /* that was in when it was submitted */
    bool closes;                  /* it has been taken out: the job is to close it */
    enum disk_operation operation;
    uint64_t offset;
    size_t size;
    int error;
    uint8_t *data;
    size_t room;
};

struct jobs {
    struct job *first, *last;
};

struct file_disk {
    struct disk disk;
    struct disk_store *store; /* NULL: nothing is in it */
    const struct disk_owner *owner;
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t lock;    /* what follows is under it */
    pthread_cond_t wake;     /* the thread's: there is something to do */
    pthread_cond_t finished; /* ... done: on the monotonic clock */
    struct jobs waiting, done;
    struct job *running;
    bool ending;
    bool abandoned; /* nobody is there any more who could be told */
    atomic_bool any_done;
    /* The cpu's thread's. */
    struct job *spare;
    struct disk_request *refused; /* for which there was no memory */
};

/* --- lists --- */

static void append(struct jobs *list, struct job *j)
{
    j->next = NULL;
    if (list->first)
        list->last->next = j;
    else
        list->first = j;
    list->last = j;
}

static struct job *take_first(struct jobs *list)
{
    struct job *j = list->first;
    if (j)
        list->first = j->next;
    return j;
}

static void free_job(struct job *j)
{
    free(j->data);
    free(j);
}

static struct job *find(const struct jobs *list, const struct disk_request *r)
{
    struct job *j = list->first;
    while (j && j->request != r)
        j = j->next;
    return j;
}

/* --- the thread --- */

static void perform(struct job *j)
{
    struct disk_store *s = j->store;
    if (j->closes)
        disk_store_close(s); /* which may take its time, too */
    if (j->closes || j->error)
        return;
    if (j->operation == DISK_READ)
        j->error = s->kind->read(s, j->data, j->offset, j->size);
    else if (j->operation == DISK_WRITE)
        j->error = s->kind->write(s, j->data, j->offset, j->size);
    else
        j->error = s->kind->flush(s);
}

/* Waits for the next job; NULL: there will be none. */
static struct job *next_job(struct file_disk *d)
{
    pthread_mutex_lock(&d->lock);
    while (!d->waiting.first && !d->ending)
        pthread_cond_wait(&d->wake, &d->lock);
    d->running = take_first(&d->waiting);
    struct job *j = d->running;
    pthread_mutex_unlock(&d->lock);
    return j;
}

static void finish(struct file_disk *d, struct job *j)
{
    pthread_mutex_lock(&d->lock);
    d->running = NULL;
    if (!j->closes) {
        append(&d->done, j);
        atomic_store(&d->any_done, true);
        pthread_cond_signal(&d->finished);
    }
    if (!d->abandoned)
        d->owner->ready(d->owner->owner);
    pthread_mutex_unlock(&d->lock);
}

static void *run(void *argument)
{
    struct file_disk *d = argument;
    struct job *j;
    while ((j = next_job(d))) {
        bool closes = j->closes; /* nobody waits for that */
        perform(j);
        finish(d, j);
        if (closes)
            free_job(j);
    }
    if (d->store)
        disk_store_close(d->store);
    return NULL;
}

/* --- the cpu's thread --- */

static bool make_room(struct job *j, size_t size)
{
    if (size <= j->room)
        return true;
    free(j->data);
    j->data = malloc(size);
    j->room = j->data ? size : 0;
    return j->data;
}

static struct job *get_job(struct file_disk *d, size_t size)
{
    struct job *j = d->spare ? d->spare : calloc(1, sizeof *j);
    if (!j)
        return NULL;
    d->spare = d->spare ? j->next : NULL;
    if (make_room(j, size))
        return j;
    j->next = d->spare;
    d->spare = j;
    return NULL;
}

static int check(const struct disk *d, const struct disk_request *r)
{
    if (!((const struct file_disk *)d)->store)
        return ENOMEDIUM;
    if (r->operation == DISK_WRITE && d->read_only)
        return EROFS;
    if (r->operation != DISK_FLUSH && (r->offset > d->size || r->size > d->size - r->offset))
        return EIO;
    return 0;
}

static void refuse(struct file_disk *d, struct disk_request *r)
{
    r->next = d->refused;
    d->refused = r;
    atomic_store(&d->any_done, true);
    d->owner->ready(d->owner->owner);
}

static void enqueue(struct file_disk *d, struct job *j)
{
    pthread_mutex_lock(&d->lock);
    append(&d->waiting, j);
    pthread_cond_signal(&d->wake);
    pthread_mutex_unlock(&d->lock);
}

static void submit(struct disk *disk, struct disk_request *r)
{
    struct file_disk *d = (struct file_disk *)disk;
    int error = check(disk, r);
    struct job *j = get_job(d, r->operation == DISK_FLUSH || error ? 0 : r->size);
    if (!j) {
        refuse(d, r);
        return;
    }
    j->request = r;
    j->store = d->store;
    j->closes = false;
    j->operation = r->operation;
    j->offset = r->offset;
    j->size = r->operation == DISK_FLUSH ? 0 : r->size;
    j->error = error;
    if (r->operation == DISK_WRITE && !error)
        memcpy(j->data, r->data, r->size); /* NOLINT(clang-analyzer-core.NonNullParamChecker) */
    enqueue(d, j);
}

static void withdraw_refused(struct file_disk *d, const struct disk_request *r)
{
    struct disk_request **at = &d->refused;
    while (*at && *at != r)
        at = &(*at)->next;
    if (*at)
        *at = r->next;
}

static void withdraw(struct disk *disk, struct disk_request *r)
{
    struct file_disk *d = (struct file_disk *)disk;
    withdraw_refused(d, r);
    pthread_mutex_lock(&d->lock);
    struct job *j = find(&d->waiting, r);
    if (j)
        j->error = ECANCELED;
    if (!j)
        j = find(&d->done, r);
    if (!j && d->running && d->running->request == r)
        j = d->running;
    if (j)
        j->request = NULL;
    pthread_mutex_unlock(&d->lock);
}

static void deliver_job(struct file_disk *d, struct job *j)
{
    struct disk_request *r = j->request;
    if (r && j->operation == DISK_READ && !j->error)
        memcpy(r->data, j->data, j->size);
    int error = j->error;
    j->next = d->spare;
    d->spare = j;
    if (r)
        disk_complete(r, error);
}

static struct job *take_done(struct file_disk *d)
{
    pthread_mutex_lock(&d->lock);
    struct job *j = take_first(&d->done);
    pthread_mutex_unlock(&d->lock);
    return j;
}

void disk_deliver(struct disk *disk)
{
    struct file_disk *d = (struct file_disk *)disk;
    struct disk_request *r;
    struct job *j;
    if (!atomic_exchange(&d->any_done, false))
        return;
    while ((r = d->refused)) {
        d->refused = r->next;
        disk_complete(r, ENOMEM);
    }
    while ((j = take_done(d)))
        deliver_job(d, j);
}

void disk_wait(struct disk *disk)
{
    enum { TENTH_NS = 100000000, SECOND_NS = 1000000000 };
    struct file_disk *d = (struct file_disk *)disk;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += TENTH_NS;
    until.tv_sec += until.tv_nsec / SECOND_NS;
    until.tv_nsec %= SECOND_NS;
    pthread_mutex_lock(&d->lock);
    if (!atomic_load(&d->any_done))
        pthread_cond_timedwait(&d->finished, &d->lock, &until);
    pthread_mutex_unlock(&d->lock);
}

bool disk_is_idle(struct disk *disk)
{
    struct file_disk *d = (struct file_disk *)disk;
    pthread_mutex_lock(&d->lock);
    bool idle = !d->waiting.first && !d->running && !d->done.first && !d->refused;
    pthread_mutex_unlock(&d->lock);
    return idle;
}

struct disk_store *disk_store(struct disk *disk)
{
    return ((struct file_disk *)disk)->store;
}

/* --- what is in it --- */

static bool show_store(struct file_disk *d, struct disk_store *store, struct error *error)
{
    char *name = strdup(store ? store->name : "");
    if (!name)
        return error_set(error, "the host is out of memory");
    free((char *)d->disk.name);
    d->disk.name = name;
    d->disk.size = store ? store->size : 0;
    d->disk.read_only = !store || store->read_only;
    d->store = store;
    return true;
}

bool disk_remove(struct disk *disk, struct error *error)
{
    struct file_disk *d = (struct file_disk *)disk;
    struct disk_store *before = d->store;
    struct job *j = before ? get_job(d, 0) : NULL;
    if (!before)
        return true;
    if (!j)
        return error_set(error, "the host is out of memory");
    if (!show_store(d, NULL, error)) {
        j->next = d->spare;
        d->spare = j;
        return false;
    }
    j->request = NULL;
    j->store = before;
    j->closes = true;
    enqueue(d, j);
    return true;
}

bool disk_insert(struct disk *disk, struct disk_store *store, struct error *error)
{
    if (disk_remove(disk, error) && show_store((struct file_disk *)disk, store, error))
        return true;
    disk_store_close(store);
    return false;
}

/* --- for all disks --- */

void disk_submit(struct disk *d, struct disk_request *r)
{
    r->disk = d;
    r->pending = true;
    r->began = host_clock();
    d->kind->submit(d, r);
}

static void count(struct disk_counts *c, const struct disk_request *r)
{
    if (r->error) {
        c->of[r->operation].failed++;
        return;
    }
    c->of[r->operation].done++;
    c->of[r->operation].time_ns += host_clock() - r->began;
    if (r->operation == DISK_FLUSH)
        return;
    c->of[r->operation].bytes += r->size;
    if (r->operation == DISK_WRITE && r->offset + r->size > c->highest)
        c->highest = r->offset + r->size;
}

void disk_complete(struct disk_request *r, int error)
{
    r->error = error;
    r->pending = false;
    count(&r->disk->counts, r);
    r->done(r->owner);
}

void disk_withdraw(struct disk_request *r)
{
    if (!r->pending)
        return;
    r->disk->kind->withdraw(r->disk, r);
    r->pending = false;
}

/* --- creation and end --- */

static void init_on_monotonic_clock(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

/* One that cannot be read says so when it is used. */
static void look_at_table(struct file_disk *d)
{
    uint8_t sector[512];
    struct disk_store *s = d->store;
    if (s && s->size >= sizeof sector && !s->kind->read(s, sector, 0, sizeof sector))
        disk_find_geometry(&d->disk, sector);
}

struct disk *disk_create(struct disk_store *store, const struct disk_owner *owner,
                         struct error *error)
{
    static const struct disk_kind kind = {submit, withdraw};
    struct file_disk *d = calloc(1, sizeof *d);
    if (!d)
        error_set(error, "the host is out of memory");
    if (!d || !show_store(d, store, error)) {
        if (store)
            disk_store_close(store);
        free(d);
        return NULL;
    }
    d->disk.kind = &kind;
    d->owner = owner;
    look_at_table(d);
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->wake, NULL);
    init_on_monotonic_clock(&d->finished);
    return &d->disk;
}

bool disk_start(struct disk *disk, struct error *error)
{
    struct file_disk *d = (struct file_disk *)disk;
    d->has_thread = thread_start(&d->thread, run, d, 0);
    return d->has_thread ||
           error_set(error, "%s: no thread for it: %s", disk->name, strerror(errno));
}

static void free_jobs(struct job *j)
{
    while (j) {
        struct job *next = j->next;
        free_job(j);
        j = next;
    }
}

static bool join(struct file_disk *d)
{
    enum { PATIENCE_S = 10 };
    struct timespec until;
    if (!d->has_thread) {
        if (d->store)
            disk_store_close(d->store);
        return true;
    }
    pthread_mutex_lock(&d->lock);
    d->ending = true;
    pthread_cond_signal(&d->wake);
    pthread_mutex_unlock(&d->lock);
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += PATIENCE_S;
    if (pthread_clockjoin_np(d->thread, NULL, CLOCK_MONOTONIC, &until) == 0)
        return true;
    pthread_mutex_lock(&d->lock);
    d->abandoned = true;
    pthread_mutex_unlock(&d->lock);
    return false;
}

void disk_close(struct disk *disk)
{
    struct file_disk *d = (struct file_disk *)disk;
    if (!join(d)) {
        disk_note(disk->name, "does not answer; what was being written there may be lost");
        return;
    }
    free_jobs(d->waiting.first); /* of one that has never been started */
    free_jobs(d->done.first);
    free_jobs(d->spare);
    pthread_mutex_destroy(&d->lock);
    pthread_cond_destroy(&d->wake);
    pthread_cond_destroy(&d->finished);
    free((char *)d->disk.name);
    free(d);
}
