/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of IDE drives. ATA/ATAPI-6, 8. */
#include "exec/exec.h"
#include "hw/disk/ide_internal.h"

#include <string.h>

enum { DISK = 1, CDROM = 2, ANY = DISK | CDROM };

/* --- sectors --- */

static void start_sectors(struct ide_drive *d, enum ide_phase phase, uint32_t block)
{
    if (ide_get_range(d))
        ide_start(d, phase, block);
    else
        ide_fail(d, IDE_IDNF, 0);
}

static void read_sectors(struct ide_drive *d)
{
    start_sectors(d, IDE_READ, IDE_SECTOR);
}

static void write_sectors(struct ide_drive *d)
{
    start_sectors(d, IDE_WRITE, IDE_SECTOR);
}

static void read_multiple(struct ide_drive *d)
{
    if (d->multiple)
        start_sectors(d, IDE_READ, d->multiple * IDE_SECTOR);
    else
        ide_abort(d);
}

static void write_multiple(struct ide_drive *d)
{
    if (d->multiple)
        start_sectors(d, IDE_WRITE, d->multiple * IDE_SECTOR);
    else
        ide_abort(d);
}

static void read_dma(struct ide_drive *d)
{
    start_sectors(d, IDE_READ_DMA, 0);
}

static void write_dma(struct ide_drive *d)
{
    start_sectors(d, IDE_WRITE_DMA, 0);
}

static void verify(struct ide_drive *d)
{
    start_sectors(d, IDE_VERIFY, 0);
}

static void flush(struct ide_drive *d)
{
    ide_start(d, IDE_FLUSH, 0);
}

static void seek(struct ide_drive *d)
{
    d->now.count = 1; /* has no meaning for it */
    if (ide_get_range(d))
        ide_succeed(d);
    else
        ide_fail(d, IDE_IDNF, 0);
}

static void recalibrate(struct ide_drive *d)
{
    ide_set_address(d, 0);
    ide_succeed(d);
}

static void read_native_max(struct ide_drive *d)
{
    enum { LBA28_MOST = 0x0ffffffe };
    uint64_t last = ide_sectors(d) - 1;
    bool is_48_bit = ide_is_48_bit(d->command);
    ide_set_lba(d, is_48_bit || last < LBA28_MOST ? last : LBA28_MOST, is_48_bit);
    ide_succeed(d);
}

/* --- what a drive is, and is set to --- */

static void identify(struct ide_drive *d)
{
    if (d->cdrom) {
        ide_set_signature(d);
        ide_abort(d);
        return;
    }
    ide_identify(d, d->buffer);
    ide_reply(d, IDE_SECTOR);
}

static void identify_packet(struct ide_drive *d)
{
    ide_identify_packet(d, d->buffer);
    ide_reply(d, IDE_SECTOR);
}

static void set_multiple(struct ide_drive *d)
{
    uint8_t n = d->now.count;
    if (n > IDE_MULTIPLE || n & (n - 1)) {
        ide_abort(d);
        return;
    }
    d->multiple = n;
    ide_succeed(d);
}

/* INITIALIZE DEVICE PARAMETERS, of ATA-5 and before. */
static void set_parameters(struct ide_drive *d)
{
    if (!d->now.count) {
        ide_abort(d);
        return;
    }
    d->sectors = d->now.count;
    d->heads = (d->device & 0x0f) + 1;
    ide_succeed(d);
}

static bool set_mode(struct ide_drive *d, uint8_t mode)
{
    enum { PIO = 0x08, MULTIWORD = 0x20, ULTRA = 0x40 };
    unsigned number = mode & 7;
    bool is_pio = mode < 2 || (mode >= PIO && mode <= PIO + 4);
    bool is_dma = (mode & 0xf8) == MULTIWORD ? number <= 2 : (mode & 0xf8) == ULTRA && number <= 5;
    if (is_dma)
        d->mode = mode;
    return is_pio || is_dma;
}

static bool set_feature(struct ide_drive *d)
{
    switch (d->now.feature) {
    case 0x02:
    case 0x82:
        d->write_cache = d->now.feature == 0x02;
        return !d->cdrom;
    case 0x03:
        return set_mode(d, d->now.count);
    case 0x05: /* power management on, off */
    case 0x85:
    case 0x42: /* acoustic management */
    case 0xc2:
    case 0x55: /* look-ahead */
    case 0xaa:
    case 0x66: /* whether a reset reverts to defaults */
    case 0xcc:
        return true;
    default:
        return false;
    }
}

