/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * NE2000: National Semiconductor's DP8390D (data sheet of July 1995) with 32 KiB of memory, behind
 * a port through which the cpu reaches that; on the ISA bus, or as Realtek's RTL8029AS on the PCI
 * bus (data sheet of January 1997).
 */
#ifndef HW_NE2000_H
#define HW_NE2000_H

#include "hw/bus/pci.h"
#include "hw/host/net.h"

enum { NE2000_PORTS = 32, NE2000_PORT = 0x300, NE2000_IRQ = 10 };
/* Addresses as the chip counts them: the card's own in front, then nothing, then memory. */
enum { NE2000_PROM = 32, NE2000_RAM = 0x4000, NE2000_END = 0xc000 };

struct ne2000 {
    struct net *net;
    struct irq_line irq;
    uint8_t command;
    uint8_t start, stop, boundary, current; /* pages of the receive ring */
    uint8_t send_page, send_status, receive_status, status;
    uint16_t send_count, remote, remote_count;
    uint8_t receive_control, send_control, data_control, mask;
    uint8_t address[NET_ADDRESS], multicast[8];
    uint8_t memory[NE2000_END];
};

/* `net` may be NULL. */
void ne2000_init(struct ne2000 *s, struct net *net, struct irq_line irq,
                 const uint8_t mac[NET_ADDRESS]);
uint32_t ne2000_read(void *chip, uint32_t offset, unsigned size);
void ne2000_write(void *chip, uint32_t offset, uint32_t value, unsigned size);
/* On the ISA bus. */
extern const struct device ne2000_device;

struct rtl8029 {
    struct pci_function pci;
    struct ne2000 chip;
};

/* At a slot of the bus. False if there are too many ranges of ports. */
bool rtl8029_init(struct rtl8029 *s, struct pci *bus, unsigned slot, struct net *net,
                  const uint8_t mac[NET_ADDRESS]);
extern const struct device rtl8029_device;

#endif
