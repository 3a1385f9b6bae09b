/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bus master's registers, and its way through memory by a table of physical regions.
 * Programming Interface for Bus Master IDE Controller, revision 1.0, 1.2 to 3.
 */
#include "hw/disk/ide_internal.h"

#include "exec/memory.h"
#include "hw/bus/pci.h"

#include <string.h>

enum { COMMAND = 0, STATUS = 2, TABLE = 4 };
enum { COMMAND_START = 0x01, COMMAND_TO_MEMORY = 0x08 };
enum { STATUS_ACTIVE = 0x01, STATUS_ERROR = 0x02, STATUS_INTERRUPT = 0x04, STATUS_DRIVES = 0x60 };
#define PRD_LAST 0x80000000u

void ide_master_reset(struct ide_bus_master *m)
{
    m->command = m->status = 0;
    m->table = 0;
    m->prd = m->behind = (struct ide_prd){0};
}

bool ide_master_runs(const struct ide_channel *c)
{
    const struct ide_bus_master *m = &c->master;
    return m->command & COMMAND_START && m->status & STATUS_ACTIVE &&
           (!m->pci || pci_is_master(m->pci));
}

/* --- memory --- */

/* Loads the next entry; false if there is none, or its place is not memory. */
static enum ide_moved next_entry(const struct ide_bus_master *m, struct ide_prd *p)
{
    uint32_t entry[2];
    if (p->last)
        return IDE_TOO_SHORT;
    if (!memory_copy_out(m->memory, entry, p->next, sizeof entry))
        return IDE_NO_MEMORY;
    p->next += sizeof entry;
    p->address = entry[0] & ~1u;
    p->left = (entry[1] & 0xfffe) ? entry[1] & 0xfffe : 0x10000;
    p->last = entry[1] & PRD_LAST;
    return IDE_MOVED;
}

static bool move(struct memory *memory, uint32_t address, uint8_t *bytes, uint32_t size,
                 bool to_memory)
{
    return to_memory ? memory_copy_in(memory, address, bytes, size)
                     : memory_copy_out(memory, bytes, address, size);
}

static enum ide_moved move_all(struct ide_channel *c, uint8_t *bytes, uint32_t size, bool to_memory)
{
    struct ide_bus_master *m = &c->master;
    struct ide_prd p = m->prd;
    enum ide_moved how = IDE_MOVED;
    while (size && how == IDE_MOVED) {
        uint32_t part = size < p.left ? size : p.left;
        if (!part) {
            how = next_entry(m, &p);
            continue;
        }
        if (!move(m->memory, p.address, bytes, part, to_memory))
            how = IDE_NO_MEMORY;
        bytes += part;
        size -= part;
        p.address += part;
        p.left -= part;
    }
    m->behind = p;
    return how;
}

enum ide_moved ide_master_to_memory(struct ide_channel *c, const uint8_t *from, uint32_t size)
{
    return move_all(c, (uint8_t *)from, size, true);
}

enum ide_moved ide_master_from_memory(struct ide_channel *c, uint8_t *to, uint32_t size)
{
    return move_all(c, to, size, false);
}

void ide_master_advance(struct ide_channel *c)
{
    c->master.prd = c->master.behind;
}

/* It stays active if the table has more than the drive ("Status Register", bit 0). */
void ide_master_end(struct ide_channel *c, bool error)
{
    struct ide_bus_master *m = &c->master;
    if (error)
        m->status |= STATUS_ERROR;
    if (error || (m->behind.last && !m->behind.left))
        m->status &= (uint8_t)~STATUS_ACTIVE;
}

/* --- registers --- */

uint32_t ide_master_read(struct ide_channel *c, uint32_t offset)
{
    const struct ide_bus_master *m = &c->master;
    if (offset == COMMAND)
        return m->command;
    if (offset == STATUS)
        return m->status;
    return offset >= TABLE ? m->table >> 8 * (offset - TABLE) & 0xff : 0;
}

/* What a drive was being asked for is given up; it waits to be asked again, or for a reset. */
static void stop(struct ide_channel *c)
{
    c->master.status &= (uint8_t)~STATUS_ACTIVE;
    for (unsigned i = 0; i < 2; i++) {
        struct ide_drive *d = &c->drive[i];
        if (!d->waiting ||
            (d->phase != IDE_READ_DMA && d->phase != IDE_WRITE_DMA && d->phase != ATAPI_READ_DMA))
            continue;
        disk_withdraw(&d->request);
        d->waiting = d->flushing = false;
        d->status = IDE_DRDY | IDE_DSC | IDE_DRQ;
    }
}

static void write_command(struct ide_channel *c, uint8_t value)
{
    struct ide_bus_master *m = &c->master;
    bool started = value & COMMAND_START && !(m->command & COMMAND_START);
    bool stopped = !(value & COMMAND_START) && m->command & COMMAND_START;
    m->command = value & (COMMAND_START | COMMAND_TO_MEMORY);
    if (stopped)
        stop(c);
    if (!started)
        return;
    m->prd = m->behind = (struct ide_prd){.next = m->table};
    m->status |= STATUS_ACTIVE;
    ide_run_dma(c);
}

static void write_status(struct ide_bus_master *m, uint8_t value)
{
    uint8_t cleared = value & (STATUS_ERROR | STATUS_INTERRUPT);
    m->status = (m->status & (uint8_t) ~(cleared | STATUS_DRIVES)) | (value & STATUS_DRIVES);
}

void ide_master_write(struct ide_channel *c, uint32_t offset, uint8_t value)
{
    struct ide_bus_master *m = &c->master;
    if (offset == COMMAND)
        write_command(c, value);
    else if (offset == STATUS)
        write_status(m, value);
    else if (offset >= TABLE)
        memcpy((uint8_t *)&m->table + (offset - TABLE), &value, 1);
    m->table &= ~3u;
}
