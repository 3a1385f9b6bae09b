/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The two 8237A DMA controllers and their page registers: all that a guest can write and read
 * back. Channels 0..3 move bytes (ports 00h..0Fh), 4..7 words (C0h..DFh, every second port).
 * Intel 8237A data sheet (231466).
 */
#ifndef HW_I8237_H
#define HW_I8237_H

#include "hw/device.h"

#include <stdbool.h>
#include <stdint.h>

struct i8237_channel {
    uint16_t base_address, address;
    uint16_t base_count, count;
    uint8_t mode;
};

struct i8237 {
    struct i8237_channel channel[4];
    uint8_t command, request, mask;
    bool high;      /* the first/last flip-flop: the high byte is next */
    unsigned shift; /* of a port's offset, to a register's number */
};

void i8237_init(struct i8237 *s, unsigned shift);
/* RESET and Master Clear. */
void i8237_reset(void *device);
extern const struct device i8237_device;
uint32_t i8237_read(void *device, uint32_t offset, unsigned size);
void i8237_write(void *device, uint32_t offset, uint32_t value, unsigned size);

/* 80h..8Fh; the first is the POST code's. RESET leaves them as they are. */
struct dma_pages {
    uint8_t page[16];
};
extern const struct device dma_pages_device;
uint32_t dma_pages_read(void *device, uint32_t offset, unsigned size);
void dma_pages_write(void *device, uint32_t offset, uint32_t value, unsigned size);

#endif
