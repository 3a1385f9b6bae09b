/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CD-ROM drives: packet commands by PIO, reads by the bus master (ATA/ATAPI-6, MMC-3). */
#include "bios/clock/clock.h"
#include "bios/disk/disk.h"
#include "bios/entry/entry.h"
#include "bios/lib/string.h"

enum {
    PACKET = 0xa0,
    FEATURE_DMA = 0x01,
    TEST_UNIT_READY = 0x00,
    REQUEST_SENSE = 0x03,
    START_STOP = 0x1b,
    PREVENT = 0x1e,
    READ_10 = 0x28,
    BLOCK = 2048,
    SECTOR = 512,
    SECTORS = BLOCK / SECTOR,
};

static u8 get(const struct drive *d, u16 reg)
{
    return inb((u16)(d->base + reg));
}

static void put(const struct drive *d, u16 reg, u8 value)
{
    outb((u16)(d->base + reg), value);
}

/* Sends the command itself. */
static enum disk_status begin(const struct drive *d, const struct packet *p, bool dma)
{
    enum { CHUNK = 0xf800 /* bytes a transfer by PIO: whole blocks */ };
    if (!ata_select(d))
        return DISK_TIMEOUT;
    put(d, ATA_FEATURES, dma ? FEATURE_DMA : 0);
    put(d, ATA_LBA_MID, (u8)(CHUNK & 0xff));
    put(d, ATA_LBA_HIGH, CHUNK >> 8);
    put(d, ATA_COMMAND, PACKET);
    int status = ata_wait(d);
    if (status < 0)
        return DISK_TIMEOUT;
    if ((status & (ATA_ERR | ATA_DRQ)) != ATA_DRQ)
        return DISK_CONTROLLER;
    far_to_port(d->base, far_of(p->command), sizeof p->command / 2);
    return DISK_OK;
}

static void throw_away(const struct drive *d, u32 bytes)
{
    for (; bytes; bytes -= 2)
        inw((u16)(d->base + ATA_DATA));
}

/* Part of what a drive has to say that lies in front of, in, and behind what is wanted. */
static u32 part(u32 *left, u32 bytes)
{
    u32 here = *left < bytes ? *left : bytes;
    *left -= here;
    return here;
}

struct progress {
    u32 skip, want, done;
};

static void take(const struct drive *d, const struct packet *p, struct progress *g, u32 bytes)
{
    u32 skipped = part(&g->skip, bytes);
    throw_away(d, skipped);
    u32 wanted = part(&g->want, bytes - skipped);
    place_from_port(place_forward(p->buffer, g->done), d->base, (u16)(wanted / 2));
    g->done += wanted;
    throw_away(d, (bytes - skipped - wanted + 1) & ~1u);
}

static enum disk_status read_data(const struct drive *d, const struct packet *p)
{
    struct progress g = {p->skip, p->want, 0};
    for (;;) {
        int status = ata_wait(d);
        if (status < 0)
            return DISK_TIMEOUT;
        if (status & ATA_ERR)
            return DISK_NOT_READY;
        if (!(status & ATA_DRQ))
            return g.want ? DISK_CONTROLLER : DISK_OK;
        take(d, p, &g, get(d, ATA_LBA_MID) | (u32)get(d, ATA_LBA_HIGH) << 8);
    }
}

enum disk_status atapi_command(const struct drive *d, const struct packet *p)
{
    bool dma = p->want && p->want == p->bytes && p->want >= BLOCK &&
               ata_dma_prepare(d, false, p->buffer, p->bytes);
    enum disk_status error = begin(d, p, dma);
    if (!error && dma)
        error = ata_dma_run(d, false);
    struct packet nothing = {.want = 0};
    return error ? error : read_data(d, dma ? &nothing : p);
}

static void store_big(u8 *to, u32 value, unsigned bytes)
{
    for (; bytes; bytes--, value >>= 8)
        to[bytes - 1] = (u8)value;
}

