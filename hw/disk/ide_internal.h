/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the files of hw/ide*.c and hw/atapi*.c. */
#ifndef HW_IDE_INTERNAL_H
#define HW_IDE_INTERNAL_H

#include "hw/disk/ide.h"

/* --- ide.c --- */

void ide_interrupt(struct ide_drive *d);
/* The signature that a drive of its kind has after a reset, and the outcome of its self-test. */
void ide_set_signature(struct ide_drive *d);
/* Ends a command, with an interrupt: in order; with an error, and what else is in the status. */
void ide_succeed(struct ide_drive *d);
void ide_fail(struct ide_drive *d, uint8_t error, uint8_t status);
static inline void ide_abort(struct ide_drive *d)
{
    ide_fail(d, IDE_ABRT, 0);
}

/* --- ide_command.c --- */

void ide_execute(struct ide_drive *d, uint8_t command);

/* --- ide_address.c --- */

uint64_t ide_sectors(const struct ide_drive *d);
bool ide_is_48_bit(uint8_t command);
/* The command's first sector, and how many; false if they are not on the disk. */
bool ide_get_range(struct ide_drive *d);
/* Writes a number of a sector into the registers in the way the guest addresses. */
void ide_set_address(struct ide_drive *d, uint64_t sector);
void ide_set_lba(struct ide_drive *d, uint64_t sector, bool is_48_bit);

/* --- ide_identify.c --- */

void ide_identify(const struct ide_drive *d, uint8_t *to);
void ide_identify_packet(const struct ide_drive *d, uint8_t *to);

/* --- ide_transfer.c --- */

/* Forgets what is under way. */
void ide_withdraw(struct ide_drive *d);
/* The buffer's first `size` bytes go to the guest, or come from it. */
void ide_reply(struct ide_drive *d, uint32_t size);
void ide_take(struct ide_drive *d, uint32_t size);
/* Sectors, by a phase that says how. */
void ide_start(struct ide_drive *d, enum ide_phase phase, uint32_t block);
/* The guest has reached the end of a block of data. */
void ide_block_done(struct ide_drive *d);
/* Asks the disk for what the phase and its position say; again, if it is waiting already. */
void ide_submit(struct ide_drive *d);
/* Shows the guest bytes up to `stop`. */
void ide_show(struct ide_drive *d, uint32_t stop);

/* --- ide_master.c --- */

void ide_master_reset(struct ide_bus_master *m);
bool ide_master_runs(const struct ide_channel *c);
enum ide_moved { IDE_MOVED, IDE_TOO_SHORT, IDE_NO_MEMORY };
/* Moves bytes, and sets `behind`. */
enum ide_moved ide_master_to_memory(struct ide_channel *c, const uint8_t *from, uint32_t size);
enum ide_moved ide_master_from_memory(struct ide_channel *c, uint8_t *to, uint32_t size);
/* What has been moved last is done with. */
void ide_master_advance(struct ide_channel *c);
/* The drive has nothing more for it, or cannot go on. */
void ide_master_end(struct ide_channel *c, bool error);

/* --- atapi.c --- */

void atapi_reset(struct ide_drive *d);
/* The packet is in the buffer. */
void atapi_execute(struct ide_drive *d);
/* A command's data have all gone. */
void atapi_succeed(struct ide_drive *d);
void atapi_fail(struct ide_drive *d, uint8_t key, uint16_t code);
/* The host's error. */
void atapi_fail_read(struct ide_drive *d, int error);
/* Blocks that have come from the disk, in the form that the guest wants: how many bytes. */
uint32_t atapi_blocks(const struct ide_drive *d);
uint32_t atapi_shape(struct ide_drive *d, uint8_t *blocks, uint64_t first, uint32_t count);

#endif
