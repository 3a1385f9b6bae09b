/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A 16550 in memory: see uart.h. */
#include "hw/ppc/uart.h"

#include "exec/memory.h"

enum { UART_SIZE = 8 };

/* The chip has eight data lines: wider accesses are several, from the lowest address up. */
static uint32_t read(void *device, uint32_t offset, unsigned size)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= uart16550_read(device, offset + i, 1) << 8 * i;
    return value;
}

static void write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        uart16550_write(device, offset + i, value >> 8 * i & 0xff, 1);
}

bool ppc_map_uart(struct memory *memory, uint32_t base, struct uart16550 *uart)
{
    uart->always_drives = true;
    return memory_map_io(memory, base, UART_SIZE, read, write, uart);
}
