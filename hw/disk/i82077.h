/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The 82077AA floppy disk controller, wired as in a PC/AT: ports 3F0h to 3F5h and 3F7h, IRQ 6, DMA
 * channel 2, two drives. Intel 82077AA data sheet (290166).
 *
 *   i82077_init(&fdc, timers, irq, dreq);
 *   floppy_init(&fdc.unit[0].drive, disk);
 *   i8237_connect(&dma, 2, &client);          client being i82077_dma(&fdc)
 *
 * What a drive's mechanics take is short here, but it is never nothing: a guest may count on an
 * interrupt that does not come before its instruction has ended.
 */
#ifndef HW_I82077_H
#define HW_I82077_H

#include "hw/bus/i8237.h"
#include "hw/disk/floppy.h"
#include "hw/irq.h"
#include "hw/timer.h"

enum { I82077_UNITS = 4, I82077_DRIVES = 2, I82077_BYTES = 16 };

enum i82077_phase { I82077_COMMAND, I82077_EXECUTION, I82077_RESULT };

/* Of a transfer, what it waits for. */
enum i82077_wait {
    I82077_NOTHING,
    I82077_HEAD, /* the sector to come by, at the end of the timer */
    I82077_READING,
    I82077_HOST, /* to take bytes, or give some */
    I82077_GAP,  /* the end of a sector, likewise: by then the terminal count has been seen */
    I82077_WRITING
};

/* A drive's place on the cable; two of them have no drive. */
struct i82077_unit {
    struct i82077 *controller;
    struct floppy_drive drive;
    struct timer seek;
    uint8_t pcn;       /* present cylinder number, as the controller counts */
    uint8_t interrupt; /* ST0 for SENSE INTERRUPT STATUS; 0: it has nothing to say */
    uint8_t seek_end;  /* ST0 at the seek's end */
    bool is_seeking;
};

struct i82077 {
    struct i82077_unit unit[I82077_UNITS];
    struct irq_line irq, dreq;
    uint8_t dor, tdr, dsr; /* with the rate that the CCR has set */
    enum i82077_phase phase;
    uint8_t byte[I82077_BYTES]; /* the command's, then the result's */
    unsigned have, want;        /* of them; in the result phase the next, and how many */
    bool raised;                /* the interrupt, ahead of the DOR's gate */
    /*
     * The owner's: commands find their track and the disk's rate by themselves. Bochs's BIOS counts
     * on it, which neither seeks nor sets a rate.
     */
    bool lenient;

    uint8_t specify[2], configure[2], perpendicular; /* as those commands set them */
    uint8_t last_sectors;                            /* EOT or SC of the last command */
    bool locked;

    /* The transfer under way. */
    enum i82077_wait wait;
    struct timer timer;
    struct disk_request request;
    uint8_t st1, st2;
    uint8_t cylinder, head, sector; /* the ID that is looked for */
    uint8_t side;
    uint8_t left;     /* FORMAT, READ TRACK, VERIFY: sectors to come, this one among them */
    uint8_t compared; /* SCAN: what holds for all bytes of the sector so far */
    bool done;        /* the host has enough: TC */
    uint16_t at;      /* of the sector's bytes, the next */
    uint8_t data[FLOPPY_SECTOR];
};

void i82077_init(struct i82077 *s, struct timers *timers, struct irq_line irq,
                 struct irq_line dreq);
/* RESET. */
void i82077_reset(void *device);
extern const struct device i82077_device;
struct dma_client i82077_dma(struct i82077 *s);
/* 3F0h to 3F5h; 3F7h, which has neighbours of another chip. */
uint32_t i82077_read(void *device, uint32_t offset, unsigned size);
void i82077_write(void *device, uint32_t offset, uint32_t value, unsigned size);
uint32_t i82077_read_dir(void *device, uint32_t offset, unsigned size);
void i82077_write_rate(void *device, uint32_t offset, uint32_t value, unsigned size);

/*
 * Takes out what is in a drive, which nobody uses from then on, and puts something else in, or
 * nothing (NULL). False, and the drive is empty, if there is no such drive or no floppy has the
 * size of that disk.
 */
bool i82077_change(struct i82077 *s, unsigned drive, struct disk *disk);

/* --- between its files --- */

/* In the command's bytes. */
enum { I82077_MT = 0x80, I82077_MFM = 0x40, I82077_SK = 0x20, I82077_OPCODE = 0x1f };
/* ST0: seek end, equipment check, how it ended. */
enum { ST0_SEEK_END = 0x20, ST0_NO_TRACK_0 = 0x10, ST0_ABNORMAL = 0x40, ST0_INVALID = 0x80 };

struct i82077_unit *i82077_unit(struct i82077 *s);
void i82077_raise(struct i82077 *s, bool level);
/* The result phase begins: `count` of s->byte. */
void i82077_result(struct i82077 *s, unsigned count);
/* Moves the head of a drive to where implied seeks want it. */
void i82077_move_to(struct i82077_unit *u, uint8_t cylinder);

/* Commands whose bytes are all there (i82077_transfer.c). */
void i82077_begin_transfer(struct i82077 *s);
/* Stops it, whatever it waits for. */
void i82077_stop_transfer(struct i82077 *s);
/* Without DMA: the byte that the host reads or writes in the execution phase. */
bool i82077_gives(const struct i82077 *s);
uint8_t i82077_give(struct i82077 *s);
void i82077_take(struct i82077 *s, uint8_t byte);
/* Its state has come from elsewhere. */
void i82077_restore_transfer(struct i82077 *s);
void i82077_init_transfer(struct i82077 *s, struct timers *timers);

#endif
