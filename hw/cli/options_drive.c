/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options about drives: -hda and its like, and -drive, of which they are short forms. */
#include "hw/cli/option_setters.h"

#include <string.h>

static struct drive *new_drive(const struct given *g)
{
    struct options *o = g->options;
    if (o->drives == DRIVES) {
        error_set(g->error, "%s: there can be only %d drives", g->option, DRIVES);
        return NULL;
    }
    o->drive[o->drives] = (struct drive){.option = g->option};
    return &o->drive[o->drives];
}

/* The setting has the interface in its field, and the index as its number. */
bool set_drive_file(const struct given *g)
{
    struct drive *d = new_drive(g);
    if (!d)
        return false;
    if (!*g->value)
        return error_set(g->error, "%s needs the name of a file", g->option);
    d->file = g->value;
    d->interface = (enum drive_interface)g->setting->field;
    d->index = (unsigned)g->setting->number;
    d->has_index = true;
    d->cdrom = g->setting->reason != NULL;
    g->options->drives++;
    return true;
}

/* --- -drive --- */

static struct drive *current(const struct given *g)
{
    return &g->options->drive[g->options->drives];
}

/* A member of struct drive. */
static void *field(const struct given *g)
{
    return (char *)current(g) + g->setting->field;
}

static bool set_drive_text(const struct given *g)
{
    *(const char **)field(g) = g->value;
    return *g->value || refuse(g, "nothing is given");
}

static bool set_drive_switch(const struct given *g)
{
    bool on = strcmp(g->value, "on") == 0;
    *(bool *)field(g) = on;
    return on || strcmp(g->value, "off") == 0 || refuse(g, "not on or off");
}

static bool set_interface(const struct given *g)
{
    current(g)->interface = strcmp(g->value, "floppy") == 0 ? DRIVE_FLOPPY : DRIVE_IDE;
    return is_among("ide|floppy", '|', g->value, strlen(g->value)) ||
           refuse(g, "there are only ide and floppy");
}

static bool set_media(const struct given *g)
{
    current(g)->cdrom = strcmp(g->value, "cdrom") == 0;
    return is_among("disk|cdrom", '|', g->value, strlen(g->value)) ||
           refuse(g, "not disk or cdrom");
}

static bool set_index(const struct given *g)
{
    unsigned long index;
    if (!parse_number(g->value, IDE_DRIVES - 1, &index))
        return refuse(g, "not a number from 0 to %d", IDE_DRIVES - 1);
    current(g)->index = (unsigned)index;
    return current(g)->has_index = true;
}

#define MEMBER(type, name) _Generic(((struct drive *)0)->name, type : offsetof(struct drive, name))
const struct setting drive_properties[] = {
    {"file", "FILE", .set = set_drive_text, .field = MEMBER(const char *, file)},
    {"format", "FORMAT", .set = set_drive_text, .field = MEMBER(const char *, format)},
    {"if", "ide|floppy", .set = set_interface},
    {"index", "NUMBER", .set = set_index},
    {"media", "disk|cdrom", .set = set_media},
    {"readonly read-only", "on|off", .set = set_drive_switch, .field = MEMBER(bool, read_only)},
    {"snapshot", "on|off", .set = set_drive_switch, .field = MEMBER(bool, snapshot)},
    {"id", "NAME", .set = set_nothing},
    {"cache", "writeback", .set = set_only,
     .reason = "the host's cache is used, and flushed when "
               "the guest asks for that"},
    {0},
};

bool set_drive(const struct given *g)
{
    struct drive *d = new_drive(g);
    if (!d)
        return false;
    if (!set_list(g))
        return false;
    if (!d->file && !d->cdrom && d->interface == DRIVE_IDE)
        return refuse(g, "file= is missing");
    if (d->cdrom && d->interface == DRIVE_FLOPPY)
        return refuse(g, "a CD does not fit into a floppy drive");
    if (d->index >= FLOPPY_DRIVES && d->interface == DRIVE_FLOPPY)
        return refuse(g, "there are only %d floppy drives", FLOPPY_DRIVES);
    g->options->drives++;
    return true;
}

/* --- all of them --- */

static const struct drive *find_drive(const struct options *o, enum drive_interface interface,
                                      unsigned index)
{
    for (const struct drive *d = o->drive; d < o->drive + o->drives; d++)
        if (d->has_index && d->interface == interface && d->index == index)
            return d;
    return NULL;
}

/* The first that is free. */
static bool give_index(const struct options *o, struct drive *d, struct error *error)
{
    unsigned most = d->interface == DRIVE_IDE ? IDE_DRIVES : FLOPPY_DRIVES;
    while (d->index < most && find_drive(o, d->interface, d->index))
        d->index++;
    d->has_index = true;
    return d->index < most ||
           error_set(error, "%s: there can be only %u drives of that kind", d->option, most);
}

static bool check_drive(const struct options *o, const struct drive *d, struct error *error)
{
    const struct drive *other = find_drive(o, d->interface, d->index);
    return other == d || !d->has_index ||
           error_set(error, "%s: that drive is there already, by %s (index=%u)", d->option,
                     other->option, d->index);
}

bool complete_drives(struct options *o, struct error *error)
{
    for (unsigned i = 0; i < o->drives; i++)
        if (!check_drive(o, &o->drive[i], error))
            return false;
    for (unsigned i = 0; i < o->drives; i++) {
        o->drive[i].snapshot |= o->snapshot;
        if (!o->drive[i].has_index && !give_index(o, &o->drive[i], error))
            return false;
    }
    return true;
}
