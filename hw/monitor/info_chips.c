/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What info tells of single chips. */
#include "hw/bus/pci.h"
#include "hw/disk/i82077.h"
#include "hw/disk/ide.h"
#include "hw/monitor/drives.h"
#include "hw/monitor/monitor.h"

#include "exec/memory.h"

/* --- PCI --- */

static uint32_t config(const struct pci_function *f, unsigned offset, unsigned size)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= (uint32_t)f->config[offset + i] << 8 * i;
    return value;
}

static void print_base(const struct pci_function *f, unsigned number, FILE *to)
{
    enum { FIRST = 0x10, ROM = 0x30 };
    const struct pci_base *b = &f->base[number];
    uint32_t value = config(f, number == PCI_ROM_BASE ? ROM : FIRST + 4 * number, 4);
    uint32_t base = value & ~(b->size - 1);
    if (!b->size)
        return;
    if (number == PCI_ROM_BASE)
        fprintf(to, "      ROM: at %08x, %u KiB%s\n", base, b->size / 1024,
                value & 1 ? "" : ", disabled");
    else if (b->region)
        fprintf(to, "      BAR%u: memory at %08x, %u KiB\n", number, base, b->size / 1024);
    else
        fprintf(to, "      BAR%u: ports at %04x, %u of them\n", number, base, b->size);
}

static void print_function(const struct pci_function *f, FILE *to)
{
    unsigned pin = f->config[PCI_INTERRUPT_PIN];
    fprintf(to, "  Bus  0, device %3u, function %u:\n", f->devfn / 8u, f->devfn % 8u);
    fprintf(to, "      class %04x, PCI device %04x:%04x\n", config(f, 0x0a, 2), config(f, 0, 2),
            config(f, 2, 2));
    if (pin)
        fprintf(to, "      IRQ %u, pin %c\n", f->config[PCI_INTERRUPT_LINE], 'A' + pin - 1);
    for (unsigned i = 0; i < PCI_BASES; i++)
        print_base(f, i, to);
}

bool monitor_info_pci(struct monitor_call *c)
{
    const struct pci *pci = monitor_chip(c->monitor, &pci_device, 0);
    if (!pci)
        return error_set(c->error, "this machine has no PCI bus");
    for (unsigned i = 0; i < pci->count; i++)
        print_function(pci->function[i], c->to);
    return true;
}

/* --- drives --- */

bool monitor_info_block(struct monitor_call *c)
{
    struct drive_view d;
    for (unsigned i = 0; drive_number(c->monitor, i, &d); i++) {
        if (d.disk)
            fprintf(c->to, "%s: %s (%" PRIu64 " bytes%s)\n", d.name, disk_name(d.disk),
                    disk_size(d.disk), disk_is_read_only(d.disk) ? ", read-only" : "");
        else
            fprintf(c->to, "%s: [not inserted]\n", d.name);
        if (d.removable)
            fprintf(c->to, "    Removable device: %slocked, tray %s\n", d.locked ? "" : "not ",
                    d.open ? "open" : "closed");
    }
    return true;
}

bool monitor_info_blockstats(struct monitor_call *c)
{
    struct drive_view d;
    for (unsigned i = 0; drive_number(c->monitor, i, &d); i++) {
        const struct disk_counts *n = &d.counts;
        fprintf(c->to,
                "%s: rd_bytes=%" PRIu64 " wr_bytes=%" PRIu64 " rd_operations=%" PRIu64
                " wr_operations=%" PRIu64 " flush_operations=%" PRIu64 " wr_total_time_ns=%" PRIu64
                " rd_total_time_ns=%" PRIu64 " flush_total_time_ns=%" PRIu64 "\n",
                d.name, n->of[DISK_READ].bytes, n->of[DISK_WRITE].bytes, n->of[DISK_READ].done,
                n->of[DISK_WRITE].done, n->of[DISK_FLUSH].done, n->of[DISK_WRITE].time_ns,
                n->of[DISK_READ].time_ns, n->of[DISK_FLUSH].time_ns);
    }
    return true;
}
