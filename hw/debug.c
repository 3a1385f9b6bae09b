/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The debug console port, the exit port and register, and POST codes. */
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
    const struct debugcon *s = device;
    s->outside->put(s->outside, (uint8_t)value);
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

uint32_t exit_register_read(void *device, uint32_t offset, unsigned size)
{
    (void)device;
    (void)offset;
    (void)size;
    return 0;
}

/* `value` has the byte at the lowest address lowest. */
void exit_register_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    const struct exit_register *s = device;
    if (offset == 0 && size == EXIT_REGISTER_SIZE)
        s->exit(s->machine, (int)(value >> 24));
    else
        log_if(LOG_GUEST_ERRORS, "exit register: store of %u bytes at offset %u\n", size, offset);
}

static void post_reset(void *device)
{
    struct post *s = device;
    s->last = -1;
}

void post_init(struct post *s, uint16_t port)
{
    s->port = port;
    post_reset(s);
}

void post_note(struct post *s, uint16_t port, uint32_t value)
{
    int code = (uint8_t)value;
    if (port != s->port || code == s->last)
        return;
    s->last = code;
    log_if(LOG_POST, "POST %02x\n", (unsigned)code);
}

/* --- state --- */

static const struct state_field debugcon_fields[] = {
    {NOT_STATE(debugcon, outside)},
    {0},
};
static const struct state_table debugcon_state = STATE_TABLE(debugcon, 1, debugcon_fields);
const struct device debugcon_device = {.name = "debugcon", .state = &debugcon_state};

static const struct state_field debug_exit_fields[] = {
    {NOT_STATE(debug_exit, exit)},
    {NOT_STATE(debug_exit, machine)},
    {0},
};
static const struct state_table debug_exit_state = STATE_TABLE(debug_exit, 1, debug_exit_fields);
const struct device debug_exit_device = {.name = "debug-exit", .state = &debug_exit_state};

static const struct state_field exit_register_fields[] = {
    {NOT_STATE(exit_register, exit)},
    {NOT_STATE(exit_register, machine)},
    {0},
};
static const struct state_table exit_register_state =
    STATE_TABLE(exit_register, 1, exit_register_fields);
const struct device exit_register_device = {.name = "exit-register", .state = &exit_register_state};

static const struct state_field post_fields[] = {
    {NOT_STATE(post, port)},
    {STATE(post, last)},
    {0},
};
static const struct state_table post_state = STATE_TABLE(post, 1, post_fields);
const struct device post_device = {.name = "post", .reset = post_reset, .state = &post_state};
