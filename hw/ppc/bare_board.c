/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The devices of `ppc-bare` and where they are. */
#include "hw/ppc/bare.h"

#include "exec/memory.h"
#include "hw/timer.h"

/* The chip has eight data lines: wider accesses are several, from the lowest address up. */
static uint32_t read_uart(void *device, uint32_t offset, unsigned size)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= uart16550_read(device, offset + i, 1) << 8 * i;
    return value;
}

static void write_uart(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        uart16550_write(device, offset + i, value >> 8 * i & 0xff, 1);
}

static bool add_uart(struct ppc_bare_board *s, const struct ppc_bare_setup *setup)
{
    s->has_uart = setup->serial;
    if (!s->has_uart)
        return true;
    uart16550_init(&s->uart, setup->timers, setup->serial, setup->interrupt);
    devices_add(&s->devices, &uart16550_device, &s->uart);
    return memory_map_io(setup->memory, PPC_BARE_UART, PPC_BARE_UART_SIZE, read_uart, write_uart,
                         &s->uart);
}

bool ppc_bare_board_init(struct ppc_bare_board *s, const struct ppc_bare_setup *setup)
{
    devices_add(&s->devices, &clock_device, setup->timers);
    s->exit = setup->exit;
    devices_add(&s->devices, &exit_register_device, &s->exit);
    return add_uart(s, setup) && memory_map_io(setup->memory, PPC_BARE_EXIT, EXIT_REGISTER_SIZE,
                                               exit_register_read, exit_register_write, &s->exit);
}
