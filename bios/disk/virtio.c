/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Virtio disks ("Virtual I/O Device (VIRTIO) Version 1.2"): by the interface of version 1, whose
 * registers are in memory that real mode cannot reach, but configuration space can (4.1.4.9); of
 * those that have no other by the legacy one, in ports (4.1.4.10).
 *
 * There is one queue for all disks, in the EBDA: the disk that is used gets it. It is set up anew
 * when another disk has had it, and when somebody has moved the EBDA. The legacy interface's is too
 * large for that, and in memory below the EBDA that POST has reserved if there is such a disk; what
 * a request consists of is made in the EBDA, too, and then put there.
 */
#include "bios/disk/virtio.h"
#include "bios/clock/clock.h"
#include "bios/disk/disk.h"
#include "bios/entry/entry.h"
#include "bios/lib/string.h"
#include "bios/system/setup.h"

extern SET_BY_POST struct setup setup;

/* The common configuration (4.1.4.3). */
enum {
    FEATURES_SELECT = 8,
    FEATURES = 12,
    STATUS = 20,
    QUEUE_SELECT = 22,
    QUEUE_SIZE = 24,
    QUEUE_ENABLE = 28,
    QUEUE_NOTIFY = 30,
    QUEUE_DESCRIPTORS = 32,
    QUEUE_AVAILABLE = 40,
    QUEUE_USED = 48,
};

/* Ports of the legacy interface (4.1.4.10), from BAR 0 on; the configuration without MSI-X. */
enum {
    PORT_FEATURES = 4,
    PORT_QUEUE_PAGE = 8,
    PORT_QUEUE_SIZE = 12,
    PORT_QUEUE_SELECT = 14,
    PORT_QUEUE_NOTIFY = 16,
    PORT_STATUS = 18,
    PORT_CONFIG = 20,
};
/* What a disk says of itself (5.2.4). */
enum { CAPACITY = 0, GEOMETRY = 16 };

enum { ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8 };
enum { VERSION_1 = 1 /* bit 32 */, NO_INTERRUPT = 1, NEXT = 1, WRITTEN = 2 };
enum {
    REQUEST_READ = 0,
    REQUEST_WRITE = 1,
    REQUEST_ID = 8,
    REQUEST_OK = 0,
    REQUEST_PENDING = 0xff
};
enum { SECTOR = 512, RING = 4, TIMEOUT = 10 * 18, ID_SIZE = 20 };

/* --- registers --- */

struct region {
    u16 function;
    u8 window, bar;
    u32 offset;
};

static bool find_region(u16 function, enum virtio_region type, struct region *r)
{
    u8 at = virtio_capability(function, type);
    r->function = function;
    r->window = virtio_capability(function, VIRTIO_WINDOW);
    r->bar = pci_read8(function, (u8)(at + CAP_BAR));
    r->offset = pci_read32(function, (u8)(at + CAP_OFFSET));
    return at && r->window;
}

static void select(const struct region *r, u32 offset, u32 size)
{
    pci_write8(r->function, (u8)(r->window + CAP_BAR), r->bar);
    pci_write32(r->function, (u8)(r->window + CAP_OFFSET), r->offset + offset);
    pci_write32(r->function, (u8)(r->window + CAP_LENGTH), size);
}

static u8 get8(const struct region *r, u32 offset)
{
    select(r, offset, 1);
    return pci_read8(r->function, (u8)(r->window + CAP_MORE));
}

static u16 get16(const struct region *r, u32 offset)
{
    select(r, offset, 2);
    return pci_read16(r->function, (u8)(r->window + CAP_MORE));
}

static u32 get32(const struct region *r, u32 offset)
{
    select(r, offset, 4);
    return pci_read32(r->function, (u8)(r->window + CAP_MORE));
}

static void put8(const struct region *r, u32 offset, u8 value)
{
    select(r, offset, 1);
    pci_write8(r->function, (u8)(r->window + CAP_MORE), value);
}

static void put16(const struct region *r, u32 offset, u16 value)
{
    select(r, offset, 2);
    pci_write16(r->function, (u8)(r->window + CAP_MORE), value);
}

