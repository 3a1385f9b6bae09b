/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The machine `ppc-bare`: RAM from address 0 on, and
 *
 *   E0000000h  a 16550A, its registers a byte apart, its interrupt the cpu's external interrupt
 *   E0001000h  the exit register (hw/debug.h)
 *
 * It starts an ELF executable, r1 near the end of RAM, with memory and handlers as exec_ppc_flat
 * leaves them.
 */
#ifndef HW_PPC_BARE_H
#define HW_PPC_BARE_H

#include "hw/char/uart16550.h"
#include "hw/debug.h"
#include "hw/device.h"
#include "hw/machine.h"
#include "hw/ppc/alarm.h"

#define PPC_BARE_UART UINT32_C(0xe0000000)
#define PPC_BARE_EXIT UINT32_C(0xe0001000)

struct memory;

struct ppc_bare_setup {
    struct timers *timers;
    struct memory *memory;
    struct chardev *serial; /* NULL: no such port */
    struct exit_register exit;
    struct irq_line interrupt;
    struct exec *exec;
};

/* Its devices, apart from cpu and host. */
struct ppc_bare_board {
    struct devices devices;
    struct uart16550 uart;
    bool has_uart;
    struct exit_register exit;
    struct ppc_alarm alarm;
};
/* On all zeros; false if the host has no room. */
bool ppc_bare_board_init(struct ppc_bare_board *s, const struct ppc_bare_setup *setup);

extern const struct machine ppc_bare_machine;

#endif
