/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libslirp, driven by the process that net_user.c starts. See net_slirp.h. */
#include "hw/host/net_slirp.h"

#include "hw/host/clock.h"
#include "hw/host/net_forward.h"
#include "hw/host/net_queue.h"
#include "hw/host/sandbox.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef HAVE_SLIRP

#include <slirp/libslirp.h>

enum { POLLS = 4096, TIMERS = 4, NS_PER_MS = 1000000 };

struct slirp_timer {
    bool used;
    int64_t due; /* in ms; 0: it is not set */
    SlirpTimerCb fire;
    void *opaque;
};

struct slirp_net {
    Slirp *slirp;
    int socket, control;
    bool over;
    struct net_queue in; /* to the guest */
    struct slirp_timer timer[TIMERS];
    unsigned polls;
    struct pollfd poll[POLLS]; /* the first are the sockets */
};

/* --- what libslirp wants of us --- */

static ssize_t send_packet(const void *frame, size_t size, void *opaque)
{
    struct slirp_net *n = opaque;
    net_queue_put(&n->in, frame, size);
    return (ssize_t)size;
}

static void guest_error(const char *text, void *opaque)
{
    (void)text;
    (void)opaque;
}

static int64_t get_clock(void *opaque)
{
    (void)opaque;
    return (int64_t)host_clock();
}

static void *new_timer(SlirpTimerCb fire, void *of, void *opaque)
{
    struct slirp_net *n = opaque;
    for (struct slirp_timer *t = n->timer; t < n->timer + TIMERS; t++)
        if (!t->used) {
            *t = (struct slirp_timer){.used = true, .fire = fire, .opaque = of};
            return t;
        }
    abort(); /* there is one, for router advertisements */
}

static void free_timer(void *timer, void *opaque)
{
    (void)opaque;
    *(struct slirp_timer *)timer = (struct slirp_timer){.used = false};
}

static void set_timer(void *timer, int64_t due, void *opaque)
{
    (void)opaque;
    ((struct slirp_timer *)timer)->due = due;
}

static void ignore_descriptor(int fd, void *opaque)
{
    (void)fd;
    (void)opaque;
}

static void ignore(void *opaque)
{
    (void)opaque;
}

static const SlirpCb callbacks = {
    .send_packet = send_packet,
    .guest_error = guest_error,
    .clock_get_ns = get_clock,
    .timer_new = new_timer,
    .timer_free = free_timer,
    .timer_mod = set_timer,
    .register_poll_fd = ignore_descriptor,
    .unregister_poll_fd = ignore_descriptor,
    .notify = ignore,
};

/* --- waiting --- */

static int add_poll(int fd, int events, void *opaque)
{
    struct slirp_net *n = opaque;
    if (n->polls == POLLS)
        return -1;
    short wanted =
        (short)((events & SLIRP_POLL_IN ? POLLIN : 0) | (events & SLIRP_POLL_OUT ? POLLOUT : 0) |
                (events & SLIRP_POLL_PRI ? POLLPRI : 0));
    n->poll[n->polls] = (struct pollfd){.fd = fd, .events = wanted};
    return (int)n->polls++;
}

static int get_events(int index, void *opaque)
{
    const struct slirp_net *n = opaque;
    short is = index < 0 ? 0 : n->poll[index].revents;
    return (is & POLLIN ? SLIRP_POLL_IN : 0) | (is & POLLOUT ? SLIRP_POLL_OUT : 0) |
           (is & POLLPRI ? SLIRP_POLL_PRI : 0) | (is & POLLERR ? SLIRP_POLL_ERR : 0) |
           (is & POLLHUP ? SLIRP_POLL_HUP : 0);
}

static int64_t now_ms(void)
{
    return (int64_t)(host_clock() / NS_PER_MS);
}

static uint32_t until_timer(const struct slirp_net *n, uint32_t most)
{
    int64_t now = now_ms();
    for (const struct slirp_timer *t = n->timer; t < n->timer + TIMERS; t++)
        if (t->due && t->due - now < most)
            most = t->due > now ? (uint32_t)(t->due - now) : 0;
    return most;
}

static void run_timers(struct slirp_net *n)
{
    int64_t now = now_ms();
    for (struct slirp_timer *t = n->timer; t < n->timer + TIMERS; t++)
        if (t->due && t->due <= now) {
            t->due = 0;
            t->fire(t->opaque);
        }
}

/* --- frames --- */

enum { BATCH = 64 };

static void take_frames(struct slirp_net *n)
{
    uint8_t frame[NET_FRAME_MOST];
    for (unsigned i = 0; i < BATCH; i++) {
        ssize_t size = recv(n->socket, frame, sizeof frame, MSG_DONTWAIT);
        n->over = n->over || size == 0;
        if (size <= 0)
            return;
        slirp_input(n->slirp, frame, (int)size);
    }
}

