/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user's own network, as a process of its own: frames come and go by a socket (net_user.c). */
#ifndef HW_HOST_NET_SLIRP_H
#define HW_HOST_NET_SLIRP_H

#include "hw/host/net.h"

#include <stdbool.h>

enum { NET_SLIRP_REPORT = 1024 };

/*
 * Sets the network up, and sends one message about that: what was wrong, or nothing but a zero.
 * Then runs it until the other side of the socket, a SOCK_SEQPACKET, is closed. What comes by the
 * other one, `control`, is answered: see net_user.c.
 */
void net_slirp_run(const struct net_request *r, int socket, int control);

#endif
