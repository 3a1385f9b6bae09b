/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What info tells of where the machine leads to on the host: as the command line has it. */
#include "hw/monitor/monitor.h"
#include "hw/net/network_card.h"
#include "hw/options.h"

/* --- networks --- */

static void print_net(const struct net_request *n, FILE *to)
{
    static const char *const types[] = {"user", "socket", "tap"};
    fprintf(to, "%s: type=%s", n->id ? n->id : "without an id", types[n->type]);
    if (n->listen)
        fprintf(to, ",listen=%s", n->listen);
    if (n->connect)
        fprintf(to, ",connect=%s", n->connect);
    if (n->interface)
        fprintf(to, ",ifname=%s", n->interface);
    if (n->user.restricted)
        fputs(",restrict=on", to);
    fputc('\n', to);
}

bool monitor_info_network(struct monitor_call *c)
{
    const struct options *o = c->monitor->options;
    for (unsigned i = 0; i < o->cards; i++) {
        const struct card_request *r = &o->card[i];
        fprintf(c->to, "card %u: model=%s,macaddr=%02x:%02x:%02x:%02x:%02x:%02x\n", i,
                r->model ? r->model : card_models->name, r->mac[0], r->mac[1], r->mac[2], r->mac[3],
                r->mac[4], r->mac[5]);
        if (r->net >= 0) {
            fputs(" \\ ", c->to);
            print_net(&o->net[r->net], c->to);
        }
    }
    if (!o->cards)
        fputs("There is no network card.\n", c->to);
    return true;
}

/* --- lines, monitors, displays --- */

static void print_end(const char *name, unsigned number, const struct outside *o, FILE *to)
{
    static const char *const kinds[] = {"none", "null", "stdio", "file:"};
    if (o->kind != OUTSIDE_NONE)
        fprintf(to, "%s%u: filename=%s%s\n", name, number, kinds[o->kind], o->path ? o->path : "");
}

bool monitor_info_chardev(struct monitor_call *c)
{
    const struct options *o = c->monitor->options;
    for (unsigned i = 0; i < SERIAL_PORTS; i++)
        print_end("serial", i, &o->serial[i], c->to);
    print_end("parallel", 0, &o->parallel, c->to);
    print_end("debugcon", 0, &o->debugcon, c->to);
    for (unsigned i = 0; i < o->monitors; i++)
        fprintf(c->to, "compat_monitor%u: filename=%s%s\n", i, o->monitor[i].text,
                o->monitor[i].qmp ? " (QMP)" : "");
    if (*o->gdb)
        fprintf(c->to, "gdb: filename=tcp:%s\n", o->gdb);
    return true;
}

bool monitor_info_vnc(struct monitor_call *c)
{
    const struct display_options *d = &c->monitor->options->display;
    bool any = false;
    for (unsigned i = 0; i < d->count; i++)
        if (d->request[i].display == &vnc_display) {
            any = true;
            fprintf(c->to, "Server: %s\n  Auth: %s\n", d->request[i].address,
                    d->request[i].password ? "vnc" : "none");
        }
    if (!any)
        fputs("There is no VNC server.\n", c->to);
    return true;
}
