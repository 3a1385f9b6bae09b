/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words that describe a user network, as addresses. */
#ifndef HW_HOST_NET_FORWARD_H
#define HW_HOST_NET_FORWARD_H

#include "hw/host/net.h"

#include <arpa/inet.h>
#include <netinet/in.h>

/* 10.0.2.0/24, unless the user says otherwise: the host is .2, name server .3, guests from .15. */
struct net_addresses {
    struct in_addr network, mask, host, dns, dhcp_start;
};
bool net_addresses(struct net_addresses *a, const struct net_user_request *r, struct error *error);

/* A port of the host's that leads to one of the guest's. */
struct net_forward {
    bool udp;
    struct in_addr host, guest; /* 127.0.0.1 unless said otherwise; 0: the first guest */
    int host_port, guest_port;
};
/* "[tcp|udp]:[HOST]:PORT-[GUEST]:PORT" */
bool net_forward_parse(struct net_forward *f, const char *text, struct error *error);

/* "[tcp|udp]:[HOST]:PORT" */
bool net_forward_parse_host(struct net_forward *f, const char *text, struct error *error);

/* Where the file is that names the host's name servers, which may be replaced by another one. */
const char *net_resolver_folder(void);

#endif
