/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options about where the screen is shown. */
#include "hw/cli/option_setters.h"

#include "hw/machine.h"

#include <string.h>

/* --- displays --- */

/* The one that is being described: the last. */
static struct display_request *request(const struct given *g)
{
    struct display_options *d = &g->options->display;
    return &d->request[d->count - 1];
}

static bool set_to(const struct given *g)
{
    enum { MOST = 65535 - 5900 };
    unsigned long number;
    if (!parse_number(g->value, MOST, &number))
        return refuse(g, "not a number from 0 to %d", MOST);
    request(g)->to = (unsigned)number;
    return true;
}

static bool set_secret_id(const struct given *g)
{
    request(g)->password = g->value;
    return true;
}

static bool set_novnc(const struct given *g)
{
    request(g)->novnc = g->value;
    return *g->value || refuse(g, "not the name of a folder");
}

/* QEMU's monitor would set it then. */
static bool set_password(const struct given *g)
{
    return strcmp(g->value, "off") == 0 ||
           refuse(g, "there is no monitor to set one; password-secret=ID takes that of "
                     "-object secret,id=ID,file=FILE");
}

static bool set_window_full_screen(const struct given *g)
{
    bool on = strcmp(g->value, "on") == 0;
    request(g)->full_screen = on;
    return on || strcmp(g->value, "off") == 0 || refuse(g, "not on or off");
}

/* For each display; QEMU's among them that ask for what is so anyhow. */
static const struct setting window_properties[] = {
    {"full-screen", "on|off", .set = set_window_full_screen},
    {"gl", "off", .set = set_only, .reason = "pictures are not the graphics card's"},
    {0},
};
static const struct setting vnc_properties[] = {
    {"to", "NUMBER", .set = set_to},
    {"password-secret", "ID", .set = set_secret_id},
    {"password", "off", .set = set_password},
    {"share", "force-shared|ignore", .set = set_only, .reason = "viewers always share"},
    {0},
};
static const struct setting web_properties[] = {
    {"password-secret", "ID", .set = set_secret_id},
    {"password", "off", .set = set_password},
    {"novnc", "FOLDER", .set = set_novnc},
    {0},
};
static const struct setting no_properties[] = {{0}};

static const struct setting *properties_of(const struct display *d)
{
    return d == &sdl_display   ? window_properties
           : d == &vnc_display ? vnc_properties
           : d == &web_display ? web_properties
                               : no_properties;
}

const char *display_choice(unsigned i)
{
    unsigned count = 0;
    while (display_number(count))
        count++;
    return i < count ? display_number(i)->usage : i == count ? "none" : NULL;
}

static const struct display *find_display(const char *name, size_t length)
{
    const struct display *d;
    for (unsigned i = 0; (d = display_number(i)); i++)
        if (strlen(d->name) == length && strncmp(d->name, name, length) == 0)
            break;
    return d;
}

/* "HOST:NUMBER,property=value" */
static bool add_display(const struct given *g, const struct display *display, const char *value)
{
    struct display_options *d = &g->options->display;
    size_t length = strcspn(value, ",");
    char *address = pool_allocate(&g->options->pool, length + 1);
    if (!address)
        return refuse(g, "the host is out of memory");
    memcpy(address, value, length);
    if (!*address != !strchr(display->usage, '='))
        return refuse(g, "not %s", display->usage);
    if (d->count == DISPLAYS)
        return refuse(g, "more than %d displays", DISPLAYS);
    d->request[d->count++] = (struct display_request){.display = display, .address = address};
    return !value[length] || set_properties(g, value + length + 1, properties_of(display));
}

bool set_display(const struct given *g)
{
    char choices[128];
    size_t length = strcspn(g->value, "=,");
    const struct display *display = find_display(g->value, length);
    const char *value = g->value + length;
    if (strcmp(g->value, "none") == 0)
        return g->options->display.none = true;
    join_choices(display_choice, choices, sizeof choices);
    if (!display)
        return refuse(g, "no such display; there is %s", choices);
    return add_display(g, display, *value == '=' ? value + 1 : value);
}

