/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By which cylinders, heads and sectors a disk counts. */
#include "hw/host/disk.h"

#include <string.h>

enum { SECTOR = 512, MOST_CYLINDERS = 16383, HEADS = 16, SECTORS = 63 };

/* A partition of the master boot record. */
enum { TABLE = 446, ENTRY = 16, ENTRIES = 4, END_HEAD = 5, END_SECTOR = 6, SIZE = 12, MARK = 510 };

static uint64_t cylinders(uint64_t size, unsigned heads, unsigned sectors)
{
    return size / SECTOR / (heads * sectors);
}

/* Whoever made a partition let it end with a cylinder; more heads are a BIOS's pretence. */
static bool guess(struct disk_geometry *g, const uint8_t *entry, uint64_t size)
{
    static const uint8_t none[4];
    unsigned heads = entry[END_HEAD] + 1u, sectors = entry[END_SECTOR] & 0x3f;
    if (!memcmp(entry + SIZE, none, sizeof none) || heads == 1 || !sectors)
        return false;
    uint64_t all = cylinders(size, heads, sectors);
    if (all < 1 || all > MOST_CYLINDERS)
        return false;
    *g = (struct disk_geometry){(uint16_t)all, (uint16_t)heads, (uint16_t)sectors, true};
    return true;
}

void disk_find_geometry(struct disk *d, const uint8_t *sector)
{
    struct disk_geometry g = {0};
    d->geometry = g;
    if (sector[MARK] != 0x55 || sector[MARK + 1] != 0xaa)
        return;
    for (unsigned i = 0; i < ENTRIES; i++)
        if (guess(&g, sector + TABLE + i * ENTRY, d->size)) {
            if (g.heads <= HEADS)
                d->geometry = g;
            return;
        }
}

struct disk_geometry disk_geometry(const struct disk *d)
{
    uint64_t all = cylinders(d->size, HEADS, SECTORS);
    if (d->geometry.heads)
        return d->geometry;
    all = all < 1 ? 1 : all > MOST_CYLINDERS ? MOST_CYLINDERS : all;
    return (struct disk_geometry){(uint16_t)all, HEADS, SECTORS, false};
}
