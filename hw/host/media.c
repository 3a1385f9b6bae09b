/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See media.h. */
#include "hw/host/media.h"

#include "hw/disk/floppy.h"
#include "hw/host/disk_counted.h"
#include "hw/host/disk_store.h"

static bool is_removable(const struct drive *d)
{
    return d->cdrom || d->interface == DRIVE_FLOPPY;
}

/* Takes the store over, on failure, too; NULL is an empty drive. */
static bool add_disk(struct surroundings *s, const struct drive *drive, struct disk_store *store,
                     struct error *error)
{
    unsigned i = s->disks;
    s->disk[i] = disk_create(store, &s->disk_owner, error);
    if (!s->disk[i])
        return false;
    s->drive[i] = drive;
    s->disks++;
    if (s->time.on)
        s->counted_disk[i] = disk_counted_create(s->disk[i], &s->timers);
    return !s->time.on || s->counted_disk[i] || error_set(error, "the host is out of memory");
}

/* What a drive's chip has of it. */
static struct disk *end_of(const struct surroundings *s, unsigned i)
{
    return s->time.on ? s->counted_disk[i] : s->disk[i];
}

bool media_open(struct surroundings *s, const struct drive *drive, struct disk **disk,
                struct error *error)
{
    struct disk_store *store = drive->file ? disk_store_open(drive, error) : NULL;
    *disk = NULL;
    if (drive->file && !store)
        return false;
    if (!store && !is_removable(drive))
        return true;
    if (!add_disk(s, drive, store, error))
        return false;
    if (store)
        *disk = end_of(s, s->disks - 1);
    return true;
}

const struct drive *media_drive(const struct surroundings *s, enum drive_interface interface,
                                unsigned index)
{
    for (unsigned i = 0; i < s->disks; i++) {
        const struct drive *d = s->drive[i];
        if (d->interface == interface && d->index == index && is_removable(d))
            return d;
    }
    return NULL;
}

bool media_is_writable(const struct drive *drive)
{
    return !drive->cdrom && !drive->read_only && !drive->snapshot;
}

static unsigned number_of(const struct surroundings *s, const struct drive *drive)
{
    unsigned i = 0;
    while (s->drive[i] != drive)
        i++;
    return i;
}

const struct disk_counts *media_counts(const struct surroundings *s, const struct drive *drive)
{
    return &end_of(s, number_of(s, drive))->counts;
}

struct disk_store *media_load(const struct drive *drive, const struct medium *medium,
                              struct error *error)
{
    struct drive now = *drive;
    now.file = medium->name;
    now.format = medium->format;
    struct disk_store *store = disk_store_open_later(&now, medium->fd, medium->read_only, error);
    if (!store || drive->interface != DRIVE_FLOPPY || floppy_format_of(store->size))
        return store;
    disk_store_close(store);
    error_set(error, "%s: no floppy disk has that size; the largest has 3840K", medium->name);
    return NULL;
}

bool media_remove(struct surroundings *s, const struct drive *drive, struct error *error)
{
    unsigned i = number_of(s, drive);
    bool done = disk_remove(s->disk[i], error);
    disk_counted_look(s->counted_disk[i]);
    return done && surroundings_drain(s, error);
}

bool media_insert(struct surroundings *s, const struct drive *drive, struct disk_store *store,
                  struct disk **disk, struct error *error)
{
    unsigned i = number_of(s, drive);
    if (!media_remove(s, drive, error)) {
        disk_store_close(store);
        return false;
    }
    bool done = disk_insert(s->disk[i], store, error);
    disk_counted_look(s->counted_disk[i]);
    *disk = done ? end_of(s, i) : NULL;
    return done;
}