bool set_vnc(const struct given *g)
{
    return strcmp(g->value, "none") == 0 || add_display(g, &vnc_display, g->value);
}

bool set_named_display(const struct given *g)
{
    const char *name = g->option + strspn(g->option, "-");
    return add_display(g, find_display(name, strlen(name)), "");
}

/* A machine without a screen can show none. */
static bool check_screen(struct options *o, struct error *error)
{
    bool has_screen = o->machine->has_screen && o->has_vga;
    o->display.none |= !has_screen;
    if (has_screen || !o->display.count)
        return true;
    return error_set(error, "-display %s: there is no screen (%s%s)",
                     o->display.request[0].display->name, o->machine->has_screen ? "" : "-M ",
                     o->machine->has_screen ? "-vga none" : o->machine->name);
}

bool set_nographic(const struct given *g)
{
    g->options->display.none = g->options->display.no_graphic = true;
    g->options->load.serial_console = true;
    return true;
}

bool check_display(struct options *o, struct error *error)
{
    bool on_terminal = false;
    if (!check_screen(o, error))
        return false;
    for (unsigned i = 0; i < o->display.count; i++) {
        o->display.request[i].full_screen |= o->display.full_screen;
        if (o->display.request[i].display->uses_terminal && on_terminal)
            return error_set(error, "-display curses: twice");
        on_terminal |= o->display.request[i].display->uses_terminal;
    }
    const char *who = on_terminal ? "-display curses" : monitor_on_terminal(o);
    if (!o->serials)
        o->serial[0] = (struct outside){.kind = who ? OUTSIDE_NULL : OUTSIDE_STDIO};
    bool is_wanted = o->parallel.kind == OUTSIDE_STDIO || o->debugcon.kind == OUTSIDE_STDIO;
    for (unsigned i = 0; i < SERIAL_PORTS; i++)
        is_wanted |= o->serial[i].kind == OUTSIDE_STDIO;
    if (on_terminal && monitor_on_terminal(o))
        return error_set(error, "-display curses: the terminal is wanted by a monitor, too");
    return !who || !is_wanted ||
           error_set(error, "%s: the terminal is wanted by a port, too (stdio)", who);
}

/* --- names, secrets --- */

const struct setting name_properties[] = {
    {"guest", "NAME", .set = set_text, .field = FIELD(const char *, display.name)},
    {"process", "NAME", .set = set_nothing},
    {"debug-threads", "on|off", .set = set_only, .reason = "not on or off"},
    {0},
};

static bool set_secret_text(const struct given *g)
{
    struct display_options *d = &g->options->display;
    *(const char **)((char *)&d->secret[d->secrets] + g->setting->field) = g->value;
    return *g->value || refuse(g, "nothing is given");
}

static const struct setting secret_properties[] = {
    {"id", "ID", .set = set_secret_text, .field = offsetof(struct secret, id)},
    {"data", "TEXT", .set = set_secret_text, .field = offsetof(struct secret, text)},
    {"file", "FILE", .set = set_secret_text, .field = offsetof(struct secret, path)},
    {"format", "raw", .set = set_only, .reason = "secrets are as they are"},
    {0},
};

bool set_object(const struct given *g)
{
    static const char type[] = "secret,";
    struct display_options *d = &g->options->display;
    if (strncmp(g->value, "filter-dump,", 12) == 0)
        return set_dump(g);
    if (strncmp(g->value, type, sizeof type - 1) != 0)
        return refuse(g, "not secret,id=ID,file=FILE or filter-dump,netdev=ID,file=FILE");
    if (d->secrets == SECRETS)
        return refuse(g, "more than %d secrets", SECRETS);
    if (!set_properties(g, g->value + sizeof type - 1, secret_properties))
        return false;
    const struct secret *s = &d->secret[d->secrets++];
    for (const struct secret *other = d->secret; s->id && other < s; other++)
        if (strcmp(other->id, s->id) == 0)
            return refuse(g, "there is another secret of that id");
    return (s->id && !s->text == !!s->path) ||
           refuse(g, "not secret,id=ID with either file=FILE or data=TEXT");
}
