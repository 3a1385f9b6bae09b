/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The floppy controller (Intel 82077AA data sheet, 290166) and the 8237's channel 2. */
#include "bios/disk/fdc.h"

#include "bios/clock/clock.h"
#include "bios/entry/entry.h"

enum { DOR = 0x3f2, MSR = 0x3f4, FIFO = 0x3f5, RATE = 0x3f7, DIR = 0x3f7 };
enum { DOR_RUN = 0x04, DOR_DMA = 0x08, MSR_READY = 0x80, MSR_TO_CPU = 0x40, DIR_CHANGED = 0x80 };
enum { SPECIFY = 0x03, RECALIBRATE = 0x07, SENSE = 0x08, READ_ID = 0x4a, SEEK = 0x0f };
enum { IRQ_SEEN = 0x80, TIMEOUT = 3 * 18 };

static void set_outputs(u8 drive)
{
    u8 motors = BDA_GET(floppy_motors) & 0x0f;
    outb(DOR, (u8)(DOR_RUN | DOR_DMA | motors << 4 | drive));
}

static bool interrupt_seen(void)
{
    return BDA_GET(floppy_calibrated) & IRQ_SEEN;
}

static bool wait_interrupt(void)
{
    for (u32 start = clock_ticks(); !interrupt_seen() && clock_since(start) < TIMEOUT;)
        await_interrupt();
    if (!interrupt_seen())
        return false;
    BDA_SET(floppy_calibrated, BDA_GET(floppy_calibrated) & (u8)~IRQ_SEEN);
    return true;
}

static bool wait_ready(u8 direction)
{
    for (unsigned i = 0; i < 20000; i++) {
        if ((inb(MSR) & (MSR_READY | MSR_TO_CPU)) == (MSR_READY | direction))
            return true;
        io_delay();
    }
    return false;
}

static bool send(const u8 *bytes, unsigned count)
{
    BDA_SET(floppy_calibrated, BDA_GET(floppy_calibrated) & (u8)~IRQ_SEEN);
    for (unsigned i = 0; i < count; i++) {
        if (!wait_ready(0))
            return false;
        outb(FIFO, bytes[i]);
    }
    return true;
}

static bool receive(u8 *bytes, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (!wait_ready(MSR_TO_CPU))
            return false;
        bytes[i] = inb(FIFO);
    }
    return true;
}

static bool sense(u8 result[2])
{
    const u8 command = SENSE;
    return send(&command, 1) && receive(result, 2);
}

static bool specify(void)
{
    struct far table = far_vector(0x1e);
    const u8 command[] = {SPECIFY, far_read_u8(table),
                          far_read_u8(far(table.segment, table.offset + 1u))};
    return send(command, sizeof command);
}

enum disk_status fdc_reset(void)
{
    u8 result[2];
    u8 calibrated = BDA_GET(floppy_calibrated) & 0x70;
    BDA_SET(floppy_calibrated, calibrated);
    outb(DOR, DOR_DMA);
    clock_delay(20);
    set_outputs(0);
    if (!wait_interrupt())
        return DISK_TIMEOUT;
    for (unsigned i = 0; i < 4; i++)
        if (!sense(result))
            return DISK_CONTROLLER;
    return specify() ? DISK_OK : DISK_CONTROLLER;
}

/* The drives of emulators are at speed at once. */
void fdc_motor(u8 drive)
{
    u8 motors = BDA_GET(floppy_motors);
    BDA_SET(floppy_timeout, 0xff);
    BDA_SET(floppy_motors, (u8)((motors & 0x0f) | 1 << drive));
    set_outputs(drive);
}

void fdc_rate(u8 drive, u8 rate)
{
    (void)drive;
    BDA_SET(floppy_rate, (u8)((BDA_GET(floppy_rate) & 0x3f) | rate << 6));
    outb(RATE, rate);
}

static enum disk_status step(const u8 *command, unsigned size, u8 drive, u8 cylinder)
{
    u8 result[2];
    if (!send(command, size) || !wait_interrupt())
        return DISK_TIMEOUT;
    if (!sense(result))
        return DISK_CONTROLLER;
    BDA_SET(floppy_cylinder[drive & 1], result[1]);
    return (result[0] & 0xc0) == 0 && result[1] == cylinder ? DISK_OK : DISK_SEEK;
}

