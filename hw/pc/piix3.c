/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ISA bridge, whose registers just keep values. */
#include "hw/pc/piix3.h"

enum { COMMAND = 0x04, STATUS = 0x06, HEADER_TYPE = 0x0e, MULTI_FUNCTION = 0x80 };

/* Intel 82371SB data sheet (290550), "PCI Configuration Registers, Function 0" */
void piix3_init(struct piix3 *s)
{
    struct pci_function *f = &s->pci;
    pci_function_init(f, 1, 0, 0x8086, 0x7000, 0x06010000);
    pci_set(f, COMMAND, 2, 0x0007, 0x0008);
    pci_set(f, STATUS, 2, 0x0200, 0);
    pci_set(f, HEADER_TYPE, 1, MULTI_FUNCTION, 0);
    pci_set(f, 0x4c, 1, 0x4d, 0xff);     /* IORT */
    pci_set(f, 0x4e, 2, 0x0003, 0x01ff); /* XBCS */
    for (unsigned pirq = 0x60; pirq <= 0x63; pirq++)
        pci_set(f, pirq, 1, 0x80, 0x8f);
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

static void piix3_reset(void *device)
{
    struct piix3 *s = device;
    pci_function_reset(&s->pci);
}

static const struct state_field piix3_fields[] = {
    {STATE_OF(piix3, pci, &pci_function_state)},
    {0},
};
static const struct state_table piix3_state = STATE_TABLE(piix3, 1, piix3_fields);
const struct device piix3_device = {.name = "piix3", .reset = piix3_reset, .state = &piix3_state};
