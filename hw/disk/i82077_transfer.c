/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands that read and write sectors, one at a time:
 *
 *   HEAD      the sector with that ID is looked for
 *   READING   its bytes come from the disk
 *   HOST      the host takes them, or gives others, by DMA or byte by byte
 *   GAP       the sector has ended, and with it maybe the command
 *   WRITING   what the host gave goes to the disk
 *
 * Commands of one kind have some of these. Section names are those of Intel's data sheet.
 */
#include "exec/exec.h"
#include "hw/disk/i82077.h"

#include <string.h>

enum {
    READ_TRACK = 0x02,
    WRITE = 0x05,
    READ = 0x06,
    WRITE_DELETED = 0x09,
    READ_ID = 0x0a,
    READ_DELETED = 0x0c,
    FORMAT = 0x0d,
    SCAN_EQUAL = 0x11,
    VERIFY = 0x16,
    SCAN_LOW = 0x19,
    SCAN_HIGH = 0x1d,
};
/* The parameters of all but READ ID and FORMAT; of FORMAT; of an ID in FORMAT's data. */
enum { UNIT = 1, CYLINDER, HEAD, SECTOR, SIZE, LAST, GAP_LENGTH, LENGTH };
enum { FORMAT_SIZE = 2, FORMAT_COUNT = 3, FORMAT_FILL = 5 };
enum { ID_CYLINDER, ID_HEAD, ID_SECTOR, ID_SIZE, ID };
enum { UNIT_SIDE = 0x04, VERIFY_COUNTS = 0x80 };

enum { ST1_NO_MARK = 0x01, ST1_PROTECTED = 0x02, ST1_NO_DATA = 0x04, ST1_DATA_ERROR = 0x20 };
enum { ST1_END_OF_CYLINDER = 0x80 };
enum { ST2_NOT_SATISFIED = 0x04, ST2_EQUAL = 0x08, ST2_WRONG_CYLINDER = 0x10 };
enum { ST2_DATA_ERROR = 0x20, ST2_OTHER_MARK = 0x40 };
enum { ALL_EQUAL = 1, ALL_MEET = 2, ANY_BYTE = 0xff };
enum { NON_DMA = 1, IMPLIED_SEEK = 0x40, NO_FIFO = 0x20, THRESHOLD = 0x0f, DOR_MOTOR = 0x10 };

static const uint64_t latency_ns = 100 * NS_PER_US, gap_ns = 20 * NS_PER_US;

/* --- what kind of command --- */

static uint8_t opcode(const struct i82077 *s)
{
    return s->byte[0] & I82077_OPCODE;
}

static bool is_read(const struct i82077 *s)
{
    return opcode(s) == READ || opcode(s) == READ_DELETED || opcode(s) == READ_TRACK;
}

static bool is_write(const struct i82077 *s)
{
    return opcode(s) == WRITE || opcode(s) == WRITE_DELETED;
}

static bool is_scan(const struct i82077 *s)
{
    return opcode(s) == SCAN_EQUAL || opcode(s) == SCAN_LOW || opcode(s) == SCAN_HIGH;
}

static bool uses_dma(const struct i82077 *s)
{
    return !(s->specify[1] & NON_DMA);
}

/* --- the end --- */

static void finish(struct i82077 *s, uint8_t status)
{
    uint8_t unit = s->byte[UNIT] & 3;
    s->wait = I82077_NOTHING;
    s->byte[0] = status | (uint8_t)(s->side << 2) | unit;
    s->byte[1] = s->st1;
    s->byte[2] = s->st2;
    s->byte[3] = s->cylinder;
    s->byte[4] = s->head;
    s->byte[5] = s->sector;
    s->byte[6] = FLOPPY_SECTOR_CODE;
    i82077_result(s, 7);
    i82077_raise(s, true);
}

static void fail(struct i82077 *s, uint8_t st1, uint8_t st2)
{
    s->st1 |= st1;
    s->st2 |= st2;
    finish(s, ST0_ABNORMAL);
}

