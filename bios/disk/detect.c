/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which drives there are at the IDE channels, and their geometries. */
#include "bios/clock/clock.h"
#include "bios/disk/disk.h"
#include "bios/entry/entry.h"
#include "bios/lib/string.h"
#include "bios/system/setup.h"

extern SET_BY_POST struct setup setup;

enum { IDENTIFY = 0xec, IDENTIFY_PACKET = 0xa1, CHANNELS = 2 };

ROM_DATA struct {
    u16 base, control;
    u8 irq;
} channels[CHANNELS] = {{0x1f0, 0x3f6, 14}, {0x170, 0x376, 15}};

/* Words of what drives say of themselves. */
enum {
    ID_CYLINDERS = 1,
    ID_HEADS = 3,
    ID_SECTORS = 6,
    ID_MODEL = 27,
    ID_CAPABILITIES = 49,
    ID_LBA28 = 60,
    ID_FEATURES = 83,
    ID_LBA48 = 100,
};

static bool identify(const struct drive *d, u8 command, u16 id[256])
{
    if (!ata_select(d))
        return false;
    outb((u16)(d->base + ATA_COMMAND), command);
    int status = ata_wait(d);
    if (status < 0 || (status & (ATA_ERR | ATA_DRQ)) != ATA_DRQ)
        return false;
    port_to_far(d->base, far_of(id), 256);
    return true;
}

/* After a reset, what is there says what it is (ATA/ATAPI-6, 9.12). */
static enum drive_kind signature(const struct drive *d)
{
    if (!ata_select(d))
        return DRIVE_NONE;
    u8 count = inb((u16)(d->base + ATA_COUNT)), low = inb((u16)(d->base + ATA_LBA_LOW));
    u8 mid = inb((u16)(d->base + ATA_LBA_MID)), high = inb((u16)(d->base + ATA_LBA_HIGH));
    if (count != 1 || low != 1)
        return DRIVE_NONE;
    return mid == 0x14 && high == 0xeb ? DRIVE_ATAPI
           : mid == 0 && high == 0     ? DRIVE_ATA
                                       : DRIVE_NONE;
}

/* Two characters a word, the first in the upper byte. */
static void get_model(struct drive *d, const u16 *id)
{
    for (unsigned i = 0; i < 40; i++)
        d->model[i] = (char)(i & 1 ? id[ID_MODEL + i / 2] : id[ID_MODEL + i / 2] >> 8);
    unsigned end = 40;
    while (end && d->model[end - 1] == ' ')
        end--;
    d->model[end] = '\0';
}

static u64 capacity(struct drive *d, const u16 *id)
{
    d->lba48 = (id[ID_FEATURES] & 0xc400) == 0x4400;
    if (d->lba48)
        return id[ID_LBA48] | (u64)id[ID_LBA48 + 1] << 16 | (u64)id[ID_LBA48 + 2] << 32;
    return id[ID_LBA28] | (u32)id[ID_LBA28 + 1] << 16;
}

/* Heads doubled and cylinders halved until they fit. */
static struct geometry doubled(struct geometry g)
{
    while (g.cylinders > 1024 && g.heads <= 127) {
        g.cylinders /= 2;
        g.heads = (u16)(g.heads * 2);
    }
    return disk_untranslated(g);
}

/* CMOS 39h, of QEMU and Bochs: none, LBA, large, revised by head count. */
static struct geometry translate(const struct drive *d, unsigned index)
{
    enum { NONE, BY_LBA, LARGE };
    u8 how = cmos_read((u8)(CMOS_TRANSLATION + index / 4)) >> index % 4 * 2 & 3;
    struct geometry g = d->physical;
    if (how == LARGE)
        return doubled(g);
    if (g.heads && (how == NONE || (g.cylinders <= 1024 && how != BY_LBA)))
        return disk_untranslated(g);
    return disk_geometry(d->sectors);
}

static void describe_disk(struct drive *d, const u16 *id, unsigned index)
{
    d->physical = (struct geometry){id[ID_CYLINDERS], id[ID_HEADS], id[ID_SECTORS]};
    d->sectors = capacity(d, id);
    d->removable = (u8)(id[0] >> 7 & 1);
    d->logical = translate(d, index);
    ebda.disk[ebda.disks++] = (u8)index;
}

static void find_bus_master(struct drive *d, unsigned channel)
{
    enum { BASE = 0x20 };
    if (!setup.bus_master_ide)
        return;
    d->pci = setup.bus_master_ide;
    d->bus_master = (u16)((pci_read16(d->pci, BASE) & 0xfff0) + channel * 8);
}

static void add_drive(unsigned index, enum drive_kind kind)
{
    struct drive *d = &ebda.drive[index];
    u16 id[256];
    if (!identify(d, kind == DRIVE_ATA ? IDENTIFY : IDENTIFY_PACKET, id))
        return;
    d->kind = kind;
    get_model(d, id);
    d->dma = (id[ID_CAPABILITIES] >> 8) & 1;
    find_bus_master(d, index / 2);
    if (kind == DRIVE_ATA)
        describe_disk(d, id, index);
    else
        ebda.cd[ebda.cds++] = (u8)index;
}

/* A channel without drives floats, or reads as 0. */
static bool channel_answers(const struct drive *d)
{
    outb((u16)(d->base + ATA_DEVICE), 0xa0);
    outb((u16)(d->base + ATA_LBA_LOW), 0x55);
    outb((u16)(d->base + ATA_LBA_MID), 0xaa);
    if (inb((u16)(d->base + ATA_LBA_LOW)) == 0x55 && inb((u16)(d->base + ATA_LBA_MID)) == 0xaa)
        return true;
    outb((u16)(d->base + ATA_DEVICE), 0xb0);
    outb((u16)(d->base + ATA_LBA_LOW), 0x55);
    return inb((u16)(d->base + ATA_LBA_LOW)) == 0x55;
}

static void detect_channel(unsigned channel)
{
    struct drive *master = &ebda.drive[channel * 2];
    for (unsigned i = 0; i < 2; i++) {
        master[i].slave = (u8)i;
        master[i].base = channels[channel].base;
        master[i].control = channels[channel].control;
        master[i].irq = channels[channel].irq;
    }
    if (!channel_answers(master))
        return;
    ata_reset(master);
    enum drive_kind kinds[2];
    for (unsigned i = 0; i < 2; i++)
        kinds[i] = signature(&master[i]);
    for (unsigned i = 0; i < 2; i++)
        if (kinds[i])
            add_drive(channel * 2 + i, kinds[i]);
}

void ata_detect(void)
{
    for (unsigned channel = 0; channel < CHANNELS; channel++)
        detect_channel(channel);
}
