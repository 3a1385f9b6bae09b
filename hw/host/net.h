/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A network beside the cpu's thread: a card sends frames to it, and gets those that come. Frames
 * are Ethernet's from the destination address on, without their checksum.
 *
 *   net_connect(card->net, &(struct net_card){ready, receive, resume, card});
 *   net_send(card->net, frame, size);
 *                               later, on the cpu's thread: receive(card, frame, size)
 *
 * surroundings_open_net makes one of the user's words; tests have one in memory
 * (tests/hw/fake_net.h). A card without a network has NULL, which all functions take.
 */
#ifndef HW_HOST_NET_H
#define HW_HOST_NET_H

#include "hw/host/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NET_FRAME_MOST = 16384, NET_HEADER = 14, NET_ADDRESS = 6 };

struct net;

/* A card as its network sees it; all of it on the cpu's thread, and never from within net_send. */
struct net_card {
    /* Is there room for a frame of that size? A card that would drop it anyhow says yes. */
    bool (*ready)(void *card, size_t size);
    void (*receive)(void *card, const uint8_t *frame, size_t size);
    /* net_ready said no; it will not any more. May be NULL. */
    void (*resume)(void *card);
    void *card;
};

struct net_kind {
    bool (*ready)(struct net *n);
    void (*send)(struct net *n, const uint8_t *frame, size_t size);
    void (*deliver)(struct net *n);
};

struct net {
    const struct net_kind *kind;
    struct net_card card;
    bool takes_large; /* frames longer than a wire's, where a card would cut a large send */
};

void net_connect(struct net *n, const struct net_card *card);
/* Will frames of some hundred KiB be taken? A card may send without asking, and lose some. */
bool net_ready(struct net *n);
/* Of up to NET_FRAME_MOST bytes. */
void net_send(struct net *n, const uint8_t *frame, size_t size);
/*
 * How much of a TCP stream a frame of a large send may carry behind `header` bytes, where `mss` is
 * what the guest wants on the wire: a network that ends here has no wire, and many pieces cost it
 * more than few. A multiple of mss, which is above 0.
 */
size_t net_large_payload(const struct net *n, size_t header, size_t mss);
/* Hands over what has come, as long as the card is ready: by the card when it becomes that. */
void net_deliver(struct net *n);

/* --- what the user asks for --- */

enum net_type { NET_USER, NET_SOCKET, NET_TAP };

enum { NET_FORWARDS = 16 };

/* NULL where nothing was said; addresses are still text. */
struct net_request {
    const char *option; /* as typed: "-netdev" */
    const char *id;
    bool is_old; /* -net's: for the next card of that kind */
    enum net_type type;
    struct net_user_request {
        const char *forward[NET_FORWARDS]; /* "tcp:HOST:PORT-GUEST:PORT" */
        unsigned forwards;
        const char *network, *host, *dns, *dhcp_start; /* of the guest's network */
        const char *hostname, *domain;
        const char *tftp, *bootfile;
        bool restricted; /* only what is forwarded */
        bool no_ipv6;
    } user;
    const char *listen, *connect; /* NET_SOCKET: one of them, an address; */
    const char *udp, *local;      /* or both of these */
    const char *interface;        /* NET_TAP */
    const char *dump;             /* a file for all frames */
    bool sandbox;                 /* for processes of its own */
};

/* --- for who controls it: a user network, while it runs; on the cpu's thread --- */

enum net_forwarding { NET_FORWARD_ADD = '+', NET_FORWARD_REMOVE = '-', NET_FORWARD_LIST = '?' };
enum { NET_ANSWER = 64 * 1024 };
/*
 * Has a port be forwarded, "tcp:HOST:PORT-GUEST:PORT", or not any more, "tcp:HOST:PORT"; or tells
 * of connections, for people, in `answer`, which has room for NET_ANSWER. False, and an error, if
 * that cannot be, or if this is no user network, which NULL is none, either.
 */
bool net_ask_forwarding(struct net *n, enum net_forwarding what, const char *text, char *answer,
                        struct error *error);
/* What -netdev calls it; NULL: nothing. */
const char *net_id(const struct net *n);

/* --- for the surroundings --- */

/* Whoever is told that frames have come, or gone; `ready` is called from the network's thread. */
struct net_owner {
    void (*ready)(void *owner);
    void *owner;
};

/* NULL and an error if there is no such network. */
struct net *net_open(const struct net_request *request, const struct net_owner *owner,
                     struct error *error);
/* Before that, frames wait. */
bool net_start(struct net *n, struct error *error);
void net_close(struct net *n);

#endif
