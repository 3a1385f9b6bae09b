/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Network cards: which models there are, and one of them on its bus. */
#ifndef HW_NETWORK_CARD_H
#define HW_NETWORK_CARD_H

#include "hw/net/e1000.h"
#include "hw/net/ne2000.h"
#include "hw/net/rtl8139.h"
#include "hw/virtio/net.h"

struct network_card;

/* Where a card is put. */
struct card_place {
    struct timers *timers;
    struct memory *memory;
    struct pci *pci;
    struct devices *devices;
    unsigned slot; /* on the PCI bus: the first that may be used */
    struct ports *ports;
    struct irq_line isa_irq; /* the ISA bus's first interrupt; other inputs are others */
};

/* What a card is made from. */
struct card_setup {
    const struct card_model *model; /* NULL: there is no such card */
    struct net *net;                /* or NULL */
    uint8_t mac[NET_ADDRESS];
    const uint8_t *rom; /* NULL: it has none */
    uint32_t rom_size;
    unsigned port, irq; /* on the ISA bus */
    struct virtio_interfaces interfaces;
};

struct card_model {
    const char *name, *description;
    const char *rom; /* a file that Debian's ipxe-qemu has for it; NULL: it is on the ISA bus */
    /* False if the host has no room. */
    bool (*create)(struct network_card *c, const struct card_place *p, const struct card_setup *s);
    const char *other_name; /* or NULL */
};
/* The first is the usual one; the last has no name. */
extern const struct card_model card_models[];
/* NULL if there is none of that name, the first `length` characters. */
const struct card_model *card_model_find(const char *name, size_t length);
/* The names, one after the other, then NULL. */
const char *card_model_name(unsigned i);

struct network_card {
    union {
        struct e1000 e1000;
        struct rtl8139 rtl8139;
        struct ne2000 ne2000;
        struct rtl8029 rtl8029;
        struct virtio_net virtio_net;
    };
};

#endif
