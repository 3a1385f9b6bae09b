/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 40h, the floppies' part of INT 13h. */
#include "bios/disk/floppy.h"

#include "bios/disk/eltorito.h"
#include "bios/disk/fdc.h"
#include "bios/entry/entry.h"

enum { RATE_500 = 0, RATE_300 = 1, RATE_250 = 2, RATE_1000 = 3 };
/* 40:90 */
enum {
    STATE_RATE = 0xc0,
    STATE_KNOWN = 0x10,
    STATE_360_IN_1200 = 4,
    STATE_1200 = 5,
    STATE_3_5 = 7
};
enum { SECTOR = 512, MOTOR_TICKS = 37 };

enum floppy_type { NO_FLOPPY, FLOPPY_360K, FLOPPY_1_2M, FLOPPY_720K, FLOPPY_1_44M, FLOPPY_2_88M };

/* What CMOS 10h calls 1 to 6; 5 and 6 are both 2.88M. */
ROM_DATA struct {
    u8 cylinders, sectors;
    u8 rates[3]; /* to be tried in turn */
    u8 rates_count;
} types[] = {
    {0, 0, {0}, 0},
    {40, 9, {RATE_250}, 1},
    {80, 15, {RATE_500, RATE_300, RATE_250}, 3},
    {80, 9, {RATE_250}, 1},
    {80, 18, {RATE_500, RATE_250}, 2},
    {80, 36, {RATE_1000, RATE_500, RATE_250}, 3},
    {80, 36, {RATE_1000, RATE_500, RATE_250}, 3},
};

/* The 8272's parameters for each type, as 08h points to them. */
ROM_DATA u8 tables[][11] = {
    {0xdf, 0x02, 0x25, 2, 9, 0x2a, 0xff, 0x50, 0xf6, 15, 8},
    {0xdf, 0x02, 0x25, 2, 9, 0x2a, 0xff, 0x50, 0xf6, 15, 8},
    {0xdf, 0x02, 0x25, 2, 15, 0x1b, 0xff, 0x54, 0xf6, 15, 8},
    {0xdf, 0x02, 0x25, 2, 9, 0x2a, 0xff, 0x50, 0xf6, 15, 8},
    {0xaf, 0x02, 0x25, 2, 18, 0x1b, 0xff, 0x6c, 0xf6, 15, 8},
    {0xaf, 0x02, 0x25, 2, 36, 0x1b, 0xff, 0x53, 0xf6, 15, 8},
    {0xaf, 0x02, 0x25, 2, 36, 0x1b, 0xff, 0x53, 0xf6, 15, 8},
};

static u8 type_of(u8 drive)
{
    u8 both = cmos_read(CMOS_FLOPPIES);
    u8 type = drive == 0 ? both >> 4 : drive == 1 ? both & 0x0f : 0;
    return type < LENGTH(types) ? type : NO_FLOPPY;
}

static u8 parameter(u8 index)
{
    struct far table = far_vector(0x1e);
    return far_read_u8(far(table.segment, table.offset + index));
}

static bool known(u8 drive)
{
    return BDA_GET(floppy_state[drive & 1]) & STATE_KNOWN;
}

static void set_state(u8 drive, u8 rate)
{
    u8 type = type_of(drive);
    u8 media = type != FLOPPY_1_2M ? STATE_3_5 : rate == RATE_500 ? STATE_1200 : STATE_360_IN_1200;
    BDA_SET(floppy_state[drive & 1], (u8)(rate << 6 | STATE_KNOWN | media));
}

/* --- media --- */

/* Seeking takes the change line's signal away, if there is a disk. */
static enum disk_status check_change(u8 drive)
{
    enum disk_status status;
    bool was_known = known(drive);
    if (!fdc_changed(drive))
        return DISK_OK;
    BDA_SET(floppy_state[drive & 1], 0);
    BDA_SET(floppy_calibrated, BDA_GET(floppy_calibrated) & (u8) ~(1 << drive));
    status = fdc_seek(drive, 1, 0);
    if (!status)
        status = fdc_seek(drive, 0, 0);
    if (status || fdc_changed(drive))
        return DISK_TIMEOUT;
    return was_known ? DISK_CHANGED : DISK_OK;
}

/* At which rate sectors' marks can be read. */
static enum disk_status find_rate(u8 drive, u8 cylinder, u8 head)
{
    u8 type = type_of(drive);
    enum disk_status status = DISK_NO_MEDIA_TYPE;
    for (u8 i = 0; i < types[type].rates_count; i++) {
        fdc_rate(drive, types[type].rates[i]);
        status = fdc_seek(drive, cylinder, head);
        if (!status)
            status = fdc_read_id(drive, head);
        if (!status) {
            set_state(drive, types[type].rates[i]);
            return DISK_OK;
        }
        if (status == DISK_TIMEOUT)
            fdc_reset();
    }
    return status;
}

