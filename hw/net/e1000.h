/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Intel 82540EM, a Gigabit Ethernet controller on the PCI bus. Sections are those of Intel's
 * "PCI/PCI-X Family of Gigabit Ethernet Controllers Software Developer's Manual" (317453).
 *
 * Without wake-up, management and flow control by frames; the link is up whenever there is a
 * network, at 1000 Mb/s, and nothing is negotiated.
 */
#ifndef HW_E1000_H
#define HW_E1000_H

#include "hw/bus/pci.h"
#include "hw/host/net.h"
#include "hw/net/eeprom93c46.h"
#include "hw/timer.h"

enum { E1000_BLOCKS = 18, E1000_BLOCK = 64, E1000_PHY = 32, E1000_IO_PORTS = 8 };

/* Offloads that a context descriptor has set up (3.3.6). */
struct e1000_context {
    uint8_t ip_start, ip_field, tu_start, tu_field;
    uint16_t ip_end, tu_end;
    uint32_t payload;
    uint8_t command, header;
    uint16_t mss;
};

/* The packet that is being put together from descriptors. */
struct e1000_packet {
    uint32_t size;  /* of what is in `bytes` */
    uint32_t left;  /* of a large send's payload */
    uint32_t sent;  /* ... of which so much has been */
    uint16_t count; /* ... in so many frames */
    uint8_t options;
    bool begun, large, too_long;
    bool insert_tag;
    uint16_t tag;
    uint8_t bytes[NET_FRAME_MOST];
};

struct e1000 {
    struct pci_function pci;
    struct timers *timers;
    struct memory *memory;
    struct net *net;
    struct memory_region *registers;
    uint32_t reg[E1000_BLOCKS * E1000_BLOCK]; /* by e1000_at */
    uint32_t io_address;                      /* IOADDR */
    uint32_t cause;                           /* ICR */
    uint64_t quiet_until;                     /* interrupts are held back, by ITR */
    struct timer throttle;
    struct timer receive_delay, receive_most; /* RDTR, RADV */
    struct timer transmit_delay, transmit_most;
    struct timer transmit; /* there are more descriptors than are done at once */
    struct eeprom eeprom;
    uint16_t phy[E1000_PHY];
    struct e1000_context checksum, segmentation;
    struct e1000_packet packet;
};

/* At a slot of the bus; `net` may be NULL. False if the host has no room. */
bool e1000_init(struct e1000 *s, struct timers *timers, struct memory *memory, struct pci *bus,
                unsigned slot, struct net *net, const uint8_t mac[NET_ADDRESS]);
extern const struct device e1000_device;

#endif
