/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The debug console port, the exit port and POST codes. */
#include "hw/debug.h"

#include "exec/exec.h"

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

void post_note(struct post *s, uint16_t port, uint32_t value)
{
    int code = (uint8_t)value;
    if (port != s->port || code == s->last)
        return;
    s->last = code;
    log_if(LOG_POST, "POST %02x\n", (unsigned)code);
}
