/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The DMA controllers. Section names are those of Intel's data sheet. */
#include "hw/bus/i8237.h"

#include "exec/memory.h"

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
enum { MEMORY_TO_MEMORY = 0x01, HOLD_ADDRESS = 0x02, DISABLED = 0x04, ROTATING = 0x10 };
enum { MODE_TYPE = 0x0c, TYPE_WRITE = 0x04, TYPE_READ = 0x08, MODE_AUTO = 0x10, MODE_DOWN = 0x20 };
enum { MODE_HOW = 0xc0, HOW_BLOCK = 0x80, HOW_CASCADE = 0xc0 };
enum { SOURCE = 0, DESTINATION = 1, NOBODY = 4, FLOATING = 0xff };

/* --- moving --- */

/* Where a channel's page register is among those of the PC/AT. */
static uint32_t page_of(const struct i8237 *s, unsigned channel)
{
    static const uint8_t pages[2][4] = {{0x7, 0x3, 0x1, 0x2}, {0xf, 0xb, 0x9, 0xa}};
    uint8_t page = s->pages->page[pages[s->shift][channel]];
    return (uint32_t)(s->shift ? page & 0xfe : page) << 16;
}

static uint32_t address_of(const struct i8237 *s, unsigned channel)
{
    return page_of(s, channel) + ((uint32_t)s->channel[channel].address << s->shift);
}

static unsigned unit(const struct i8237 *s)
{
    return 1u << s->shift;
}

/* "Mode Register": the illegal type moves nothing, either. */
static enum dma_direction direction_of(const struct i8237_channel *c)
{
    unsigned type = c->mode & MODE_TYPE;
    return type == TYPE_WRITE ? DMA_TO_MEMORY : type == TYPE_READ ? DMA_FROM_MEMORY : DMA_VERIFY;
}

/* At most so many units, without a wrap of the address in between. */
static unsigned piece_of(const struct i8237_channel *c, unsigned most)
{
    unsigned to_wrap = c->mode & MODE_DOWN ? c->address + 1u : 0x10000u - c->address;
    unsigned n = c->count + 1u;
    n = n < to_wrap ? n : to_wrap;
    return n < most ? n : most;
}

/* The order in memory of what goes downwards; units stay as they are. */
static void reverse(uint8_t *bytes, unsigned units, unsigned size)
{
    for (unsigned i = 0; i < units / 2; i++)
        for (unsigned k = 0; k < size; k++) {
            uint8_t *one = &bytes[i * size + k], *other = &bytes[(units - 1 - i) * size + k];
            uint8_t byte = *one;
            *one = *other;
            *other = byte;
        }
}

/* The lowest address of the next units. */
static uint32_t lowest_of(const struct i8237 *s, unsigned channel, unsigned units)
{
    uint32_t down = s->channel[channel].mode & MODE_DOWN ? (units - 1) << s->shift : 0;
    return address_of(s, channel) - down;
}

static void to_memory(struct i8237 *s, unsigned channel, uint8_t *bytes, unsigned units)
{
    if (s->channel[channel].mode & MODE_DOWN)
        reverse(bytes, units, unit(s));
    memory_copy_in(s->memory, lowest_of(s, channel, units), bytes, (size_t)units << s->shift);
}

static void from_memory(struct i8237 *s, unsigned channel, uint8_t *bytes, unsigned units)
{
    memory_copy_out(s->memory, bytes, lowest_of(s, channel, units), (size_t)units << s->shift);
    if (s->channel[channel].mode & MODE_DOWN)
        reverse(bytes, units, unit(s));
}

/* True at the terminal count: behind it the count is FFFFh, or that of the next time. */
static bool count_down(struct i8237_channel *c, unsigned units, bool holds)
{
    bool is_last = units == c->count + 1u;
    c->count -= (uint16_t)units;
    if (!holds)
        c->address += (uint16_t)(c->mode & MODE_DOWN ? -units : units);
    return is_last;
}

static void end(struct i8237 *s, unsigned channel)
{
    struct i8237_channel *c = &s->channel[channel];
    uint8_t bit = (uint8_t)(1u << channel);
    s->done |= bit;
    s->request &= (uint8_t)~bit;
    if (c->mode & MODE_AUTO) {
        c->address = c->base_address;
        c->count = c->base_count;
    } else {
        s->mask |= bit;
    }
    if (s->client[channel].terminal_count)
        s->client[channel].terminal_count(s->client[channel].chip);
}

/* "Request Register": for channels in block mode. */
static bool is_asked_by_guest(const struct i8237 *s, unsigned channel)
{
    return s->request & 1u << channel && (s->channel[channel].mode & MODE_HOW) == HOW_BLOCK;
}

/*
 * Asks the device for bytes, or gives it some; how many units it was. At the guest's request they
 * go on without it: what nobody drives floats.
 */
static unsigned exchange(struct i8237 *s, unsigned channel, uint8_t *bytes, unsigned units)
{
    const struct dma_client *client = &s->client[channel];
    size_t n = 0;
    if (client->transfer && s->dreq & 1u << channel)
        n = client->transfer(client->chip, direction_of(&s->channel[channel]), bytes,
                             (size_t)units << s->shift);
    n >>= s->shift;
    if (!is_asked_by_guest(s, channel))
        return (unsigned)n;
    memset(bytes + (n << s->shift), FLOATING, (units - n) << s->shift);
    return units;
}

