/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 8259A pair. Section names are those of Intel's data sheet. */
#include "hw/intc/i8259.h"

#include <string.h>

enum { MASTER, SLAVE, CASCADE = 2, SPURIOUS = 7 };

enum { ICW1 = 0x10, ICW1_ICW4 = 0x01, ICW1_SINGLE = 0x02 };
enum { ICW4_AUTO_EOI = 0x02, ICW4_FULLY_NESTED = 0x10 };
enum { OCW3 = 0x08, OCW3_READ_ISR = 0x01, OCW3_READ = 0x02, OCW3_POLL = 0x04 };
enum { OCW3_SPECIAL = 0x20, OCW3_SET_SPECIAL = 0x40 };
enum { OCW2_EOI = 0x20, OCW2_SPECIFIC = 0x40, OCW2_ROTATE = 0x80 };

/* Timer, keyboard, cascade, clock and numeric errors cannot be made level-triggered. */
static const uint8_t elcr_writable[2] = {0xf8, 0xde};

static uint8_t chip_irr(const struct i8259_chip *c)
{
    return c->line & (c->latch | c->level);
}

/*
 * The input to be served next, -1 if none. An input whose interrupt is in service blocks itself
 * and all below ("Fully Nested Mode"), with two exceptions: in special mask mode a masked one
 * blocks nothing; in special fully nested mode a slave in service may interrupt again.
 */
static int chip_pending(const struct i8259_chip *c)
{
    uint8_t requests = chip_irr(c) & (uint8_t)~c->imr;
    uint8_t in_service = c->special_mask ? c->isr & (uint8_t)~c->imr : c->isr;
    if (!requests)
        return -1;
    for (unsigned i = 1; i <= 8; i++) {
        unsigned input = (c->lowest + i) & 7, bit = 1u << input;
        bool again = c->fully_nested && input == CASCADE;
        if ((requests & bit) && (!(in_service & bit) || again))
            return (int)input;
        if (in_service & bit)
            return -1;
    }
    return -1;
}

static void chip_take(struct i8259_chip *c, int input)
{
    uint8_t bit = (uint8_t)(1u << input);
    c->latch &= (uint8_t)~bit;
    if (!c->auto_eoi)
        c->isr |= bit;
    else if (c->rotate_auto_eoi)
        c->lowest = (uint8_t)input;
}

static void chip_set(struct i8259_chip *c, unsigned input, bool level)
{
    uint8_t bit = (uint8_t)(1u << input);
    if (level) {
        c->latch |= bit & (uint8_t)~c->line;
        c->line |= bit;
    } else {
        /* "Interrupt Sequence": a request that goes away before INTA is none. */
        c->line &= (uint8_t)~bit;
        c->latch &= (uint8_t)~bit;
    }
}

static void update(struct i8259 *s)
{
    chip_set(&s->chip[MASTER], CASCADE, chip_pending(&s->chip[SLAVE]) >= 0);
    irq_set(&s->intr, chip_pending(&s->chip[MASTER]) >= 0);
}

void i8259_set(void *device, unsigned irq, bool level)
{
    struct i8259 *s = device;
    chip_set(&s->chip[irq >> 3 & 1], irq & 7, level);
    update(s);
}

static int chip_acknowledge(struct i8259_chip *c)
{
    int input = chip_pending(c);
    if (input >= 0)
        chip_take(c, input);
    return input;
}

int i8259_acknowledge(struct i8259 *s, int *irq)
{
    struct i8259_chip *c = &s->chip[MASTER];
    int input = chip_acknowledge(c), first = 0;
    if (input == CASCADE) {
        c = &s->chip[SLAVE];
        input = chip_acknowledge(c);
        first = 8;
    }
    update(s);
    *irq = input < 0 ? -1 : first + input;
    return c->base + (input < 0 ? SPURIOUS : input);
}

bool i8259_unmasked(const struct i8259 *s, unsigned irq)
{
    return !(s->chip[irq >> 3 & 1].imr & 1u << (irq & 7));
}

bool i8259_in_service(const struct i8259 *s, unsigned irq)
{
    return s->chip[irq >> 3 & 1].isr & 1u << (irq & 7);
}

/* "Initialization Command Words 1 and 2", a to f */
static void write_icw1(struct i8259_chip *c, uint8_t value)
{
    c->latch = 0;
    c->imr = 0;
    c->isr = 0;
    c->lowest = 7;
    c->auto_eoi = c->rotate_auto_eoi = c->fully_nested = false;
    c->special_mask = c->poll = c->read_isr = false;
    c->single = value & ICW1_SINGLE;
    c->needs_icw4 = value & ICW1_ICW4;
    c->icw = 2;
}

static void end_of_interrupt(struct i8259_chip *c, uint8_t value)
{
    unsigned input = value & 7;
    if (!(value & OCW2_SPECIFIC)) {
        uint8_t visible = c->special_mask ? c->isr & (uint8_t)~c->imr : c->isr;
        if (!visible)
            return;
        input = (c->lowest + 1u) & 7;
        while (!(visible & 1u << input))
            input = (input + 1) & 7;
    }
    c->isr &= (uint8_t) ~(1u << input);
    if (value & OCW2_ROTATE)
        c->lowest = (uint8_t)input;
}

