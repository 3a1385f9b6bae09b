/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Booting from CDs, and the disks that they emulate. */
#include "bios/disk/eltorito.h"

#include "bios/disk/catalog.h"
#include "bios/entry/entry.h"
#include "bios/lib/string.h"

extern const u8 floppy_parameters[];

enum { SCRATCH = 0x07c0, BOOT_RECORD = 17, FIRST_CD = 0xe0 };

/* --- what is on the CD --- */

static bool read_block(const struct drive *d, u32 lba)
{
    struct transfer t = {DISK_READ, lba, 1, {far(SCRATCH, 0), 0}};
    return atapi_read(d, &t) == DISK_OK;
}

static enum catalog_result read_catalog(struct catalog *c)
{
    enum catalog_result result = CATALOG_MORE;
    memset(c, 0, sizeof *c);
    for (u32 i = 0; result == CATALOG_MORE; i++) {
        u8 entry[CATALOG_ENTRY];
        far_get(entry, far(SCRATCH, i % CATALOG_ENTRIES * CATALOG_ENTRY), sizeof entry);
        result = catalog_entry(c, entry);
    }
    return result;
}

/* A disk's size by the end of its first partition, as its boot sector in SCRATCH has it. */
static struct geometry partition_geometry(void)
{
    enum { END = 0x1be + 5 };
    u8 head = far_read_u8(far(SCRATCH, END)), sector = far_read_u8(far(SCRATCH, END + 1));
    u16 cylinder = (u16)(far_read_u8(far(SCRATCH, END + 2)) | (sector & 0xc0) << 2);
    return (struct geometry){(u16)(cylinder + 1), (u16)(head + 1), sector & 0x3f};
}

static struct geometry media_geometry(u8 media)
{
    switch (media) {
    case MEDIA_1_2M:
        return (struct geometry){80, 2, 15};
    case MEDIA_1_44M:
        return (struct geometry){80, 2, 18};
    case MEDIA_2_88M:
        return (struct geometry){80, 2, 36};
    case MEDIA_DISK:
        return partition_geometry();
    default:
        return (struct geometry){0, 0, 0};
    }
}

/* The image's first sectors; of a disk or a floppy one. */
static bool load(const struct drive *d, const struct catalog *c)
{
    u16 sectors = c->media == MEDIA_NONE ? c->sectors : 1;
    struct transfer t = {DISK_READ, (u64)c->start * 4, sectors, {far(c->segment, 0), 0}};
    return atapi_read_sectors(d, &t) == DISK_OK;
}

static void set_emulation(u8 unit, const struct catalog *c)
{
    struct cd_emulation *e = &ebda.emulation;
    memset(e, 0, sizeof *e);
    e->unit = unit;
    e->media = c->media;
    e->controller = unit / 2;
    e->start = c->start;
    e->load_segment = c->segment;
    e->sector_count = c->sectors;
    e->geometry = media_geometry(c->media);
    if (c->media == MEDIA_NONE) {
        u8 cd = 0;
        while (ebda.cd[cd] != unit)
            cd++;
        e->drive = (u8)(FIRST_CD + cd);
        return;
    }
    e->drive = c->media == MEDIA_DISK ? 0x80 : 0x00;
    e->active = 1;
    if (c->media == MEDIA_DISK)
        BDA_SET(disks, (u8)(ebda.disks + 1));
}

ROM char *eltorito_boot(u8 unit)
{
    const struct drive *d = &ebda.drive[unit];
    u8 head[DESCRIPTOR_HEAD + 1];
    struct catalog c;
    if (atapi_ready(d))
        return ROM_TEXT("no CD.");
    ebda.cd_changed[unit] = 0;
    if (atapi_read_head(d, BOOT_RECORD, head, sizeof head))
        return ROM_TEXT("not readable.");
    u32 start = catalog_start(head);
    if (!start)
        return ROM_TEXT("not bootable.");
    if (!read_block(d, start))
        return ROM_TEXT("its boot catalog is not readable.");
    enum catalog_result result = read_catalog(&c);
    if (result != CATALOG_FOUND)
        return result == CATALOG_BAD ? ROM_TEXT("its boot catalog is damaged.")
                                     : ROM_TEXT("nothing in its boot catalog is for this machine.");
    if (c.media == MEDIA_DISK && !read_block(d, c.start))
        return ROM_TEXT("its boot image is not readable.");
    set_emulation(unit, &c);
    if (c.media == MEDIA_DISK && !ebda.emulation.geometry.sectors) {
        eltorito_stop();
        return ROM_TEXT("its disk image has no partition.");
    }
    return load(d, &c) ? NULL : ROM_TEXT("its boot image is not readable.");
}

void eltorito_stop(void)
{
    ebda.emulation.active = 0;
    BDA_SET(disks, ebda.disks);
}

/* --- INT 13h --- */

u8 eltorito_shift(u8 first)
{
    return ebda.emulation.active && ebda.emulation.drive == first;
}

static void read(struct regs *r, bool verify)
{
    const struct cd_emulation *e = &ebda.emulation;
    const struct geometry *g = &e->geometry;
    u32 cylinder = r->ch | (r->cl & 0xc0u) << 2, sector = r->cl & 0x3f;
    if (cylinder >= g->cylinders || r->dh >= g->heads || !sector || sector > g->sectors || !r->al)
        return disk_end(r, DISK_BAD_COMMAND);
    u32 lba = (cylinder * g->heads + r->dh) * g->sectors + sector - 1;
    struct transfer t = {DISK_READ, (u64)e->start * 4 + lba, r->al, {far(r->es, r->bx), 0}};
    enum disk_status status = verify ? DISK_OK : atapi_read_sectors(&ebda.drive[e->unit], &t);
    r->al = verify ? r->al : (u8)t.count;
    disk_end(r, status);
}

