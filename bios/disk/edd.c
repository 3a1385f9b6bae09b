/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 13h, 41h to 4Eh: sectors by number (Enhanced Disk Drive Specification 3.0). */
#include "bios/disk/disk.h"
#include "bios/disk/eltorito.h"
#include "bios/entry/entry.h"
#include "bios/lib/string.h"

enum {
    VERSION_3 = 0x30,
    DISK_SUBSETS = 0x0005 /* access, EDD */,
    CD_SUBSETS = 0x0007,
    VIRTIO_SUBSETS = 0x0001
};

/* What DS:SI points to. */
struct address_packet {
    u8 size, reserved1;
    u8 count, reserved3;
    struct far buffer;
    u64 lba;
    u64 flat_buffer;
} PACKED;

struct drive_parameters {
    u16 size, flags;
    u32 cylinders, heads, sectors;
    u64 total;
    u16 sector_size;
    struct far dpte;
    u16 key;
    u8 path_size, reserved1;
    u16 reserved2;
    char bus[4];
    char interface[8];
    u8 interface_path[8];
    u64 device_path;
    u8 reserved3;
    u8 checksum;
} PACKED;

_Static_assert(sizeof(struct drive_parameters) == 66, "EDD 3.0, table 5");

/* The device parameter table extension, which the parameters point to. */
struct dpte {
    u16 base, control;
    u8 head, vendor, irq, blocks, dma, pio;
    u16 options;
    u16 reserved;
    u8 revision, checksum;
} PACKED;

static void present(struct regs *r, u16 subsets)
{
    if (r->bx != 0x55aa)
        return disk_end(r, DISK_BAD_COMMAND);
    r->bx = 0xaa55;
    r->ah = VERSION_3;
    r->cx = subsets;
    set_carry(r, false);
}

/* A flat address: in real mode anything below 4 GiB, else what far pointers reach. */
static bool find_flat(u64 address, u32 bytes, struct place *to)
{
    enum { REAL_MODE_TOP = 0x100000 };
    u64 end = address + bytes;
    if (end < address || end > (u64)1 << 32)
        return false;
    *to = (struct place){far((u16)(address >> 4), (u32)address & 15), 0};
    if (end <= REAL_MODE_TOP)
        return true;
    to->above = (u32)address;
    return in_real_mode();
}

/*
 * Reads the packet, for sectors of `sector` bytes; a buffer of FFFF:FFFF means that a flat address
 * follows (EDD 3.0, 8.2).
 */
static bool get_transfer(const struct regs *r, enum disk_action action, u32 sector,
                         struct transfer *t)
{
    struct address_packet packet, *p = &packet;
    enum { SHORT = 16, LONG = 24, MOST = 127 };
    struct far at = far(r->ds, r->si);
    u8 size = far_read_u8(at);
    if (size < SHORT)
        return false;
    far_get(p, at, size < LONG ? SHORT : LONG);
    if (p->count > MOST)
        return false;
    *t = (struct transfer){action, p->lba, p->count, {p->buffer, 0}};
    if (p->buffer.segment != 0xffff || p->buffer.offset != 0xffff)
        return true;
    return size >= LONG && find_flat(p->flat_buffer, p->count * sector, &t->buffer);
}

static void set_done(const struct regs *r, u16 count)
{
    far_write_u8(far(r->ds, r->si + 2u), (u8)count);
}

static void transfer_disk(struct regs *r, const struct drive *d, enum disk_action action)
{
    struct transfer t;
    if (!get_transfer(r, action, 512, &t))
        return disk_end(r, DISK_BAD_COMMAND);
    if (t.lba >= d->sectors || t.count > d->sectors - t.lba) {
        set_done(r, 0);
        return disk_end(r, DISK_BAD_COMMAND);
    }
    enum disk_status status = disk_transfer(d, &t);
    set_done(r, t.count);
    disk_end(r, status);
}

