/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The DMA controllers' registers; no device of this machine requests a transfer. */
#include "hw/i8237.h"

#include <string.h>

enum {
    STATUS_COMMAND = 8,
    REQUEST = 9,
    SINGLE_MASK = 10,
    MODE = 11,
    CLEAR_FLIP_FLOP = 12,
    MASTER_CLEAR = 13,
    CLEAR_MASK = 14,
    ALL_MASK = 15,
};

static void write_half(uint16_t *word, bool high, uint8_t value)
{
    *word = high ? (uint16_t)(value << 8) | (*word & 0xff) : (*word & 0xff00) | value;
}

static void write_channel(struct i8237 *s, unsigned reg, uint8_t value)
{
    struct i8237_channel *c = &s->channel[reg >> 1];
    bool count = reg & 1;
    write_half(count ? &c->base_count : &c->base_address, s->high, value);
    write_half(count ? &c->count : &c->address, s->high, value);
    s->high = !s->high;
}

static uint8_t read_channel(struct i8237 *s, unsigned reg)
{
    const struct i8237_channel *c = &s->channel[reg >> 1];
    uint16_t word = reg & 1 ? c->count : c->address;
    bool high = s->high;
    s->high = !high;
    return (uint8_t)(high ? word >> 8 : word);
}

static void set_bit(uint8_t *bits, uint8_t value)
{
    uint8_t bit = (uint8_t)(1u << (value & 3));
    *bits = value & 4 ? *bits | bit : *bits & (uint8_t)~bit;
}

void i8237_reset(void *device)
{
    struct i8237 *s = device;
    s->command = s->request = 0;
    s->mask = 0x0f;
    s->high = false;
}

static void write_register(struct i8237 *s, unsigned reg, uint8_t value)
{
    switch (reg) {
    case STATUS_COMMAND:
        s->command = value;
        break;
    case REQUEST:
        set_bit(&s->request, value);
        break;
    case SINGLE_MASK:
        set_bit(&s->mask, value);
        break;
    case MODE:
        s->channel[value & 3].mode = value & 0xfc;
        break;
    case CLEAR_FLIP_FLOP:
        s->high = false;
        break;
    case MASTER_CLEAR:
        i8237_reset(s);
        break;
    case CLEAR_MASK:
        s->mask = 0;
        break;
    case ALL_MASK:
        s->mask = value & 0x0f;
        break;
    default:
        write_channel(s, reg, value);
    }
}

void i8237_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    (void)size;
    struct i8237 *s = device;
    write_register(s, offset >> s->shift & 15, (uint8_t)value);
}

uint32_t i8237_read(void *device, uint32_t offset, unsigned size)
{
    (void)size;
    struct i8237 *s = device;
    unsigned reg = offset >> s->shift & 15;
    if (reg < STATUS_COMMAND)
        return read_channel(s, reg);
    if (reg == STATUS_COMMAND)
        return (uint32_t)s->request << 4; /* no channel ever reaches its terminal count */
    if (reg == ALL_MASK)
        return 0xf0u | s->mask;            /* as the 82371SB has it; the 8237A cannot be asked */
    return reg == MASTER_CLEAR ? 0 : 0xff; /* the temporary register */
}

void i8237_init(struct i8237 *s, unsigned shift)
{
    memset(s, 0, sizeof *s);
    s->shift = shift;
    i8237_reset(s);
}

uint32_t dma_pages_read(void *device, uint32_t offset, unsigned size)
{
    (void)size;
    struct dma_pages *s = device;
    return s->page[offset & 15];
}

void dma_pages_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    (void)size;
    struct dma_pages *s = device;
    s->page[offset & 15] = (uint8_t)value;
}

/* --- state --- */

static const struct state_field channel_fields[] = {
    {STATE(i8237_channel, base_address)}, {STATE(i8237_channel, address)},
    {STATE(i8237_channel, base_count)},   {STATE(i8237_channel, count)},
    {STATE(i8237_channel, mode)},         {0},
};
static const struct state_table channel_state = STATE_TABLE(i8237_channel, 1, channel_fields);

static const struct state_field fields[] = {
    {STATE_ARRAY_OF(i8237, channel, &channel_state)},
    {STATE(i8237, command)},
    {STATE(i8237, request)},
    {STATE(i8237, mask)},
    {STATE(i8237, high)},
    {NOT_STATE(i8237, shift)},
    {0},
};
static const struct state_table state = STATE_TABLE(i8237, 1, fields);
const struct device i8237_device = {.name = "i8237", .reset = i8237_reset, .state = &state};

static const struct state_field page_fields[] = {
    {STATE_ARRAY(dma_pages, page)},
    {0},
};
static const struct state_table page_state = STATE_TABLE(dma_pages, 1, page_fields);
const struct device dma_pages_device = {.name = "dma-pages", .state = &page_state};