static void get_parameters(struct regs *r)
{
    const struct cd_emulation *e = &ebda.emulation;
    ROM_DATA u8 floppy_types[] = {0, 2, 4, 6};
    u16 last = (u16)(e->geometry.cylinders - 1);
    r->ax = 0;
    r->bl = e->media < MEDIA_DISK ? floppy_types[e->media] : 0;
    r->ch = (u8)last;
    r->cl = (u8)((last >> 2 & 0xc0) | e->geometry.sectors);
    r->dh = (u8)(e->geometry.heads - 1);
    r->dl = e->media == MEDIA_DISK ? (u8)(ebda.disks + 1) : (u8)(ebda.floppies + 1);
    if (e->media != MEDIA_DISK) {
        r->es = BIOS_SEGMENT;
        r->di = bios_far(floppy_parameters).offset;
    }
    set_carry(r, false);
}

static void get_type(struct regs *r)
{
    const struct geometry *g = &ebda.emulation.geometry;
    u32 sectors = (g->cylinders - 1u) * g->heads * g->sectors;
    bool disk = ebda.emulation.media == MEDIA_DISK;
    if (disk) {
        r->cx = (u16)(sectors >> 16);
        r->dx = (u16)sectors;
    }
    r->ah = disk ? 3 : 1;
    set_carry(r, false);
}

static void emulated(struct regs *r)
{
    switch (r->ah) {
    case 0x00:
    case 0x0c:
    case 0x0d:
    case 0x10:
    case 0x11:
        return disk_end(r, DISK_OK);
    case 0x01:
        r->ah = r->dl ? BDA_GET(disk_status) : BDA_GET(floppy_status);
        return set_carry(r, r->ah);
    case 0x02:
        return read(r, false);
    case 0x03:
    case 0x05:
        return disk_end(r, DISK_WRITE_PROTECTED);
    case 0x04:
        return read(r, true);
    case 0x08:
        return get_parameters(r);
    case 0x15:
        return get_type(r);
    default:
        return disk_end(r, DISK_BAD_COMMAND);
    }
}

/* Of the other floppies, the first has become the second. */
bool eltorito_service(struct regs *r)
{
    const struct cd_emulation *e = &ebda.emulation;
    bool asks = r->ah >= 0x4b && r->ah <= 0x4d;
    if (asks && (e->start && (r->dl == e->drive || r->dl == 0x7f))) {
        eltorito_terminate(r);
        return true;
    }
    if (!e->active || (r->dl & 0x80) != e->drive)
        return false;
    if (r->dl != e->drive)
        return false;
    emulated(r);
    return true;
}

/* El Torito 1.0, figure 5. */
struct specification {
    u8 size, media, drive, controller;
    u32 start;
    u16 device, buffer, load_segment, sectors;
    u8 cylinders, sectors_cylinders, heads;
} PACKED;

static void put_specification(const struct regs *r)
{
    const struct cd_emulation *e = &ebda.emulation;
    u16 last = (u16)(e->geometry.cylinders ? e->geometry.cylinders - 1 : 0);
    struct specification s = {
        .size = sizeof s,
        .media = e->media,
        .drive = e->drive,
        .controller = e->controller,
        .start = e->start,
        .device = e->unit & 1,
        .buffer = e->buffer_segment,
        .load_segment = e->load_segment,
        .sectors = e->sector_count,
        .cylinders = (u8)last,
        .sectors_cylinders = (u8)((last >> 2 & 0xc0) | e->geometry.sectors),
        .heads = (u8)(e->geometry.heads ? e->geometry.heads - 1 : 0),
    };
    far_put(far(r->ds, r->si), &s, sizeof s);
}

/* 4Dh: blocks of the catalog, as the command packet at DS:SI says. */
static void get_catalog(struct regs *r)
{
    struct far packet = far(r->ds, r->si);
    const struct drive *d = &ebda.drive[ebda.emulation.unit];
    u8 count = far_read_u8(far(packet.segment, packet.offset + 1u));
    u32 buffer = far_read_u32(far(packet.segment, packet.offset + 2u));
    u16 first = far_read_u16(far(packet.segment, packet.offset + 6u));
    struct far to = far((u16)(buffer >> 16), buffer & 0xffff);
    u8 head[DESCRIPTOR_HEAD + 1];
    if (atapi_read_head(d, BOOT_RECORD, head, sizeof head))
        return disk_end(r, DISK_NOT_READY);
    struct transfer t = {DISK_READ, catalog_start(head) + (u64)first, count, {to, 0}};
    disk_end(r, atapi_read(d, &t));
}

void eltorito_terminate(struct regs *r)
{
    if (!ebda.emulation.start)
        return disk_end(r, DISK_BAD_COMMAND);
    if (r->ah == 0x4d)
        return get_catalog(r);
    if (r->ah != 0x4b || r->al > 1)
        return disk_end(r, DISK_BAD_COMMAND);
    put_specification(r);
    if (r->al == 0)
        eltorito_stop();
    disk_end(r, DISK_OK);
}