/* False if the device has no more. */
static bool serve_device(struct i8237 *s, unsigned channel)
{
    enum { PIECE = 512 };
    struct i8237_channel *c = &s->channel[channel];
    uint8_t bytes[2 * PIECE];
    unsigned units = piece_of(c, PIECE);
    enum dma_direction direction = direction_of(c);
    if (direction == DMA_FROM_MEMORY)
        from_memory(s, channel, bytes, units);
    units = exchange(s, channel, bytes, units);
    if (direction == DMA_TO_MEMORY && units)
        to_memory(s, channel, bytes, units);
    if (units && count_down(c, units, false))
        end(s, channel);
    return units;
}

/* "Memory-to-Memory": by channels 0 and 1, as many bytes as the latter counts. */
static void move_memory(struct i8237 *s)
{
    struct i8237_channel *from = &s->channel[SOURCE], *to = &s->channel[DESTINATION];
    bool is_last;
    do {
        from_memory(s, SOURCE, &s->temporary, 1);
        uint8_t byte = s->temporary;
        to_memory(s, DESTINATION, &byte, 1);
        if (count_down(from, 1, s->command & HOLD_ADDRESS))
            from->count = from->mode & MODE_AUTO ? from->base_count : 0xffff;
        is_last = count_down(to, 1, false);
    } while (!is_last);
    s->request &= (uint8_t) ~(1u << SOURCE);
    s->dreq &= (uint8_t) ~(1u << SOURCE);
    end(s, DESTINATION);
}

/* --- whose turn it is --- */

static bool is_cascade(const struct i8237_channel *c)
{
    return (c->mode & MODE_HOW) == HOW_CASCADE;
}

/* "Cascade Mode": the other's request passes if this one lets it. */
static bool has_bus(const struct i8237 *s)
{
    const struct i8237 *m = s->master;
    return !(s->command & DISABLED) &&
           (!m || (!(m->command & DISABLED) && !(m->mask & 1) && is_cascade(&m->channel[0])));
}

/* A device's request can be masked; the guest's cannot. */
static bool is_asked(const struct i8237 *s, unsigned channel)
{
    bool by_device = s->dreq & ~s->mask & 1u << channel;
    return !is_cascade(&s->channel[channel]) && (by_device || is_asked_by_guest(s, channel));
}

static bool moves_memory(const struct i8237 *s)
{
    return s->command & MEMORY_TO_MEMORY && !s->shift;
}

static bool is_memory_asked(const struct i8237 *s)
{
    return moves_memory(s) && ((s->request | (s->dreq & ~s->mask)) & 1u << SOURCE);
}

/* NOBODY, or the channel of the highest priority that is asked for and not `idle`. */
static unsigned next_channel(const struct i8237 *s, unsigned idle)
{
    unsigned first = s->command & ROTATING ? s->lowest + 1u : 0;
    for (unsigned i = 0; i < 4; i++) {
        unsigned channel = (first + i) & 3;
        bool is_memory = moves_memory(s) && channel <= DESTINATION;
        if (!is_memory && is_asked(s, channel) && !(idle & 1u << channel))
            return channel;
    }
    return NOBODY;
}

static void serve(struct i8237 *s)
{
    unsigned channel, idle = 0;
    if (s->is_serving)
        return;
    s->is_serving = true;
    if (has_bus(s) && is_memory_asked(s))
        move_memory(s);
    while (has_bus(s) && (channel = next_channel(s, idle)) != NOBODY) {
        s->lowest = (uint8_t)channel;
        if (!serve_device(s, channel))
            idle |= 1u << channel;
    }
    s->is_serving = false;
}

void i8237_request(void *chip, unsigned channel, bool level)
{
    struct i8237 *s = chip;
    uint8_t bit = (uint8_t)(1u << channel);
    s->dreq = level ? s->dreq | bit : s->dreq & (uint8_t)~bit;
    if (level)
        serve(s);
}

void i8237_connect(struct i8237 *s, unsigned channel, const struct dma_client *client)
{
    s->client[channel] = *client;
}

/* --- registers --- */

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
    s->command = s->request = s->done = s->temporary = 0;
    s->mask = 0x0f;
    s->lowest = 3;
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
    serve(s);
    if (s->slave)
        serve(s->slave);
}

static uint8_t read_status(struct i8237 *s)
{
    uint8_t done = s->done;
    s->done = 0;
    return (uint8_t)((s->request | s->dreq) << 4 | done);
}

uint32_t i8237_read(void *device, uint32_t offset, unsigned size)
{
    (void)size;
    struct i8237 *s = device;
    unsigned reg = offset >> s->shift & 15;
    if (reg < STATUS_COMMAND)
        return read_channel(s, reg);
    if (reg == STATUS_COMMAND)
        return read_status(s);
    if (reg == ALL_MASK)
        return 0xf0u | s->mask; /* as the 82371SB has it; the 8237A cannot be asked */
    return reg == MASTER_CLEAR ? s->temporary : FLOATING;
}

void i8237_init(struct i8237 s[2], struct memory *memory, const struct dma_pages *pages)
{
    for (unsigned i = 0; i < 2; i++) {
        s[i] = (struct i8237){.shift = i, .memory = memory, .pages = pages};
        i8237_reset(&s[i]);
    }
    s[0].master = &s[1];
    s[1].slave = &s[0];
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
    {STATE(i8237, mask), .most = 15},
    {STATE(i8237, request), .most = 15},
    {STATE(i8237, dreq), .most = 15},
    {STATE(i8237, done), .most = 15},
    {STATE(i8237, lowest), .most = 3},
    {STATE(i8237, temporary)},
    {STATE(i8237, high)},
    {NOT_STATE(i8237, is_serving)},
    {NOT_STATE(i8237, shift)},
    {NOT_STATE(i8237, memory)},
    {NOT_STATE(i8237, pages)},
    {NOT_STATE(i8237, master)},
    {NOT_STATE(i8237, slave)},
    {NOT_STATE(i8237, client)},
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