static enum disk_status read_blocks(const struct drive *d, u32 lba, u16 blocks,
                                    const struct packet *how)
{
    struct packet p = *how;
    p.command[0] = READ_10;
    store_big(p.command + 2, lba, 4);
    store_big(p.command + 7, blocks, 2);
    p.bytes = blocks * (u32)BLOCK;
    return atapi_command(d, &p);
}

enum disk_status atapi_read(const struct drive *d, struct transfer *t)
{
    enum { MOST = 16 };
    u16 left = t->count;
    t->count = 0;
    while (left) {
        u16 count = left < MOST ? left : MOST;
        struct packet p = {.want = count * (u32)BLOCK, .buffer = t->buffer};
        enum disk_status error = read_blocks(d, (u32)t->lba, count, &p);
        if (error)
            return error;
        t->buffer = place_forward(t->buffer, p.want);
        t->lba += count;
        t->count = (u16)(t->count + count);
        left = (u16)(left - count);
    }
    return DISK_OK;
}

enum disk_status atapi_read_head(const struct drive *d, u32 lba, void *to, u16 bytes)
{
    struct packet p = {.want = bytes, .buffer = {far_of(to), 0}};
    return read_blocks(d, lba, 1, &p);
}

enum disk_status atapi_read_sectors(const struct drive *d, struct transfer *t)
{
    enum { MOST = 64 };
    u16 left = t->count;
    t->count = 0;
    while (left) {
        u32 lba = (u32)t->lba / SECTORS, skip = (u32)t->lba % SECTORS;
        u16 count = left < MOST ? left : MOST;
        struct packet p = {.skip = skip * SECTOR, .want = count * (u32)SECTOR, .buffer = t->buffer};
        enum disk_status error =
            read_blocks(d, lba, (u16)((skip + count + SECTORS - 1) / SECTORS), &p);
        if (error)
            return error;
        t->buffer = place_forward(t->buffer, p.want);
        t->lba += count;
        t->count = (u16)(t->count + count);
        left = (u16)(left - count);
    }
    return DISK_OK;
}

static u8 sense_key(const struct drive *d, u8 *code)
{
    u8 sense[18];
    struct packet p = {.command = {REQUEST_SENSE, 0, 0, 0, sizeof sense},
                       .want = sizeof sense,
                       .buffer = {far_of(sense), 0}};
    memset(sense, 0, sizeof sense);
    if (atapi_command(d, &p))
        return 0xff;
    *code = sense[12];
    return sense[2] & 0x0f;
}

/* A medium that has just been put in is a unit attention first; it may be becoming ready. */
enum disk_status atapi_ready(const struct drive *d)
{
    enum { NOT_READY = 2, UNIT_ATTENTION = 6, MAY_HAVE_CHANGED = 0x28, NO_MEDIUM = 0x3a };
    enum { TIMEOUT = 5 * 18 };
    struct packet p = {.command = {TEST_UNIT_READY}};
    u32 start = clock_ticks();
    do {
        u8 code = 0, key;
        if (atapi_command(d, &p) == DISK_OK)
            return DISK_OK;
        key = sense_key(d, &code);
        if (key == NOT_READY && code == NO_MEDIUM)
            return DISK_NOT_READY;
        if (key == UNIT_ATTENTION && code == MAY_HAVE_CHANGED)
            ebda.cd_changed[d - ebda.drive] = 1;
    } while (!clock_passed(start, TIMEOUT));
    return DISK_TIMEOUT;
}

enum disk_status atapi_eject(const struct drive *d)
{
    struct packet p = {.command = {START_STOP, 0, 0, 0, 2}};
    return atapi_command(d, &p);
}

enum disk_status atapi_prevent(const struct drive *d, bool prevent)
{
    struct packet p = {.command = {PREVENT, 0, 0, 0, prevent}};
    return atapi_command(d, &p);
}