/* A drive with 80 cylinders may need to be told twice. */
static enum disk_status calibrate(u8 drive)
{
    const u8 command[] = {RECALIBRATE, drive};
    enum disk_status status = step(command, sizeof command, drive, 0);
    if (status == DISK_SEEK)
        status = step(command, sizeof command, drive, 0);
    if (!status)
        BDA_SET(floppy_calibrated, BDA_GET(floppy_calibrated) | (u8)(1 << drive));
    return status;
}

enum disk_status fdc_seek(u8 drive, u8 cylinder, u8 head)
{
    const u8 command[] = {SEEK, (u8)(head << 2 | drive), cylinder};
    if (!(BDA_GET(floppy_calibrated) & 1 << drive)) {
        enum disk_status status = calibrate(drive);
        if (status)
            return status;
    } else if (BDA_GET(floppy_cylinder[drive & 1]) == cylinder) {
        return DISK_OK;
    }
    return step(command, sizeof command, drive, cylinder);
}

/* 8237, channel 2: single transfers. */
static enum disk_status set_dma(const struct fdc_transfer *t)
{
    enum { TO_MEMORY = 0x46, FROM_MEMORY = 0x4a };
    u32 address = far_linear(t->buffer), last = t->bytes - 1;
    u8 mode = t->command == FDC_READ ? TO_MEMORY : FROM_MEMORY;
    if (address >> 16 != (address + last) >> 16)
        return DISK_DMA_BOUNDARY;
    outb(0x0a, 0x06);
    outb(0x0c, 0);
    outb(0x0b, mode);
    outb(0x04, (u8)address);
    outb(0x04, (u8)(address >> 8));
    outb(0x81, (u8)(address >> 16));
    outb(0x05, (u8)last);
    outb(0x05, (u8)(last >> 8));
    outb(0x0a, 0x02);
    return DISK_OK;
}

/* Status registers 0 to 2 as INT 13h's status. */
static enum disk_status result_status(const u8 *st)
{
    if (!(st[0] & 0xc0))
        return DISK_OK;
    if (st[0] & 0x08)
        return DISK_TIMEOUT;
    if (st[1] & 0x02)
        return DISK_WRITE_PROTECTED;
    if (st[1] & 0x10)
        return DISK_DMA_OVERRUN;
    if (st[1] & 0x20)
        return DISK_BAD_DATA;
    if (st[1] & 0x04 || st[1] & 0x80)
        return DISK_NOT_FOUND;
    return st[1] & 0x01 ? DISK_NO_ADDRESS_MARK : DISK_CONTROLLER;
}

static enum disk_status get_result(void)
{
    u8 result[7];
    if (!wait_interrupt()) {
        fdc_reset();
        return DISK_TIMEOUT;
    }
    if (!receive(result, sizeof result))
        return DISK_CONTROLLER;
    for (unsigned i = 0; i < sizeof result; i++)
        BDA_SET(floppy_result[i], result[i]);
    return result_status(result);
}

enum disk_status fdc_run(const struct fdc_transfer *t)
{
    u8 unit = (u8)(t->head << 2 | t->drive);
    const u8 format[] = {t->command, unit, t->size, t->last, t->gap, t->filler};
    const u8 move[] = {t->command, unit,    t->cylinder, t->head, t->sector,
                       t->size,    t->last, t->gap,      0xff};
    bool formats = t->command == FDC_FORMAT;
    enum disk_status status = set_dma(t);
    if (status)
        return status;
    if (!(formats ? send(format, sizeof format) : send(move, sizeof move)))
        return DISK_CONTROLLER;
    return get_result();
}

enum disk_status fdc_read_id(u8 drive, u8 head)
{
    const u8 command[] = {READ_ID, (u8)(head << 2 | drive)};
    return send(command, sizeof command) ? get_result() : DISK_CONTROLLER;
}

bool fdc_changed(u8 drive)
{
    set_outputs(drive);
    return inb(DIR) & DIR_CHANGED;
}

void int0e_floppy(struct regs *r)
{
    (void)r;
    BDA_SET(floppy_calibrated, BDA_GET(floppy_calibrated) | IRQ_SEEN);
    end_interrupt_low();
}