/* Without a cache to write through to, what is in it must be safe first. */
static void set_features(struct ide_drive *d)
{
    bool had_cache = d->write_cache;
    if (!set_feature(d))
        ide_abort(d);
    else if (had_cache && !d->write_cache)
        flush(d);
    else
        ide_succeed(d);
}

/* --- the rest --- */

static void standby(struct ide_drive *d)
{
    d->standby = true;
    if (d->cdrom)
        ide_succeed(d);
    else
        flush(d);
}

static void idle(struct ide_drive *d)
{
    d->standby = false;
    ide_succeed(d);
}

static void check_power(struct ide_drive *d)
{
    d->now.count = d->standby ? 0x00 : 0xff;
    ide_succeed(d);
}

static void read_buffer(struct ide_drive *d)
{
    ide_reply(d, IDE_SECTOR);
}

static void write_buffer(struct ide_drive *d)
{
    ide_take(d, IDE_SECTOR);
}

static void packet(struct ide_drive *d)
{
    enum { COMMAND_FOLLOWS = 1, PACKET_SIZE = 12 };
    d->phase = ATAPI_PACKET;
    d->at = 0;
    d->end = PACKET_SIZE;
    d->now.count = COMMAND_FOLLOWS;
    ide_show(d, PACKET_SIZE);
}

static const struct command {
    uint8_t first, last;
    uint8_t drives;
    void (*start)(struct ide_drive *d);
} commands[] = {
    {0x10, 0x1f, DISK, recalibrate},
    {0x20, 0x21, DISK, read_sectors},
    {0x24, 0x24, DISK, read_sectors},
    {0x25, 0x25, DISK, read_dma},
    {0x27, 0x27, DISK, read_native_max},
    {0x29, 0x29, DISK, read_multiple},
    {0x30, 0x31, DISK, write_sectors},
    {0x34, 0x34, DISK, write_sectors},
    {0x35, 0x35, DISK, write_dma},
    {0x39, 0x39, DISK, write_multiple},
    {0x3c, 0x3c, DISK, write_sectors}, /* WRITE VERIFY */
    {0x3d, 0x3d, DISK, write_dma},
    {0x40, 0x42, DISK, verify},
    {0x70, 0x7f, DISK, seek},
    {0x91, 0x91, DISK, set_parameters},
    {0x94, 0x94, ANY, standby},
    {0x95, 0x95, ANY, idle},
    {0x96, 0x96, ANY, standby},
    {0x97, 0x97, ANY, idle},
    {0x98, 0x98, ANY, check_power},
    {0x99, 0x99, ANY, standby}, /* SLEEP */
    {0xa0, 0xa0, CDROM, packet},
    {0xa1, 0xa1, CDROM, identify_packet},
    {0xc4, 0xc4, DISK, read_multiple},
    {0xc5, 0xc5, DISK, write_multiple},
    {0xc6, 0xc6, DISK, set_multiple},
    {0xc8, 0xc9, DISK, read_dma},
    {0xca, 0xcb, DISK, write_dma},
    {0xce, 0xce, DISK, write_multiple},
    {0xe0, 0xe0, ANY, standby},
    {0xe1, 0xe1, ANY, idle},
    {0xe2, 0xe2, ANY, standby},
    {0xe3, 0xe3, ANY, idle},
    {0xe4, 0xe4, DISK, read_buffer},
    {0xe5, 0xe5, ANY, check_power},
    {0xe6, 0xe6, ANY, standby},
    {0xe7, 0xe7, DISK, flush},
    {0xe8, 0xe8, DISK, write_buffer},
    {0xea, 0xea, DISK, flush},
    {0xec, 0xec, ANY, identify},
    {0xef, 0xef, ANY, set_features},
    {0xf8, 0xf8, DISK, read_native_max},
};

/* A CD-ROM drive shows what it is when it is asked to read as a disk (9.1). */
static void refuse(struct ide_drive *d)
{
    bool reads = d->cdrom && (d->command == 0x20 || d->command == 0x21);
    log_if(LOG_UNIMP, "ide: command %02x\n", d->command);
    if (reads)
        ide_set_signature(d);
    ide_abort(d);
}

void ide_execute(struct ide_drive *d, uint8_t command)
{
    d->command = command;
    d->error = 0;
    d->sector = d->left = 0;
    for (unsigned i = 0; i < sizeof commands / sizeof *commands; i++) {
        const struct command *c = &commands[i];
        if (command >= c->first && command <= c->last && c->drives & (d->cdrom ? CDROM : DISK)) {
            c->start(d);
            return;
        }
    }
    refuse(d);
}
