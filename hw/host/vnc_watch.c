/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libvncserver 0.9.14 waits without a pause, and for ever, for the rest of a WebSocket's control
 * frame that is larger than its buffer; RFC 6455, 5.5, forbids more than 125 bytes. So a call of it
 * is given processor time: if it has had that, its descriptor becomes one from which nothing comes,
 * and by its own limit of time it gives that connection up.
 */
#ifdef HAVE_VNCSERVER

#include "hw/host/vnc_internal.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

/* Of a processor, for a call: a large picture takes a tenth of it. */
enum { MOST_S = 2 };

void vnc_watch_thread(struct vnc_watch *w)
{
    if (pthread_getcpuclockid(pthread_self(), &w->clock) != 0)
        w->clock = CLOCK_THREAD_CPUTIME_ID; /* of who looks: never too much */
}

void vnc_watch_call(struct vnc_watch *w, int socket)
{
    atomic_store(&w->socket, socket);
    atomic_fetch_add(&w->turns, 1);
}

void vnc_watch_return(struct vnc_watch *w)
{
    atomic_fetch_add(&w->turns, 1);
}

void vnc_watch_look(struct vnc_watch *w, int silent_fd)
{
    struct timespec used = {0};
    unsigned turns = atomic_load(&w->turns);
    if (turns % 2 == 0 || clock_gettime(w->clock, &used) != 0)
        return;
    if (turns != w->seen_turns) {
        w->seen_turns = turns;
        w->seen_s = used.tv_sec;
    } else if (used.tv_sec - w->seen_s > MOST_S) {
        dup2(silent_fd, atomic_load(&w->socket));
        w->seen_s = used.tv_sec;
    }
}

#endif
