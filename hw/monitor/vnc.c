/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people and programs are told of VNC servers, and of who looks there. */
#include "hw/host/listener.h"
#include "hw/host/surroundings.h"
#include "hw/monitor/qmp.h"

struct server {
    char id[16];
    const char *auth;
    struct endpoint here, peer[LISTENER_SLOTS];
    unsigned peers;
};

/* The one of that number, from 0; false: there are no more. */
static bool get_server(const struct monitor *m, unsigned number, struct server *s)
{
    const struct displays *d = &m->parts.host->displays;
    unsigned i = 0, seen = 0;
    while (i < d->count && (d->setup[i].request->display != &vnc_display || seen++ < number))
        i++;
    if (i == d->count)
        return false;
    struct listener *l = vnc_display.listener(d->open[i]);
    *s = (struct server){
        .id = "default", .auth = d->setup[i].password ? "vnc" : "none", .here = listener_here(l)};
    if (number) /* as QEMU calls them */
        snprintf(s->id, sizeof s->id, "vnc%u", number + 1);
    s->peers = listener_peers(l, s->peer);
    return true;
}

static const char *family(const struct endpoint *e)
{
    return e->is_ipv6 ? "ipv6" : "ipv4";
}

static void print_end(FILE *to, const char *what, const struct endpoint *e)
{
    fprintf(to, e->is_ipv6 ? "  %s: [%s]:%u (%s)\n" : "  %s: %s:%u (%s)\n", what, e->host, e->port,
            family(e));
}

bool monitor_info_vnc(struct monitor_call *c)
{
    struct server s;
    for (unsigned n = 0; get_server(c->monitor, n, &s); n++) {
        fprintf(c->to, "%s:\n", s.id);
        print_end(c->to, "Server", &s.here);
        fprintf(c->to, "    Auth: %s\n", s.auth);
        for (unsigned i = 0; i < s.peers; i++)
            print_end(c->to, "Client", &s.peer[i]);
    }
    if (!get_server(c->monitor, 0, &s))
        fputs("There is no VNC server.\n", c->to);
    return true;
}

/* --- for programs --- */

static json_t *describe_end(const struct endpoint *e)
{
    char port[8];
    snprintf(port, sizeof port, "%u", e->port);
    return json_pack("{s:s,s:s,s:s}", "host", e->host, "service", port, "family", family(e));
}

/* One of a list that tells of WebSockets, too: those are the display web's. */
static json_t *describe_plain_end(const struct endpoint *e)
{
    json_t *end = describe_end(e);
    json_object_set_new(end, "websocket", json_false());
    return end;
}

static json_t *describe_peers(const struct server *s)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < s->peers; i++)
        json_array_append_new(list, describe_plain_end(&s->peer[i]));
    return list;
}

json_t *qmp_query_vnc(struct qmp_call *c)
{
    struct server s;
    if (!get_server(c->monitor, 0, &s))
        return json_pack("{s:b}", "enabled", false);
    json_t *told = describe_end(&s.here);
    json_object_set_new(told, "enabled", json_true());
    json_object_set_new(told, "auth", json_string(s.auth));
    json_object_set_new(told, "clients", describe_peers(&s));
    return told;
}

json_t *qmp_query_vnc_servers(struct qmp_call *c)
{
    json_t *list = json_array();
    struct server s;
    for (unsigned n = 0; get_server(c->monitor, n, &s); n++) {
        json_t *here = describe_plain_end(&s.here);
        json_object_set_new(here, "auth", json_string(s.auth));
        json_array_append_new(list, json_pack("{s:s,s:s,s:[o],s:o}", "id", s.id, "auth", s.auth,
                                              "server", here, "clients", describe_peers(&s)));
    }
    return list;
}
