/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Disks of INT 13h, and what drives them. Functions return the status of INT 13h (IBM PS/2 and PC
 * BIOS Interface Technical Reference; EDD-3).
 */
#ifndef BIOS_DISK_H
#define BIOS_DISK_H

#include "bios/lib/ebda.h"

enum disk_status {
    DISK_OK = 0x00,
    DISK_BAD_COMMAND = 0x01,
    DISK_NO_ADDRESS_MARK = 0x02,
    DISK_WRITE_PROTECTED = 0x03,
    DISK_NOT_FOUND = 0x04,
    DISK_CHANGED = 0x06,
    DISK_DMA_OVERRUN = 0x08,
    DISK_DMA_BOUNDARY = 0x09,
    DISK_NO_MEDIA_TYPE = 0x0c,
    DISK_BAD_DATA = 0x10,
    DISK_CONTROLLER = 0x20,
    DISK_SEEK = 0x40,
    DISK_TIMEOUT = 0x80,
    DISK_NOT_READY = 0xaa,
    DISK_NOT_LOCKED = 0xb0,
    DISK_LOCKED = 0xb1,
    DISK_NOT_REMOVABLE = 0xb2,
    DISK_LOCKS_EXHAUSTED = 0xb4,
};

/* Memory for data: where far pointers reach; or, if it is not 0, beyond that, by its address. */
struct place {
    struct far at;
    u32 above;
};

enum disk_action { DISK_READ, DISK_WRITE, DISK_VERIFY };

/* A transfer; `count` is then what has been done. */
struct transfer {
    enum disk_action action;
    u64 lba;
    u16 count;
    struct place buffer;
};

/* What POST calls: looks for drives, fills in ebda.drive and numbers disks and CDs. */
void disks_detect(void);
enum disk_status disk_transfer(const struct drive *drive, struct transfer *t);
enum disk_status disk_reset(const struct drive *drive);
/* Assisted by LBA: what INT 13h calls cylinders, heads and sectors. */
struct geometry disk_geometry(u64 sectors);
/* The same as the drive has them, in at most 1024 cylinders. */
struct geometry disk_untranslated(struct geometry physical);
u32 place_linear(struct place p);
struct place place_forward(struct place p, u32 bytes);
/* Data of a drive's port, by the EBDA where far pointers do not reach. */
void place_from_port(struct place to, u16 port, u16 words);
void place_to_port(struct place from, u16 port, u16 words);
/* In virtual-8086 mode addresses may be others than those on the bus. */
bool in_real_mode(void);

/* At the IDE channels. */
void ata_detect(void);
enum disk_status ata_transfer(const struct drive *drive, struct transfer *t);
enum disk_status ata_reset(const struct drive *drive);

/* Those that POST has found in PCI: virtio.c. */
void virtio_detect(void);
enum disk_status virtio_transfer(const struct drive *drive, struct transfer *t);
enum disk_status virtio_reset(void);

/*
 * A packet command that reads; `bytes` is how much is expected, of which `skip` in front and all
 * behind `want` are thrown away.
 */
struct packet {
    u8 command[12];
    u32 bytes, skip, want;
    struct place buffer;
};
enum disk_status atapi_command(const struct drive *drive, const struct packet *p);
/* Blocks of 2048 bytes. */
enum disk_status atapi_read(const struct drive *drive, struct transfer *t);
/* The first bytes, an even number, of a block. */
enum disk_status atapi_read_head(const struct drive *drive, u32 lba, void *to, u16 bytes);
/* 512-byte sectors of a CD, for emulated disks. */
enum disk_status atapi_read_sectors(const struct drive *drive, struct transfer *t);
/* Waits until there is a medium that can be read. */
enum disk_status atapi_ready(const struct drive *drive);
enum disk_status atapi_eject(const struct drive *drive);
enum disk_status atapi_prevent(const struct drive *drive, bool prevent);

/* Programs registers for a command of `drive` after it is idle; false: it stays busy. */
bool ata_select(const struct drive *drive);
/* Waits for the end of BSY; returns the status, or -1. */
int ata_wait(const struct drive *drive);
/* Bus-master transfer of a command that has not been issued yet; false: by PIO. */
bool ata_dma_prepare(const struct drive *drive, bool write, struct place buffer, u32 bytes);
enum disk_status ata_dma_run(const struct drive *drive, bool write);

/* INT 13h, 41h to 4Eh, of disks and CDs (edd.c). */
void edd_disk(struct regs *r, const struct drive *drive);
void edd_cd(struct regs *r, const struct drive *drive);
/* Sets AH, CF and where the last status is kept. */
void disk_end(struct regs *r, enum disk_status status);

/* ATA registers, from the channel's base. */
enum {
    ATA_DATA,
    ATA_FEATURES,
    ATA_COUNT,
    ATA_LBA_LOW,
    ATA_LBA_MID,
    ATA_LBA_HIGH,
    ATA_DEVICE,
    ATA_COMMAND,
    ATA_STATUS = ATA_COMMAND,
    ATA_ERROR = ATA_FEATURES,

    ATA_BSY = 0x80,
    ATA_DRDY = 0x40,
    ATA_DF = 0x20,
    ATA_DRQ = 0x08,
    ATA_ERR = 0x01,

    ATA_CONTROL_RESET = 0x0e,
    ATA_CONTROL_NO_IRQ = 0x0a,
};

#endif
