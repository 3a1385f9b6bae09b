/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See drives.h. */
#include "hw/monitor/drives.h"

#include "hw/disk/atapi.h"
#include "hw/disk/i82077.h"
#include "hw/disk/ide.h"
#include "hw/host/disk_store.h"
#include "hw/host/folder.h"
#include "hw/host/media.h"
#include "hw/monitor/monitor.h"
#include "hw/snapshot/store.h"
#include "hw/snapshot/timeline.h"
#include "hw/virtio/block.h"

#include <string.h>

void drive_ide_name(unsigned number, bool cdrom, char name[DRIVE_NAME])
{
    snprintf(name, DRIVE_NAME, "ide%u-%s%u", number / 2 % 2, cdrom ? "cd" : "hd", number % 2);
}

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
                             .ide = drive,
                             .index = number};
    drive_ide_name(number, drive->cdrom, d->name);
    return true;
}

static bool floppy_view(const struct monitor *m, unsigned number, struct drive_view *d)
{
    struct i82077 *fdc = monitor_chip(m, &i82077_device, 0);
    struct floppy_drive *drive = fdc ? &fdc->unit[number].drive : NULL;
    if (!drive || !drive->type)
        return false;
    *d = (struct drive_view){
        .disk = drive->disk, .removable = true, .floppy = drive, .index = number};
    snprintf(d->name, sizeof d->name, "floppy%u", number);
    return true;
}

static bool virtio_view(const struct monitor *m, unsigned number, struct drive_view *d)
{
    const struct virtio_block *b = monitor_chip(m, &virtio_block_device, number);
    if (!b)
        return false;
    *d = (struct drive_view){.disk = b->disk};
    snprintf(d->name, sizeof d->name, "virtio%u", number);
    return true;
}

static bool view(const struct monitor *m, unsigned i, struct drive_view *d)
{
    for (unsigned n = 0; n < IDE_DRIVES; n++)
        if (ide_view(m, n, d) && i-- == 0)
            return true;
    for (unsigned n = 0; n < VIRTIO_DRIVES; n++)
        if (virtio_view(m, n, d) && i-- == 0)
            return true;
    for (unsigned n = 0; n < FLOPPY_DRIVES; n++)
        if (floppy_view(m, n, d) && i-- == 0)
            return true;
    return false;
}

/* --- media --- */

static const struct drive *outside(const struct monitor *m, const struct drive_view *d)
{
    return m->parts.host ? media_drive(m->parts.host, d->ide ? DRIVE_IDE : DRIVE_FLOPPY, d->index)
                         : NULL;
}

bool drive_number(const struct monitor *m, unsigned i, struct drive_view *d)
{
    if (!view(m, i, d))
        return false;
    const struct drive *drive = d->removable ? outside(m, d) : NULL;
    if (d->disk)
        d->counts = d->disk->counts;
    else if (drive)
        d->counts = *media_counts(m->parts.host, drive);
    return true;
}

static bool find_removable(const struct monitor *m, const char *name, struct drive_view *d,
                           struct error *error)
{
    if (!drive_find(m, name, d))
        return error_set(error, "%s: no such drive; info block lists them", name);
    return d->removable || error_set(error, "%s: its disk cannot be taken out", name);
}

/* The button. */
static bool open_drive(const struct drive_view *d, bool force, struct error *error)
{
    return !d->ide || atapi_eject(d->ide, force) ||
           error_set(error, "%s: the guest has locked it (-f opens it all the same)", d->name);
}

/* Of the drive's side; NULL: nothing. The way back to the last snapshot ends: it has the old one.
 */
static void put_in(const struct monitor *m, const struct drive_view *d, struct disk *disk)
{
    snapshot_forget(&m->snapshots->machine);
    if (d->ide)
        atapi_change(d->ide, disk);
    else
        i82077_change(monitor_chip(m, &i82077_device, 0), d->index, disk);
}

static bool take_out(const struct monitor *m, struct drive_view *d, bool force, struct error *error)
{
    if (!open_drive(d, force, error))
        return false;
    const struct drive *drive = outside(m, d);
    if (!d->disk)
        return true;
    put_in(m, d, NULL);
    return !drive || media_remove(m->parts.host, drive, error);
}

