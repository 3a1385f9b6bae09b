/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ISA bridge: registers that just keep values, but for those that route interrupts. */
#include "hw/pc/piix3.h"

#include <string.h>

enum { MULTI_FUNCTION = 0x80 };
enum { PIRQRC = 0x60, PIRQRC_OFF = 0x80, PIRQRC_IRQ = 0x0f };

/* IRQ 0, 1, 2, 8 and 13 are not to be chosen. */
static const uint16_t possible_irqs = 0xdef8;

const uint8_t piix3_usual_irqs[PCI_PIRQS] = {10, 10, 11, 11};

/* --- interrupts --- */

static uint16_t driven_by(const struct piix3 *s, unsigned pirq)
{
    uint8_t route = s->pci.config[PIRQRC + pirq];
    if (!(s->pirq & 1u << pirq) || route & PIRQRC_OFF)
        return 0;
    return (uint16_t)(1u << (route & PIRQRC_IRQ)) & possible_irqs;
}

/* "PIRQx Route Control Registers": several may share an input. */
static void route(void *device)
{
    struct piix3 *s = device;
    uint16_t driven = 0;
    for (unsigned i = 0; i < PCI_PIRQS; i++)
        driven |= driven_by(s, i);
    for (unsigned irq = 0; irq < PIIX3_IRQS; irq++)
        if ((driven ^ s->driven) & 1u << irq)
            irq_set(&s->irq[irq], driven & 1u << irq);
    s->driven = driven;
}

void piix3_route(struct piix3 *s, const uint8_t irq[PCI_PIRQS])
{
    memcpy(s->pci.config + PIRQRC, irq, PCI_PIRQS);
    route(s);
}

static void set_pirq(void *device, unsigned pirq, bool level)
{
    struct piix3 *s = device;
    s->pirq = (uint8_t)((s->pirq & ~(1u << pirq)) | (unsigned)level << pirq);
    route(s);
}

/* --- the function --- */

/* Intel 82371SB data sheet (290550), "PCI Configuration Registers, Function 0" */
static void set_registers(struct pci_function *f)
{
    pci_set(f, PCI_COMMAND, 2, 0x0007, 0x0008);
    pci_set(f, PCI_STATUS, 2, 0x0200, 0);
    pci_set(f, PCI_HEADER_TYPE, 1, MULTI_FUNCTION, 0);
    pci_set(f, 0x4c, 1, 0x4d, 0xff);     /* IORT */
    pci_set(f, 0x4e, 2, 0x0003, 0x01ff); /* XBCS */
    for (unsigned pirq = 0; pirq < PCI_PIRQS; pirq++)
        pci_set(f, PIRQRC + pirq, 1, PIRQRC_OFF, PIRQRC_OFF | PIRQRC_IRQ);
    pci_set(f, 0x69, 1, 0x02, 0xfe);     /* TOM */
    pci_set(f, 0x6a, 2, 0, 0x8003);      /* MSTAT */
    pci_set(f, 0x70, 2, 0x8080, 0xefef); /* MBIRQ */
    pci_set(f, 0x76, 2, 0x0c0c, 0x8787); /* MBDMA */
    pci_set(f, 0x78, 2, 0x0002, 0xffff); /* PCSC */
    pci_set(f, 0x80, 1, 0, 0x7f);        /* APIC base */
    pci_set(f, 0x82, 1, 0, 0x01);        /* DLC */
    pci_set(f, 0xa0, 1, 0x08, 0xff);     /* SMICNTL */
    pci_set(f, 0xa2, 2, 0, 0xffff);      /* SMIEN */
    pci_set(f, 0xa4, 4, 0, 0xffffffff);  /* SEE */
}

void piix3_init(struct piix3 *s, struct pci *bus, struct irq_line pic)
{
    memset(s, 0, sizeof *s);
    for (unsigned i = 0; i < PIIX3_IRQS; i++)
        s->irq[i] = (struct irq_line){pic.set, pic.chip, i};
    for (unsigned i = 0; i < PCI_PIRQS; i++)
        bus->pirq[i] = (struct irq_line){set_pirq, s, i};
    pci_function_init(&s->pci, 1, 0, 0x8086, 0x7000, 0x06010000);
    set_registers(&s->pci);
    s->pci.changed = route;
    s->pci.device = s;
    pci_add(bus, &s->pci);
}

static void piix3_reset(void *device)
{
    struct piix3 *s = device;
    pci_function_reset(&s->pci);
}

static const struct state_field piix3_fields[] = {
    {STATE_OF(piix3, pci, &pci_function_state)},
    {NOT_STATE(piix3, irq)},
    {STATE(piix3, pirq), .since = 2, .most = 15},
    {STATE(piix3, driven), .since = 2},
    {0},
};
static const struct state_table piix3_state = STATE_TABLE(piix3, 2, piix3_fields);
const struct device piix3_device = {.name = "piix3", .reset = piix3_reset, .state = &piix3_state};
