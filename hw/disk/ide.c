/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An IDE channel's registers, interrupt and resets. ATA/ATAPI-6, 7 and 9. */
#include "hw/disk/ide.h"

#include "exec/exec.h"
#include "hw/disk/ide_internal.h"

#include <string.h>

enum { DATA, ERROR_FEATURE, COUNT, LOW, MID, HIGH, DEVICE, STATUS_COMMAND };
enum { DEVICE_FIXED = 0xa0, DEVICE_SLAVE = 0x10 };
enum { CONTROL_NIEN = 0x02, CONTROL_SRST = 0x04, CONTROL_HOB = 0x80 };
enum { DEVICE_RESET = 0x08, EXECUTE_DIAGNOSTIC = 0x90 };

static struct ide_drive *selected(struct ide_channel *c)
{
    return &c->drive[c->selected];
}

/* --- the interrupt --- */

static void update_irq(const struct ide_channel *c)
{
    irq_set(&c->irq, c->interrupt && !(c->control & CONTROL_NIEN));
}

static void set_interrupt(struct ide_channel *c, bool level)
{
    enum { MASTER_INTERRUPT = 0x04 };
    c->interrupt = level;
    if (level && !(c->control & CONTROL_NIEN))
        c->master.status |= MASTER_INTERRUPT;
    update_irq(c);
}

void ide_interrupt(struct ide_drive *d)
{
    set_interrupt(d->channel, true);
}

void ide_succeed(struct ide_drive *d)
{
    d->phase = IDE_IDLE;
    d->status = IDE_DRDY | IDE_DSC;
    d->error = 0;
    ide_interrupt(d);
}

void ide_fail(struct ide_drive *d, uint8_t error, uint8_t status)
{
    d->phase = IDE_IDLE;
    d->status = IDE_DRDY | IDE_DSC | IDE_ERR | status;
    d->error = error;
    ide_interrupt(d);
}

/* --- resets --- */

/* 9.12, "Signature and persistence". */
void ide_set_signature(struct ide_drive *d)
{
    d->now = (struct ide_taskfile){.count = 1, .low = 1};
    if (d->cdrom) {
        d->now.mid = 0x14;
        d->now.high = 0xeb;
    }
    d->before = (struct ide_taskfile){0};
    d->device = d->number & 1 ? DEVICE_SLAVE : 0;
    d->error = 1; /* passed */
}

/* SRST, DEVICE RESET and EXECUTE DEVICE DIAGNOSTIC keep what SET FEATURES has set. */
static void restart(struct ide_drive *d)
{
    ide_withdraw(d);
    if (!d->present)
        return;
    ide_set_signature(d);
    d->status = d->cdrom ? 0 : IDE_DRDY | IDE_DSC;
    d->standby = false;
    if (d->cdrom)
        atapi_reset(d);
}

static void reset_drive(struct ide_drive *d)
{
    enum { HEADS = 16, SECTORS = 63, MULTIWORD_DMA_2 = 0x22 };
    struct disk_geometry g = {.heads = HEADS, .sectors = SECTORS};
    if (d->present && !d->cdrom)
        g = disk_geometry(d->disk);
    restart(d);
    memset(d->buffer, 0, sizeof d->buffer);
    d->heads = g.heads;
    d->sectors = g.sectors;
    d->multiple = d->present && !d->cdrom ? IDE_MULTIPLE : 0;
    d->mode = MULTIWORD_DMA_2;
    d->write_cache = true;
    d->command = 0;
}

static void reset(void *channel)
{
    struct ide_channel *c = channel;
    c->control = 0;
    c->selected = 0;
    for (unsigned i = 0; i < 2; i++)
        reset_drive(&c->drive[i]);
    ide_master_reset(&c->master);
    set_interrupt(c, false);
}

static void restart_both(struct ide_channel *c)
{
    c->selected = 0;
    for (unsigned i = 0; i < 2; i++)
        restart(&c->drive[i]);
}

static void write_control(struct ide_channel *c, uint8_t value)
{
    uint8_t changed = c->control ^ value;
    c->control = value;
    if (changed & CONTROL_SRST) {
        restart_both(c);
        set_interrupt(c, false);
    }
    for (unsigned i = 0; i < 2 && value & CONTROL_SRST; i++)
        if (c->drive[i].present)
            c->drive[i].status = IDE_BSY;
    update_irq(c);
}

/* --- commands --- */

/* Both drives execute it, and the first tells of both. */
static void diagnose(struct ide_channel *c)
{
    restart_both(c);
    ide_interrupt(&c->drive[c->drive[0].present ? 0 : 1]);
}