static void transfer_cd(struct regs *r, const struct drive *d)
{
    struct transfer t;
    if (!get_transfer(r, DISK_READ, 2048, &t) || t.lba >> 32)
        return disk_end(r, DISK_BAD_COMMAND);
    enum disk_status status = atapi_ready(d);
    if (!status)
        status = atapi_read(d, &t);
    else
        t.count = 0;
    set_done(r, t.count);
    disk_end(r, status);
}

/* --- 48h --- */

static u8 checksum(const void *of, unsigned size)
{
    const u8 *bytes = of;
    u8 sum = 0;
    while (size--)
        sum = (u8)(sum - *bytes++);
    return sum;
}

static void fill_dpte(const struct drive *d)
{
    enum { LBA_TRANSLATION = 0x0010, CHS_TRANSLATION = 0x0008, REMOVABLE = 0x20, ATAPI = 0x40 };
    struct dpte t;
    memset(&t, 0, sizeof t);
    t.base = d->base;
    t.control = d->control;
    t.head = (u8)(0xe0 | d->slave << 4);
    t.vendor = 0xcb;
    t.irq = d->irq;
    t.blocks = 1;
    t.options = LBA_TRANSLATION;
    t.revision = 0x11;
    if (d->kind == DRIVE_ATAPI)
        t.options |= ATAPI | REMOVABLE;
    else if (d->logical.cylinders != d->physical.cylinders)
        t.options |= CHS_TRANSLATION;
    t.checksum = checksum(&t, sizeof t - 1);
    memcpy(ebda.dpte, &t, sizeof t);
}

/* Bus, device, function, channel of a PCI controller; else the ISA port. */
static void fill_path(struct drive_parameters *p, const struct drive *d)
{
    enum { KEY = 0xbedd, KEY_TO_END = 36, PATH = offsetof(struct drive_parameters, key) };
    bool virtio = d->kind == DRIVE_VIRTIO, pci = d->bus_master || virtio;
    u16 channel = d->base == 0x1f0 ? 0 : 1;
    p->key = KEY;
    p->path_size = KEY_TO_END;
    rom_get(p->bus, pci ? ROM_TEXT("PCI ") : ROM_TEXT("ISA "), 4);
    rom_get(p->interface,
            virtio                   ? ROM_TEXT("VIRTIO  ")
            : d->kind == DRIVE_ATAPI ? ROM_TEXT("ATAPI   ")
                                     : ROM_TEXT("ATA     "),
            8);
    if (pci) {
        p->interface_path[0] = (u8)(d->pci >> 8);
        p->interface_path[1] = (u8)(d->pci >> 3 & 0x1f);
        p->interface_path[2] = (u8)(d->pci & 7);
        p->interface_path[3] = virtio ? 0 : (u8)channel;
    } else {
        p->interface_path[0] = (u8)d->base;
        p->interface_path[1] = (u8)(d->base >> 8);
    }
    p->device_path = d->slave;
    p->checksum = checksum((const u8 *)p + PATH, KEY_TO_END - 1);
}

static void get_parameters(struct regs *r, const struct drive *d)
{
    enum { V1 = 26, V2 = 30, DMA_BOUNDARY = 1, GEOMETRY = 2, CD_FLAGS = 0x74 };
    struct far to = far(r->ds, r->si);
    struct drive_parameters p;
    u16 room = far_read_u16(to);
    bool cd = d->kind == DRIVE_ATAPI;
    memset(&p, 0, sizeof p);
    if (room < V1)
        return disk_end(r, DISK_BAD_COMMAND);
    p.size = room < V2 ? V1 : room < sizeof p ? V2 : sizeof p;
    p.flags = cd ? CD_FLAGS : DMA_BOUNDARY | (d->logical.cylinders <= 1024 ? GEOMETRY : 0);
    p.cylinders = cd ? 0xffffffff : d->physical.cylinders;
    p.heads = cd ? 0xffffffff : d->physical.heads;
    p.sectors = cd ? 0xffffffff : d->physical.sectors;
    p.total = cd ? ~(u64)0 : d->sectors;
    p.sector_size = cd ? 2048 : 512;
    p.dpte = far(0xffff, 0xffff); /* there is none of a virtio disk */
    if (d->kind != DRIVE_VIRTIO) {
        fill_dpte(d);
        p.dpte = far_of(ebda.dpte);
    }
    fill_path(&p, d);
    far_put(to, &p, p.size);
    disk_end(r, DISK_OK);
}

