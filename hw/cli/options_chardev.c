/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where lines lead to: -chardev, which gives such a place an id, and the words that -serial,
 * -monitor and their kin take, "chardev:ID" among them.
 */
#include "hw/cli/command_line.h"
#include "hw/cli/option_setters.h"

#include <stdio.h>
#include <string.h>

/* The one that is being described: the next. */
static struct outside *described(const struct given *g)
{
    return &g->options->chardev[g->options->chardevs];
}

/* --- properties --- */

static bool set_on(const struct given *g, bool *on, bool is)
{
    bool said = strcmp(g->value, "on") == 0;
    *on = said == is;
    return said || strcmp(g->value, "off") == 0 || refuse(g, "not on or off");
}

static bool set_server(const struct given *g)
{
    return set_on(g, &described(g)->server, true);
}

static bool set_wait(const struct given *g)
{
    return set_on(g, &described(g)->wait, true);
}

static bool set_no_wait(const struct given *g)
{
    return set_on(g, &described(g)->wait, false);
}

static bool set_telnet(const struct given *g)
{
    return set_on(g, &described(g)->telnet, true);
}

static bool set_append(const struct given *g)
{
    return set_on(g, &described(g)->append, true);
}

static bool set_log_append(const struct given *g)
{
    return set_on(g, &described(g)->log_append, true);
}

static bool set_mux(const struct given *g)
{
    return set_on(g, &described(g)->mux, true);
}

static bool set_log_file(const struct given *g)
{
    described(g)->log = g->value;
    return *g->value || refuse(g, "nothing is given");
}

static bool set_ring_size(const struct given *g)
{
    enum { MOST = 1 << 26 };
    uint64_t size;
    if (!parse_size(g->value, 1, &size) || !size || size > MOST || size & (size - 1))
        return refuse(g, "not a power of two, up to 64M");
    described(g)->size = (size_t)size;
    return true;
}

static bool set_id(const struct given *g)
{
    described(g)->label = g->value;
    return *g->value || refuse(g, "nothing is given");
}

static bool set_place(const struct given *g)
{
    described(g)->path = g->value;
    return *g->value || refuse(g, "nothing is given");
}

static bool set_host(const struct given *g)
{
    described(g)->host = g->value;
    return true;
}

static bool set_port(const struct given *g)
{
    described(g)->port = g->value;
    return true;
}

#define SOCKET_PROPERTIES                                                                          \
    {"server", "on|off", .set = set_server}, {"wait", "on|off", .set = set_wait},                  \
    {                                                                                              \
        "nowait", "on|off", .set = set_no_wait                                                     \
    }

static const struct setting short_properties[] = {SOCKET_PROPERTIES, {0}};
static const struct setting long_properties[] = {
    {"id", "ID", .set = set_id},
    {"path", "PATH", .set = set_place},
    {"host", "HOST", .set = set_host},
    {"port", "PORT", .set = set_port},
    {"telnet", "on|off", .set = set_telnet},
    {"mux", "on|off", .set = set_mux},
    {"size", "SIZE", .set = set_ring_size},
    {"signal", "on|off", .set = set_nothing},
    {"append", "on|off", .set = set_append},
    {"logfile", "FILE", .set = set_log_file},
    {"logappend", "on|off", .set = set_log_append},
    SOCKET_PROPERTIES,
    {0},
};

/* --- words --- */

/* What begins so leads there. */
static const struct outside_word {
    const char *word;
    enum outside_kind kind;
    bool telnet;
} words[] = {
    {"none", OUTSIDE_NONE, false},   {"null", OUTSIDE_NULL, false},
    {"stdio", OUTSIDE_STDIO, false}, {"mon:stdio", OUTSIDE_STDIO, false},
    {"pty", OUTSIDE_PTY, false},     {"file:", OUTSIDE_FILE, false},
    {"tcp:", OUTSIDE_TCP, false},    {"telnet:", OUTSIDE_TCP, true},
    {"unix:", OUTSIDE_UNIX, false},  {"chardev:", OUTSIDE_CHARDEV, false},
};
enum { WORDS = sizeof words / sizeof *words };

static const struct outside_word *find_word(const char *text)
{
    for (const struct outside_word *w = words; w < words + WORDS; w++) {
        size_t length = strlen(w->word);
        bool takes_more = w->word[length - 1] == ':';
        if (strncmp(text, w->word, length) == 0 && (takes_more ? text[length] : !text[length]))
            return w;
    }
    return NULL;
}

bool is_outside(const char *text)
{
    return find_word(text);
}

static char *copy(const struct given *g, const char *text, size_t length)
{
    char *to = pool_allocate(&g->options->pool, length + 1);
    if (to)
        memcpy(to, text, length);
    else
        refuse(g, "the host is out of memory");
    return to;
}

bool parse_outside(const struct given *g, struct outside *outside)
{
    const struct outside_word *w = find_word(g->value);
    const char *rest = g->value + strlen(w->word);
    struct outside *o = described(g);
    bool is_socket = w->kind == OUTSIDE_TCP || w->kind == OUTSIDE_UNIX;
    size_t length = is_socket ? strcspn(rest, ",") : strlen(rest);
    *o = (struct outside){.kind = w->kind, .text = g->value, .telnet = w->telnet};
    o->wait = true;
    if (*rest && !(o->path = copy(g, rest, length)))
        return false;
    if (rest[length] && !set_properties(g, rest + length + 1, short_properties))
        return false;
    *outside = *o;
    return true;
}

/* --- -chardev --- */

static const struct backend {
    const char *name;
    enum outside_kind kind;
} backends[] = {
    {"stdio", OUTSIDE_STDIO}, {"null", OUTSIDE_NULL},  {"file", OUTSIDE_FILE},
    {"pty", OUTSIDE_PTY},     {"socket", OUTSIDE_TCP}, {"ringbuf", OUTSIDE_RING},
};
enum { BACKENDS = sizeof backends / sizeof *backends };

