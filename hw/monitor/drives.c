/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See drives.h. */
#include "hw/monitor/drives.h"

#include "hw/atapi.h"
#include "hw/i82077.h"
#include "hw/ide.h"
#include "hw/monitor/monitor.h"

#include <string.h>

static bool ide_view(const struct monitor *m, unsigned number, struct drive_view *d)
{
    struct ide_channel *c = monitor_chip(m, &ide_device, number / 2);
    struct ide_drive *drive = c ? &c->drive[number % 2] : NULL;
    if (!drive || !drive->present)
        return false;
    *d = (struct drive_view){.disk = drive->disk,
                             .removable = drive->cdrom,
                             .locked = drive->atapi.locked,
                             .open = drive->atapi.open,
                             .ide = drive};
    snprintf(d->name, sizeof d->name, "ide%u-%s%u", number / 2, drive->cdrom ? "cd" : "hd",
             number % 2);
    return true;
}

static bool floppy_view(const struct monitor *m, unsigned number, struct drive_view *d)
{
    struct i82077 *fdc = monitor_chip(m, &i82077_device, 0);
    struct floppy_drive *drive = fdc ? &fdc->unit[number].drive : NULL;
    if (!drive || !drive->type)
        return false;
    *d = (struct drive_view){.disk = drive->disk, .removable = true, .floppy = drive};
    snprintf(d->name, sizeof d->name, "floppy%u", number);
    return true;
}

bool drive_number(const struct monitor *m, unsigned i, struct drive_view *d)
{
    for (unsigned n = 0; n < IDE_DRIVES; n++)
        if (ide_view(m, n, d) && i-- == 0)
            return true;
    for (unsigned n = 0; n < FLOPPY_DRIVES; n++)
        if (floppy_view(m, n, d) && i-- == 0)
            return true;
    return false;
}

static void take_out(const struct drive_view *d)
{
    if (d->ide)
        atapi_change(d->ide, NULL);
    else
        floppy_insert(d->floppy, NULL);
}

bool drive_eject(const struct monitor *m, const char *name, bool force, struct error *error)
{
    struct drive_view d;
    if (!drive_find(m, name, &d))
        return error_set(error, "%s: no such drive; info block lists them", name);
    if (!d.removable)
        return error_set(error, "%s: its disk cannot be taken out", name);
    if (d.ide && !atapi_eject(d.ide, force))
        return error_set(error, "%s: the guest has locked it (eject -f takes it out)", name);
    if (d.disk)
        take_out(&d);
    return true;
}

bool drive_find(const struct monitor *m, const char *name, struct drive_view *d)
{
    for (unsigned i = 0; drive_number(m, i, d); i++)
        if (strcmp(d->name, name) == 0)
            return true;
    return false;
}
