/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Realtek RTL8139C+, a 100 Mb/s Ethernet controller on the PCI bus: the RTL8139's four transmit
 * buffers and one receive ring, and the C+'s descriptors. Sections are those of Realtek's
 * "RTL8139C+" data sheet, revision 1.6. Without wake-up and boot ROM pages.
 */
#ifndef HW_RTL8139_H
#define HW_RTL8139_H

#include "hw/bus/pci.h"
#include "hw/host/net.h"
#include "hw/net/eeprom93c46.h"
#include "hw/timer.h"

enum { RTL8139_REGISTERS = 256, RTL8139_TRANSMITTERS = 4 };

/* What has happened since it was switched on: in the order of the C+'s dump of it (6.3). */
struct rtl8139_counts {
    uint64_t sent, received, send_errors;
    uint32_t receive_errors;
    uint16_t missed, misaligned;
    uint32_t one_collision, more_collisions;
    uint64_t to_us, broadcasts;
    uint32_t multicasts;
    uint16_t aborted, underruns;
};

struct rtl8139 {
    struct pci_function pci;
    struct timers *timers;
    struct memory *memory;
    struct net *net;
    struct memory_region *registers;
    uint8_t reg[RTL8139_REGISTERS]; /* those that say something when read */
    struct eeprom eeprom;
    uint32_t transmit_at, receive_at; /* C+: which descriptor is next */
    uint64_t timer_zero;              /* when TCTR was 0 */
    struct timer timer;               /* TimerInt */
    struct timer transmit;            /* there is more than is sent at once */
    struct rtl8139_counts counts;
    uint32_t size; /* C+: of the packet that is being put together */
    bool too_long;
    uint8_t packet[NET_FRAME_MOST];
};

/* At a slot of the bus; `net` may be NULL. False if the host has no room. */
bool rtl8139_init(struct rtl8139 *s, struct timers *timers, struct memory *memory, struct pci *bus,
                  unsigned slot, struct net *net, const uint8_t mac[NET_ADDRESS]);
extern const struct device rtl8139_device;

#endif
