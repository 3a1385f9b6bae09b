/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What info tells of where the machine leads to on the host: as the command line has it. */
#include "hw/host/chardev_line.h"
#include "hw/host/surroundings.h"
#include "hw/monitor/monitor.h"
#include "hw/net/network_card.h"
#include "hw/options.h"

#include <string.h>

/* --- networks --- */

static void print_net(const struct net_request *n, FILE *to)
{
    static const char *const types[] = {"user", "socket", "tap"};
    fprintf(to, "%s: type=%s", n->id ? n->id : "without an id", types[n->type]);
    if (n->listen)
        fprintf(to, ",listen=%s", n->listen);
    if (n->connect)
        fprintf(to, ",connect=%s", n->connect);
    if (n->udp)
        fprintf(to, ",udp=%s,localaddr=%s", n->udp, n->local);
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

/* --- sound --- */

bool monitor_info_audio(struct monitor_call *c)
{
    const struct options *o = c->monitor->options;
    for (unsigned i = 0; i < o->audios; i++) {
        const struct audio_request *r = &o->audio[i];
        struct audio *a = c->monitor->parts.host->audio[i];
        struct audio_counts n;
        fprintf(c->to, "%s: type=%s", r->id, audio_kind_name(r->kind));
        if (r->kind == AUDIO_WAV)
            fprintf(c->to, ",path=%s", r->path);
        if (a && audio_count(a, &n))
            fprintf(c->to,
                    ": %" PRIu64 " frames at %u Hz, %" PRIu64 " gaps, %" PRIu64 " frames lost",
                    n.heard, r->rate, n.gaps, n.lost);
        fputc('\n', c->to);
    }
    if (!o->audios)
        fputs("No sound leads anywhere.\n", c->to);
    return true;
}

/* --- lines, monitors --- */

const char *monitor_place(const struct monitor *m, const struct outside *o)
{
    static const char *const usual[] = {
        [OUTSIDE_NONE] = "none", [OUTSIDE_NULL] = "null", [OUTSIDE_STDIO] = "stdio"};
    const struct surroundings *host = m->parts.host;
    for (unsigned i = 0; i < host->lines; i++)
        if (strcmp(chardev_line_label(host->line[i]), o->label) == 0)
            return chardev_line_name(host->line[i]);
    if (o->kind == OUTSIDE_FILE)
        return o->path;
    return o->kind <= OUTSIDE_STDIO && !o->text ? usual[o->kind] : o->text;
}

static void print_end(const struct monitor_call *c, const struct outside *o)
{
    if (o->kind != OUTSIDE_NONE)
        fprintf(c->to, "%s: filename=%s\n", o->label, monitor_place(c->monitor, o));
}

bool monitor_info_chardev(struct monitor_call *c)
{
    const struct options *o = c->monitor->options;
    for (unsigned i = 0; i < SERIAL_PORTS; i++)
        print_end(c, &o->serial[i]);
    print_end(c, &o->parallel);
    print_end(c, &o->debugcon);
    for (unsigned i = 0; i < o->monitors; i++)
        fprintf(c->to, "%s: filename=%s%s\n", o->monitor[i].at.label, o->monitor[i].at.text,
                o->monitor[i].qmp ? " (QMP)" : "");
    if (*o->gdb)
        fprintf(c->to, "gdb: filename=tcp:%s\n", o->gdb);
    return true;
}
