/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The two 8237A DMA controllers and their page registers. Channels 0..3 move bytes (ports
 * 00h..0Fh), 4..7 words (C0h..DFh, every second port); the first controller asks for the bus by
 * channel 4. Intel 8237A data sheet (231466).
 *
 *   i8237_connect(&dma, 2, &client);      a device's end of channel 2
 *   i8237_request(&dma, 2, true);         DREQ: client.transfer is called, now or when it can be
 *
 * A transfer takes no time: as much is moved at once as the device has and the count allows.
 */
#ifndef HW_I8237_H
#define HW_I8237_H

#include "hw/device.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct memory;

enum dma_direction { DMA_VERIFY, DMA_TO_MEMORY, DMA_FROM_MEMORY };

/* Who answers DACK of a channel. */
struct dma_client {
    void *chip;
    /*
     * From the device or for it, as the guest has set up the channel, which may not be what the
     * device is about. Returns how many bytes of at most `size` it was; of a word channel's an even
     * number. To verify, they are as if read, and go nowhere. The device may drop its request.
     */
    size_t (*transfer)(void *chip, enum dma_direction direction, uint8_t *bytes, size_t size);
    void (*terminal_count)(void *chip); /* TC came with the last of them */
};

struct i8237_channel {
    uint16_t base_address, address;
    uint16_t base_count, count;
    uint8_t mode;
};

struct i8237 {
    struct i8237_channel channel[4];
    uint8_t command, mask;
    uint8_t request; /* by the guest */
    uint8_t dreq;    /* by devices */
    uint8_t done;    /* those that have reached their terminal count */
    uint8_t lowest;  /* with rotating priority: the channel that was served last */
    uint8_t temporary;
    bool high;       /* the first/last flip-flop: the high byte is next */
    bool is_serving; /* on the host's stack */
    unsigned shift;  /* of a port's offset, to a register's number; of an address, to bytes */
    struct memory *memory;
    const struct dma_pages *pages;
    const struct i8237 *master; /* whose channel 0 leads to the bus, or NULL */
    struct i8237 *slave;        /* the one behind this one's channel 0, or NULL */
    struct dma_client client[4];
};

/* 80h..8Fh; the first is the POST code's. RESET leaves them as they are. */
struct dma_pages {
    uint8_t page[16];
};

/* Both: bytes, then words. */
void i8237_init(struct i8237 s[2], struct memory *memory, const struct dma_pages *pages);
/* RESET and Master Clear. */
void i8237_reset(void *device);
extern const struct device i8237_device;
uint32_t i8237_read(void *device, uint32_t offset, unsigned size);
void i8237_write(void *device, uint32_t offset, uint32_t value, unsigned size);

/* Copied. */
void i8237_connect(struct i8237 *s, unsigned channel, const struct dma_client *client);
/* DREQ; a struct irq_line can lead here. */
void i8237_request(void *chip, unsigned channel, bool level);

extern const struct device dma_pages_device;
uint32_t dma_pages_read(void *device, uint32_t offset, unsigned size);
void dma_pages_write(void *device, uint32_t offset, uint32_t value, unsigned size);

#endif
