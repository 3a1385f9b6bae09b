/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * INT 13h: fixed disks from 80h on, by cylinder, head and sector; CDs from E0h on and EDD in
 * edd.c; disks that a CD emulates in eltorito.c; floppies are INT 40h's.
 */
#include "bios/disk/disk.h"
#include "bios/disk/eltorito.h"
#include "bios/entry/entry.h"

enum { FIRST_DISK = 0x80, FIRST_CD = 0xe0, SECTOR = 512 };

void disk_end(struct regs *r, enum disk_status status)
{
    r->ah = status;
    set_carry(r, status != DISK_OK);
    if (r->dl & 0x80)
        BDA_SET(disk_status, status);
    else
        BDA_SET(floppy_status, status);
}

/* Cylinder and sector as INT 13h packs them into CX. */
static u32 cylinder_of(const struct regs *r)
{
    return r->ch | (r->cl & 0xc0u) << 2;
}

static bool chs_to_lba(const struct regs *r, struct geometry g, u64 *lba)
{
    u32 cylinder = cylinder_of(r), sector = r->cl & 0x3f;
    if (cylinder >= g.cylinders || r->dh >= g.heads || !sector || sector > g.sectors)
        return false;
    *lba = (cylinder * g.heads + r->dh) * g.sectors + sector - 1;
    return true;
}

static void transfer(struct regs *r, const struct drive *d, enum disk_action action)
{
    struct transfer t = {.action = action, .count = r->al, .buffer = {far(r->es, r->bx), 0}};
    if (!r->al || r->al > 128 || !chs_to_lba(r, d->logical, &t.lba)) {
        r->al = 0;
        return disk_end(r, DISK_BAD_COMMAND);
    }
    enum disk_status status = disk_transfer(d, &t);
    r->al = (u8)t.count;
    disk_end(r, status);
}

static void get_parameters(struct regs *r, const struct drive *d)
{
    u32 last = d->logical.cylinders - 1u;
    r->al = 0;
    r->ch = (u8)last;
    r->cl = (u8)((last >> 2 & 0xc0) | d->logical.sectors);
    r->dh = (u8)(d->logical.heads - 1);
    r->dl = ebda.disks;
    r->ah = 0;
    set_carry(r, false);
    BDA_SET(disk_status, 0);
}

/* 15h: a fixed disk, and how many sectors it has. */
static void get_type(struct regs *r, const struct drive *d)
{
    u32 sectors = (d->logical.cylinders - 1u) * d->logical.heads * d->logical.sectors;
    r->cx = (u16)(sectors >> 16);
    r->dx = (u16)sectors;
    r->ah = 3;
    set_carry(r, false);
}

static void seek(struct regs *r, const struct drive *d)
{
    disk_end(r, cylinder_of(r) < d->logical.cylinders ? DISK_OK : DISK_SEEK);
}

static void last_status(struct regs *r)
{
    u8 status = BDA_GET(disk_status);
    r->ah = status;
    BDA_SET(disk_status, 0);
    set_carry(r, status);
}

static void disk_service(struct regs *r, const struct drive *d)
{
    switch (r->ah) {
    case 0x00:
    case 0x0d:
        return disk_end(r, disk_reset(d));
    case 0x01:
        return last_status(r);
    case 0x02:
        return transfer(r, d, DISK_READ);
    case 0x03:
        return transfer(r, d, DISK_WRITE);
    case 0x04:
        return transfer(r, d, DISK_VERIFY);
    case 0x08:
        return get_parameters(r, d);
    case 0x0c:
        return seek(r, d);
    case 0x09: /* parameters, recalibrate, diagnostics: nothing to be done */
    case 0x10:
    case 0x11:
    case 0x14:
        return disk_end(r, DISK_OK);
    case 0x15:
        return get_type(r, d);
    default:
        return edd_disk(r, d);
    }
}

static void cd_service(struct regs *r, const struct drive *d)
{
    switch (r->ah) {
    case 0x00:
    case 0x0d:
        return disk_end(r, DISK_OK);
    case 0x01:
        return last_status(r);
    case 0x15:
        r->ah = 2; /* removable, tells of changes */
        return set_carry(r, false);
    default:
        return edd_cd(r, d);
    }
}

/* How many drives BIOSes that came first have is 40:75; ours are behind what El Torito emulates. */
static const struct drive *find_disk(u8 number)
{
    number = (u8)(number - FIRST_DISK - eltorito_shift(FIRST_DISK));
    return number < ebda.disks ? &ebda.drive[ebda.disk[number]] : NULL;
}

static const struct drive *find_cd(u8 number)
{
    number = (u8)(number - FIRST_CD);
    return number < ebda.cds ? &ebda.drive[ebda.cd[number]] : NULL;
}

void int13_disk(struct regs *r)
{
    const struct drive *d;
    ebda.looks = 0;
    if (eltorito_service(r))
        return;
    if (!(r->dl & 0x80)) {
        r->next = far_vector(0x40);
        return;
    }
    d = find_disk(r->dl);
    if (d)
        return disk_service(r, d);
    d = find_cd(r->dl);
    if (d)
        return cd_service(r, d);
    if (r->ah == 0x15)
        r->al = 0;
    disk_end(r, DISK_BAD_COMMAND);
}

void int76_disk(struct regs *r)
{
    (void)r;
    BDA_SET(disk_irq, 0xff);
    end_interrupt_high();
}
