/* SPDX-License-Identifier: GPL-3.0-or-later */
/* System control ports A (92h) and B (61h), and the x87's F0h. */
#include "hw/pc/sysctl.h"

enum { B_GATE2 = 0x01, B_SPEAKER = 0x02, B_KEPT = 0x0f, B_REFRESH = 0x10, B_OUT2 = 0x20 };
enum { A_RESET = 0x01, A_A20 = 0x02 };

/* Refresh is requested by counter 1 every 15.085 us; each request toggles the bit. */
static const uint64_t refresh_ns = 15085;

void port61_init(struct port61 *s, struct timers *timers, struct i8254 *pit,
                 struct speaker *speaker)
{
    *s = (struct port61){0, timers, pit, speaker};
}

static void set_speaker(void *device)
{
    struct port61 *s = device;
    speaker_let_through(s->speaker, s->value & B_SPEAKER);
}

void port61_reset(void *device)
{
    struct port61 *s = device;
    s->value = 0;
    i8254_set_gate2(s->pit, false);
    set_speaker(s);
}

uint32_t port61_read(void *device, uint32_t offset, unsigned size)
{
    (void)offset;
    (void)size;
    const struct port61 *s = device;
    bool refresh = timers_now(s->timers) / refresh_ns & 1;
    return (uint32_t)s->value | (refresh ? B_REFRESH : 0) | (i8254_out2(s->pit) ? B_OUT2 : 0);
}

void port61_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    (void)offset;
    (void)size;
    struct port61 *s = device;
    s->value = value & B_KEPT;
    i8254_set_gate2(s->pit, value & B_GATE2);
    set_speaker(s);
}

void port92_init(struct port92 *s, struct irq_line a20, struct irq_line reset)
{
    *s = (struct port92){A_A20, a20, reset};
}

void port92_reset(void *device)
{
    struct port92 *s = device;
    s->value = A_A20; /* the keyboard controller, too, has it on by its reset */
}

void port92_show_a20(void *device, unsigned input, bool level)
{
    (void)input;
    struct port92 *s = device;
    s->value = (uint8_t)((s->value & ~A_A20) | (level ? A_A20 : 0));
}

uint32_t port92_read(void *device, uint32_t offset, unsigned size)
{
    (void)offset;
    (void)size;
    const struct port92 *s = device;
    return s->value;
}

void port92_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    (void)offset;
    (void)size;
    struct port92 *s = device;
    bool reset = (value & A_RESET) && !(s->value & A_RESET);
    s->value = (uint8_t)value;
    irq_set(&s->a20, value & A_A20);
    if (reset)
        irq_set(&s->reset, true);
}

void portf0_init(struct portf0 *s, struct irq_line irq)
{
    *s = (struct portf0){.irq = irq};
}

void portf0_reset(void *device)
{
    struct portf0 *s = device;
    s->ferr = s->ignne = false;
    irq_set(&s->irq, false);
}

/* The interrupt stays when FERR# goes: only F0h and a reset end it. */
bool portf0_set_ferr(struct portf0 *s, bool level)
{
    bool rises = level && !s->ferr;
    s->ferr = level;
    s->ignne = s->ignne && level;
    if (rises)
        irq_set(&s->irq, true);
    return s->ignne;
}

/* Write-only (82371SB, "Coprocessor Error Register"). */
uint32_t portf0_read(void *device, uint32_t offset, unsigned size)
{
    (void)device;
    (void)offset;
    (void)size;
    return 0xff;
}

void portf0_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    (void)offset;
    (void)value;
    (void)size;
    struct portf0 *s = device;
    s->ignne = s->ferr;
    irq_set(&s->irq, false);
}

/* --- state --- */

static const struct state_field port61_fields[] = {
    {STATE(port61, value)},
    {NOT_STATE(port61, timers)},
    {NOT_STATE(port61, pit)},
    {NOT_STATE(port61, speaker)},
    {0},
};
static const struct state_table port61_state = STATE_TABLE(port61, 1, port61_fields);
const struct device port61_device = {
    .name = "port61", .reset = port61_reset, .state = &port61_state, .restored = set_speaker};

static const struct state_field port92_fields[] = {
    {STATE(port92, value)},
    {NOT_STATE(port92, a20)},
    {NOT_STATE(port92, reset)},
    {0},
};
static const struct state_table port92_state = STATE_TABLE(port92, 1, port92_fields);
const struct device port92_device = {
    .name = "port92", .reset = port92_reset, .state = &port92_state};

static const struct state_field portf0_fields[] = {
    {STATE(portf0, ferr)},
    {STATE(portf0, ignne)},
    {NOT_STATE(portf0, irq)},
    {0},
};
static const struct state_table portf0_state = STATE_TABLE(portf0, 1, portf0_fields);
const struct device portf0_device = {
    .name = "portf0", .reset = portf0_reset, .state = &portf0_state};
