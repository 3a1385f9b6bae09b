/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ATA disks: sectors by PIO, or by the bus master where there is one (ATA/ATAPI-6). */
#include "bios/clock/clock.h"
#include "bios/disk/disk.h"
#include "bios/entry/entry.h"

enum {
    READ_SECTORS = 0x20,
    READ_SECTORS_EXT = 0x24,
    READ_DMA = 0xc8,
    READ_DMA_EXT = 0x25,
    WRITE_SECTORS = 0x30,
    WRITE_SECTORS_EXT = 0x34,
    WRITE_DMA = 0xca,
    WRITE_DMA_EXT = 0x35,
    VERIFY = 0x40,
    VERIFY_EXT = 0x42,
    LBA = 0x40,
    SECTOR = 512,
    TIMEOUT = 10 * 18, /* ticks: a disk may have to spin up */
};

static u8 get(const struct drive *d, u16 reg)
{
    return inb((u16)(d->base + reg));
}

static void put(const struct drive *d, u16 reg, u32 value)
{
    outb((u16)(d->base + reg), (u8)value);
}

int ata_wait(const struct drive *d)
{
    u32 start = clock_ticks();
    inb(d->control);
    for (;;) {
        u8 status = get(d, ATA_STATUS);
        if (!(status & ATA_BSY))
            return status;
        if (clock_passed(start, TIMEOUT))
            return -1;
    }
}

bool ata_select(const struct drive *d)
{
    if (ata_wait(d) < 0)
        return false;
    put(d, ATA_DEVICE, 0xa0u | d->slave << 4);
    for (unsigned i = 0; i < 4; i++)
        inb(d->control);
    outb(d->control, ATA_CONTROL_NO_IRQ);
    return ata_wait(d) >= 0;
}

static enum disk_status status_of(const struct drive *d, int status)
{
    enum { ABORTED = 0x04, NOT_FOUND = 0x10, UNCORRECTABLE = 0x40 };
    if (status < 0)
        return DISK_TIMEOUT;
    if (status & ATA_DF)
        return DISK_CONTROLLER;
    if (!(status & ATA_ERR))
        return DISK_OK;
    u8 error = get(d, ATA_ERROR);
    return error & UNCORRECTABLE ? DISK_BAD_DATA
           : error & NOT_FOUND   ? DISK_NOT_FOUND
           : error & ABORTED     ? DISK_BAD_COMMAND
                                 : DISK_CONTROLLER;
}

static bool needs_48(const struct drive *d, u64 lba, u16 count)
{
    return d->lba48 && lba + count > 0x0fffffff;
}

/* With 48 bits the upper halves are written first. */
static void address(const struct drive *d, u64 lba, u16 count)
{
    bool ext = needs_48(d, lba, count);
    if (ext) {
        put(d, ATA_COUNT, count >> 8);
        put(d, ATA_LBA_LOW, (u32)(lba >> 24));
        put(d, ATA_LBA_MID, (u32)(lba >> 32));
        put(d, ATA_LBA_HIGH, (u32)(lba >> 40));
    }
    put(d, ATA_FEATURES, 0);
    put(d, ATA_COUNT, count);
    put(d, ATA_LBA_LOW, (u32)lba);
    put(d, ATA_LBA_MID, (u32)lba >> 8);
    put(d, ATA_LBA_HIGH, (u32)lba >> 16);
    put(d, ATA_DEVICE, 0xa0u | LBA | d->slave << 4 | (ext ? 0 : (u32)lba >> 24 & 0x0f));
}

static enum disk_status start(const struct drive *d, u64 lba, u16 count, u8 command)
{
    if (!ata_select(d))
        return DISK_TIMEOUT;
    address(d, lba, count);
    put(d, ATA_COMMAND, command);
    return DISK_OK;
}

/* A sector's worth of data is wanted or there. */
static enum disk_status wait_data(const struct drive *d)
{
    int status = ata_wait(d);
    enum disk_status error = status_of(d, status);
    return error ? error : status & ATA_DRQ ? DISK_OK : DISK_CONTROLLER;
}

static enum disk_status by_pio(const struct drive *d, struct transfer *t, u16 count)
{
    bool write = t->action == DISK_WRITE, ext = needs_48(d, t->lba, count);
    u8 command =
        write ? (ext ? WRITE_SECTORS_EXT : WRITE_SECTORS) : (ext ? READ_SECTORS_EXT : READ_SECTORS);
    enum disk_status error = start(d, t->lba, count, command);
    for (u16 i = 0; i < count && !error; i++) {
        error = wait_data(d);
        if (error)
            break;
        struct place at = place_forward(t->buffer, i * (u32)SECTOR);
        if (write)
            place_to_port(at, d->base, SECTOR / 2);
        else
            place_from_port(at, d->base, SECTOR / 2);
    }
    return error ? error : status_of(d, ata_wait(d));
}

static enum disk_status by_dma(const struct drive *d, struct transfer *t, u16 count)
{
    bool write = t->action == DISK_WRITE, ext = needs_48(d, t->lba, count);
    u8 command = write ? (ext ? WRITE_DMA_EXT : WRITE_DMA) : (ext ? READ_DMA_EXT : READ_DMA);
    enum disk_status error = start(d, t->lba, count, command);
    if (!error)
        error = ata_dma_run(d, write);
    return error ? error : status_of(d, ata_wait(d));
}

static enum disk_status verify(const struct drive *d, struct transfer *t, u16 count)
{
    enum disk_status error =
        start(d, t->lba, count, needs_48(d, t->lba, count) ? VERIFY_EXT : VERIFY);
    return error ? error : status_of(d, ata_wait(d));
}

static enum disk_status transfer_some(const struct drive *d, struct transfer *t, u16 count)
{
    if (t->action == DISK_VERIFY)
        return verify(d, t, count);
    if (ata_dma_prepare(d, t->action == DISK_WRITE, t->buffer, count * (u32)SECTOR))
        return by_dma(d, t, count);
    return by_pio(d, t, count);
}

enum disk_status ata_transfer(const struct drive *d, struct transfer *t)
{
    enum { MOST = 128 };
    u16 left = t->count;
    t->count = 0;
    while (left) {
        u16 count = left < MOST ? left : MOST;
        enum disk_status error = transfer_some(d, t, count);
        if (error)
            return error;
        t->buffer = place_forward(t->buffer, count * (u32)SECTOR);
        t->lba += count;
        t->count = (u16)(t->count + count);
        left = (u16)(left - count);
    }
    return DISK_OK;
}

enum disk_status ata_reset(const struct drive *d)
{
    outb(d->control, ATA_CONTROL_RESET);
    clock_delay(10);
    outb(d->control, ATA_CONTROL_NO_IRQ);
    clock_delay(2000);
    return ata_wait(d) < 0 ? DISK_TIMEOUT : DISK_OK;
}
