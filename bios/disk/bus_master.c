/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bus-master transfers of an IDE function (Programming Interface for Bus Master IDE Controller
 * 1.0). The table of physical regions is in the EBDA.
 */
#include "bios/clock/clock.h"
#include "bios/disk/disk.h"
#include "bios/entry/entry.h"

enum { COMMAND = 0, STATUS = 2, TABLE = 4 };
enum { START = 0x01, TO_MEMORY = 0x08, ACTIVE = 0x01, ERROR = 0x02, INTERRUPT = 0x04 };
enum { LAST = 0x80000000u, TIMEOUT = 10 * 18 };

bool in_real_mode(void)
{
    u16 status;
    __asm__ volatile("smsw %0" : "=r"(status));
    return !(status & 1);
}

/* No region crosses a multiple of 64 KiB. */
static void fill_table(u32 address, u32 bytes)
{
    u32 first = 0x10000 - (address & 0xffff);
    if (first > bytes)
        first = bytes;
    ebda.prd[0] = address;
    ebda.prd[1] = (first & 0xffff) | (first == bytes ? LAST : 0);
    ebda.prd[2] = address + first;
    ebda.prd[3] = ((bytes - first) & 0xffff) | LAST;
}

bool ata_dma_prepare(const struct drive *d, bool write, struct place buffer, u32 bytes)
{
    u32 address = place_linear(buffer);
    if (!d->bus_master || !d->dma || address & 1 || bytes > 0x10000 || !in_real_mode())
        return false;
    if (!(pci_read8(d->pci, PCI_COMMAND) & PCI_COMMAND_MASTER))
        return false;
    fill_table(address, bytes);
    outb((u16)(d->bus_master + COMMAND), write ? 0 : TO_MEMORY);
    outb((u16)(d->bus_master + STATUS), ERROR | INTERRUPT);
    outl((u16)(d->bus_master + TABLE), far_linear(far_of(ebda.prd)));
    return true;
}

/* With nIEN the interrupt bit is not told: the drive's status says when it has ended. */
enum disk_status ata_dma_run(const struct drive *d, bool write)
{
    u32 started = clock_ticks();
    u8 command = write ? 0 : TO_MEMORY, status;
    bool late = false;
    outb((u16)(d->bus_master + COMMAND), command | START);
    do {
        status = inb((u16)(d->bus_master + STATUS));
        late = clock_passed(started, TIMEOUT);
    } while (status & ACTIVE && !(status & ERROR) && !late &&
             (inb(d->control) & (ATA_BSY | ATA_DRQ)));
    outb((u16)(d->bus_master + COMMAND), command);
    return late ? DISK_TIMEOUT : status & ERROR ? DISK_DMA_OVERRUN : DISK_OK;
}
