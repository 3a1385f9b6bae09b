/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Global utilities: see guts.h. */
#include "hw/ppc/guts.h"

#include "exec/exec.h"
#include "exec/memory.h"

enum { PVR = 0xa0, SVR = 0xa4, RSTCR = 0xb0, HRESET_REQ = 2 };

/* As they are when power comes, all pins low: no clock ratio, no boot device, no chip's version. */
static uint32_t read(void *device, uint32_t offset, unsigned size)
{
    const struct guts *s = device;
    if (offset == PVR && size == 4)
        return __builtin_bswap32(s->processor_version);
    return 0;
}

static void write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    const struct guts *s = device;
    if (offset != RSTCR || size != 4) {
        log_if(LOG_UNIMP, "guts: write of %u bytes at %03x\n", size, offset);
        return;
    }
    if (__builtin_bswap32(value) & HRESET_REQ) {
        irq_set(&s->reset, true);
        irq_set(&s->reset, false);
    }
}

bool guts_init(struct guts *s, struct memory *memory, uint32_t base, uint32_t processor_version,
               struct irq_line reset)
{
    *s = (struct guts){processor_version, reset};
    return memory_map_io(memory, base, GUTS_SIZE, read, write, s);
}

static const struct state_field fields[] = {
    {NOT_STATE(guts, processor_version)},
    {NOT_STATE(guts, reset)},
    {0},
};
static const struct state_table state = STATE_TABLE(guts, 1, fields);
const struct device guts_device = {.name = "guts", .state = &state};
