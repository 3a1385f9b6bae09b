/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options about where commands come from. */
#include "hw/cli/option_setters.h"

#include <string.h>

/* --- monitors --- */

/* The one that is being described: the last. */
static struct monitor_request *request(const struct given *g)
{
    return &g->options->monitor[g->options->monitors - 1];
}

static bool is_on(const struct given *g, bool *on)
{
    *on = strcmp(g->value, "on") == 0;
    return *on || strcmp(g->value, "off") == 0 || refuse(g, "not on or off");
}

static bool set_server(const struct given *g)
{
    return is_on(g, &request(g)->server);
}

static bool set_wait(const struct given *g)
{
    return is_on(g, &request(g)->wait);
}

static bool set_no_wait(const struct given *g)
{
    bool on;
    if (!is_on(g, &on))
        return false;
    request(g)->wait = !on;
    return true;
}

static const struct setting socket_properties[] = {
    {"server", "on", .set = set_server},
    {"wait", "on|off", .set = set_wait},
    {"nowait", "on|off", .set = set_no_wait},
    {0},
};

static const struct {
    const char *prefix;
    enum monitor_kind kind;
    bool telnet;
} kinds[] = {
    {"tcp:", MONITOR_TCP, false},
    {"telnet:", MONITOR_TCP, true},
    {"unix:", MONITOR_UNIX, false},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* "127.0.0.1:4444,server,nowait", of row `kind` */
static bool add_socket(const struct given *g, unsigned kind)
{
    struct monitor_request *r = request(g);
    const char *value = g->value + strlen(kinds[kind].prefix);
    size_t length = strcspn(value, ",");
    char *address = pool_allocate(&g->options->pool, length + 1);
    if (!address)
        return refuse(g, "the host is out of memory");
    memcpy(address, value, length);
    *r = (struct monitor_request){.kind = kinds[kind].kind,
                                  .text = g->value,
                                  .telnet = kinds[kind].telnet,
                                  .wait = true,
                                  .address = address};
    if (value[length] && !set_properties(g, value + length + 1, socket_properties))
        return false;
    return r->server || refuse(g, "Tessera is the one that listens: ,server=on is missing");
}

static bool add_monitor(const struct given *g, bool qmp)
{
    struct options *o = g->options;
    unsigned kind = 0;
    while (kind < KINDS && strncmp(g->value, kinds[kind].prefix, strlen(kinds[kind].prefix)) != 0)
        kind++;
    if (o->monitors == MONITORS)
        return refuse(g, "more than %d monitors", MONITORS);
    o->monitor[o->monitors++] = (struct monitor_request){.text = g->value};
    if (kind == KINDS && strcmp(g->value, "stdio") != 0)
        return refuse(g, "not stdio, telnet:HOST:PORT, tcp:HOST:PORT, unix:PATH or none");
    if (kind < KINDS && !add_socket(g, kind))
        return false;
    request(g)->qmp = qmp;
    return true;
}

bool set_monitor(const struct given *g)
{
    g->options->has_said_monitor = true;
    return strcmp(g->value, "none") == 0 || add_monitor(g, false);
}

bool set_qmp(const struct given *g)
{
    return strcmp(g->value, "none") == 0 || add_monitor(g, true);
}

static unsigned count_on_terminal(const struct options *o)
{
    unsigned count = 0;
    for (unsigned i = 0; i < o->monitors; i++)
        count += o->monitor[i].kind == MONITOR_STDIO;
    return count;
}

const char *monitor_on_terminal(const struct options *o)
{
    return count_on_terminal(o) ? "-monitor stdio" : NULL;
}

bool check_monitors(const struct options *o, struct error *error)
{
    return count_on_terminal(o) < 2 || error_set(error, "-monitor stdio: twice");
}

static bool has_console(const struct options *o)
{
    bool has = false;
    for (unsigned i = 0; i < SERIAL_PORTS; i++)
        has = has || o->serial[i].kind == OUTSIDE_STDIO;
    return has;
}

/* At the console there is one unasked for, but not in a replay, which ends where nobody looks. */
bool complete_monitors(struct options *o, struct error *error)
{
    bool unasked = o->display.no_graphic && !o->has_said_monitor && !o->replay;
    bool wanted = o->wants_console_monitor || unasked;
    if (!wanted || !has_console(o))
        return true;
    if (o->monitors == MONITORS)
        return error_set(error, "-serial mon:stdio: more than %d monitors", MONITORS);
    o->monitor[o->monitors++] =
        (struct monitor_request){.kind = MONITOR_CONSOLE, .text = "mon:stdio"};
    return true;
}