/* "Result Phase Table": the ID behind the last one that was dealt with. */
static void go_to_next_id(struct i82077 *s)
{
    bool two_sides = s->byte[0] & I82077_MT;
    if (s->sector < s->byte[LAST]) {
        s->sector++;
        return;
    }
    s->sector = 1;
    if (!two_sides || s->side)
        s->cylinder++;
    if (two_sides)
        s->head ^= 1;
}

static void succeed(struct i82077 *s)
{
    if (opcode(s) != FORMAT)
        go_to_next_id(s);
    finish(s, 0);
}

/* --- the sector --- */

static void wait_for(struct i82077 *s, enum i82077_wait wait, uint64_t ns)
{
    s->wait = wait;
    timer_set(&s->timer, timers_now(s->timer.timers) + ns);
}

/* Does the disk turn, and is something on that track that can be read so? */
static bool has_track(struct i82077 *s)
{
    const struct i82077_unit *u = i82077_unit(s);
    bool turns = s->dor & DOR_MOTOR << (s->byte[UNIT] & 3);
    return turns && s->byte[0] & I82077_MFM && floppy_has_track(&u->drive, s->side) &&
           (s->lenient || floppy_rate(&u->drive) == (enum floppy_rate)(s->dsr & 3));
}

/* Of the disk, that with the ID; -1: there is none. */
static int find(struct i82077 *s, unsigned size)
{
    const struct floppy_drive *d = &i82077_unit(s)->drive;
    if (!has_track(s) || s->cylinder != floppy_cylinder(d) || s->head != s->side ||
        size != FLOPPY_SECTOR_CODE)
        return -1;
    return floppy_sector(d, s->side, s->sector);
}

/* READ TRACK takes them as they come, whatever their IDs. */
static int current_sector(struct i82077 *s)
{
    const struct floppy_drive *d = &i82077_unit(s)->drive;
    if (opcode(s) == FORMAT)
        return find(s, FLOPPY_SECTOR_CODE);
    if (opcode(s) != READ_TRACK)
        return find(s, s->byte[SIZE]);
    if (!has_track(s))
        return -1;
    return floppy_sector(d, s->side, (s->byte[LAST] - s->left) % d->format->track + 1u);
}

static void submit(struct i82077 *s, enum disk_operation operation, int sector)
{
    s->wait = operation == DISK_READ ? I82077_READING : I82077_WRITING;
    s->request.operation = operation;
    s->request.offset = (uint64_t)sector * FLOPPY_SECTOR;
    disk_submit(i82077_unit(s)->drive.disk, &s->request);
}

static void read_sector(struct i82077 *s, int sector)
{
    if (floppy_is_in_image(&i82077_unit(s)->drive, sector)) {
        submit(s, DISK_READ, sector);
    } else {
        memset(s->data, 0, sizeof s->data);
        wait_for(s, I82077_READING, gap_ns);
    }
}

static void write_sector(struct i82077 *s)
{
    int sector = current_sector(s);
    if (sector < 0 || !floppy_is_in_image(&i82077_unit(s)->drive, sector))
        fail(s, ST1_NO_DATA, 0);
    else
        submit(s, DISK_WRITE, sector);
}

/* --- the host --- */

static uint16_t bytes_of_host(const struct i82077 *s)
{
    return opcode(s) == FORMAT ? ID : FLOPPY_SECTOR;
}

static void await_host(struct i82077 *s)
{
    s->wait = I82077_HOST;
    s->at = 0;
    s->compared = ALL_EQUAL | ALL_MEET;
    if (uses_dma(s))
        irq_set(&s->dreq, true);
    else
        i82077_raise(s, true);
}

/* The terminal count, if it came with the last byte, is told only after that. */
static void end_host(struct i82077 *s)
{
    irq_set(&s->dreq, false);
    i82077_raise(s, false);
    wait_for(s, I82077_GAP, gap_ns);
}

/* FFh of the host's fits any byte. */
static void compare(struct i82077 *s, uint8_t host)
{
    uint8_t disk = s->data[s->at];
    bool meets = opcode(s) == SCAN_EQUAL ? disk == host
                 : opcode(s) == SCAN_LOW ? disk <= host
                                         : disk >= host;
    if (host == ANY_BYTE)
        return;
    if (disk != host)
        s->compared &= (uint8_t)~ALL_EQUAL;
    if (!meets)
        s->compared &= (uint8_t)~ALL_MEET;
}

