/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The machine `ppce500`: an e500mc with a PowerQUICC III's chips, as QEMU's of that name, but that
 * all of it is below 4 GiB: there registers are at FE0000000h and PCI's memory is at C00000000h.
 * Guests know addresses from the device tree (hw/ppc/device_tree.h).
 *
 *   00000000h  RAM, up to 2 GiB
 *   C0000000h  PCI: memory, 512 MiB, where the guest sets a window (hw/ppc/pci_host.h)
 *   E0000000h  registers (CCSR), 1 MiB:  04500h, 04600h serial ports, interrupt 42
 *                                        08000h PCI host, interrupts 1 to 4
 *                                        40000h MPIC
 *                                        E0000h global utilities: reset
 *                                        FF000h GPIO; pin 0 turns the machine off
 *   E1000000h  PCI: ports, 64 KiB, likewise
 */
#ifndef HW_PPC_PPCE500_H
#define HW_PPC_PPCE500_H

#include "hw/char/uart16550.h"
#include "hw/intc/mpic.h"
#include "hw/machine.h"
#include "hw/net/network_card.h"
#include "hw/ppc/alarm.h"
#include "hw/ppc/gpio.h"
#include "hw/ppc/guts.h"
#include "hw/ppc/pci_host.h"
#include "hw/virtio/block.h"
#include "hw/virtio/entropy.h"

#define PPCE500_PCI_MEMORY UINT32_C(0xc0000000)
#define PPCE500_CCSR       UINT32_C(0xe0000000)
#define PPCE500_PCI_PORTS  UINT32_C(0xe1000000)
enum { PPCE500_PCI_MEMORY_SIZE = 0x20000000, PPCE500_PCI_PORTS_SIZE = 0x10000 };
enum { PPCE500_CCSR_SIZE = 0x100000 };
/* In CCSR. */
enum {
    PPCE500_SERIAL = 0x4500,
    PPCE500_SERIAL_STEP = 0x100,
    PPCE500_PCI = 0x8000,
    PPCE500_MPIC = 0x40000,
    PPCE500_GUTS = 0xe0000,
    PPCE500_GPIO = 0xff000,
};
/* The MPIC's sources; PCI's INTA# to INTD# begin at 1, turned on by a slot each. */
enum { PPCE500_IRQ_PCI = 1, PPCE500_IRQ_SERIAL = 42, PPCE500_IRQ_GPIO = 47 };
enum { PPCE500_POWER_PIN = 0 };

struct ppce500_setup {
    struct timers *timers;
    struct memory *memory;
    struct chardev *serial[SERIAL_PORTS]; /* NULL: no such port */
    struct card_setup card[CARDS];
    struct virtio_block_setup virtio_disk[VIRTIO_DRIVES];
    struct virtio_entropy_setup entropy;
    uint32_t processor_version;
    struct irq_line interrupt[MPIC_OUTPUTS], reset, off;
    struct exec *exec;
};

/* Several outputs on one wire. */
struct shared_line {
    uint8_t levels; /* a bit each */
    struct irq_line to;
};

/* Its devices, apart from cpu and host. */
struct ppce500_board {
    struct devices devices;
    struct ppc_alarm alarm;
    struct mpic mpic;
    struct shared_line serial_line;
    struct uart16550 uart[SERIAL_PORTS];
    bool has_uart[SERIAL_PORTS];
    struct guts guts;
    struct gpio gpio;
    struct pci_host pci;
    struct network_card card[CARDS];
    struct virtio_block virtio_disk[VIRTIO_DRIVES];
    struct virtio_entropy entropy;
};
/* On all zeros; false if the host has no room. */
bool ppce500_board_init(struct ppce500_board *s, const struct ppce500_setup *setup);

extern const struct machine ppce500_machine;

#endif