static void write_command(struct ide_channel *c, uint8_t command)
{
    struct ide_drive *d = selected(c);
    set_interrupt(c, false);
    if (command == EXECUTE_DIAGNOSTIC && !(c->control & CONTROL_SRST))
        diagnose(c);
    else if (d->present && d->cdrom && command == DEVICE_RESET)
        restart(d);
    else if (d->present && !(d->status & (IDE_BSY | IDE_DRQ)) && !c->drive[!c->selected].waiting)
        ide_execute(d, command); /* the channel is one drive's at a time */
    else
        log_if(LOG_GUEST_ERRORS, "ide: command %02x to a drive that is %s\n", command,
               d->present ? "busy" : "not there");
}

/* --- data --- */

static bool is_for_guest(const struct ide_drive *d)
{
    return d->phase == IDE_REPLY || d->phase == IDE_READ || d->phase == ATAPI_REPLY ||
           d->phase == ATAPI_READ;
}

static bool is_from_guest(const struct ide_drive *d)
{
    return d->phase == IDE_TAKE || d->phase == IDE_WRITE || d->phase == ATAPI_PACKET;
}

static void count_data(struct ide_drive *d, unsigned size)
{
    d->at += size;
    if (d->at >= d->stop)
        ide_block_done(d);
}

static uint32_t read_data(struct ide_drive *d, unsigned size)
{
    uint32_t value = 0;
    if (!(d->status & IDE_DRQ) || !is_for_guest(d))
        return 0;
    size = size < d->stop - d->at ? size : d->stop - d->at;
    memcpy(&value, d->buffer + d->at, size);
    count_data(d, size);
    return value;
}

static void write_data(struct ide_drive *d, uint32_t value, unsigned size)
{
    if (!(d->status & IDE_DRQ) || !is_from_guest(d))
        return;
    size = size < d->stop - d->at ? size : d->stop - d->at;
    memcpy(d->buffer + d->at, &value, size);
    count_data(d, size);
}

/* --- registers --- */

static uint8_t *register_of(struct ide_taskfile *t, unsigned offset)
{
    switch (offset) {
    case ERROR_FEATURE:
        return &t->feature;
    case COUNT:
        return &t->count;
    case LOW:
        return &t->low;
    case MID:
        return &t->mid;
    default:
        return &t->high;
    }
}

static uint8_t read_status(struct ide_channel *c)
{
    set_interrupt(c, false);
    return selected(c)->status;
}

/* A drive that is not there is read as zeros, by pulled-down lines or by the other one. */
static uint8_t read_register(struct ide_channel *c, unsigned offset)
{
    struct ide_drive *d = selected(c);
    if (!d->present)
        return 0;
    switch (offset) {
    case ERROR_FEATURE:
        return d->error;
    case DEVICE:
        return d->device | DEVICE_FIXED;
    case STATUS_COMMAND:
        return read_status(c);
    default:
        return *register_of(c->control & CONTROL_HOB ? &d->before : &d->now, offset);
    }
}

static void select_device(struct ide_channel *c, uint8_t value)
{
    c->selected = value & DEVICE_SLAVE ? 1 : 0;
    for (unsigned i = 0; i < 2; i++)
        c->drive[i].device = c->drive[i].present ? value & (uint8_t)~DEVICE_FIXED : 0;
}

/* Both drives hear all; while one is busy its registers are not the guest's. */
static void write_register(struct ide_channel *c, unsigned offset, uint8_t value)
{
    c->control &= (uint8_t)~CONTROL_HOB;
    if (offset == STATUS_COMMAND) {
        write_command(c, value);
        return;
    }
    if (offset == DEVICE) {
        select_device(c, value);
        return;
    }
    for (unsigned i = 0; i < 2; i++) {
        struct ide_drive *d = &c->drive[i];
        if (!d->present || d->status & IDE_BSY)
            continue;
        *register_of(&d->before, offset) = *register_of(&d->now, offset);
        *register_of(&d->now, offset) = value;
    }
}

uint32_t ide_read(void *channel, uint32_t offset, unsigned size)
{
    struct ide_channel *c = channel;
    uint32_t value = 0;
    if (offset == DATA)
        return selected(c)->present ? read_data(selected(c), size) : UINT32_MAX;
    for (unsigned i = 0; i < size; i++)
        value |= (uint32_t)read_register(c, offset + i) << 8 * i;
    return value;
}

void ide_write(void *channel, uint32_t offset, uint32_t value, unsigned size)
{
    struct ide_channel *c = channel;
    if (offset == DATA) {
        write_data(selected(c), value, size);
        return;
    }
    for (unsigned i = 0; i < size; i++)
        write_register(c, offset + i, (uint8_t)(value >> 8 * i));
}

uint32_t ide_control_read(void *channel, uint32_t offset, unsigned size)
{
    struct ide_channel *c = channel;
    (void)offset;
    (void)size;
    return selected(c)->present ? selected(c)->status : 0;
}

void ide_control_write(void *channel, uint32_t offset, uint32_t value, unsigned size)
{
    (void)offset;
    (void)size;
    write_control(channel, (uint8_t)value);
}

/* --- creation --- */