static enum disk_status prepare(u8 drive, u8 cylinder, u8 head)
{
    fdc_motor(drive);
    enum disk_status status = check_change(drive);
    if (status)
        return status;
    if (!known(drive))
        return find_rate(drive, cylinder, head);
    fdc_rate(drive, BDA_GET(floppy_state[drive & 1]) >> 6);
    return fdc_seek(drive, cylinder, head);
}

/* --- transfers --- */

/* A track's; vector 1Eh's table, unless somebody has put another there, knows nothing of 2.88M. */
static u8 last_sector(u8 drive)
{
    enum { LAST_2_88M = 36 };
    u8 last = parameter(4), rate = BDA_GET(floppy_state[drive & 1]) >> 6;
    return rate == RATE_1000 && last < LAST_2_88M ? LAST_2_88M : last;
}

static void fill(struct fdc_transfer *t, const struct regs *r, u8 command)
{
    *t = (struct fdc_transfer){
        .command = command,
        .drive = r->dl,
        .cylinder = r->ch,
        .head = r->dh & 1,
        .sector = r->cl & 0x3f,
        .size = 2,
        .gap = parameter(command == FDC_FORMAT ? 7 : 5),
        .filler = parameter(8),
        .buffer = far(r->es, r->bx),
    };
}

/* A sector that the heads have just left is read again by a second try. */
static enum disk_status run(struct fdc_transfer *t, u8 count)
{
    t->count = count;
    t->bytes = count * (u32)SECTOR;
    return fdc_run(t);
}

/* Reads what is to be verified, a sector at a time, to where it is not in the way. */
static enum disk_status verify(struct fdc_transfer *t, u8 count)
{
    u8 sector[SECTOR];
    struct fdc_transfer one = *t;
    enum disk_status status = DISK_OK;
    one.buffer = far_of(sector);
    for (; count && !status; count--, one.sector++)
        status = run(&one, 1);
    return status;
}

/* What lies on one track, then on the other side, then further in. */
static enum disk_status move(struct fdc_transfer *t, u8 *left, bool verifies)
{
    while (*left) {
        enum disk_status status = prepare(t->drive, t->cylinder, t->head);
        t->last = last_sector(t->drive);
        u8 here = t->sector <= t->last ? (u8)(t->last - t->sector + 1) : 1;
        if (here > *left)
            here = *left;
        if (!status)
            status = verifies ? verify(t, here) : run(t, here);
        if (status)
            return status;
        *left = (u8)(*left - here);
        t->buffer = far_forward(t->buffer, here * (u32)SECTOR);
        t->sector = 1;
        t->head ^= 1;
        t->cylinder = (u8)(t->cylinder + !t->head);
    }
    return DISK_OK;
}

static void motor_off_later(void)
{
    BDA_SET(floppy_timeout, parameter(2) ? parameter(2) : MOTOR_TICKS);
}

static void transfer(struct regs *r, u8 command, bool verifies)
{
    struct fdc_transfer t;
    u8 count = r->al, left = count;
    fill(&t, r, command);
    u32 first = far_linear(t.buffer);
    if (!count || !t.sector || r->dh > 1) {
        r->al = 0;
        return disk_end(r, DISK_BAD_COMMAND);
    }
    if (!verifies && first >> 16 != (first + count * (u32)SECTOR - 1) >> 16) {
        r->al = 0;
        return disk_end(r, DISK_DMA_BOUNDARY);
    }
    enum disk_status status = move(&t, &left, verifies);
    motor_off_later();
    r->al = (u8)(count - left);
    disk_end(r, status);
}

/* ES:BX has four bytes for each sector of the track. */
static void format(struct regs *r)
{
    struct fdc_transfer t;
    fill(&t, r, FDC_FORMAT);
    fdc_motor(r->dl);
    enum disk_status status = check_change(r->dl);
    if (!known(r->dl))
        set_state(r->dl, types[type_of(r->dl)].rates[0]);
    fdc_rate(r->dl, BDA_GET(floppy_state[r->dl & 1]) >> 6);
    if (!status)
        status = fdc_seek(r->dl, r->ch, r->dh & 1);
    t.last = last_sector(r->dl);
    t.bytes = t.last * 4u;
    if (!status)
        status = fdc_run(&t);
    motor_off_later();
    disk_end(r, status);
}

/* --- what there is --- */

