/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A parallel port and its printer. */
#include "hw/char/parallel.h"

enum { DATA, STATUS, CONTROL };
enum { ERROR_N = 0x08, SELECTED = 0x10, ACK_N = 0x40, BUSY_N = 0x80, STATUS_UNUSED = 0x07 };
enum { STROBE = 0x01, INIT_N = 0x04, SELECT_IN = 0x08, INTERRUPTS = 0x10, INWARD = 0x20 };
enum { CONTROL_BITS = 0x3f, CONTROL_UNUSED = 0xc0 };

void parallel_init(struct parallel *s, struct chardev *outside, struct irq_line irq)
{
    *s = (struct parallel){.outside = outside, .irq = irq};
    parallel_reset(s);
}

void parallel_reset(void *device)
{
    struct parallel *s = device;
    s->data = 0;
    s->control = INIT_N | SELECT_IN;
    s->acknowledging = false;
    irq_set(&s->irq, false);
}

/*
 * ACK# is low until the status is read, for a BIOS that waits for it; but its end, which
 * interrupts, does not wait for a reader.
 */
static uint8_t read_status(struct parallel *s)
{
    uint8_t status = ERROR_N | SELECTED | STATUS_UNUSED;
    if (!s->acknowledging)
        status |= ACK_N | BUSY_N;
    s->acknowledging = false;
    if (!s->outside->ready(s->outside))
        status &= (uint8_t)~BUSY_N;
    return status;
}

/* With the direction inward the data lines float: a printer drives none. */
uint32_t parallel_read(void *device, uint32_t offset, unsigned size)
{
    struct parallel *s = device;
    (void)size;
    if (offset == DATA)
        return s->control & INWARD ? 0xff : s->data;
    return offset == STATUS ? read_status(s) : s->control | CONTROL_UNUSED;
}

static void write_control(struct parallel *s, uint8_t value)
{
    bool strobed = value & STROBE && !(s->control & STROBE);
    s->control = value & CONTROL_BITS;
    if (strobed) {
        s->outside->put(s->outside, s->data);
        s->acknowledging = true;
    }
    if (strobed || !(value & INTERRUPTS))
        irq_set(&s->irq, false);
    if (strobed && value & INTERRUPTS)
        irq_set(&s->irq, true);
}

void parallel_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct parallel *s = device;
    (void)size;
    if (offset == DATA)
        s->data = (uint8_t)value;
    else if (offset == CONTROL)
        write_control(s, (uint8_t)value);
}

static const struct state_field fields[] = {
    {NOT_STATE(parallel, outside)}, {NOT_STATE(parallel, irq)},       {STATE(parallel, data)},
    {STATE(parallel, control)},     {STATE(parallel, acknowledging)}, {0},
};
static const struct state_table state = STATE_TABLE(parallel, 1, fields);
const struct device parallel_device = {
    .name = "parallel", .reset = parallel_reset, .state = &state};