static void give_frames(struct slirp_net *n)
{
    const uint8_t *frame;
    size_t size = 0;
    while ((frame = net_queue_first(&n->in, &size))) {
        if (send(n->socket, frame, size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 && errno == EAGAIN)
            return;
        net_queue_drop(&n->in);
    }
}

/* --- control --- */

static bool forward(struct slirp_net *n, const char *text, struct error *error)
{
    struct net_forward f;
    if (!net_forward_parse(&f, text, error))
        return false;
    return slirp_add_hostfwd(n->slirp, f.udp, f.host, f.host_port, f.guest, f.guest_port) == 0 ||
           error_set(error, "hostfwd=%s: %s", text, strerror(errno));
}

static bool remove_forward(struct slirp_net *n, const char *text, struct error *error)
{
    struct net_forward f;
    return net_forward_parse_host(&f, text, error) &&
           (slirp_remove_hostfwd(n->slirp, f.udp, f.host, f.host_port) == 0 ||
            error_set(error, "%s: not forwarded", text));
}

static bool tell(struct slirp_net *n, char *to, size_t room)
{
    char *text = slirp_connection_info(n->slirp);
    snprintf(to, room, "%s", text ? text : "");
    free(text);
    return true;
}

static bool do_question(struct slirp_net *n, const char *question, char *answer, size_t room)
{
    struct error error = {""};
    bool good = false;
    *answer = '\0';
    if (*question == NET_FORWARD_LIST)
        return tell(n, answer, room);
    if (*question == NET_FORWARD_ADD)
        good = forward(n, question + 1, &error);
    else if (*question == NET_FORWARD_REMOVE)
        good = remove_forward(n, question + 1, &error);
    snprintf(answer, room, "%s", error.text);
    return good;
}

static void answer_question(struct slirp_net *n)
{
    static char answer[NET_ANSWER];
    char question[NET_SLIRP_REPORT];
    ssize_t size = recv(n->control, question, sizeof question - 1, MSG_DONTWAIT);
    n->over = n->over || size == 0;
    if (size <= 0)
        return;
    question[size] = '\0';
    *answer = do_question(n, question, answer + 1, sizeof answer - 2) ? '0' : '1';
    if (send(n->control, answer, strlen(answer), MSG_NOSIGNAL) < 0)
        n->over = true;
}

/* What the guest has not taken yet keeps more from coming: connections feel that, too. */
static void turn(struct slirp_net *n)
{
    size_t size;
    bool full = !net_queue_has_room(&n->in);
    uint32_t most = UINT32_MAX;
    short events = net_queue_first(&n->in, &size) ? POLLIN | POLLOUT : POLLIN;
    n->poll[0] = (struct pollfd){.fd = n->socket, .events = events};
    n->poll[1] = (struct pollfd){.fd = n->control, .events = POLLIN};
    n->polls = 2;
    if (!full)
        slirp_pollfds_fill(n->slirp, &most, add_poll, n);
    most = until_timer(n, most);
    int ready = poll(n->poll, n->polls, most > INT32_MAX ? -1 : (int)most);
    if (!full)
        slirp_pollfds_poll(n->slirp, ready < 0, get_events, n);
    if (ready > 0 && n->poll[0].revents)
        take_frames(n);
    if (ready > 0 && n->poll[1].revents)
        answer_question(n);
    run_timers(n);
    give_frames(n);
}

/* --- beginning --- */

static bool fill_config(SlirpConfig *c, const struct net_user_request *u, struct error *error)
{
    struct net_addresses a;
    if (!net_addresses(&a, u, error))
        return false;
    *c = (SlirpConfig){
        .version = 1,
        .restricted = u->restricted,
        .in_enabled = true,
        .vnetwork = a.network,
        .vnetmask = a.mask,
        .vhost = a.host,
        .vdhcp_start = a.dhcp_start,
        .vnameserver = a.dns,
        .in6_enabled = !u->no_ipv6,
        .vprefix_len = 64,
        .vhostname = u->hostname,
        .vdomainname = u->domain,
        .tftp_path = u->tftp,
        .bootfile = u->bootfile,
    };
    return inet_pton(AF_INET6, "fec0::", &c->vprefix_addr6) == 1 &&
           inet_pton(AF_INET6, "fec0::2", &c->vhost6) == 1 &&
           inet_pton(AF_INET6, "fec0::3", &c->vnameserver6) == 1;
}

/* libslirp looks up the host's name servers now and then, and reads what the guest wants by TFTP.
 */
static bool enter_sandbox(const struct net_request *r, struct error *error)
{
    const char *const readable[] = {net_resolver_folder(), r->user.tftp, NULL};
    return !r->sandbox || (sandbox_drop(error) && sandbox_files(readable, error) &&
                           sandbox_enter(SANDBOX_SOCKETS, error));
}

static bool set_up(struct slirp_net *n, const struct net_request *r, struct error *error)
{
    SlirpConfig config;
    if (!fill_config(&config, &r->user, error))
        return false;
    if (r->user.tftp && access(r->user.tftp, R_OK | X_OK) != 0)
        return error_set(error, "tftp=%s: %s", r->user.tftp, strerror(errno));
    n->slirp = net_queue_init(&n->in) ? slirp_new(&config, &callbacks, n) : NULL;
    if (!n->slirp)
        return error_set(error, "libslirp does not start");
    for (unsigned i = 0; i < r->user.forwards; i++)
        if (!forward(n, r->user.forward[i], error))
            return false;
    return enter_sandbox(r, error);
}

void net_slirp_run(const struct net_request *r, int socket, int control)
{
    static struct slirp_net net;
    struct error error = {""};
    net.socket = socket;
    net.control = control;
    bool good = set_up(&net, r, &error);
    size_t length = strnlen(error.text, NET_SLIRP_REPORT - 1);
    if (send(socket, error.text, length ? length : 1, MSG_NOSIGNAL) < 0 || !good)
        return;
    while (!net.over)
        turn(&net);
}

#else

void net_slirp_run(const struct net_request *r, int socket, int control)
{
    static const char why[] = "Tessera was built without libslirp (package libslirp-dev)";
    (void)r;
    (void)control;
    if (send(socket, why, sizeof why - 1, MSG_NOSIGNAL) < 0)
        return;
}

#endif
