/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ports of the host that user networks lead to the guest. */
#include "hw/host/surroundings.h"
#include "hw/monitor/monitor.h"

#include <string.h>

/* That of a name, or the first that forwards anything; NULL and the error if there is none. */
static struct net *network(struct monitor_call *c, const char *name, char *answer)
{
    const struct surroundings *host = c->monitor->parts.host;
    for (unsigned i = 0; i < host->nets; i++) {
        struct net *n = host->net[i];
        const char *id = n ? net_id(n) : NULL;
        bool is_it = name ? id && strcmp(id, name) == 0
                          : net_ask_forwarding(n, NET_FORWARD_LIST, "", answer, c->error);
        if (is_it)
            return n;
    }
    if (name)
        error_set(c->error, "%s: no such network, which has a card", name);
    else
        error_set(c->error, "there is no user network");
    return NULL;
}

static bool ask(struct monitor_call *c, enum net_forwarding what)
{
    static char answer[NET_ANSWER];
    const char *text = c->word[c->words - 1];
    struct net *n = network(c, c->words > 1 ? c->word[0] : NULL, answer);
    return n && net_ask_forwarding(n, what, text, answer, c->error);
}

bool monitor_hostfwd_add(struct monitor_call *c)
{
    return ask(c, NET_FORWARD_ADD);
}

bool monitor_hostfwd_remove(struct monitor_call *c)
{
    return ask(c, NET_FORWARD_REMOVE);
}

bool monitor_info_usrnet(struct monitor_call *c)
{
    static char answer[NET_ANSWER];
    const struct surroundings *host = c->monitor->parts.host;
    unsigned found = 0;
    for (unsigned i = 0; i < host->nets; i++) {
        struct net *n = host->net[i];
        if (!net_ask_forwarding(n, NET_FORWARD_LIST, "", answer, c->error))
            continue;
        found++;
        fprintf(c->to, "%s:\n%s", net_id(n) ? net_id(n) : "without an id", answer);
    }
    if (!found)
        fputs("There is no user network.\n", c->to);
    return true;
}
