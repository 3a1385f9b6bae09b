/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A floppy disk controller with its DMA channel, and a disk of 1.44 MB with noise in its drive. */
#ifndef TESTS_HW_I82077_FIXTURE_H
#define TESTS_HW_I82077_FIXTURE_H

#include "hw/disk/i82077.h"
#include "tests/hw/fake_disk.h"
#include "tests/hw/fixture.h"

/* A checked fixture. */
void fdc_setup(void);
void fdc_teardown(void);
enum { TRACK = 18, KIB_1440 = 2880 * 512, BUFFER = 0x20000 }; /* the latter is what DMA goes to */
extern struct timers *fdc_timers;
extern struct memory *fdc_memory;
extern struct i8237 fdc_dma[2];
extern struct i82077 fdc;
extern struct wire fdc_irq;
extern struct fake_disk fdc_disk;
extern uint8_t fdc_image[7680 * 512]; /* its bytes, and more for larger ones */

/* Registers. */
enum { DOR = 2, STATUS = 4, FIFO = 5 };
void fdc_out(unsigned offset, uint8_t value);
uint8_t fdc_in(unsigned offset);
void fdc_set_rate(uint8_t rate);
/* Time passes, and what the disk is asked for is done. */
void fdc_let_run(void);
/* A command's bytes. */
void fdc_send(const char *bytes, size_t count);
#define SEND(text) fdc_send(text, sizeof text - 1)
/* Its results, after a while, are these, and no more. */
void fdc_expect(const char *bytes, size_t count);
#define EXPECT(text) fdc_expect(text, sizeof text - 1)
/* SEEK, to its end. */
void fdc_seek(uint8_t track);

/* DMA of so many bytes, by a mode of the 8237's; that are read; that are written. */
void fdc_set_up_dma(uint8_t mode, unsigned count);
void fdc_dma_in(unsigned count);
void fdc_dma_out(unsigned count);
/* They are what a sector of the disk has. */
void fdc_expect_memory(unsigned sector, unsigned count);
/* Another disk, of so many bytes of the image. */
void fdc_insert(size_t size);

#endif
