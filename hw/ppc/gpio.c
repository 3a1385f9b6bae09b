/* SPDX-License-Identifier: GPL-3.0-or-later */
/* General-purpose pins: see gpio.h. */
#include "hw/ppc/gpio.h"

#include "exec/exec.h"
#include "exec/memory.h"

#include <string.h>

enum { GPDIR = 0x00, GPODR = 0x04, GPDAT = 0x08, GPIER = 0x0c, GPIMR = 0x10, GPICR = 0x14 };

static uint32_t driven(const struct gpio *s)
{
    return s->data & s->direction;
}

/* A pin that is not driven high is low. */
static void drive(const struct gpio *s, uint32_t before)
{
    uint32_t changed = before ^ driven(s);
    for (unsigned i = 0; i < GPIO_PINS; i++)
        if (changed & 0x80000000u >> i)
            irq_set(&s->pin[i], driven(s) & 0x80000000u >> i);
}

/* NULL: there is no such register, or not of that size. */
static uint32_t *find(struct gpio *s, uint32_t offset, unsigned size)
{
    uint32_t *const registers[] = {&s->direction, &s->open_drain, &s->data,
                                   &s->events,    &s->mask,       &s->edges};
    if (size == 4 && offset % 4 == 0 && offset <= GPICR)
        return registers[offset / 4];
    log_if(LOG_GUEST_ERRORS, "gpio: access of %u bytes at %03x\n", size, offset);
    return NULL;
}

static uint32_t read(void *device, uint32_t offset, unsigned size)
{
    struct gpio *s = device;
    const uint32_t *at = find(s, offset, size);
    if (!at)
        return 0;
    return __builtin_bswap32(offset == GPDAT ? driven(s) : *at);
}

static void write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct gpio *s = device;
    uint32_t before = driven(s), *at = find(s, offset, size);
    if (!at)
        return;
    value = __builtin_bswap32(value);
    *at = offset == GPIER ? *at & ~value : value;
    drive(s, before);
}

static void reset(void *device)
{
    struct gpio *s = device;
    uint32_t before = driven(s);
    s->direction = s->open_drain = s->data = s->events = s->mask = s->edges = 0;
    drive(s, before);
}

bool gpio_init(struct gpio *s, struct memory *memory, uint32_t base)
{
    memset(s, 0, sizeof *s);
    return memory_map_io(memory, base, GPIO_SIZE, read, write, s);
}

static const struct state_field fields[] = {
    {NOT_STATE(gpio, pin)},    {STATE(gpio, direction)},
    {STATE(gpio, open_drain)}, {STATE(gpio, data)},
    {STATE(gpio, events)},     {STATE(gpio, mask)},
    {STATE(gpio, edges)},      {0},
};
static const struct state_table state = STATE_TABLE(gpio, 1, fields);
const struct device gpio_device = {.name = "gpio", .reset = reset, .state = &state};
