/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a network is beyond its thread (net.c): a file descriptor from which frames are read and to
 * which they are written, without waiting. Each kind has a file of its own.
 */
#ifndef HW_HOST_NET_LINK_H
#define HW_HOST_NET_LINK_H

#include "hw/host/net.h"

#include <sys/types.h>

struct net_link;

enum net_sent { NET_SENT, NET_LATER, NET_LOST };

struct net_link_kind {
    /* The size of the next frame; 0: there is none yet, or what came was none. */
    size_t (*receive)(struct net_link *l, uint8_t *frame, size_t room);
    /* NET_LATER: again, with the same frame, once `fd` can be written to. */
    enum net_sent (*send)(struct net_link *l, const uint8_t *frame, size_t size);
    void (*close)(struct net_link *l);
    /* See net_ask_forwarding; NULL: this kind forwards nothing. */
    bool (*ask)(struct net_link *l, enum net_forwarding what, const char *text, char *answer,
                struct error *error);
    bool takes_large; /* see struct net */
    /* `send` may be called by the cpu's thread, too, while the network's is not sending. */
    bool sends_directly;
};

struct net_link {
    const struct net_link_kind *kind;
    int fd; /* of which frames come; another one from call to call, or -1: nobody is there */
};

/* NULL and an error if there is nothing like it. */
struct net_link *net_user_open(const struct net_request *r, struct error *error);
struct net_link *net_socket_open(const struct net_request *r, struct error *error);
struct net_link *net_udp_open(const struct net_request *r, struct error *error);
struct net_link *net_tap_open(const struct net_request *r, struct error *error);

#endif
