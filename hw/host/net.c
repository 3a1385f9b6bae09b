/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A network's thread, between the queues that the cpu's thread shares with it and the link to the
 * outside. Who falls asleep says so first and then looks again: a side that has put something, or
 * made room, wakes the other only if it has said so.
 */
#include "hw/host/net.h"

#include "hw/host/net_dump.h"
#include "hw/host/net_link.h"
#include "hw/host/net_queue.h"
#include "hw/host/thread.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct host_net {
    struct net net;
    const char *option, *id;
    const struct net_owner *owner;
    struct net_link *link;
    FILE *dump;
    struct net_queue out, in; /* from the card, to the card */
    pthread_t thread;
    bool has_thread;
    int wake_fd;
    atomic_bool asleep;  /* the thread is, or is about to be */
    atomic_bool starved; /* it waits for room in `in` */
    atomic_bool told;    /* the owner will call net_deliver */
    atomic_bool blocked; /* the card waits for room in `out`, */
    atomic_bool resumed; /* ... and there is some */
    atomic_bool ending;
    uint8_t frame[NET_FRAME_MOST];
};

/* --- the thread --- */

static void tell_owner(struct host_net *n)
{
    if (!atomic_exchange(&n->told, true))
        n->owner->ready(n->owner->owner);
}

/* So many at a time, so that neither direction waits for the other. */
enum { BATCH = 64 };

static void take_in(struct host_net *n)
{
    size_t size;
    bool any = false;
    for (unsigned i = 0; i < BATCH && net_queue_has_room(&n->in); i++) {
        size = n->link->kind->receive(n->link, n->frame, sizeof n->frame);
        if (!size)
            break;
        net_dump_frame(n->dump, n->frame, size);
        any = net_queue_put(&n->in, n->frame, size) || any;
    }
    if (any)
        tell_owner(n);
}

/* True: the link takes no more for the time being. */
static bool send_out(struct host_net *n)
{
    const uint8_t *frame;
    size_t size = 0;
    for (unsigned i = 0; i < BATCH && (frame = net_queue_first(&n->out, &size)); i++) {
        if (n->link->kind->send(n->link, frame, size) == NET_LATER)
            return true;
        net_dump_frame(n->dump, frame, size);
        net_queue_drop(&n->out);
    }
    if (net_queue_has_room(&n->out) && atomic_exchange(&n->blocked, false)) {
        atomic_store(&n->resumed, true);
        tell_owner(n);
    }
    return false;
}

/* Is there nothing to do but wait? Whoever gives us something after that wakes us. */
static bool may_sleep(struct host_net *n, bool stuck)
{
    size_t size;
    atomic_store(&n->starved, !net_queue_has_room(&n->in));
    atomic_store(&n->asleep, true);
    bool starved = atomic_load(&n->starved) && !net_queue_has_room(&n->in);
    if (atomic_load(&n->starved) && !starved)
        return false;
    return !atomic_load(&n->ending) && (stuck || !net_queue_first(&n->out, &size));
}

static void wait_for_news(struct host_net *n, bool stuck)
{
    uint64_t count;
    bool sleeps = may_sleep(n, stuck);
    short in = atomic_load(&n->starved) ? 0 : POLLIN, out = stuck ? POLLOUT : 0;
    struct pollfd fds[] = {{.fd = n->wake_fd, .events = POLLIN},
                           {.fd = in || out ? n->link->fd : -1, .events = (short)(in | out)}};
    if (sleeps && n->dump)
        fflush(n->dump);
    poll(fds, sizeof fds / sizeof *fds, sleeps ? -1 : 0);
    atomic_store(&n->asleep, false);
    if (fds[0].revents && read(n->wake_fd, &count, sizeof count) < 0)
        return; /* somebody else's wake-up: there is only one reader, and nothing to lose */
    if (fds[1].revents && in)
        take_in(n);
}

static void *run(void *argument)
{
    struct host_net *n = argument;
    while (!atomic_load(&n->ending))
        wait_for_news(n, send_out(n));
    return NULL;
}

/* --- the cpu's thread --- */

static void wake(struct host_net *n)
{
    static const uint64_t one = 1;
    if (atomic_exchange(&n->asleep, false) && write(n->wake_fd, &one, sizeof one) < 0)
        return; /* the counter is full: it is awake */
}

static bool ready(struct net *net)
{
    struct host_net *n = (struct host_net *)net;
    if (net_queue_has_room(&n->out))
        return true;
    atomic_store(&n->blocked, true);
    if (!net_queue_has_room(&n->out))
        return false;
    atomic_store(&n->blocked, false);
    return true;
}

/* If there is nothing before it: the thread need not be woken, and the other end hears it sooner.
 */
