/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The devices of `ppc-bare` and where they are. */
#include "hw/ppc/bare.h"

#include "exec/memory.h"
#include "hw/ppc/uart.h"
#include "hw/timer.h"

static bool add_uart(struct ppc_bare_board *s, const struct ppc_bare_setup *setup)
{
    s->has_uart = setup->serial;
    if (!s->has_uart)
        return true;
    uart16550_init(&s->uart, setup->timers, setup->serial, setup->interrupt);
    devices_add(&s->devices, &uart16550_device, &s->uart);
    return ppc_map_uart(setup->memory, PPC_BARE_UART, &s->uart);
}

bool ppc_bare_board_init(struct ppc_bare_board *s, const struct ppc_bare_setup *setup)
{
    devices_add(&s->devices, &clock_device, setup->timers);
    s->exit = setup->exit;
    devices_add(&s->devices, &exit_register_device, &s->exit);
    ppc_alarm_init(&s->alarm, setup->timers, setup->exec);
    devices_add(&s->devices, &ppc_alarm_device, &s->alarm);
    return add_uart(s, setup) && memory_map_io(setup->memory, PPC_BARE_EXIT, EXIT_REGISTER_SIZE,
                                               exit_register_read, exit_register_write, &s->exit);
}
