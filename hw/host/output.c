/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Output by a thread of its own: see output.h. */
#include "hw/host/output.h"
#include "hw/host/clock.h"
#include "hw/host/thread.h"

#include "exec/file.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static const uint64_t longest_delay = 2 * NS_PER_MS;

/* Worth a system call before the delay is over. */
enum { PASS_ON = 4096 };

/* What the thread writes at once: slow terminals are to show that they take something. */
enum { PIECE = 512 };

struct writer {
    int fd;
    char *name;
    int kick_fd; /* wakes the thread: an eventfd */
    pthread_t thread;
    bool has_thread;
    _Atomic uint64_t passed, taken; /* bytes since the beginning; taken <= passed */
    _Atomic uint64_t since;         /* when the reader was last seen to take something */
    atomic_bool wanted;             /* the owner wants to know when more is taken */
    atomic_bool failed;             /* reported; what follows is dropped */
    pthread_mutex_t lock;           /* keeps the owner alive while it is told */
    bool closed;                    /* under `lock` */
    const struct output_owner *owner;
    uint8_t ring[OUTPUT_ROOM];
};

/* --- the thread --- */

static void lose(struct writer *w)
{
    files_lose(w->name, errno);
    atomic_store(&w->failed, true);
}

static void tell_owner(struct writer *w)
{
    if (!atomic_exchange(&w->wanted, false))
        return;
    pthread_mutex_lock(&w->lock);
    if (!w->closed)
        w->owner->drained(w->owner->owner);
    pthread_mutex_unlock(&w->lock);
}

static size_t next_piece(const struct writer *w, uint64_t taken)
{
    size_t left = (size_t)(atomic_load(&w->passed) - taken);
    size_t to_end = OUTPUT_ROOM - taken % OUTPUT_ROOM;
    size_t n = left < to_end ? left : to_end;
    return n < PIECE ? n : PIECE;
}

static void write_piece(struct writer *w, uint64_t taken, size_t size)
{
    ssize_t n = write(w->fd, w->ring + taken % OUTPUT_ROOM, size);
    if (n >= 0) {
        atomic_store(&w->since, host_clock());
        atomic_store(&w->taken, taken + (uint64_t)n);
    } else if (errno == EAGAIN) { /* somebody else made our terminal non-blocking */
        poll(&(struct pollfd){.fd = w->fd, .events = POLLOUT}, 1, 100);
    } else if (errno != EINTR) {
        lose(w);
    }
}

static void write_all(struct writer *w)
{
    for (;;) {
        uint64_t taken = atomic_load(&w->taken);
        size_t size = next_piece(w, taken);
        if (!size)
            return;
        if (atomic_load(&w->failed))
            atomic_store(&w->taken, taken + size);
        else
            write_piece(w, taken, size);
        tell_owner(w);
    }
}

static bool is_closed(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    bool closed = w->closed;
    pthread_mutex_unlock(&w->lock);
    return closed;
}

static void *run(void *argument)
{
    struct writer *w = argument;
    uint64_t count;
    while (!is_closed(w)) {
        if (read(w->kick_fd, &count, sizeof count) > 0)
            write_all(w);
    }
    return NULL;
}

/* --- creation and end --- */

static void destroy(struct writer *w)
{
    if (w->kick_fd >= 0)
        close(w->kick_fd);
    free(w->name);
    free(w);
}

static struct writer *create(int fd, const char *name, const struct output_owner *owner)
{
    struct writer *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->fd = fd;
    w->name = strdup(name);
    w->owner = owner;
    w->kick_fd = eventfd(0, EFD_CLOEXEC);
    pthread_mutex_init(&w->lock, NULL);
    if (w->name && w->kick_fd >= 0)
        return w;
    int reason = errno;
    destroy(w);
    errno = reason;
    return NULL;
}

static void kick(struct writer *w)
{
    static const uint64_t one = 1;
    while (write(w->kick_fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

static void flush_late(void *device, uint64_t now)
{
    (void)now;
    output_flush(device);
}

bool output_open(struct output *o, int fd, const char *name, struct timers *timers,
                 const struct output_owner *owner, struct error *error)
{
    *o = (struct output){.owner = owner};
    timer_init(&o->timer, timers, flush_late, o);
    o->writer = create(fd, name, owner);
    return o->writer || error_set(error, "%s: no way to it: %s", name, strerror(errno));
}

/* A reader that has gone away raises SIGPIPE in the thread that writes. */
bool output_start(struct output *o, struct error *error)
{
    struct writer *w = o->writer;
    w->has_thread = thread_start(&w->thread, run, w, SIGPIPE);
    return w->has_thread || error_set(error, "%s: no thread for it: %s", w->name, strerror(errno));
}

static void end_thread(struct writer *w, bool pending)
{
    pthread_mutex_lock(&w->lock);
    w->closed = true;
    pthread_mutex_unlock(&w->lock);
    kick(w);
    if (pending)
        pthread_detach(w->thread);
    else
        pthread_join(w->thread, NULL);
}

bool output_close(struct output *o)
{
    struct writer *w = o->writer;
    if (!w)
        return true;
    output_flush(o);
    bool pending = w->has_thread && output_pending(o);
    if (w->has_thread)
        end_thread(w, pending);
    if (!pending)
        destroy(w);
    o->writer = NULL;
    return !pending;
}

/* --- for the cpu's thread --- */

const char *output_name(const struct output *o)
{
    return o->writer->name;
}

static size_t in_ring(const struct output *o)
{
    return (size_t)(o->put - atomic_load(&o->writer->taken));
}

size_t output_room(const struct output *o)
{
    return OUTPUT_ROOM - in_ring(o);
}

/* `wanted` goes first: whatever is taken after this look at the ring will be told. */
bool output_ready(struct output *o)
{
    if (output_room(o))
        return true;
    atomic_store(&o->writer->wanted, true);
    output_flush(o);
    return output_room(o);
}

size_t output_pending(struct output *o)
{
    atomic_store(&o->writer->wanted, true);
    return in_ring(o);
}

uint64_t output_stuck(const struct output *o)
{
    uint64_t now = host_clock(), since = atomic_load(&o->writer->since);
    return now > since ? now - since : 0;
}

void output_put(struct output *o, uint8_t byte)
{
    while (!output_ready(o))
        if (!o->owner->wait(o->owner->owner))
            return;
    if (o->put == o->passed)
        timer_set(&o->timer, timers_now(o->timer.timers) + longest_delay);
    o->writer->ring[o->put++ % OUTPUT_ROOM] = byte;
    if (o->put - o->passed >= PASS_ON)
        output_flush(o);
}

void output_flush(struct output *o)
{
    struct writer *w = o->writer;
    timer_cancel(&o->timer);
    if (o->put == o->passed)
        return;
    if (o->passed == atomic_load(&w->taken)) /* it had nothing to take */
        atomic_store(&w->since, host_clock());
    o->passed = o->put;
    atomic_store(&w->passed, o->put);
    kick(w);
}