const char *chardev_choice(unsigned i)
{
    return i < BACKENDS ? backends[i].name : NULL;
}

static const struct outside *find_chardev(const struct options *o, const char *id)
{
    for (unsigned i = 0; i < o->chardevs; i++)
        if (strcmp(o->chardev[i].label, id) == 0)
            return &o->chardev[i];
    return NULL;
}

static bool begin_chardev(const struct given *g, size_t length)
{
    char names[64];
    if (g->options->chardevs == CHARDEVS)
        return refuse(g, "more than %d", CHARDEVS);
    for (unsigned i = 0; i < BACKENDS; i++)
        if (strlen(backends[i].name) == length &&
            strncmp(backends[i].name, g->value, length) == 0) {
            *described(g) =
                (struct outside){.kind = backends[i].kind, .text = g->value, .wait = true};
            return true;
        }
    join_choices(chardev_choice, names, sizeof names);
    return refuse(g, "no such place; there is %s", names);
}

/* A socket's address, from its parts. */
static bool complete_address(const struct given *g)
{
    struct outside *o = described(g);
    const char *host = o->host ? o->host : "";
    if (o->kind != OUTSIDE_TCP)
        return true;
    if (o->path) {
        o->kind = OUTSIDE_UNIX;
        return !o->port || refuse(g, "path= or port=, not both");
    }
    if (!o->port)
        return refuse(g, "path= or port= is missing");
    size_t size = strlen(host) + strlen(o->port) + sizeof "[]:";
    char *address = pool_allocate(&g->options->pool, size);
    if (!address)
        return refuse(g, "the host is out of memory");
    snprintf(address, size, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, o->port);
    o->path = address;
    return true;
}

/* What only places of one kind have. */
static bool check_kind(const struct given *g)
{
    enum { USUAL_RING = 1 << 16 };
    struct outside *o = described(g);
    if (o->append && o->kind != OUTSIDE_FILE)
        return refuse(g, "append=on is for a file; logappend=on for what logs");
    if (o->log_append && !o->log)
        return refuse(g, "logappend=on without logfile=");
    if (o->size && o->kind != OUTSIDE_RING)
        return refuse(g, "size= is for ringbuf");
    if (o->mux && o->kind != OUTSIDE_STDIO)
        return refuse(g, "mux=on is for stdio");
    o->size = o->size ? o->size : USUAL_RING;
    return true;
}

static bool end_chardev(const struct given *g)
{
    const struct outside *o = described(g);
    if (!o->label)
        return refuse(g, "id= is missing");
    if (find_chardev(g->options, o->label))
        return refuse(g, "there is one of that id already");
    if (o->kind == OUTSIDE_FILE && !o->path)
        return refuse(g, "path= is missing");
    return check_kind(g) && complete_address(g) && ++g->options->chardevs;
}

bool set_chardev(const struct given *g)
{
    size_t length = strcspn(g->value, ",");
    if (strcmp(g->value, "help") == 0)
        return list_instead(g, LIST_CHARDEVS);
    return begin_chardev(g, length) && set_rest(g, length, long_properties) && end_chardev(g);
}

/* --- who leads where --- */

/* Each of them has one user at most. */
static bool resolve(struct options *o, struct outside *user, const char *label, const char *option,
                    struct error *error)
{
    const struct outside *found;
    if (user->kind != OUTSIDE_CHARDEV) {
        user->label = label;
        return true;
    }
    found = find_chardev(o, user->path);
    if (!found)
        return error_set(error, "%s chardev:%s: there is no -chardev of that id", option,
                         user->path);
    bool *is_used = &o->chardev_is_used[found - o->chardev];
    if (*is_used)
        return error_set(error, "%s chardev:%s: something else is there already", option,
                         user->path);
    *is_used = true;
    *user = *found;
    return true;
}

/* A monitor at the serial port's terminal (mux=on) is none of its own: Ctrl-A c leads there. */
static bool shares_console(const struct options *o, const struct monitor_request *m)
{
    const struct outside *found =
        m->at.kind == OUTSIDE_CHARDEV && !m->qmp ? find_chardev(o, m->at.path) : NULL;
    for (unsigned i = 0; found && found->mux && i < SERIAL_PORTS; i++)
        if (o->serial[i].kind == OUTSIDE_STDIO && o->serial[i].label == found->label)
            return true;
    return false;
}

static void share_consoles(struct options *o)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < o->monitors; i++)
        if (shares_console(o, &o->monitor[i]))
            o->wants_console_monitor = true;
        else
            o->monitor[kept++] = o->monitor[i];
    o->monitors = kept;
}

bool complete_chardevs(struct options *o, struct error *error)
{
    static const char *const serials[SERIAL_PORTS] = {"serial0", "serial1"};
    static const char *const monitors[MONITORS] = {
        "compat_monitor0", "compat_monitor1", "compat_monitor2", "compat_monitor3",
        "compat_monitor4", "compat_monitor5", "compat_monitor6", "compat_monitor7"};
    for (unsigned i = 0; i < SERIAL_PORTS; i++)
        if (!resolve(o, &o->serial[i], serials[i], "-serial", error))
            return false;
    share_consoles(o);
    for (unsigned i = 0; i < o->monitors; i++)
        if (!resolve(o, &o->monitor[i].at, monitors[i], o->monitor[i].qmp ? "-qmp" : "-monitor",
                     error))
            return false;
    return resolve(o, &o->parallel, "parallel0", "-parallel", error) &&
           resolve(o, &o->debugcon, "debugcon0", "-debugcon", error);
}
