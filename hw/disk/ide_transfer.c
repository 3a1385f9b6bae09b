/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Data on their way between guest and disk. By PIO they pass the drive's buffer block by block, an
 * interrupt for each; by DMA the channel's chunk. What comes next follows from the phase, when
 * the guest has come to a block's end (ide_block_done) and when the disk is done (disk_done).
 */
#include "exec/exec.h"
#include "hw/disk/atapi_internal.h"

#include <errno.h>
#include <string.h>

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static bool is_dma(const struct ide_drive *d)
{
    return d->phase == IDE_READ_DMA || d->phase == IDE_WRITE_DMA || d->phase == ATAPI_READ_DMA ||
           d->phase == ATAPI_REPLY_DMA;
}

static bool is_atapi(const struct ide_drive *d)
{
    return d->phase >= ATAPI_PACKET;
}

void ide_withdraw(struct ide_drive *d)
{
    disk_withdraw(&d->request);
    d->waiting = d->flushing = false;
    d->phase = IDE_IDLE;
    d->sector = 0;
    d->left = d->run = d->block = d->at = d->stop = d->end = 0;
}

/* --- between the guest and the buffer --- */

void ide_show(struct ide_drive *d, uint32_t stop)
{
    d->stop = stop;
    d->status = IDE_DRDY | IDE_DSC | IDE_DRQ;
}

static void show_next(struct ide_drive *d)
{
    enum { TO_HOST = 2 };
    ide_show(d, least(d->end, d->at + d->block));
    if (is_atapi(d)) {
        d->now.count = TO_HOST; /* the interrupt reason; then how many bytes */
        d->now.mid = (uint8_t)(d->stop - d->at);
        d->now.high = (uint8_t)((d->stop - d->at) >> 8);
    }
    ide_interrupt(d);
}

void ide_reply(struct ide_drive *d, uint32_t size)
{
    d->phase = IDE_REPLY;
    d->at = 0;
    d->block = d->end = size;
    show_next(d);
}

void ide_take(struct ide_drive *d, uint32_t size)
{
    d->phase = IDE_TAKE;
    d->at = 0;
    d->end = size;
    ide_show(d, size);
}

static void take_sectors(struct ide_drive *d)
{
    d->at = 0;
    d->end = least(d->left * IDE_SECTOR, d->block);
    ide_show(d, d->end);
}

static void become_idle(struct ide_drive *d)
{
    d->phase = IDE_IDLE;
    d->status = IDE_DRDY | IDE_DSC;
}

static void end_of_buffer(struct ide_drive *d)
{
    switch (d->phase) {
    case IDE_TAKE:
        ide_succeed(d);
        break;
    case IDE_WRITE:
        ide_submit(d);
        break;
    case ATAPI_PACKET:
        atapi_execute(d);
        break;
    case ATAPI_REPLY:
        atapi_succeed(d);
        break;
    case IDE_READ:
    case ATAPI_READ:
        if (d->left)
            ide_submit(d);
        else if (d->phase == ATAPI_READ)
            atapi_succeed(d);
        else
            become_idle(d);
        break;
    default:
        become_idle(d);
    }
}

void ide_block_done(struct ide_drive *d)
{
    if (d->stop < d->end)
        show_next(d);
    else
        end_of_buffer(d);
}

/* --- to the disk --- */

/* How many sectors, or blocks of a CD, are asked for at once. */
static uint32_t run_of(const struct ide_drive *d)
{
    switch (d->phase) {
    case IDE_READ:
        return least(d->left, IDE_MULTIPLE);
    case IDE_WRITE:
        return d->stop / IDE_SECTOR;
    case ATAPI_READ:
    case ATAPI_READ_DMA:
        return least(d->left, atapi_blocks(d));
    default:
        return least(d->left, IDE_CHUNK / IDE_SECTOR);
    }
}

static void disk_done(void *owner);

static void submit(struct ide_drive *d, enum disk_operation operation, uint8_t *data)
{
    unsigned sector = d->cdrom ? CD_BLOCK : IDE_SECTOR;
    d->request = (struct disk_request){.operation = operation,
                                       .offset = d->sector * sector,
                                       .size = (size_t)d->run * sector,
                                       .data = data,
                                       .done = disk_done,
                                       .owner = d};
    d->status = IDE_BSY;
    d->waiting = true;
    disk_submit(d->disk, &d->request);
}

/*
 * The table of regions has ended before the drive's data, or leads where no memory is. In the
 * former case the bus master stops without an interrupt, and the drive would wait for ever.
 */
static void end_early(struct ide_drive *d, enum ide_moved how)
{
    log_if(LOG_GUEST_ERRORS, "ide: the table of physical regions %s\n",
           how == IDE_TOO_SHORT ? "is too short" : "leads to where no memory is");
    ide_master_end(d->channel, how == IDE_NO_MEMORY);
    if (how == IDE_TOO_SHORT)
        become_idle(d);
    else if (is_atapi(d))
        atapi_fail_read(d, EFAULT);
    else
        ide_abort(d);
}

/* What has been asked before is written as far as it is still there. */
static void submit_from_memory(struct ide_drive *d, bool again)
{
    struct ide_channel *c = d->channel;
    enum ide_moved how = ide_master_from_memory(c, c->chunk, d->run * IDE_SECTOR);
    if (how == IDE_MOVED || again)
        submit(d, DISK_WRITE, c->chunk);
    else
        end_early(d, how);
}

