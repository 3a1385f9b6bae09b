/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The debug console port and the exit port. */
#include "hw/debug.h"

uint32_t debugcon_read(void *device, uint32_t offset, unsigned size)
{
    (void)device;
    (void)offset;
    (void)size;
    return DEBUGCON_PORT;
}

void debugcon_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    (void)offset;
    (void)size;
    struct chardev *c = device;
    c->put(c, (uint8_t)value);
}

uint32_t debug_exit_read(void *device, uint32_t offset, unsigned size)
{
    (void)device;
    (void)offset;
    (void)size;
    return 0;
}

void debug_exit_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    (void)offset;
    (void)size;
    struct debug_exit *s = device;
    s->exit(s->machine, (int)(value << 1 | 1));
}
