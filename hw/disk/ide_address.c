/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How sectors are named in an IDE drive's registers. ATA/ATAPI-6, 6.2. */
#include "hw/disk/ide_internal.h"

enum { DEVICE_LBA = 0x40, DEVICE_HEAD = 0x0f };

uint64_t ide_sectors(const struct ide_drive *d)
{
    return disk_size(d->disk) / IDE_SECTOR;
}

/* All that end in "EXT". */
bool ide_is_48_bit(uint8_t command)
{
    switch (command) {
    case 0x24: /* READ SECTORS */
    case 0x25: /* READ DMA */
    case 0x27: /* READ NATIVE MAX ADDRESS */
    case 0x29: /* READ MULTIPLE */
    case 0x34: /* WRITE SECTORS */
    case 0x35: /* WRITE DMA */
    case 0x39: /* WRITE MULTIPLE */
    case 0x3d: /* WRITE DMA FUA */
    case 0x42: /* READ VERIFY SECTORS */
    case 0xce: /* WRITE MULTIPLE FUA */
        return true;
    default:
        return false;
    }
}

static uint32_t low_24_bits(const struct ide_taskfile *t)
{
    return t->low | (uint32_t)t->mid << 8 | (uint32_t)t->high << 16;
}

/* UINT64_MAX: there is no such sector. */
static uint64_t get_chs(const struct ide_drive *d)
{
    unsigned cylinder = d->now.mid | (unsigned)d->now.high << 8, head = d->device & DEVICE_HEAD;
    if (d->now.low == 0 || d->now.low > d->sectors || head >= d->heads)
        return UINT64_MAX;
    return ((uint64_t)cylinder * d->heads + head) * d->sectors + d->now.low - 1;
}

static uint64_t get_address(const struct ide_drive *d)
{
    uint32_t low = low_24_bits(&d->now);
    if (!(d->device & DEVICE_LBA))
        return get_chs(d);
    if (ide_is_48_bit(d->command))
        return low | (uint64_t)low_24_bits(&d->before) << 24;
    return low | (uint32_t)(d->device & DEVICE_HEAD) << 24;
}

/* 0 stands for the most there can be. */
static uint32_t get_count(const struct ide_drive *d)
{
    if (!ide_is_48_bit(d->command))
        return d->now.count ? d->now.count : 256;
    uint32_t count = d->now.count | (uint32_t)d->before.count << 8;
    return count ? count : 65536;
}

bool ide_get_range(struct ide_drive *d)
{
    uint64_t first = get_address(d), all = ide_sectors(d);
    d->sector = first < all ? first : 0;
    d->left = get_count(d);
    return first < all && d->left <= all - first;
}

void ide_set_lba(struct ide_drive *d, uint64_t sector, bool is_48_bit)
{
    d->now.low = (uint8_t)sector;
    d->now.mid = (uint8_t)(sector >> 8);
    d->now.high = (uint8_t)(sector >> 16);
    if (is_48_bit) {
        d->before.low = (uint8_t)(sector >> 24);
        d->before.mid = (uint8_t)(sector >> 32);
        d->before.high = (uint8_t)(sector >> 40);
    } else {
        d->device = (uint8_t)((d->device & ~DEVICE_HEAD) | (sector >> 24 & DEVICE_HEAD));
    }
}

static void set_chs(struct ide_drive *d, uint64_t sector)
{
    uint64_t track = sector / d->sectors, cylinder = track / d->heads;
    d->now.low = (uint8_t)(sector % d->sectors + 1);
    d->now.mid = (uint8_t)cylinder;
    d->now.high = (uint8_t)(cylinder >> 8);
    d->device = (uint8_t)((d->device & ~DEVICE_HEAD) | track % d->heads);
}

void ide_set_address(struct ide_drive *d, uint64_t sector)
{
    if (d->device & DEVICE_LBA)
        ide_set_lba(d, sector, ide_is_48_bit(d->command));
    else
        set_chs(d, sector);
}