static void put32(const struct region *r, u32 offset, u32 value)
{
    select(r, offset, 4);
    pci_write32(r->function, (u8)(r->window + CAP_MORE), value);
}

static void put_address(const struct region *r, u32 offset, const void *of)
{
    put32(r, offset, far_linear(far_of(of)));
    put32(r, offset + 4, 0);
}

/* --- the queue --- */

static bool set_status(const struct region *common, u8 status)
{
    put8(common, STATUS, status);
    return get8(common, STATUS) == status;
}

/* Where a write tells of the queue (4.1.4.4). */
static bool find_notify(u16 function, const struct region *common)
{
    struct region notify;
    if (!find_region(function, VIRTIO_NOTIFY, &notify))
        return false;
    u8 capability = virtio_capability(function, VIRTIO_NOTIFY);
    u32 each = pci_read32(function, (u8)(capability + CAP_MORE));
    ebda.virtio.window = notify.window;
    ebda.virtio.notify_bar = notify.bar;
    ebda.virtio.notify = notify.offset + get16(common, QUEUE_NOTIFY) * each;
    return true;
}

static bool set_queue(u16 function, const struct region *common)
{
    struct virtio_ring *ring = &ebda.virtio.ring;
    memset(ring, 0, sizeof *ring);
    ring->available.flags = NO_INTERRUPT;
    put16(common, QUEUE_SELECT, 0);
    if (get16(common, QUEUE_SIZE) < RING)
        return false;
    put16(common, QUEUE_SIZE, RING);
    put_address(common, QUEUE_DESCRIPTORS, ring->descriptor);
    put_address(common, QUEUE_AVAILABLE, &ring->available);
    put_address(common, QUEUE_USED, &ring->used);
    put16(common, QUEUE_ENABLE, 1);
    return find_notify(function, common);
}

static void stop_modern(u16 function)
{
    struct region common;
    u32 start = clock_ticks();
    if (!find_region(function, VIRTIO_COMMON, &common))
        return;
    put8(&common, STATUS, 0);
    while (get8(&common, STATUS) && !clock_passed(start, TIMEOUT))
        ;
}

