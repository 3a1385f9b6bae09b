/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options about where commands come from. */
#include "hw/cli/option_setters.h"

#include <string.h>

static struct monitor_request *next(const struct given *g)
{
    if (g->options->monitors == MONITORS) {
        refuse(g, "more than %d monitors", MONITORS);
        return NULL;
    }
    g->options->monitor[g->options->monitors] = (struct monitor_request){.qmp = false};
    return &g->options->monitor[g->options->monitors];
}

/* A word that names no such place is the path of none. */
static bool add_monitor(const struct given *g, bool qmp)
{
    struct monitor_request *r = next(g);
    if (!r)
        return false;
    if (!is_outside(g->value) || strcmp(g->value, "mon:stdio") == 0)
        return refuse(g, "not stdio, telnet:HOST:PORT, tcp:HOST:PORT, unix:PATH, pty, chardev:ID "
                         "or none");
    r->qmp = qmp;
    return parse_outside(g, &r->at) && ++g->options->monitors;
}

static bool is_nothing(const struct given *g)
{
    return strcmp(g->value, "none") == 0 || strcmp(g->value, "null") == 0;
}

bool set_monitor(const struct given *g)
{
    g->options->has_said_monitor = true;
    return is_nothing(g) || add_monitor(g, false);
}

bool set_qmp(const struct given *g)
{
    return is_nothing(g) || add_monitor(g, true);
}

/* --- -mon: the next one is described --- */

static struct monitor_request *described(const struct given *g)
{
    return &g->options->monitor[g->options->monitors];
}

static bool set_chardev_id(const struct given *g)
{
    described(g)->at = (struct outside){.kind = OUTSIDE_CHARDEV, .path = g->value, .text = g->word};
    return *g->value || refuse(g, "nothing is given");
}

static bool set_mode(const struct given *g)
{
    described(g)->qmp = strcmp(g->value, "control") == 0;
    return described(g)->qmp || strcmp(g->value, "readline") == 0 ||
           refuse(g, "not readline or control");
}

const struct setting mon_properties[] = {
    {"chardev", "ID", .set = set_chardev_id},
    {"mode", "readline|control", .set = set_mode},
    {"pretty", "on|off", .set = set_nothing},
    {0},
};

bool set_mon(const struct given *g)
{
    if (!next(g) || !set_list(g))
        return false;
    g->options->has_said_monitor = true;
    return described(g)->at.path ? ++g->options->monitors : refuse(g, "chardev= is missing");
}

/* --- all of them --- */

static unsigned count_on_terminal(const struct options *o)
{
    unsigned count = 0;
    for (unsigned i = 0; i < o->monitors; i++)
        count += o->monitor[i].at.kind == OUTSIDE_STDIO;
    return count;
}

const char *monitor_on_terminal(const struct options *o)
{
    return count_on_terminal(o) ? "-monitor stdio" : NULL;
}

static bool check_place(const struct monitor_request *r, struct error *error)
{
    const struct outside *o = &r->at;
    bool is_socket = o->kind == OUTSIDE_TCP || o->kind == OUTSIDE_UNIX;
    const char *option = r->qmp ? "-qmp" : "-monitor";
    if (is_socket && !o->server)
        return error_set(error, "%s %s: Tessera is the one that listens: ,server=on is missing",
                         option, o->text);
    if (o->log)
        return error_set(error, "%s %s: only ports have a logfile=", option, o->text);
    return is_socket || o->kind == OUTSIDE_STDIO || o->kind == OUTSIDE_PTY ||
           error_set(error, "%s %s: no commands come from there", option, o->text);
}

bool check_monitors(const struct options *o, struct error *error)
{
    for (unsigned i = 0; i < o->monitors; i++)
        if (!check_place(&o->monitor[i], error))
            return false;
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
    o->monitor[o->monitors++] = (struct monitor_request){
        .at = {.text = "mon:stdio", .label = "compat_monitor"}, .shares_console = true};
    return true;
}
