/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See ioapic.h. Register names are the data sheet's. */
#include "hw/intc/ioapic.h"

#include "exec/exec.h"
#include "exec/memory.h"

#include <string.h>

enum { REGION_SIZE = 4096, IOREGSEL = 0x00, IOWIN = 0x10 };
enum { IOAPICID, IOAPICVER, IOAPICARB, IOREDTBL = 0x10 };
enum { VERSION = 0x11 | (IOAPIC_PINS - 1) << 16 };
enum {
    MODE_SHIFT = 8,
    LOGICAL = 0x0800,
    REMOTE_IRR = 0x4000,
    LEVEL = 0x8000,
    MASKED = 0x10000,
    WRITABLE_LOW = 0x1afff,
};
#define WRITABLE ((uint64_t)0xff << 56 | WRITABLE_LOW)

/* Vectors alone are asked for by levels: "Delivery Mode" of the others is by edges. */
static bool is_level(uint64_t entry)
{
    return entry & LEVEL && (entry >> MODE_SHIFT & 7) <= APIC_LOWEST_PRIORITY;
}

/* False: nobody has accepted it. */
static bool send(const struct ioapic *s, unsigned pin)
{
    uint64_t entry = s->entry[pin];
    const struct apic_message m = {
        .destination = (uint8_t)(entry >> 56),
        .logical = entry & LOGICAL,
        .level = is_level(entry),
        .mode = entry >> MODE_SHIFT & 7,
        .vector = (uint8_t)entry,
    };
    return apic_bus_send(s->bus, &m, NULL);
}

/* One that is a level, and asserted, is sent again once its end has been told. */
static void look_at(struct ioapic *s, unsigned pin)
{
    uint64_t *entry = &s->entry[pin];
    if (s->line >> pin & 1 && is_level(*entry) && !(*entry & (MASKED | REMOTE_IRR)) && send(s, pin))
        *entry |= REMOTE_IRR;
}

/* An edge on an input that is masked is lost ("Interrupt Mask"). */
void ioapic_set(void *chip, unsigned pin, bool level)
{
    struct ioapic *s = chip;
    uint32_t bit = 1u << pin;
    bool rises = level && !(s->line & bit);
    s->line = level ? s->line | bit : s->line & ~bit;
    if (rises && !is_level(s->entry[pin]) && !(s->entry[pin] & MASKED))
        send(s, pin);
    look_at(s, pin);
}

bool ioapic_brings(const struct ioapic *s, unsigned pin, uint8_t vector)
{
    return !(s->entry[pin] & MASKED) && (uint8_t)s->entry[pin] == vector;
}

static void ended(void *chip, uint8_t vector)
{
    struct ioapic *s = chip;
    for (unsigned pin = 0; pin < IOAPIC_PINS; pin++)
        if (s->entry[pin] & REMOTE_IRR && (uint8_t)s->entry[pin] == vector) {
            s->entry[pin] &= ~(uint64_t)REMOTE_IRR;
            look_at(s, pin);
        }
}

/* --- registers --- */

static uint32_t read_register(const struct ioapic *s)
{
    unsigned at = s->select - IOREDTBL;
    if (at < 2 * IOAPIC_PINS)
        return (uint32_t)(s->entry[at / 2] >> 32 * (at & 1));
    switch (s->select) {
    case IOAPICID:
    case IOAPICARB:
        return (uint32_t)s->id << 24;
    case IOAPICVER:
        return VERSION;
    default:
        return 0;
    }
}

/* Remote IRR is of levels: an edge has none, which is how systems clear it without an end. */
static void write_entry(struct ioapic *s, unsigned pin, unsigned half, uint32_t value)
{
    uint64_t mask = (half ? (uint64_t)UINT32_MAX << 32 : UINT32_MAX) & WRITABLE;
    uint64_t *entry = &s->entry[pin];
    *entry = (*entry & ~mask) | ((uint64_t)value << 32 * half & mask);
    if (!is_level(*entry))
        *entry &= ~(uint64_t)REMOTE_IRR;
    look_at(s, pin);
}

static void write_register(struct ioapic *s, uint32_t value)
{
    unsigned at = s->select - IOREDTBL;
    if (at < 2 * IOAPIC_PINS)
        write_entry(s, at / 2, at & 1, value);
    else if (s->select == IOAPICID)
        s->id = value >> 24 & 0xf;
}

static uint32_t read(void *chip, uint32_t offset, unsigned size)
{
    const struct ioapic *s = chip;
    unsigned within = offset & 3;
    uint32_t value = (offset & ~3u) == IOREGSEL ? s->select
                     : (offset & ~3u) == IOWIN  ? read_register(s)
                                                : 0;
    (void)size;
    return value >> 8 * within;
}

static void write(void *chip, uint32_t offset, uint32_t value, unsigned size)
{
    struct ioapic *s = chip;
    if (offset == IOREGSEL)
        s->select = (uint8_t)value;
    else if (offset == IOWIN && size == 4)
        write_register(s, value);
    else
        log_if(LOG_GUEST_ERRORS, "ioapic: write of %u bytes to %03x\n", size, offset);
}

/* --- the whole --- */

static void reset(void *chip)
{
    struct ioapic *s = chip;
    s->select = s->id = 0;
    for (unsigned pin = 0; pin < IOAPIC_PINS; pin++)
        s->entry[pin] = MASKED;
}

bool ioapic_init(struct ioapic *s, struct apic_bus *bus, struct memory *memory)
{
    memset(s, 0, sizeof *s);
    s->bus = bus;
    apic_bus_add_io(bus, (struct apic_end){ended, s});
    reset(s);
    return memory_map_io(memory, (uint32_t)IOAPIC_BASE, REGION_SIZE, read, write, s);
}

static const struct state_field fields[] = {
    {NOT_STATE(ioapic, bus)}, {STATE(ioapic, select)},      {STATE(ioapic, id)},
    {STATE(ioapic, line)},    {STATE_ARRAY(ioapic, entry)}, {0},
};
static const struct state_table state = STATE_TABLE(ioapic, 1, fields);
const struct device ioapic_device = {.name = "ioapic", .reset = reset, .state = &state};
