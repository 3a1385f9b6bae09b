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

static const struct kind {
    const char *name;
    enum drive_interface interface;
    unsigned most; /* drives */
} kinds[] = {
    {"ide", DRIVE_IDE, IDE_DRIVES},
    {"floppy", DRIVE_FLOPPY, FLOPPY_DRIVES},
    {"virtio", DRIVE_VIRTIO, VIRTIO_DRIVES},
    {"none", DRIVE_NONE, DRIVES},
    {0},
};

static const char *kind_name(unsigned i)
{
    return kinds[i].name;
}

static unsigned most_of(enum drive_interface interface)
{
    const struct kind *k = kinds;
    while (k->interface != interface)
        k++;
    return k->most;
}

static bool set_interface(const struct given *g)
{
    char names[64];
    for (const struct kind *k = kinds; k->name; k++)
        if (strcmp(k->name, g->value) == 0) {
            current(g)->interface = k->interface;
            return true;
        }
    join_choices(kind_name, names, sizeof names);
    return refuse(g, "there is %s", names);
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
    if (!parse_number(g->value, UINT16_MAX, &index)) /* how many there are, see add_drive() */
        return refuse(g, "not the number of a drive, from 0 on");
    current(g)->index = (unsigned)index;
    return current(g)->has_index = true;
}

#define MEMBER(type, name) _Generic(((struct drive *)0)->name, type : offsetof(struct drive, name))
const struct setting drive_properties[] = {
    {"file", "FILE", .set = set_drive_text, .field = MEMBER(const char *, file)},
    {"format", "FORMAT", .set = set_drive_text, .field = MEMBER(const char *, format)},
    {"if", "ide|floppy|virtio|none", .set = set_interface},
    {"index", "NUMBER", .set = set_index},
    {"media", "disk|cdrom", .set = set_media},
    {"readonly read-only", "on|off", .set = set_drive_switch, .field = MEMBER(bool, read_only)},
    {"snapshot", "on|off", .set = set_drive_switch, .field = MEMBER(bool, snapshot)},
    {"id", "NAME", .set = set_drive_text, .field = MEMBER(const char *, id)},
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
    if (!d->file && !d->cdrom && d->interface != DRIVE_FLOPPY)
        return refuse(g, "file= is missing");
    if (d->cdrom && d->interface == DRIVE_FLOPPY)
        return refuse(g, "a CD does not fit into a floppy drive");
    if (d->cdrom && d->interface == DRIVE_VIRTIO)
        return refuse(g, "virtio's are disks");
    if (d->interface == DRIVE_NONE && !d->id)
        return refuse(g, "id= is missing, by which a device would have it");
    if (d->index >= most_of(d->interface))
        return refuse(g, "there are only %u drives of that kind", most_of(d->interface));
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
    unsigned most = most_of(d->interface);
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

/* --- -device virtio-blk-pci, usb-storage --- */

static bool set_device_text(const struct given *g)
{
    struct drive_device *d = &g->options->drive_device[g->options->drive_devices - 1];
    *(const char **)((char *)d + g->setting->field) = g->value;
    return *g->value || refuse(g, "nothing is given");
}

static bool set_device_switch(const struct given *g)
{
    struct drive_device *d = &g->options->drive_device[g->options->drive_devices - 1];
    bool on = strcmp(g->value, "on") == 0;
    *(bool *)((char *)d + g->setting->field) = on;
    return on || strcmp(g->value, "off") == 0 || refuse(g, "not on or off");
}

bool add_drive_device(const struct given *g, enum drive_interface interface, unsigned index)
{
    struct options *o = g->options;
    if (o->drive_devices == DRIVE_DEVICES)
        return refuse(g, "there can be only %d", DRIVE_DEVICES);
    o->drive_device[o->drive_devices++] =
        (struct drive_device){.interface = interface, .index = index};
    return true;
}

bool set_virtio_disk(const struct given *g)
{
    return add_drive_device(g, DRIVE_VIRTIO, 0);
}

#define OF_DEVICE(name) offsetof(struct drive_device, name)
const struct setting virtio_disk_properties[] = {
    {"drive", "ID", .set = set_device_text, .field = OF_DEVICE(drive)},
    {"serial", "TEXT", .set = set_device_text, .field = OF_DEVICE(serial)},
    {"disable-legacy", "on|off", .set = set_device_switch,
     .field = OF_DEVICE(interfaces.no_legacy)},
    {"disable-modern", "on|off", .set = set_device_switch,
     .field = OF_DEVICE(interfaces.no_modern)},
    {"id", "NAME", .set = set_nothing},
    {0},
};

const struct setting usb_storage_properties[] = {
    {"drive", "ID", .set = set_device_text, .field = OF_DEVICE(drive)},
    {"serial", "TEXT", .set = set_device_text, .field = OF_DEVICE(serial)},
    {"bus", "NAME", .set = set_nothing},
    {"port", "NUMBER", .set = set_nothing},
    {"id", "NAME", .set = set_nothing},
    {0},
};

static const char *device_of(const struct drive_device *d)
{
    return d->interface == DRIVE_USB ? "-device usb-storage" : "-device virtio-blk-pci";
}

static bool give_drive(struct options *o, const struct drive_device *wants, struct error *error)
{
    if (!wants->drive)
        return error_set(error, "%s: drive= is missing", device_of(wants));
    if (wants->interfaces.no_legacy && wants->interfaces.no_modern)
        return error_set(error,
                         "-device virtio-blk-pci,drive=%s: disable-legacy=on and "
                         "disable-modern=on leave nothing",
                         wants->drive);
    for (struct drive *d = o->drive; d < o->drive + o->drives; d++) {
        if (d->interface != DRIVE_NONE || strcmp(d->id, wants->drive) != 0)
            continue;
        d->interface = wants->interface;
        d->has_index = wants->interface == DRIVE_USB;
        d->index = wants->index;
        d->serial = wants->serial;
        d->interfaces = wants->interfaces;
        return !d->cdrom ||
               error_set(error, "%s id=%s: %s has disks", d->option, d->id, device_of(wants));
    }
    return error_set(error, "%s,drive=%s: no -drive if=none has that id", device_of(wants),
                     wants->drive);
}

static bool give_drives(struct options *o, struct error *error)
{
    for (unsigned i = 0; i < o->drive_devices; i++)
        if (!give_drive(o, &o->drive_device[i], error))
            return false;
    for (const struct drive *d = o->drive; d < o->drive + o->drives; d++)
        if (d->interface == DRIVE_NONE)
            return error_set(error,
                             "%s if=none,id=%s: no device has it (-device virtio-blk-pci,"
                             "drive=%s)",
                             d->option, d->id, d->id);
    return true;
}

bool complete_drives(struct options *o, struct error *error)
{
    if (!give_drives(o, error))
        return false;
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
