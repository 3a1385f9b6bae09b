/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Connections over TCP, each served by a thread of its own. All threads are there from the start:
 * none can be made in the sandbox, and that many connections are enough.
 */
#ifndef HW_HOST_LISTENER_H
#define HW_HOST_LISTENER_H

#include "hw/host/error.h"

#include <netinet/in.h>
#include <stdbool.h>

enum { LISTENER_SLOTS = 16 };

/* What happens to connections; whose descriptor the listener closes. */
struct service {
    void *owner;
    unsigned slots; /* connections at once, at most LISTENER_SLOTS */
    /*
     * On the slot's thread, which no other connection has meanwhile. When the listener is closed,
     * the connection is shut down: reads end and writes fail.
     */
    void (*serve)(void *owner, unsigned slot, int fd);
    /*
     * Has who is there shown that he is meant to be? On any thread, while the slot has a
     * connection. If all slots are taken, the oldest one of which that is not so ends for a new
     * one.
     */
    bool (*is_settled)(void *owner, unsigned slot);
    /* All slots are taken for good: a word to the other side, without waiting. */
    void (*refuse)(void *owner, int fd);
    /* Every second in which there are connections, on a thread of none. */
    void (*look)(void *owner);
};

struct address {
    char host[256];
    unsigned port;
};
/*
 * "HOST:PORT", "[IPV6]:PORT", ":PORT"; no host is 127.0.0.1. What the number says is added to
 * `base`.
 */
bool address_parse(struct address *a, const char *text, unsigned base, struct error *error);
/* For people, as it is parsed. */
void address_print(const struct address *a, char *to, unsigned size);
/* Can it be reached from this host alone? */
bool address_is_loopback(const struct address *a);

/*
 * A socket that listens there, or at one of `more` ports behind it if that is taken; port 0 is any.
 * The one that it is stands in the address then. -1, and an error, if there is none.
 */
int address_listen(struct address *a, unsigned more, struct error *error);

struct listener;
/* Where is as for address_listen. */
struct listener *listener_open(struct address *a, unsigned more, const struct service *service,
                               struct error *error);
void listener_close(struct listener *l);

/* An end of a connection, in numbers. */
struct endpoint {
    char host[INET6_ADDRSTRLEN];
    unsigned port;
    bool is_ipv6;
};
/* Where it listens. */
struct endpoint listener_here(const struct listener *l);
/* Those who are connected, LISTENER_SLOTS at most; how many. From any thread. */
unsigned listener_peers(struct listener *l, struct endpoint *peers);

#endif