static void write_ocw2(struct i8259_chip *c, uint8_t value)
{
    if (value & OCW2_EOI)
        end_of_interrupt(c, value);
    else if (!(value & OCW2_SPECIFIC))
        c->rotate_auto_eoi = value & OCW2_ROTATE;
    else if (value & OCW2_ROTATE)
        c->lowest = value & 7; /* set priority */
}

static void write_ocw3(struct i8259_chip *c, uint8_t value)
{
    if (value & OCW3_SET_SPECIAL)
        c->special_mask = value & OCW3_SPECIAL;
    if (value & OCW3_READ)
        c->read_isr = value & OCW3_READ_ISR;
    c->poll = value & OCW3_POLL;
}

static void write_data(struct i8259_chip *c, uint8_t value)
{
    switch (c->icw) {
    case 2:
        c->base = value & 0xf8;
        c->icw = !c->single ? 3 : c->needs_icw4 ? 4 : 0;
        break;
    case 3: /* the cascade is wired; there is nothing to choose */
        c->icw = c->needs_icw4 ? 4 : 0;
        break;
    case 4:
        c->auto_eoi = value & ICW4_AUTO_EOI;
        c->fully_nested = value & ICW4_FULLY_NESTED;
        c->icw = 0;
        break;
    default:
        c->imr = value;
    }
}

void i8259_write(void *port, uint32_t offset, uint32_t value, unsigned size)
{
    (void)size;
    struct i8259_port *p = port;
    struct i8259_chip *c = &p->pair->chip[p->chip];
    if (offset)
        write_data(c, (uint8_t)value);
    else if (value & ICW1)
        write_icw1(c, (uint8_t)value);
    else if (value & OCW3)
        write_ocw3(c, (uint8_t)value);
    else
        write_ocw2(c, (uint8_t)value);
    update(p->pair);
}

/* "Poll Command": the read is the acknowledge. */
static uint32_t poll(struct i8259_chip *c)
{
    c->poll = false;
    int input = chip_acknowledge(c);
    return input < 0 ? 0 : 0x80u | (unsigned)input;
}

uint32_t i8259_read(void *port, uint32_t offset, unsigned size)
{
    (void)size;
    struct i8259_port *p = port;
    struct i8259_chip *c = &p->pair->chip[p->chip];
    if (c->poll) {
        uint32_t answer = poll(c);
        update(p->pair);
        return answer;
    }
    if (offset)
        return c->imr;
    return c->read_isr ? c->isr : chip_irr(c);
}

uint32_t i8259_elcr_read(void *pair, uint32_t offset, unsigned size)
{
    (void)size;
    struct i8259 *s = pair;
    return s->chip[offset & 1].level & elcr_writable[offset & 1];
}

void i8259_elcr_write(void *pair, uint32_t offset, uint32_t value, unsigned size)
{
    (void)size;
    struct i8259 *s = pair;
    struct i8259_chip *c = &s->chip[offset & 1];
    uint8_t wired = c->level & (uint8_t)~elcr_writable[offset & 1];
    c->level = wired | ((uint8_t)value & elcr_writable[offset & 1]);
    update(s);
}

void i8259_reset(void *device)
{
    struct i8259 *s = device;
    for (unsigned i = 0; i < 2; i++) {
        struct i8259_chip *c = &s->chip[i];
        *c = (struct i8259_chip){.line = c->line, .lowest = 7};
    }
    /* The slave's output stays high while it has another request: as good as a level. */
    s->chip[MASTER].level = 1u << CASCADE;
    update(s);
}

void i8259_init(struct i8259 *s, struct irq_line intr)
{
    memset(s, 0, sizeof *s);
    s->intr = intr;
    for (unsigned i = 0; i < 2; i++)
        s->port[i] = (struct i8259_port){s, i};
    i8259_reset(s);
}

/* --- state --- */

static void restored(void *device)
{
    update(device);
}

static const struct state_field chip_fields[] = {
    {STATE(i8259_chip, line)},
    {STATE(i8259_chip, latch)},
    {STATE(i8259_chip, level)},
    {STATE(i8259_chip, imr)},
    {STATE(i8259_chip, isr)},
    {STATE(i8259_chip, base), .most = 0xf8},
    {STATE(i8259_chip, lowest), .most = 7},
    {STATE(i8259_chip, icw), .most = 4},
    {STATE(i8259_chip, single)},
    {STATE(i8259_chip, needs_icw4)},
    {STATE(i8259_chip, auto_eoi)},
    {STATE(i8259_chip, rotate_auto_eoi)},
    {STATE(i8259_chip, fully_nested)},
    {STATE(i8259_chip, special_mask)},
    {STATE(i8259_chip, poll)},
    {STATE(i8259_chip, read_isr)},
    {0},
};
static const struct state_table chip_state = STATE_TABLE(i8259_chip, 1, chip_fields);

static const struct state_field fields[] = {
    {STATE_ARRAY_OF(i8259, chip, &chip_state)},
    {NOT_STATE(i8259, intr)},
    {NOT_STATE(i8259, port)},
    {0},
};
static const struct state_table state = STATE_TABLE(i8259, 1, fields);
const struct device i8259_device = {
    .name = "i8259", .reset = i8259_reset, .state = &state, .restored = restored};