static void take_byte(struct i82077 *s, uint8_t byte)
{
    if (is_scan(s))
        compare(s, byte);
    else
        s->data[s->at] = byte;
    if (++s->at >= bytes_of_host(s))
        end_host(s);
}

static uint8_t give_byte(struct i82077 *s)
{
    uint8_t byte = s->data[s->at];
    if (++s->at >= bytes_of_host(s))
        end_host(s);
    return byte;
}

/* What goes the wrong way is lost. */
static size_t transfer(void *chip, enum dma_direction direction, uint8_t *bytes, size_t size)
{
    struct i82077 *s = chip;
    size_t n = 0;
    for (; n < size && s->wait == I82077_HOST && uses_dma(s); n++) {
        bool comes = direction == DMA_FROM_MEMORY;
        if (is_read(s)) {
            uint8_t byte = give_byte(s);
            bytes[n] = comes ? bytes[n] : byte;
        } else {
            take_byte(s, comes ? bytes[n] : 0);
            bytes[n] = comes ? bytes[n] : ANY_BYTE;
        }
    }
    if (!n)
        irq_set(&s->dreq, false);
    return n;
}

/* The rest of a sector that is written is zeros; of one compared it does not matter. */
static void terminal_count(void *chip)
{
    struct i82077 *s = chip;
    s->done = s->phase == I82077_EXECUTION;
    if (s->wait != I82077_HOST)
        return;
    if (!is_scan(s) && !is_read(s))
        memset(s->data + s->at, 0, sizeof s->data - s->at);
    end_host(s);
}

struct dma_client i82077_dma(struct i82077 *s)
{
    return (struct dma_client){s, transfer, terminal_count};
}

/* "Non-DMA Mode": an interrupt for each filling of the FIFO; without one, for each byte. */
static void interrupt_again(struct i82077 *s)
{
    unsigned filling = s->configure[0] & NO_FIFO ? 1 : (s->configure[0] & THRESHOLD) + 1u;
    if (s->wait == I82077_HOST && s->at % filling == 0) {
        i82077_raise(s, false);
        i82077_raise(s, true);
    }
}

bool i82077_gives(const struct i82077 *s)
{
    return s->phase == I82077_EXECUTION && s->wait == I82077_HOST && !uses_dma(s) && is_read(s);
}

uint8_t i82077_give(struct i82077 *s)
{
    uint8_t byte = give_byte(s);
    interrupt_again(s);
    return byte;
}

void i82077_take(struct i82077 *s, uint8_t byte)
{
    if (s->wait != I82077_HOST || uses_dma(s) || is_read(s)) {
        log_if(LOG_GUEST_ERRORS, "i82077: %02x written while a command runs\n", byte);
        return;
    }
    take_byte(s, byte);
    interrupt_again(s);
}

/* --- from one sector to the next --- */

/* "Effects of SK Bit": is the sector of the other kind, data or deleted data? */
static bool has_other_mark(struct i82077 *s, int sector)
{
    bool wants_deleted = opcode(s) == READ_DELETED;
    return floppy_is_deleted(&i82077_unit(s)->drive, sector) != wants_deleted;
}

static void end_cylinder(struct i82077 *s)
{
    if (is_scan(s))
        s->st2 |= ST2_NOT_SATISFIED;
    if (is_scan(s) || opcode(s) == READ_TRACK || opcode(s) == VERIFY) {
        succeed(s);
        return;
    }
    s->st1 |= ST1_END_OF_CYLINDER;
    go_to_next_id(s);
    finish(s, ST0_ABNORMAL);
}

static void go_on(struct i82077 *s)
{
    bool any_id = opcode(s) == READ_TRACK;
    unsigned by = is_scan(s) && s->byte[LENGTH] == 2 ? 2 : 1;
    bool is_last = s->sector + by > s->byte[LAST] && !any_id;
    if (is_last && (s->side || !(s->byte[0] & I82077_MT))) {
        end_cylinder(s);
        return;
    }
    if (is_last)
        s->side = s->head = 1;
    s->sector = is_last ? 1 : (uint8_t)(s->sector + by);
    wait_for(s, I82077_HEAD, gap_ns);
}