/* 4Eh, hardware configuration: what changes nothing is done. */
static void configure(struct regs *r)
{
    if (r->al > 6)
        return disk_end(r, DISK_BAD_COMMAND);
    r->al = 0;
    disk_end(r, DISK_OK);
}

void edd_disk(struct regs *r, const struct drive *d)
{
    switch (r->ah) {
    case 0x41:
        return present(r, d->kind == DRIVE_VIRTIO ? VIRTIO_SUBSETS : DISK_SUBSETS);
    case 0x42:
        return transfer_disk(r, d, DISK_READ);
    case 0x43:
        return r->al > 2 ? disk_end(r, DISK_BAD_COMMAND) : transfer_disk(r, d, DISK_WRITE);
    case 0x44:
        return transfer_disk(r, d, DISK_VERIFY);
    case 0x45:
    case 0x46:
    case 0x49:
        return disk_end(r, DISK_NOT_REMOVABLE);
    case 0x47:
        return disk_end(r, DISK_OK);
    case 0x48:
        return get_parameters(r, d);
    case 0x4e:
        return configure(r);
    default:
        return disk_end(r, DISK_BAD_COMMAND);
    }
}

/* --- removable media --- */

/* 45h: AL 0: lock, 1: unlock, 2: whether; locks are counted. */
static void lock(struct regs *r, const struct drive *d)
{
    u8 *locks = &ebda.cd_locks[d - ebda.drive];
    if (r->al > 2)
        return disk_end(r, DISK_BAD_COMMAND);
    if (r->al == 0 && *locks == 0xff)
        return disk_end(r, DISK_LOCKS_EXHAUSTED);
    if (r->al == 1 && !*locks)
        return disk_end(r, DISK_NOT_LOCKED);
    if (r->al < 2) {
        *locks = (u8)(r->al ? *locks - 1 : *locks + 1);
        atapi_prevent(d, *locks);
    }
    r->al = *locks ? 1 : 0;
    disk_end(r, DISK_OK);
}

static void eject(struct regs *r, const struct drive *d)
{
    if (ebda.cd_locks[d - ebda.drive])
        return disk_end(r, DISK_LOCKED);
    disk_end(r, atapi_eject(d));
}

/* 49h: a change is told of once. */
static void tell_of_change(struct regs *r, const struct drive *d)
{
    u8 *changed = &ebda.cd_changed[d - ebda.drive];
    enum disk_status status = atapi_ready(d);
    if (!status && *changed) {
        *changed = 0;
        status = DISK_CHANGED;
    }
    disk_end(r, status);
}

void edd_cd(struct regs *r, const struct drive *d)
{
    switch (r->ah) {
    case 0x41:
        return present(r, CD_SUBSETS);
    case 0x42:
        return transfer_cd(r, d);
    case 0x43:
        return disk_end(r, DISK_WRITE_PROTECTED);
    case 0x44:
    case 0x47:
        return disk_end(r, atapi_ready(d));
    case 0x45:
        return lock(r, d);
    case 0x46:
        return eject(r, d);
    case 0x48:
        return get_parameters(r, d);
    case 0x49:
        return tell_of_change(r, d);
    case 0x4b:
    case 0x4c:
    case 0x4d:
        return eltorito_terminate(r);
    case 0x4e:
        return configure(r);
    default:
        return disk_end(r, DISK_BAD_COMMAND);
    }
}
