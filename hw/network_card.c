/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See network_card.h. */
#include "hw/network_card.h"

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

const struct card_model card_models[] = {
    {"e1000", "Intel 82540EM, PCI", ROMS "pxe-e1000.rom", create_e1000},
    {"rtl8139", "Realtek RTL8139C+, PCI", ROMS "pxe-rtl8139.rom", create_rtl8139},
    {0},
};

const struct card_model *card_model_find(const char *name)
{
    for (const struct card_model *m = card_models; m->name; m++)
        if (strcmp(m->name, name) == 0)
            return m;
    return NULL;
}

const char *card_model_name(unsigned i)
{
    return card_models[i].name;
}