static bool ends_by_count(struct i82077 *s)
{
    bool counts = opcode(s) == READ_TRACK || opcode(s) == FORMAT ||
                  (opcode(s) == VERIFY && s->byte[UNIT] & VERIFY_COUNTS);
    return counts && !--s->left;
}

static bool is_scan_met(struct i82077 *s)
{
    if (!is_scan(s) || !(s->compared & ALL_MEET))
        return false;
    s->st2 |= s->compared & ALL_EQUAL ? ST2_EQUAL : 0;
    return true;
}

static void end_sector(struct i82077 *s)
{
    bool stops_at_mark = s->st2 & ST2_OTHER_MARK && !(s->byte[0] & I82077_SK);
    bool is_met = is_scan_met(s);
    if (ends_by_count(s) || s->done || stops_at_mark || is_met) {
        if (is_scan(s) && !is_met)
            s->st2 |= ST2_NOT_SATISFIED;
        succeed(s);
    } else if (opcode(s) == FORMAT) {
        await_host(s);
    } else {
        go_on(s);
    }
}

/* The bytes are there. */
static void sector_read(struct i82077 *s)
{
    if (opcode(s) == VERIFY)
        end_sector(s);
    else
        await_host(s);
}

/* FORMAT: the ID that the host gave; all other sectors of an image are where they are. */
static void format_sector(struct i82077 *s)
{
    const uint8_t *id = s->data;
    bool is_plain = id[ID_SIZE] == FLOPPY_SECTOR_CODE && s->byte[FORMAT_SIZE] == id[ID_SIZE];
    s->cylinder = id[ID_CYLINDER];
    s->head = id[ID_HEAD];
    s->sector = id[ID_SECTOR];
    if (!is_plain) {
        fail(s, ST1_NO_DATA, 0);
        return;
    }
    memset(s->data, s->byte[FORMAT_FILL], sizeof s->data);
    write_sector(s);
}

static void end_gap(struct i82077 *s)
{
    if (opcode(s) == FORMAT)
        format_sector(s);
    else if (is_write(s))
        write_sector(s);
    else
        end_sector(s);
}

static void sector_written(struct i82077 *s)
{
    int sector = current_sector(s);
    if (sector >= 0)
        floppy_set_deleted(&i82077_unit(s)->drive, sector, opcode(s) == WRITE_DELETED);
    end_sector(s);
}

static void tell_id(struct i82077 *s)
{
    const struct floppy_drive *d = &i82077_unit(s)->drive;
    s->cylinder = (uint8_t)floppy_cylinder(d);
    s->head = s->side;
    s->sector = (uint8_t)(floppy_sector_at(d, timers_now(s->timer.timers)) + 1);
    finish(s, 0);
}

static void sector_found(struct i82077 *s, int sector)
{
    if (is_write(s)) {
        await_host(s);
        return;
    }
    if (opcode(s) == READ_TRACK) {
        if (find(s, s->byte[SIZE]) != sector)
            s->st1 |= ST1_NO_DATA;
    } else if (has_other_mark(s, sector)) {
        s->st2 |= ST2_OTHER_MARK;
        if (s->byte[0] & I82077_SK) {
            go_on(s);
            return;
        }
    }
    read_sector(s, sector);
}

static void no_sector(struct i82077 *s)
{
    bool is_elsewhere = s->cylinder != floppy_cylinder(&i82077_unit(s)->drive);
    fail(s, ST1_NO_DATA, is_elsewhere ? ST2_WRONG_CYLINDER : 0);
}

static void look_for_sector(struct i82077 *s)
{
    bool writes = is_write(s) || opcode(s) == FORMAT;
    if (!has_track(s)) {
        fail(s, ST1_NO_MARK, 0);
        return;
    }
    if (writes && floppy_is_protected(&i82077_unit(s)->drive)) {
        fail(s, ST1_PROTECTED, 0);
        return;
    }
    if (opcode(s) == READ_ID) {
        tell_id(s);
    } else if (opcode(s) == FORMAT) {
        await_host(s);
    } else {
        int sector = current_sector(s);
        if (sector < 0)
            no_sector(s);
        else
            sector_found(s, sector);
    }
}

