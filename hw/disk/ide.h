/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An IDE channel with its two drives, disks and CD-ROM drives, and its half of a bus-master
 * function. ATA/ATAPI-6 (T13 1410D); Programming Interface for Bus Master IDE Controller, 1.0.
 *
 *   ide_init(&s->ide[0], 0, memory, irq);
 *   ide_attach(&s->ide[0], 0, disk, false);
 *   ports_add(ports, 0x1f0, 8, 4, ide_read, ide_write, &s->ide[0]);
 *   ports_add(ports, 0x3f6, 1, 1, ide_control_read, ide_control_write, &s->ide[0]);
 *
 * How a command goes (ide_transfer.c): its phase says what the data are and which way they go; a
 * request to the disk is under way, or the guest moves what is in the buffer. A request is nothing
 * that could be saved: restored, one that was under way is made again.
 */
#ifndef HW_IDE_H
#define HW_IDE_H

#include "hw/device.h"
#include "hw/disk/atapi.h"
#include "hw/host/disk.h"
#include "hw/irq.h"

#include <stdint.h>

struct memory;
struct pci_function;

enum { IDE_SECTOR = 512, IDE_MULTIPLE = 16, IDE_BUFFER = IDE_MULTIPLE * IDE_SECTOR };
enum { IDE_CHUNK = 128 * 1024 }; /* what DMA asks of the disk at once */

enum ide_status {
    IDE_ERR = 0x01,
    IDE_DRQ = 0x08,
    IDE_DSC = 0x10, /* seek complete */
    IDE_DF = 0x20,  /* device fault */
    IDE_DRDY = 0x40,
    IDE_BSY = 0x80
};
enum ide_error { IDE_ABRT = 0x04, IDE_IDNF = 0x10, IDE_UNC = 0x40, IDE_WP = 0x40 };

enum ide_phase {
    IDE_IDLE,
    IDE_REPLY,     /* the buffer goes to the guest: IDENTIFY DEVICE and others */
    IDE_TAKE,      /* ... comes from there: WRITE BUFFER */
    IDE_READ,      /* sectors, by PIO */
    IDE_WRITE,     /* likewise */
    IDE_READ_DMA,  /* sectors, by the bus master */
    IDE_WRITE_DMA, /* likewise */
    IDE_VERIFY,
    IDE_FLUSH,
    ATAPI_PACKET,    /* the command packet comes */
    ATAPI_REPLY,     /* the buffer goes to the guest */
    ATAPI_REPLY_DMA, /* likewise, by the bus master */
    ATAPI_READ,      /* blocks of a CD */
    ATAPI_READ_DMA,
    IDE_PHASES
};

/* Registers that are written twice for 48-bit numbers. */
struct ide_taskfile {
    uint8_t feature, count, low, mid, high;
};

struct ide_drive {
    struct ide_channel *channel;
    unsigned number; /* 0 to 3, of all that a PC has */
    bool present, cdrom;
    struct disk *disk; /* NULL: nothing is in it */
    struct disk_request request;
    struct ide_taskfile now, before;
    uint8_t device, status, error;
    uint8_t command;
    /* As the guest has set them. */
    uint16_t heads, sectors; /* for addresses of cylinder, head and sector */
    uint8_t multiple;        /* sectors a block; 0: not set */
    uint8_t mode;            /* SET FEATURES: 20h + n: multiword DMA, 40h + n: Ultra DMA */
    bool write_cache;
    bool standby;
    /* The command in progress. */
    uint8_t phase;
    bool waiting;  /* for the disk */
    bool flushing; /* ... to write through, behind a write */
    uint64_t sector;
    uint32_t left;  /* sectors or blocks that have not been asked of the disk, or brought there */
    uint32_t run;   /* those that are being */
    uint32_t block; /* most bytes between two interrupts */
    uint32_t at, stop, end; /* in the buffer: the next byte, the block's end, the data's end */
    uint8_t buffer[IDE_BUFFER];
    struct atapi atapi;
    struct irq_line tray; /* set when it has been opened, and low when it has been closed */
};

/* Where in a table of physical regions the bus master is. */
struct ide_prd {
    uint32_t next; /* the address of the next entry */
    uint32_t address, left;
    bool last;
};

struct ide_bus_master {
    struct memory *memory;
    const struct pci_function *pci; /* which may forbid it; NULL: nobody does */
    uint8_t command, status;
    uint32_t table;
    struct ide_prd prd;    /* behind what has been done */
    struct ide_prd behind; /* ... behind the run that the disk has */
};

struct ide_channel {
    struct irq_line irq;
    bool interrupt;  /* INTRQ, whether it is let through or not */
    uint8_t control; /* nIEN, SRST, HOB */
    uint8_t selected;
    struct ide_drive drive[2];
    struct ide_bus_master master;
    uint8_t chunk[IDE_CHUNK]; /* between the disk and memory */
};

void ide_init(struct ide_channel *c, unsigned number, struct memory *memory, struct irq_line irq);
/* `disk` is NULL for a CD-ROM drive that is empty. */
void ide_attach(struct ide_channel *c, unsigned slave, struct disk *disk, bool cdrom);
extern const struct device ide_device;

/* Command block, offsets 0 to 7; device control and alternate status. */
uint32_t ide_read(void *channel, uint32_t offset, unsigned size);
void ide_write(void *channel, uint32_t offset, uint32_t value, unsigned size);
uint32_t ide_control_read(void *channel, uint32_t offset, unsigned size);
void ide_control_write(void *channel, uint32_t offset, uint32_t value, unsigned size);
/* The bus master's, offsets 0 to 7. */
uint32_t ide_master_read(struct ide_channel *c, uint32_t offset);
void ide_master_write(struct ide_channel *c, uint32_t offset, uint8_t value);
/* The bus master has been started or allowed, or there is a command that wants it. */
void ide_run_dma(struct ide_channel *c);

#endif
