/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hw/disk/floppy.h"

#include <string.h>

enum { STOP = 85, NS_PER_TURN = 200000000, SMALLEST = 512 };

/* By size; of each size the one that is most common. */
static const struct floppy_format formats[] = {
    {320, 40, 1, 8, FLOPPY_360K, RATE_250K},    {360, 40, 1, 9, FLOPPY_360K, RATE_250K},
    {640, 40, 2, 8, FLOPPY_360K, RATE_250K},    {720, 40, 2, 9, FLOPPY_360K, RATE_250K},
    {820, 41, 2, 10, FLOPPY_360K, RATE_250K},   {840, 42, 2, 10, FLOPPY_360K, RATE_250K},
    {1280, 80, 2, 8, FLOPPY_1440K, RATE_250K},  {1440, 80, 2, 9, FLOPPY_1440K, RATE_250K},
    {1600, 80, 2, 10, FLOPPY_1440K, RATE_250K}, {1640, 82, 2, 10, FLOPPY_1440K, RATE_250K},
    {1660, 83, 2, 10, FLOPPY_1440K, RATE_250K}, {1760, 80, 2, 11, FLOPPY_1440K, RATE_250K},
    {2080, 80, 2, 13, FLOPPY_1440K, RATE_300K}, {2240, 80, 2, 14, FLOPPY_1440K, RATE_300K},
    {2400, 80, 2, 15, FLOPPY_1200K, RATE_500K}, {2880, 80, 2, 18, FLOPPY_1440K, RATE_500K},
    {2952, 82, 2, 18, FLOPPY_1440K, RATE_500K}, {2988, 83, 2, 18, FLOPPY_1440K, RATE_500K},
    {3040, 80, 2, 19, FLOPPY_1440K, RATE_500K}, {3200, 80, 2, 20, FLOPPY_1440K, RATE_500K},
    {3280, 82, 2, 20, FLOPPY_1440K, RATE_500K}, {3360, 80, 2, 21, FLOPPY_1440K, RATE_500K},
    {3444, 82, 2, 21, FLOPPY_1440K, RATE_500K}, {3486, 83, 2, 21, FLOPPY_1440K, RATE_500K},
    {3520, 80, 2, 22, FLOPPY_1440K, RATE_500K}, {3680, 80, 2, 23, FLOPPY_1440K, RATE_500K},
    {3840, 80, 2, 24, FLOPPY_1440K, RATE_500K}, {5760, 80, 2, 36, FLOPPY_2880K, RATE_1M},
    {6240, 80, 2, 39, FLOPPY_2880K, RATE_1M},   {6400, 80, 2, 40, FLOPPY_2880K, RATE_1M},
    {7040, 80, 2, 44, FLOPPY_2880K, RATE_1M},   {7680, 80, 2, 48, FLOPPY_2880K, RATE_1M},
};
enum { FORMATS = sizeof formats / sizeof *formats };

/* Which formats a part of an image may be of: the common ones of 3.5 inches. */
static bool takes_parts(const struct floppy_format *f)
{
    return f->sectors == 2880 || f->sectors == 5760;
}

const struct floppy_format *floppy_format_of(uint64_t size)
{
    for (unsigned i = 0; i < FORMATS; i++)
        if (size == (uint64_t)formats[i].sectors * FLOPPY_SECTOR)
            return &formats[i];
    for (unsigned i = 0; i < FORMATS; i++)
        if (takes_parts(&formats[i]) && size >= SMALLEST &&
            size < (uint64_t)formats[i].sectors * FLOPPY_SECTOR)
            return &formats[i];
    return NULL;
}

bool floppy_insert(struct floppy_drive *d, struct disk *disk)
{
    const struct floppy_format *format = disk ? floppy_format_of(disk_size(disk)) : NULL;
    if (disk && !format)
        return false;
    d->disk = disk;
    d->format = format;
    d->changed = true;
    memset(d->deleted, 0, sizeof d->deleted);
    return true;
}

void floppy_init(struct floppy_drive *d, struct disk *disk)
{
    *d = (struct floppy_drive){.type = FLOPPY_1440K};
    if (floppy_insert(d, disk) && d->format)
        d->type = d->format->drive;
}

void floppy_step(struct floppy_drive *d, int tracks)
{
    int to = d->track + tracks;
    d->track = (uint8_t)(to < 0 ? 0 : to > STOP ? STOP : to);
    if (tracks && d->disk)
        d->changed = false;
}

static bool steps_twice(const struct floppy_drive *d)
{
    return d->type == FLOPPY_1200K && d->format->drive == FLOPPY_360K;
}

unsigned floppy_cylinder(const struct floppy_drive *d)
{
    return steps_twice(d) ? d->track / 2u : d->track;
}

/* A drive of 1.2M turns faster: what was written at 250K comes at 300K. */
enum floppy_rate floppy_rate(const struct floppy_drive *d)
{
    return steps_twice(d) ? RATE_300K : d->format->rate;
}

bool floppy_has_track(const struct floppy_drive *d, unsigned head)
{
    return d->disk && head < d->format->heads && floppy_cylinder(d) < d->format->cylinders;
}

unsigned floppy_sector_at(const struct floppy_drive *d, uint64_t now)
{
    return (unsigned)(now % NS_PER_TURN * d->format->track / NS_PER_TURN);
}

int floppy_sector(const struct floppy_drive *d, unsigned head, unsigned r)
{
    const struct floppy_format *f = d->format;
    if (r == 0 || r > f->track)
        return -1;
    return (int)((floppy_cylinder(d) * f->heads + head) * f->track + r - 1);
}

bool floppy_is_in_image(const struct floppy_drive *d, int sector)
{
    return ((uint64_t)sector + 1) * FLOPPY_SECTOR <= disk_size(d->disk);
}

bool floppy_is_protected(const struct floppy_drive *d)
{
    return d->disk && disk_is_read_only(d->disk);
}

bool floppy_is_deleted(const struct floppy_drive *d, int sector)
{
    return d->deleted[sector / 8] & 1u << sector % 8;
}

void floppy_set_deleted(struct floppy_drive *d, int sector, bool deleted)
{
    uint8_t bit = (uint8_t)(1u << sector % 8);
    d->deleted[sector / 8] = deleted ? d->deleted[sector / 8] | bit : d->deleted[sector / 8] & ~bit;
}

static const struct state_field fields[] = {
    {NOT_STATE(floppy_drive, type)},
    {NOT_STATE(floppy_drive, disk)},
    {NOT_STATE(floppy_drive, format)},
    {STATE(floppy_drive, track), .most = STOP},
    {STATE(floppy_drive, changed)},
    {STATE_ARRAY(floppy_drive, deleted)},
    {0},
};
const struct state_table floppy_drive_state = STATE_TABLE(floppy_drive, 1, fields);
