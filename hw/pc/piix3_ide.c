/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See piix3_ide.h. */
#include "hw/pc/piix3_ide.h"

#include <string.h>

enum { BMIBA = 4, MASTER_PORTS = 8 };
enum { IDETIM = 0x40, IDETIM_ON = 0x80 /* of its upper half */ };

static uint32_t master_read(void *device, uint32_t offset, unsigned size)
{
    struct piix3_ide *s = device;
    uint32_t value = 0;
    for (unsigned i = 0; i < size; i++, offset++)
        value |= ide_master_read(&s->channel[offset / MASTER_PORTS], offset % MASTER_PORTS)
                 << 8 * i;
    return value;
}

static void master_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct piix3_ide *s = device;
    for (unsigned i = 0; i < size; i++, offset++)
        ide_master_write(&s->channel[offset / MASTER_PORTS], offset % MASTER_PORTS,
                         (uint8_t)(value >> 8 * i));
}

/* What waited for leave to be a master has it perhaps. */
static void changed(void *device)
{
    struct piix3_ide *s = device;
    for (unsigned i = 0; i < PIIX3_CHANNELS; i++)
        ide_run_dma(&s->channel[i]);
}

bool piix3_ide_init(struct piix3_ide *s, struct pci *bus,
                    struct ide_channel channel[PIIX3_CHANNELS])
{
    struct pci_function *f = &s->pci;
    memset(s, 0, sizeof *s);
    s->channel = channel;
    pci_function_init(f, 1, 1, 0x8086, 0x7010, 0x01018000);
    pci_set(f, PCI_COMMAND, 2, 0, PCI_COMMAND_IO | PCI_COMMAND_MASTER);
    pci_set(f, PCI_STATUS, 2, 0x0280, 0);
    pci_set(f, PCI_LATENCY_TIMER, 1, 0, 0xf0);
    pci_set(f, IDETIM, 4, 0, 0xf377f377);
    pci_set(f, 0x44, 1, 0, 0xff); /* SIDETIM */
    for (unsigned i = 0; i < PIIX3_CHANNELS; i++)
        channel[i].master.pci = f;
    pci_add(bus, f);
    f->changed = changed;
    f->device = s;
    return pci_base_io(f, BMIBA, PIIX3_CHANNELS * MASTER_PORTS, 4, master_read, master_write, s);
}

void piix3_ide_enable(struct piix3_ide *s)
{
    s->pci.config[PCI_COMMAND] |= PCI_COMMAND_MASTER;
    for (unsigned i = 0; i < PIIX3_CHANNELS; i++)
        s->pci.config[IDETIM + 2 * i + 1] |= IDETIM_ON;
}

static void reset(void *device)
{
    struct piix3_ide *s = device;
    pci_function_reset(&s->pci);
}

static void restored(void *device)
{
    struct piix3_ide *s = device;
    pci_place_bases(&s->pci);
}

static const struct state_field fields[] = {
    {STATE_OF(piix3_ide, pci, &pci_function_state)},
    {NOT_STATE(piix3_ide, channel)},
    {0},
};
static const struct state_table state = STATE_TABLE(piix3_ide, 1, fields);
const struct device piix3_ide_device = {
    .name = "piix3-ide", .reset = reset, .state = &state, .restored = restored};