static void fire(void *device, uint64_t now)
{
    struct i82077 *s = device;
    (void)now;
    switch (s->wait) {
    case I82077_HEAD:
        look_for_sector(s);
        break;
    case I82077_READING:
        sector_read(s);
        break;
    case I82077_GAP:
        end_gap(s);
        break;
    default: /* restored so */
        break;
    }
}

/* A host's error is the disk's. */
static void disk_is_done(void *owner)
{
    struct i82077 *s = owner;
    if (s->request.error)
        fail(s, ST1_DATA_ERROR, ST2_DATA_ERROR);
    else if (s->wait == I82077_READING)
        sector_read(s);
    else
        sector_written(s);
}

/* --- beginning and end --- */

void i82077_begin_transfer(struct i82077 *s)
{
    bool has_id = opcode(s) != READ_ID && opcode(s) != FORMAT;
    s->phase = I82077_EXECUTION;
    s->st1 = s->st2 = 0;
    s->done = false;
    s->cylinder = s->head = s->sector = 0;
    s->side = !!(s->byte[UNIT] & UNIT_SIDE);
    if (opcode(s) == FORMAT)
        s->left = s->last_sectors = s->byte[FORMAT_COUNT];
    if (has_id) {
        s->cylinder = s->byte[CYLINDER];
        s->head = s->byte[HEAD];
        s->sector = s->byte[SECTOR];
        s->last_sectors = s->byte[LAST];
        s->left = opcode(s) == VERIFY ? s->byte[LENGTH] : s->byte[LAST];
        if (s->configure[0] & IMPLIED_SEEK || s->lenient)
            i82077_move_to(i82077_unit(s), s->cylinder);
    }
    wait_for(s, I82077_HEAD, latency_ns);
}

void i82077_stop_transfer(struct i82077 *s)
{
    timer_cancel(&s->timer);
    disk_withdraw(&s->request);
    irq_set(&s->dreq, false);
    s->wait = I82077_NOTHING;
    s->st1 = s->st2 = s->left = s->compared = s->side = 0;
    s->cylinder = s->head = s->sector = 0;
    s->done = false;
    s->at = 0;
    memset(s->data, 0, sizeof s->data);
}

void i82077_init_transfer(struct i82077 *s, struct timers *timers)
{
    timer_init(&s->timer, timers, fire, s);
    s->request = (struct disk_request){
        .data = s->data, .size = sizeof s->data, .done = disk_is_done, .owner = s};
}

/* What was on its way to or from the disk is done again. */
static bool resume(struct i82077 *s)
{
    int sector = current_sector(s);
    if (s->wait == I82077_READING && sector >= 0)
        read_sector(s, sector);
    else if (s->wait == I82077_WRITING)
        write_sector(s);
    else
        return s->wait == I82077_HOST && s->at < bytes_of_host(s);
    return true;
}

void i82077_restore_transfer(struct i82077 *s)
{
    bool is_timed = s->timer.deadline != TIMER_NEVER;
    disk_withdraw(&s->request);
    if (s->phase == I82077_EXECUTION && !is_timed && !resume(s))
        fail(s, ST1_NO_MARK, 0);
}

bool i82077_change(struct i82077 *s, unsigned drive, struct disk *disk)
{
    struct floppy_drive *d = &s->unit[drive % I82077_UNITS].drive;
    if (drive >= I82077_DRIVES || d->type == FLOPPY_NONE)
        return false;
    if (s->phase == I82077_EXECUTION && i82077_unit(s) == &s->unit[drive]) {
        timer_cancel(&s->timer);
        disk_withdraw(&s->request);
        irq_set(&s->dreq, false);
        fail(s, ST1_NO_MARK, 0);
    }
    if (floppy_insert(d, disk))
        return true;
    floppy_insert(d, NULL);
    return false;
}
