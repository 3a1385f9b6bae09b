/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See network_card.h. */
#include "hw/net/network_card.h"

#include <string.h>

#define ROMS "/usr/lib/ipxe/qemu/"

static bool add_rom(struct pci_function *f, const struct card_setup *s)
{
    return !s->rom || pci_add_rom(f, s->rom, s->rom_size);
}

static bool create_e1000(struct network_card *c, const struct card_place *p,
                         const struct card_setup *s)
{
    struct e1000 *card = &c->e1000;
    devices_add(p->devices, &e1000_device, card);
    return e1000_init(card, p->timers, p->memory, p->pci, pci_free_slot(p->pci, p->slot), s->net,
                      s->mac) &&
           add_rom(&card->pci, s);
}

static bool create_rtl8139(struct network_card *c, const struct card_place *p,
                           const struct card_setup *s)
{
    struct rtl8139 *card = &c->rtl8139;
    devices_add(p->devices, &rtl8139_device, card);
    return rtl8139_init(card, p->timers, p->memory, p->pci, pci_free_slot(p->pci, p->slot), s->net,
                        s->mac) &&
           add_rom(&card->pci, s);
}

static bool create_rtl8029(struct network_card *c, const struct card_place *p,
                           const struct card_setup *s)
{
    struct rtl8029 *card = &c->rtl8029;
    devices_add(p->devices, &rtl8029_device, card);
    return rtl8029_init(card, p->pci, pci_free_slot(p->pci, p->slot), s->net, s->mac) &&
           add_rom(&card->pci, s);
}

static bool create_ne2000(struct network_card *c, const struct card_place *p,
                          const struct card_setup *s)
{
    struct ne2000 *card = &c->ne2000;
    const struct irq_line irq = {p->isa_irq.set, p->isa_irq.chip, p->isa_irq.input + s->irq};
    devices_add(p->devices, &ne2000_device, card);
    ne2000_init(card, s->net, irq, s->mac);
    return ports_add(p->ports, (uint16_t)s->port, NE2000_PORTS, 4, ne2000_read, ne2000_write, card);
}

static bool create_virtio(struct network_card *c, const struct card_place *p,
                          const struct card_setup *s)
{
    struct virtio_net *card = &c->virtio_net;
    const struct virtio_place place = {p->memory, p->pci, pci_free_slot(p->pci, p->slot),
                                       s->interfaces};
    devices_add(p->devices, &virtio_net_device, card);
    return virtio_net_init(card, &place, s->net, s->mac) && add_rom(&card->virtio.pci, s);
}

const struct card_model card_models[] = {
    {"e1000", "Intel 82540EM, PCI", ROMS "pxe-e1000.rom", create_e1000, NULL},
    {"rtl8139", "Realtek RTL8139C+, PCI", ROMS "pxe-rtl8139.rom", create_rtl8139, NULL},
    {"ne2k_pci", "Realtek RTL8029, an NE2000 for PCI", ROMS "pxe-ne2k_pci.rom", create_rtl8029,
     NULL},
    {"ne2k_isa", "NE2000, ISA: iobase=0x300, irq=10", NULL, create_ne2000, NULL},
    {"virtio-net-pci", "virtio's, PCI: disable-legacy=on, disable-modern=on", ROMS "pxe-virtio.rom",
     create_virtio, "virtio"},
    {0},
};

static bool is_name(const char *name, const char *word, size_t length)
{
    return name && strlen(name) == length && strncmp(name, word, length) == 0;
}

const struct card_model *card_model_find(const char *name, size_t length)
{
    for (const struct card_model *m = card_models; m->name; m++)
        if (is_name(m->name, name, length) || is_name(m->other_name, name, length))
            return m;
    return NULL;
}

const char *card_model_name(unsigned i)
{
    return card_models[i].name;
}
