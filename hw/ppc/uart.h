/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A 16550 in memory, its registers a byte apart. */
#ifndef HW_PPC_UART_H
#define HW_PPC_UART_H

#include "hw/char/uart16550.h"

struct memory;

/* One that has been initialised; its interrupt is not held back by OUT2. False: no room. */
bool ppc_map_uart(struct memory *memory, uint32_t base, struct uart16550 *uart);

#endif