static void get_parameters(struct regs *r)
{
    u8 type = type_of(r->dl);
    r->ax = 0;
    r->bx = type;
    r->cx = r->dx = 0;
    r->dl = ebda.floppies;
    set_carry(r, false);
    if (!type)
        return;
    r->ch = (u8)(types[type].cylinders - 1);
    r->cl = types[type].sectors;
    r->dh = 1;
    r->es = BIOS_SEGMENT;
    r->di = rom_far(&tables[type]).offset;
}

static void get_type(struct regs *r)
{
    u8 type = type_of(r->dl);
    r->ah = type == NO_FLOPPY ? 0 : type == FLOPPY_360K ? 1 : 2;
    set_carry(r, false);
}

static void get_change(struct regs *r)
{
    fdc_motor(r->dl);
    bool changed = fdc_changed(r->dl);
    motor_off_later();
    disk_end(r, changed ? DISK_CHANGED : DISK_OK);
}

/* 17h: the medium by number, before it is formatted: 360K, 360K in 1.2M, 1.2M, 720K. */
static void set_media(struct regs *r)
{
    ROM_DATA u8 rates[] = {0, RATE_250, RATE_300, RATE_500, RATE_250};
    if (!r->al || r->al >= LENGTH(rates))
        return disk_end(r, DISK_BAD_COMMAND);
    set_state(r->dl, rates[r->al]);
    disk_end(r, DISK_OK);
}

/* 18h: the medium by its last cylinder and sector. */
static void set_media_by_size(struct regs *r)
{
    u8 sectors = r->cl & 0x3f, best = NO_FLOPPY, drive_type = type_of(r->dl);
    for (unsigned i = FLOPPY_360K; i <= FLOPPY_2_88M; i++)
        if (types[i].sectors == sectors && types[i].cylinders == r->ch + 1)
            best = (u8)i;
    if (!best || types[best].cylinders > types[drive_type].cylinders ||
        types[best].sectors > types[drive_type].sectors)
        return disk_end(r, DISK_NO_MEDIA_TYPE);
    u8 rate = types[best].rates[0];
    if (best == FLOPPY_360K && drive_type == FLOPPY_1_2M)
        rate = RATE_300;
    set_state(r->dl, rate);
    r->es = BIOS_SEGMENT;
    r->di = rom_far(&tables[best]).offset;
    disk_end(r, DISK_OK);
}

static void last_status(struct regs *r)
{
    u8 status = BDA_GET(floppy_status);
    r->ah = status;
    set_carry(r, status);
}

static void reset_drives(struct regs *r)
{
    BDA_SET(floppy_calibrated, 0);
    disk_end(r, ebda.floppies ? fdc_reset() : DISK_OK);
}

static void service(struct regs *r)
{
    switch (r->ah) {
    case 0x02:
        return transfer(r, FDC_READ, false);
    case 0x03:
        return transfer(r, FDC_WRITE, false);
    case 0x04:
        return transfer(r, FDC_READ, true);
    case 0x05:
        return format(r);
    case 0x16:
        return get_change(r);
    case 0x17:
        return set_media(r);
    case 0x18:
        return set_media_by_size(r);
    default:
        return disk_end(r, DISK_BAD_COMMAND);
    }
}

/* What a CD emulates is drive 0: then ours are one further on. */
void int40_floppy(struct regs *r)
{
    u8 drive = r->dl, shift = eltorito_shift(0);
    if (r->ah == 0x00)
        return reset_drives(r);
    if (r->ah == 0x01)
        return last_status(r);
    r->dl = (u8)(drive - shift);
    if (r->ah == 0x08)
        return get_parameters(r);
    if (r->ah == 0x15) {
        get_type(r);
    } else if (!type_of(r->dl)) {
        if (r->ah >= 0x02 && r->ah <= 0x04)
            r->al = 0;
        disk_end(r, DISK_TIMEOUT);
    } else {
        service(r);
    }
    r->dl = drive;
}

void floppy_tick(void)
{
    u8 left = BDA_GET(floppy_timeout);
    if (!left)
        return;
    BDA_SET(floppy_timeout, (u8)(left - 1));
    if (left > 1)
        return;
    BDA_SET(floppy_motors, BDA_GET(floppy_motors) & 0xf0);
    outb(0x3f2, 0x0c);
}

void floppy_detect(void)
{
    u8 number = 0;
    for (unsigned drive = 0; drive < FDC_DRIVES; drive++)
        number = (u8)(number + (type_of((u8)drive) != NO_FLOPPY));
    ebda.floppies = number;
    if (number)
        outb(PORT_PIC1 + 1, inb(PORT_PIC1 + 1) & (u8)~0x40);
}