static bool send_directly(struct host_net *n, const uint8_t *frame, size_t size)
{
    const struct net_link_kind *kind = n->link->kind;
    return kind->sends_directly && n->has_thread && !n->dump && net_queue_is_empty(&n->out) &&
           kind->send(n->link, frame, size) != NET_LATER;
}

static void send_frame(struct net *net, const uint8_t *frame, size_t size)
{
    struct host_net *n = (struct host_net *)net;
    if (!send_directly(n, frame, size) && net_queue_put(&n->out, frame, size))
        wake(n);
}

static void deliver(struct net *net)
{
    struct host_net *n = (struct host_net *)net;
    const struct net_card *c = &net->card;
    const uint8_t *frame;
    size_t size = 0;
    atomic_store(&n->told, false);
    while (c->ready && (frame = net_queue_first(&n->in, &size)) && c->ready(c->card, size)) {
        c->receive(c->card, frame, size);
        net_queue_drop(&n->in);
    }
    if (net_queue_has_room(&n->in) && atomic_exchange(&n->starved, false))
        wake(n);
    if (atomic_exchange(&n->resumed, false) && c->resume)
        c->resume(c->card);
}

/* --- for all networks --- */

void net_connect(struct net *n, const struct net_card *card)
{
    if (n)
        n->card = *card;
}

bool net_ready(struct net *n)
{
    return !n || n->kind->ready(n);
}

void net_send(struct net *n, const uint8_t *frame, size_t size)
{
    if (n && size >= NET_HEADER && size <= NET_FRAME_MOST)
        n->kind->send(n, frame, size);
}

size_t net_large_payload(const struct net *n, size_t header, size_t mss)
{
    enum { MORE = 64 }; /* for tags */
    if (!n || !n->takes_large || header + mss + MORE > NET_FRAME_MOST)
        return mss;
    return (NET_FRAME_MOST - MORE - header) / mss * mss;
}

void net_deliver(struct net *n)
{
    if (n)
        n->kind->deliver(n);
}

/* --- control --- */

const char *net_id(const struct net *n)
{
    return ((const struct host_net *)n)->id;
}

bool net_ask_forwarding(struct net *net, enum net_forwarding what, const char *text, char *answer,
                        struct error *error)
{
    const struct host_net *n = (const struct host_net *)net;
    if (!n || !n->link->kind->ask)
        return error_set(error, "that is no user network");
    return n->link->kind->ask(n->link, what, text, answer, error);
}

/* --- beginning and end --- */

static struct net_link *open_link(const struct net_request *r, struct error *error)
{
    return r->type == NET_USER  ? net_user_open(r, error)
           : r->type == NET_TAP ? net_tap_open(r, error)
           : r->udp             ? net_udp_open(r, error)
                                : net_socket_open(r, error);
}

static bool prepare(struct host_net *n, const struct net_request *r, struct error *error)
{
    n->link = open_link(r, error);
    if (!n->link || (r->dump && !(n->dump = net_dump_open(r->dump, error))))
        return false;
    n->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (n->wake_fd < 0)
        return error_set(error, "%s: no event descriptor: %s", r->option, strerror(errno));
    return (net_queue_init(&n->in) && net_queue_init(&n->out)) ||
           error_set(error, "the host is out of memory");
}

struct net *net_open(const struct net_request *request, const struct net_owner *owner,
                     struct error *error)
{
    static const struct net_kind kind = {ready, send_frame, deliver};
    struct host_net *n = calloc(1, sizeof *n);
    if (!n) {
        error_set(error, "the host is out of memory");
        return NULL;
    }
    n->net.kind = &kind;
    n->option = request->option;
    n->id = request->id;
    n->owner = owner;
    n->wake_fd = -1;
    if (prepare(n, request, error)) {
        n->net.takes_large = n->link->kind->takes_large && !n->dump;
        return &n->net;
    }
    net_close(&n->net);
    return NULL;
}

bool net_start(struct net *net, struct error *error)
{
    struct host_net *n = (struct host_net *)net;
    n->has_thread = thread_start(&n->thread, run, n, 0);
    return n->has_thread ||
           error_set(error, "%s: no thread for it: %s", n->option, strerror(errno));
}

void net_close(struct net *net)
{
    struct host_net *n = (struct host_net *)net;
    atomic_store(&n->ending, true);
    if (n->has_thread) {
        wake(n);
        pthread_join(n->thread, NULL);
    }
    if (n->link)
        n->link->kind->close(n->link);
    if (n->wake_fd >= 0)
        close(n->wake_fd);
    net_queue_free(&n->in);
    net_queue_free(&n->out);
    free(n);
}