void ide_submit(struct ide_drive *d)
{
    bool again = d->waiting;
    d->waiting = false;
    if (!d->disk) {
        atapi_fail(d, NOT_READY, NO_MEDIUM);
        return;
    }
    d->run = run_of(d);
    if (d->flushing || d->phase == IDE_FLUSH)
        submit(d, DISK_FLUSH, NULL);
    else if (d->phase == IDE_WRITE_DMA)
        submit_from_memory(d, again);
    else if (d->phase == IDE_WRITE)
        submit(d, DISK_WRITE, d->buffer);
    else if (d->phase == IDE_READ)
        submit(d, DISK_READ, d->buffer);
    else
        submit(d, DISK_READ, d->channel->chunk);
}

void ide_start(struct ide_drive *d, enum ide_phase phase, uint32_t block)
{
    d->phase = (uint8_t)phase;
    d->block = block;
    if (is_dma(d)) {
        d->status = IDE_DRDY | IDE_DSC | IDE_DRQ;
        ide_run_dma(d->channel);
    } else if (phase == IDE_WRITE) {
        take_sectors(d);
    } else if (phase == ATAPI_REPLY) {
        show_next(d);
    } else {
        ide_submit(d);
    }
}

/* --- from the disk --- */

/* What was not to be cached is to be safe before the guest hears of it: FUA, and no write cache. */
static bool is_to_be_flushed(const struct ide_drive *d)
{
    enum { WRITE_DMA_FUA_EXT = 0x3d, WRITE_MULTIPLE_FUA_EXT = 0xce };
    return !d->write_cache || d->command == WRITE_DMA_FUA_EXT ||
           d->command == WRITE_MULTIPLE_FUA_EXT;
}

static void all_is_written(struct ide_drive *d)
{
    if (!d->flushing && is_to_be_flushed(d)) {
        d->flushing = true;
        ide_submit(d);
        return;
    }
    d->flushing = false;
    ide_succeed(d);
}

static void written(struct ide_drive *d)
{
    if (!d->left) {
        all_is_written(d);
        return;
    }
    take_sectors(d);
    ide_interrupt(d);
}

static void read(struct ide_drive *d)
{
    d->at = 0;
    d->end = d->run * IDE_SECTOR;
    show_next(d);
}

static void verified(struct ide_drive *d)
{
    if (d->left)
        ide_submit(d);
    else
        ide_succeed(d);
}

/* The next run, or the end. */
static void go_on_by_dma(struct ide_drive *d)
{
    ide_master_advance(d->channel);
    if (d->left) {
        ide_submit(d);
        return;
    }
    if (d->phase != IDE_WRITE_DMA || !is_to_be_flushed(d))
        ide_master_end(d->channel, false);
    if (is_atapi(d))
        atapi_succeed(d);
    else if (d->phase == IDE_WRITE_DMA)
        all_is_written(d);
    else
        ide_succeed(d);
}

static void to_memory(struct ide_drive *d, const uint8_t *from, uint32_t size)
{
    enum ide_moved how = ide_master_to_memory(d->channel, from, size);
    if (how == IDE_MOVED)
        go_on_by_dma(d);
    else
        end_early(d, how);
}

static void read_cd(struct ide_drive *d)
{
    uint8_t *chunk = d->channel->chunk;
    uint32_t size = atapi_shape(d, chunk, d->sector - d->run, d->run);
    if (d->phase == ATAPI_READ_DMA) {
        to_memory(d, chunk, size);
        return;
    }
    memcpy(d->buffer, chunk, size);
    d->at = 0;
    d->end = size;
    show_next(d);
}

/* The drive's registers say which sector; a host that has no room is a fault of the device. */
static void fail(struct ide_drive *d, int error)
{
    bool writes = d->phase == IDE_WRITE || d->phase == IDE_WRITE_DMA;
    d->flushing = false;
    if (is_dma(d))
        ide_master_end(d->channel, false);
    if (is_atapi(d)) {
        atapi_fail_read(d, error);
        return;
    }
    ide_set_address(d, d->sector);
    if (d->phase == IDE_FLUSH || error == ENOSPC || error == EDQUOT || error == EFBIG)
        ide_fail(d, IDE_ABRT, IDE_DF);
    else if (error == EROFS || error == EPERM)
        ide_fail(d, IDE_ABRT | IDE_WP, 0);
    else
        ide_fail(d, writes ? IDE_IDNF : IDE_UNC, 0);
}

static void run_done(struct ide_drive *d)
{
    d->sector += d->run;
    d->left -= least(d->run, d->left);
    switch (d->phase) {
    case IDE_READ:
        read(d);
        break;
    case IDE_WRITE:
        written(d);
        break;
    case IDE_READ_DMA:
        to_memory(d, d->channel->chunk, d->run * IDE_SECTOR);
        break;
    case IDE_WRITE_DMA:
        go_on_by_dma(d);
        break;
    case IDE_VERIFY:
        verified(d);
        break;
    default:
        read_cd(d);
    }
}

static void disk_done(void *owner)
{
    struct ide_drive *d = owner;
    d->waiting = false;
    if (d->request.error) {
        fail(d, d->request.error);
        return;
    }
    if (d->flushing || d->phase == IDE_FLUSH) {
        if (d->phase == IDE_WRITE_DMA)
            ide_master_end(d->channel, false);
        d->flushing = false;
        ide_succeed(d);
        return;
    }
    run_done(d);
}

/* --- the bus master --- */

void ide_run_dma(struct ide_channel *c)
{
    for (unsigned i = 0; i < 2 && ide_master_runs(c); i++) {
        struct ide_drive *d = &c->drive[i];
        if (!is_dma(d) || d->waiting)
            continue;
        if (d->phase == ATAPI_REPLY_DMA)
            to_memory(d, d->buffer, d->end);
        else
            ide_submit(d);
    }
}
