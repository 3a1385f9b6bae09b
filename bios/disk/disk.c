/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What fixed disks of all kinds have in common. */
#include "bios/disk/disk.h"
#include "bios/entry/entry.h"
#include "bios/lib/far.h"
#include "bios/system/move.h"

/* Heads that make at most 1024 cylinders of 63 sectors. */
struct geometry disk_geometry(u64 sectors)
{
    static ROM u8 heads[] __attribute__((section(".rom"))) = {16, 32, 64, 128, 255};
    struct geometry g = {1024, 255, 63};
    u32 most = sectors > 0xffffffffu ? 0xffffffffu : (u32)sectors;
    for (unsigned i = 0; i < LENGTH(heads); i++) {
        u32 cylinders = most / (heads[i] * 63u);
        if (cylinders > 1024 && heads[i] != 255)
            continue;
        g.heads = heads[i];
        g.cylinders = (u16)(cylinders > 1024 ? 1024 : cylinders);
        break;
    }
    return g;
}

struct geometry disk_untranslated(struct geometry physical)
{
    if (physical.cylinders > 1024)
        physical.cylinders = 1024;
    return physical;
}

/* Vectors 41h and 46h: the first two disks' parameters. */
static void fill_table(struct fixed_disk_table *t, const struct drive *d)
{
    bool translated = d->logical.cylinders != d->physical.cylinders;
    *t = (struct fixed_disk_table){
        .cylinders = d->logical.cylinders,
        .heads = (u8)d->logical.heads,
        .sectors = (u8)d->logical.sectors,
        .precompensation = 0xffff,
        .control = d->physical.heads > 8 ? 0xc8 : 0xc0,
        .landing_zone = d->physical.cylinders,
    };
    if (!translated)
        return;
    t->signature = 0xa0;
    t->physical_sectors = (u8)d->physical.sectors;
    t->physical_cylinders = d->physical.cylinders;
    t->physical_heads = (u8)d->physical.heads;
    const u8 *bytes = (const u8 *)t;
    for (unsigned i = 0; i < sizeof *t - 1; i++)
        t->checksum = (u8)(t->checksum - bytes[i]);
}

void disks_detect(void)
{
    ata_detect();
    virtio_detect();
    for (unsigned i = 0; i < 2 && i < ebda.disks; i++) {
        fill_table(&ebda.fixed_disk[i], &ebda.drive[ebda.disk[i]]);
        struct far at = far_of(&ebda.fixed_disk[i]);
        far_write_u32(far(0, (i ? 0x46 : 0x41) * 4), (u32)at.segment << 16 | at.offset);
    }
    BDA_SET(disks, ebda.disks);
}

/* --- where data go --- */

u32 place_linear(struct place p)
{
    return p.above ? p.above : far_linear(p.at);
}

struct place place_forward(struct place p, u32 bytes)
{
    if (p.above)
        p.above += bytes;
    else
        p.at = far_forward(p.at, bytes);
    return p;
}

/* How many of `words` go through the bounce buffer at once. */
static u16 bounced(u16 words)
{
    enum { MOST = sizeof ebda.bounce / 2 };
    return words < MOST ? words : MOST;
}

void place_from_port(struct place to, u16 port, u16 words)
{
    struct far bounce = far_of(ebda.bounce);
    if (!to.above)
        return port_to_far(port, to.at, words);
    while (words) {
        u16 some = bounced(words);
        port_to_far(port, bounce, some);
        memory_move(to.above, far_linear(bounce), some);
        to.above += some * 2u;
        words = (u16)(words - some);
    }
}

void place_to_port(struct place from, u16 port, u16 words)
{
    struct far bounce = far_of(ebda.bounce);
    if (!from.above)
        return far_to_port(port, from.at, words);
    while (words) {
        u16 some = bounced(words);
        memory_move(far_linear(bounce), from.above, some);
        far_to_port(port, bounce, some);
        from.above += some * 2u;
        words = (u16)(words - some);
    }
}

/* --- drives of either kind --- */

enum disk_status disk_transfer(const struct drive *d, struct transfer *t)
{
    return d->kind == DRIVE_VIRTIO ? virtio_transfer(d, t) : ata_transfer(d, t);
}

enum disk_status disk_reset(const struct drive *d)
{
    return d->kind == DRIVE_VIRTIO ? virtio_reset() : ata_reset(d);
}