/* 3.1.1. Of what it offers nothing is wanted: without a flush, writes are on the disk at once. */
static bool start_modern(u16 function)
{
    struct region common;
    if (!find_region(function, VIRTIO_COMMON, &common))
        return false;
    set_status(&common, ACKNOWLEDGE | DRIVER);
    for (u32 i = 0; i < 2; i++) {
        put32(&common, FEATURES_SELECT, i);
        put32(&common, FEATURES, i ? VERSION_1 : 0);
    }
    return set_status(&common, ACKNOWLEDGE | DRIVER | FEATURES_OK) &&
           set_queue(function, &common) &&
           set_status(&common, ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
}

/* --- the legacy one --- */

static u16 legacy_ports(u16 function)
{
    return (u16)(pci_read32(function, PCI_BAR) & ~3u);
}

/* In the queue's memory (2.7.2): the available ring is behind the descriptors, the used one on a
 * page of its own. */
static struct far legacy_queue(u32 offset)
{
    return far((u16)(setup.virtio_memory >> 4), offset);
}

static u32 legacy_available(void)
{
    return ebda.virtio.size * (u32)sizeof *ebda.virtio.ring.descriptor;
}

static struct far legacy_used_index(void)
{
    enum { PAGE = 0x1000, FLAGS_AND_INDEX = 4 };
    u32 end = legacy_available() + FLAGS_AND_INDEX + 2u * ebda.virtio.size + 2;
    return legacy_queue(((end + PAGE - 1) & ~(PAGE - 1u)) + 2);
}

static bool start_legacy(u16 function)
{
    struct virtio_ring *ring = &ebda.virtio.ring;
    u16 ports = legacy_ports(function), size;
    outb((u16)(ports + PORT_STATUS), ACKNOWLEDGE | DRIVER);
    outl((u16)(ports + PORT_FEATURES), 0);
    outw((u16)(ports + PORT_QUEUE_SELECT), 0);
    size = inw((u16)(ports + PORT_QUEUE_SIZE));
    if (!setup.virtio_memory || size < RING || size > VIRTIO_LEGACY_MOST)
        return false;
    ebda.virtio.ports = ports;
    ebda.virtio.size = size;
    memset(ring, 0, sizeof *ring);
    far_clear(legacy_queue(0), VIRTIO_LEGACY_MEMORY);
    far_write_u16(legacy_queue(legacy_available()), NO_INTERRUPT);
    outl((u16)(ports + PORT_QUEUE_PAGE), setup.virtio_memory >> 12);
    outb((u16)(ports + PORT_STATUS), ACKNOWLEDGE | DRIVER | DRIVER_OK);
    return true;
}

/* The only chain begins with descriptor 0, as all of the available ring says. */
static void notify_legacy(void)
{
    const struct virtio_ring *ring = &ebda.virtio.ring;
    far_put(legacy_queue(0), ring->descriptor, sizeof ring->descriptor);
    far_write_u16(legacy_queue(legacy_available() + 2), ring->available.index);
    outw((u16)(ebda.virtio.ports + PORT_QUEUE_NOTIFY), 0);
}

/* --- either --- */

static void stop(u16 function)
{
    if (virtio_is_legacy(function))
        outb((u16)(legacy_ports(function) + PORT_STATUS), 0);
    else
        stop_modern(function);
}

static bool start(u16 function)
{
    ebda.virtio.ports = 0;
    return virtio_is_legacy(function) ? start_legacy(function) : start_modern(function);
}

static bool own_queue(u16 function)
{
    u32 here = far_linear(far_of(&ebda.virtio.ring));
    if (ebda.virtio.at == here && ebda.virtio.function == function)
        return true;
    if (ebda.virtio.at)
        stop(ebda.virtio.function);
    stop(function);
    ebda.virtio.function = function;
    ebda.virtio.at = start(function) ? here : 0;
    return ebda.virtio.at;
}

static void describe(unsigned i, u32 address, u32 size, u16 flags)
{
    struct virtio_ring *ring = &ebda.virtio.ring;
    ring->descriptor[i].address = address;
    ring->descriptor[i].size = size;
    ring->descriptor[i].flags = flags;
    ring->descriptor[i].next = (u16)(i + 1);
}

static void notify(void)
{
    if (ebda.virtio.ports) {
        notify_legacy();
        return;
    }
    struct region r = {ebda.virtio.function, ebda.virtio.window, ebda.virtio.notify_bar,
                       ebda.virtio.notify};
    put16(&r, 0, 0);
}

static u16 used_index(void)
{
    const volatile struct virtio_ring *ring = &ebda.virtio.ring;
    return ebda.virtio.ports ? far_read_u16(legacy_used_index()) : ring->used.index;
}

/* Who has not answered in time does not get the queue's memory back. */
static enum disk_status wait(void)
{
    const volatile struct virtio_ring *ring = &ebda.virtio.ring;
    u32 started = clock_ticks();
    while (used_index() != ring->available.index)
        if (clock_passed(started, TIMEOUT)) {
            virtio_reset();
            return DISK_TIMEOUT;
        }
    return ring->status == REQUEST_OK ? DISK_OK : DISK_CONTROLLER;
}

/* One request (5.2.6), between a disk and memory as the bus has it. */
static enum disk_status request(const struct drive *d, u32 type, u64 sector, u32 address, u32 size)
{
    struct virtio_ring *ring = &ebda.virtio.ring;
    if (!own_queue(d->pci))
        return DISK_CONTROLLER;
    ring->header.type = type;
    ring->header.sector = sector;
    ring->status = REQUEST_PENDING;
    describe(0, far_linear(far_of(&ring->header)), sizeof ring->header, NEXT);
    describe(1, address, size, NEXT | (type == REQUEST_WRITE ? 0 : WRITTEN));
    describe(2, far_linear(far_of(&ring->status)), sizeof ring->status, WRITTEN);
    __asm__ volatile("" : : : "memory");
    ((volatile struct virtio_ring *)ring)->available.index++;
    __asm__ volatile("" : : : "memory");
    notify();
    return wait();
}

/* --- INT 13h --- */

static u32 request_type(const struct transfer *t)
{
    return t->action == DISK_WRITE ? REQUEST_WRITE : REQUEST_READ;
}

static enum disk_status whole(const struct drive *d, const struct transfer *t)
{
    return request(d, request_type(t), t->lba, place_linear(t->buffer), t->count * (u32)SECTOR);
}

/* Through the EBDA: to verify, or where only that is known to be at its address. */
static enum disk_status by_sector(const struct drive *d, const struct transfer *t, u16 i)
{
    u8 *bounce = ebda.bounce;
    struct far at = far_forward(t->buffer.at, i * (u32)SECTOR);
    if (t->action == DISK_WRITE)
        far_get(bounce, at, SECTOR);
    enum disk_status status =
        request(d, request_type(t), t->lba + i, far_linear(far_of(bounce)), SECTOR);
    if (t->action == DISK_READ && !status)
        far_put(at, bounce, SECTOR);
    return status;
}

enum disk_status virtio_transfer(const struct drive *d, struct transfer *t)
{
    enum disk_status status = DISK_OK;
    u16 count = t->count, done = 0;
    if (t->action != DISK_VERIFY && in_real_mode()) {
        status = count ? whole(d, t) : DISK_OK;
        done = status ? 0 : count;
    } else
        while (done < count && !(status = by_sector(d, t, done)))
            done++;
    t->count = done;
    return status;
}

/* The next request sets it up again. */
enum disk_status virtio_reset(void)
{
    if (ebda.virtio.at)
        stop(ebda.virtio.function);
    ebda.virtio.at = 0;
    return DISK_OK;
}

/* --- which there are --- */

/* What the device tells, if it has that of a partition table; or what fits into INT 13h. */
static void set_geometry(struct drive *d, u32 told)
{
    struct geometry g = {(u16)told, told >> 16 & 0xff, told >> 24};
    bool usual = g.heads == 16 && g.sectors == 63 && g.cylinders > 1024;
    if (!g.cylinders || !g.heads || !g.sectors || g.sectors > 63 || usual)
        g = disk_geometry(d->sectors);
    d->physical = g;
    d->logical = disk_untranslated(g);
}

static u32 config_word(u16 function, u32 offset)
{
    struct region config;
    if (ebda.virtio.ports)
        return inl((u16)(ebda.virtio.ports + PORT_CONFIG + offset));
    return find_region(function, VIRTIO_DEVICE, &config) ? get32(&config, offset) : 0;
}

static bool get_capacity(struct drive *d)
{
    if (!own_queue(d->pci))
        return false;
    d->sectors = config_word(d->pci, CAPACITY) | (u64)config_word(d->pci, CAPACITY + 4) << 32;
    set_geometry(d, config_word(d->pci, GEOMETRY));
    return d->sectors;
}

/* With what it calls itself, if it does. */
static void get_name(struct drive *d)
{
    enum { PREFIX = 12 };
    u8 *id = ebda.bounce;
    rom_get(d->model, ROM_TEXT("virtio disk "), PREFIX);
    memset(id, 0, ID_SIZE);
    if (request(d, REQUEST_ID, 0, far_linear(far_of(id)), ID_SIZE) || !id[0])
        d->model[PREFIX - 1] = '\0';
    else
        memcpy(d->model + PREFIX, id, ID_SIZE);
}

void virtio_detect(void)
{
    enum { FIRST = 4 };
    for (unsigned i = 0; i < MOST_VIRTIO_DISKS && setup.virtio_disk[i]; i++) {
        struct drive *d = &ebda.drive[FIRST + i];
        d->pci = setup.virtio_disk[i];
        if (!get_capacity(d))
            continue;
        d->kind = DRIVE_VIRTIO;
        get_name(d);
        ebda.disk[ebda.disks++] = (u8)(FIRST + i);
    }
}