/* What came of it, for a recording; returns `done`. */
static bool note(const struct monitor *m, const char *name, const char *file, unsigned how,
                 bool done)
{
    char data[1 + sizeof((struct drive_view *)0)->name + FOLDER_NAME + 256];
    struct replay *r = m->parts.host ? m->parts.host->replay : NULL;
    if (!replay_records(r))
        return done;
    data[0] = (char)(how | (done ? MEDIUM_DONE : 0));
    int size = snprintf(data + 1, sizeof data - 1, "%s%c%s", name, 0, file);
    if (size > 0 && (size_t)size + 2 <= sizeof data)
        replay_note(r, REPLAY_MEDIUM, exec_instructions(m->parts.exec), data, (size_t)size + 2);
    return done;
}

bool drive_eject(const struct monitor *m, const char *name, bool force, struct error *error)
{
    struct drive_view d;
    return find_removable(m, name, &d, error) &&
           note(m, name, "", MEDIUM_OUT | (force ? MEDIUM_FORCE : 0u),
                take_out(m, &d, force, error));
}

/* "b.img" of "folder/b.img", if that is the folder's name. */
static const char *in_folder(const struct monitor *m, const char *file)
{
    size_t length = m->media_folder ? strlen(m->media_folder) : 0;
    while (length && m->media_folder[length - 1] == '/')
        length--;
    bool is_in = length && strncmp(file, m->media_folder, length) == 0 && file[length] == '/';
    return is_in ? file + length + strspn(file + length, "/") : file;
}

/* What is asked for, if it can be had and fits in; NULL and the error. */
static struct disk_store *load(const struct monitor *m, const struct drive *drive,
                               const struct medium_request *r, struct error *error)
{
    struct medium medium = {.name = r->file,
                            .format = r->raw ? "raw" : NULL,
                            .read_only = r->read_only || !media_is_writable(drive)};
    medium.fd = folder_modify(m->media, in_folder(m, r->file), &medium.read_only, error);
    return medium.fd >= 0 ? media_load(drive, &medium, error) : NULL;
}

static bool exchange(const struct monitor *m, const struct drive_view *d,
                     const struct medium_request *r, struct error *error)
{
    struct disk *disk;
    const struct drive *drive = outside(m, d);
    if (!drive)
        return error_set(error, "%s: nothing can be put in", d->name);
    struct disk_store *store = load(m, drive, r, error);
    if (!store)
        return false;
    if (!open_drive(d, r->force || !d->disk, error)) {
        disk_store_close(store);
        return false;
    }
    put_in(m, d, NULL);
    if (!media_insert(m->parts.host, drive, store, &disk, error))
        return false;
    put_in(m, d, disk);
    return true;
}

bool drive_change(const struct monitor *m, const char *name, const struct medium_request *r,
                  struct error *error)
{
    struct drive_view d;
    unsigned how = (r->read_only ? MEDIUM_READ_ONLY : 0u) | (r->force ? MEDIUM_FORCE : 0u) |
                   (r->raw ? MEDIUM_RAW : 0u);
    return find_removable(m, name, &d, error) && monitor_has_files(m, error) &&
           note(m, name, r->file, how, exchange(m, &d, r, error));
}

/* The second of two texts, if both end within it; else NULL. */
static const char *second_text(const char *data, size_t size)
{
    const char *end = memchr(data, 0, size);
    size_t left = end ? size - (size_t)(end + 1 - data) : 0;
    return left && memchr(end + 1, 0, left) ? end + 1 : NULL;
}

bool drive_act_again(struct monitor *m, const uint8_t *data, size_t size, struct error *error)
{
    const char *name = (const char *)data + 1, *file = second_text(name, size - 1);
    unsigned how = data[0];
    struct error why = {.text = "it was not done then"};
    struct medium_request r = {.file = file,
                               .read_only = how & MEDIUM_READ_ONLY,
                               .force = how & MEDIUM_FORCE,
                               .raw = how & MEDIUM_RAW};
    if (!file)
        return error_set(error, "its text is damaged");
    bool done =
        how & MEDIUM_OUT ? drive_eject(m, name, r.force, &why) : drive_change(m, name, &r, &why);
    if (done && m->timeline)
        timeline_begin_here(m->timeline);
    return done == !!(how & MEDIUM_DONE) || error_set(error, "%s", why.text);
}

bool drive_find(const struct monitor *m, const char *name, struct drive_view *d)
{
    for (unsigned i = 0; drive_number(m, i, d); i++)
        if (strcmp(d->name, name) == 0)
            return true;
    return false;
}