void ide_init(struct ide_channel *c, unsigned number, struct memory *memory, struct irq_line irq)
{
    memset(c, 0, sizeof *c);
    c->irq = irq;
    c->master.memory = memory;
    for (unsigned i = 0; i < 2; i++) {
        c->drive[i].channel = c;
        c->drive[i].number = 2 * number + i;
    }
    reset(c);
}

void ide_attach(struct ide_channel *c, unsigned slave, struct disk *disk, bool cdrom)
{
    struct ide_drive *d = &c->drive[slave];
    d->present = true;
    d->cdrom = cdrom;
    d->disk = disk;
    reset_drive(d);
}

/* --- state --- */

static void restored(void *channel)
{
    struct ide_channel *c = channel;
    for (unsigned i = 0; i < 2; i++) {
        struct ide_drive *d = &c->drive[i];
        bool agrees = d->at <= d->stop && d->stop <= d->end;
        disk_withdraw(&d->request);
        if (!d->present || !agrees)
            ide_withdraw(d);
        if (d->waiting)
            ide_submit(d);
    }
}

static const struct state_field taskfile_fields[] = {
    {STATE(ide_taskfile, feature)}, {STATE(ide_taskfile, count)}, {STATE(ide_taskfile, low)},
    {STATE(ide_taskfile, mid)},     {STATE(ide_taskfile, high)},  {0},
};
static const struct state_table taskfile_state = STATE_TABLE(ide_taskfile, 1, taskfile_fields);

static const struct state_field drive_fields[] = {
    {NOT_STATE(ide_drive, channel)},
    {NOT_STATE(ide_drive, number)},
    {NOT_STATE(ide_drive, present)},
    {NOT_STATE(ide_drive, cdrom)},
    {NOT_STATE(ide_drive, disk)},
    {NOT_STATE(ide_drive, tray)},
    {NOT_STATE(ide_drive, request)}, /* `waiting`, and the position, say what it is */
    {STATE_OF(ide_drive, now, &taskfile_state)},
    {STATE_OF(ide_drive, before, &taskfile_state)},
    {STATE(ide_drive, device)},
    {STATE(ide_drive, status)},
    {STATE(ide_drive, error)},
    {STATE(ide_drive, command)},
    {STATE(ide_drive, heads), .least = 1, .most = 16},
    {STATE(ide_drive, sectors), .least = 1, .most = 255},
    {STATE(ide_drive, multiple), .most = IDE_MULTIPLE},
    {STATE(ide_drive, mode)},
    {STATE(ide_drive, write_cache)},
    {STATE(ide_drive, standby)},
    {STATE(ide_drive, phase), .most = IDE_PHASES - 1},
    {STATE(ide_drive, waiting)},
    {STATE(ide_drive, flushing)},
    {STATE(ide_drive, sector), .most = (uint64_t)1 << 48},
    {STATE(ide_drive, left)},
    {STATE(ide_drive, run), .most = IDE_CHUNK / IDE_SECTOR},
    {STATE(ide_drive, block), .most = IDE_BUFFER},
    {STATE(ide_drive, at), .most = IDE_BUFFER},
    {STATE(ide_drive, stop), .most = IDE_BUFFER},
    {STATE(ide_drive, end), .most = IDE_BUFFER},
    {STATE_BYTES(ide_drive, buffer)},
    {STATE_OF(ide_drive, atapi, &atapi_state)},
    {0},
};
static const struct state_table drive_state = STATE_TABLE(ide_drive, 1, drive_fields);

static const struct state_field prd_fields[] = {
    {STATE(ide_prd, next)},
    {STATE(ide_prd, address)},
    {STATE(ide_prd, left), .most = 0x10000},
    {STATE(ide_prd, last)},
    {0},
};
static const struct state_table prd_state = STATE_TABLE(ide_prd, 1, prd_fields);

static const struct state_field master_fields[] = {
    {NOT_STATE(ide_bus_master, memory)}, {NOT_STATE(ide_bus_master, pci)},
    {STATE(ide_bus_master, command)},    {STATE(ide_bus_master, status)},
    {STATE(ide_bus_master, table)},      {STATE_OF(ide_bus_master, prd, &prd_state)},
    {NOT_STATE(ide_bus_master, behind)}, {0},
};
static const struct state_table master_state = STATE_TABLE(ide_bus_master, 1, master_fields);

static const struct state_field fields[] = {
    {NOT_STATE(ide_channel, irq)},
    {STATE(ide_channel, interrupt)},
    {STATE(ide_channel, control)},
    {STATE(ide_channel, selected), .most = 1},
    {STATE_ARRAY_OF(ide_channel, drive, &drive_state)},
    {STATE_OF(ide_channel, master, &master_state)},
    {NOT_STATE(ide_channel, chunk)}, /* while the disk has it, and then it is had again */
    {0},
};
static const struct state_table state = STATE_TABLE(ide_channel, 1, fields);
const struct device ide_device = {
    .name = "ide", .reset = reset, .state = &state, .restored = restored};
