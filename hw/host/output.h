/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes on their way to a file descriptor whose reader may be slow, or gone to lunch. A thread
 * writes them, so that nobody else ever waits in write(2), and the descriptor, which may be the
 * user's shell's, too, need not be made non-blocking. In front of it is a ring:
 *
 *   output_put    the cpu's thread; it holds bytes back for at most two milliseconds, so that a
 *                 guest's line is one system call and not eighty
 *   the ring      is full when the reader does not follow: output_ready says so, and the owner is
 *                 told when there is room again
 *   the thread    writes what output_flush has passed on
 *
 * All functions are for the cpu's thread.
 */
#ifndef HW_HOST_OUTPUT_H
#define HW_HOST_OUTPUT_H

#include "hw/host/error.h"
#include "hw/timer.h"

#include <stddef.h>
#include <stdint.h>

enum { OUTPUT_ROOM = 64 * 1024 };

/* Who owns outputs; each function gets `owner`. */
struct output_owner {
    /* From another thread: an output that was not ready, or not empty, is worth a look again. */
    void (*drained)(void *owner);
    /*
     * A byte does not fit: sleeps until `drained` was called or an end was asked for. In the latter
     * case false, and the byte is lost.
     */
    bool (*wait)(void *owner);
    void *owner;
};

struct writer;
struct output {
    struct writer *writer; /* what the thread knows, too; NULL: not open */
    uint64_t put, passed;  /* bytes since the beginning: in the ring, and passed on to the thread */
    const struct output_owner *owner;
    struct timer timer;
};

/*
 * `name` is for messages: a write that fails is reported once, and what follows is dropped; that
 * nobody reads any more, not even that. `owner` stays the caller's.
 */
bool output_open(struct output *o, int fd, const char *name, struct timers *timers,
                 const struct output_owner *owner, struct error *error);
/* Starts the thread: before it, what is put stays in the ring. */
bool output_start(struct output *o, struct error *error);
/*
 * Ends the thread. One that still waits for the reader (see output_pending) is left to that until
 * the program ends, and the descriptor with it: then the result is false.
 */
bool output_close(struct output *o);

const char *output_name(const struct output *o);
/* Is there room for a byte? If not, the owner is told when there is. */
bool output_ready(struct output *o);
size_t output_room(const struct output *o);
/* Waits while there is no room. */
void output_put(struct output *o, uint8_t byte);
void output_flush(struct output *o);
/* How many bytes the reader has not taken; if there are any, the owner is told when it takes some.
 */
size_t output_pending(struct output *o);
/* For how long it has taken none of them, in the host's nanoseconds. */
uint64_t output_stuck(const struct output *o);

#endif
