/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The controller's registers, its phases, and the commands that move no data. */
#include "hw/disk/i82077.h"

#include "exec/exec.h"

#include <string.h>

enum { DOR = 2, TDR = 3, STATUS = 4, FIFO = 5 };
enum { DOR_SELECT = 0x03, DOR_RUNS = 0x04, DOR_GATE = 0x08 };
enum { MSR_BUSY = 0x10, MSR_PIO = 0x20, MSR_TO_HOST = 0x40, MSR_READY = 0x80 };
enum { DSR_RATE = 0x03, DSR_RESET = 0x80, DIR_CHANGED = 0x80, FLOATING = 0xff };
enum { ST3_TWO_SIDES = 0x08, ST3_TRACK_0 = 0x10, ST3_READY = 0x20, ST3_PROTECTED = 0x40 };
enum { VERSION_82077 = 0x90, MOST_STEPS = 79, NO_POLLING = 0x10 };
enum { GAP_AND_WGATE = 0x03, OVERWRITE = 0x80, LOCK = 0x80, LOCKED_RESULT = 0x10 };
/* CONFIGURE's of which LOCK keeps EFIFO and FIFOTHR, and by default: no FIFO. */
enum { KEPT_BY_LOCK = 0x2f, DEFAULT_CONFIGURE = 0x20 };

static const uint64_t step_ns = 20 * NS_PER_US, settle_ns = 200 * NS_PER_US;

/* --- interrupts --- */

static void update_irq(struct i82077 *s)
{
    irq_set(&s->irq, s->raised && s->dor & DOR_GATE);
}

void i82077_raise(struct i82077 *s, bool level)
{
    s->raised = level;
    update_irq(s);
}

/* --- phases --- */

static void end_command(struct i82077 *s)
{
    s->phase = I82077_COMMAND;
    s->have = s->want = 0;
}

void i82077_result(struct i82077 *s, unsigned count)
{
    s->phase = I82077_RESULT;
    s->have = 0;
    s->want = count;
}

static void one_result(struct i82077 *s, uint8_t byte)
{
    s->byte[0] = byte;
    i82077_result(s, 1);
}

/* The unit that the command names. */
struct i82077_unit *i82077_unit(struct i82077 *s)
{
    return &s->unit[s->byte[1] & 3];
}

static uint8_t number_of(const struct i82077 *s, const struct i82077_unit *u)
{
    return (uint8_t)(u - s->unit);
}

/* --- reset --- */

static void reset_unit(struct i82077 *s, struct i82077_unit *u)
{
    timer_cancel(&u->seek);
    u->is_seeking = false;
    u->pcn = u->seek_end = 0;
    u->interrupt = s->configure[0] & NO_POLLING ? 0 : 0xc0 | number_of(s, u);
}

/* By the DOR or the DSR; what is locked stays. */
static void soft_reset(struct i82077 *s)
{
    i82077_stop_transfer(s);
    end_command(s);
    memset(s->byte, 0, sizeof s->byte);
    s->configure[0] = s->locked ? s->configure[0] & KEPT_BY_LOCK : DEFAULT_CONFIGURE;
    s->configure[1] = s->locked ? s->configure[1] : 0;
    s->perpendicular &= (uint8_t)~GAP_AND_WGATE;
    s->last_sectors = 0;
    for (unsigned i = 0; i < I82077_UNITS; i++)
        reset_unit(s, &s->unit[i]);
    i82077_raise(s, false);
}

/* "Drive polling": all four have become ready, one after the other; told by the first's timer. */
static void begin_polling(struct i82077 *s)
{
    if (s->unit[0].interrupt)
        timer_set(&s->unit[0].seek, timers_now(s->timer.timers) + settle_ns);
}

static void write_dor(struct i82077 *s, uint8_t value)
{
    bool runs = value & DOR_RUNS, ran = s->dor & DOR_RUNS;
    s->dor = value;
    update_irq(s);
    if (ran && !runs)
        soft_reset(s);
    else if (runs && !ran)
        begin_polling(s);
}

/* The reset ends by itself. */
static void write_dsr(struct i82077 *s, uint8_t value)
{
    s->dsr = value & (uint8_t)~DSR_RESET;
    if (!(value & DSR_RESET))
        return;
    soft_reset(s);
    if (s->dor & DOR_RUNS)
        begin_polling(s);
}

/* --- seeking --- */

/* The end of a seek, or of the polling after a reset. */
static void fire_seek(void *device, uint64_t now)
{
    struct i82077_unit *u = device;
    (void)now;
    if (u->is_seeking)
        u->interrupt = u->seek_end;
    u->is_seeking = false;
    i82077_raise(u->controller, true);
}

static void step(struct i82077_unit *u, int tracks)
{
    if (u->drive.type != FLOPPY_NONE)
        floppy_step(&u->drive, tracks);
}

static void begin_seek(struct i82077 *s, int tracks, uint8_t status)
{
    struct i82077_unit *u = i82077_unit(s);
    uint64_t steps = (uint64_t)(tracks < 0 ? -tracks : tracks);
    step(u, tracks);
    u->is_seeking = true;
    u->seek_end = status | (s->byte[1] & 7);
    timer_set(&u->seek, timers_now(u->seek.timers) + settle_ns + steps * step_ns);
    end_command(s);
}

void i82077_move_to(struct i82077_unit *u, uint8_t cylinder)
{
    step(u, cylinder - u->pcn);
    u->pcn = cylinder;
}

static void seek(struct i82077 *s)
{
    struct i82077_unit *u = i82077_unit(s);
    int tracks = s->byte[2] - u->pcn;
    u->pcn = s->byte[2];
    begin_seek(s, tracks, ST0_SEEK_END);
}

static void relative_seek(struct i82077 *s)
{
    enum { INWARDS = 0x40 };
    struct i82077_unit *u = i82077_unit(s);
    int tracks = s->byte[0] & INWARDS ? s->byte[2] : -s->byte[2];
    u->pcn = (uint8_t)(u->pcn + tracks);
    begin_seek(s, tracks, ST0_SEEK_END);
}

/* Where there is no drive, track 0 is never reached. */
static void recalibrate(struct i82077 *s)
{
    struct i82077_unit *u = i82077_unit(s);
    int tracks = u->drive.type == FLOPPY_NONE ? MOST_STEPS + 1 : u->drive.track;
    bool fails = tracks > MOST_STEPS;
    u->pcn = 0;
    begin_seek(s, fails ? -MOST_STEPS : -tracks,
               ST0_SEEK_END | (fails ? ST0_ABNORMAL | ST0_NO_TRACK_0 : 0));
}

/* --- other commands without data --- */

static void sense_interrupt(struct i82077 *s)
{
    struct i82077_unit *u = s->unit, *end = s->unit + I82077_UNITS;
    while (u < end && !u->interrupt)
        u++;
    i82077_raise(s, false);
    if (u == end) {
        one_result(s, ST0_INVALID);
        return;
    }
    s->byte[0] = u->interrupt;
    s->byte[1] = u->pcn;
    u->interrupt = 0;
    i82077_result(s, 2);
}

static void sense_drive(struct i82077 *s)
{
    const struct floppy_drive *d = &i82077_unit(s)->drive;
    bool is_there = d->type != FLOPPY_NONE;
    one_result(s, ST3_READY | ST3_TWO_SIDES | (s->byte[1] & 7) |
                      (is_there && d->track == 0 ? ST3_TRACK_0 : 0) |
                      (is_there && floppy_is_protected(d) ? ST3_PROTECTED : 0));
}

static void specify(struct i82077 *s)
{
    memcpy(s->specify, s->byte + 1, sizeof s->specify);
    end_command(s);
}

static void configure(struct i82077 *s)
{
    s->configure[0] = s->byte[2] & 0x7f;
    s->configure[1] = s->byte[3];
    end_command(s);
}

static void set_perpendicular(struct i82077 *s)
{
    enum { DRIVES = 0x3c };
    uint8_t drives = s->byte[1] & OVERWRITE ? s->byte[1] : s->perpendicular;
    s->perpendicular = (drives & DRIVES) | (s->byte[1] & GAP_AND_WGATE);
    end_command(s);
}

static void lock(struct i82077 *s)
{
    s->locked = s->byte[0] & LOCK;
    one_result(s, s->locked ? LOCKED_RESULT : 0);
}

static void version(struct i82077 *s)
{
    one_result(s, VERSION_82077);
}

static void dump_registers(struct i82077 *s)
{
    for (unsigned i = 0; i < I82077_UNITS; i++)
        s->byte[i] = s->unit[i].pcn;
    memcpy(s->byte + 4, s->specify, 2);
    s->byte[6] = s->last_sectors;
    s->byte[7] = (s->locked ? LOCK : 0) | s->perpendicular;
    memcpy(s->byte + 8, s->configure, 2);
    i82077_result(s, 10);
}

/* PART ID and others of later chips among them. */
static void invalid(struct i82077 *s)
{
    log_if(LOG_UNIMP, "i82077: invalid command %02x\n", s->byte[0]);
    one_result(s, ST0_INVALID);
}

/* --- "Command Set" --- */

struct command {
    uint8_t mask, code; /* the bits that tell it, and what they are */
    uint8_t bytes;
    void (*run)(struct i82077 *s);
};
static const struct command commands[] = {
    {0xbf, 0x02, 9, i82077_begin_transfer}, /* READ TRACK */
    {0xff, 0x03, 3, specify},
    {0xff, 0x04, 2, sense_drive},
    {0x3f, 0x05, 9, i82077_begin_transfer}, /* WRITE DATA */
    {0x1f, 0x06, 9, i82077_begin_transfer}, /* READ DATA */
    {0xff, 0x07, 2, recalibrate},
    {0xff, 0x08, 1, sense_interrupt},
    {0x3f, 0x09, 9, i82077_begin_transfer}, /* WRITE DELETED DATA */
    {0xbf, 0x0a, 2, i82077_begin_transfer}, /* READ ID */
    {0x1f, 0x0c, 9, i82077_begin_transfer}, /* READ DELETED DATA */
    {0xbf, 0x0d, 6, i82077_begin_transfer}, /* FORMAT TRACK */
    {0xff, 0x0e, 1, dump_registers},
    {0xff, 0x0f, 3, seek},
    {0xff, 0x10, 1, version},
    {0x1f, 0x11, 9, i82077_begin_transfer}, /* SCAN EQUAL */
    {0xff, 0x12, 2, set_perpendicular},
    {0xff, 0x13, 4, configure},
    {0x7f, 0x14, 1, lock},
    {0x1f, 0x16, 9, i82077_begin_transfer}, /* VERIFY */
    {0x1f, 0x19, 9, i82077_begin_transfer}, /* SCAN LOW OR EQUAL */
    {0x1f, 0x1d, 9, i82077_begin_transfer}, /* SCAN HIGH OR EQUAL */
    {0xbf, 0x8f, 3, relative_seek},
    {0x00, 0x00, 1, invalid},
};

static const struct command *find_command(uint8_t code)
{
    const struct command *c = commands;
    while ((code & c->mask) != c->code)
        c++;
    return c;
}

static void command_byte(struct i82077 *s, uint8_t value)
{
    s->byte[s->have++] = value;
    const struct command *c = find_command(s->byte[0]);
    s->want = c->bytes;
    if (s->have >= s->want)
        c->run(s);
}

/* --- registers --- */

static void write_fifo(struct i82077 *s, uint8_t value)
{
    if (s->phase == I82077_COMMAND)
        command_byte(s, value);
    else if (s->phase == I82077_EXECUTION)
        i82077_take(s, value);
    else
        log_if(LOG_GUEST_ERRORS, "i82077: %02x written where a result is to be read\n", value);
}

static bool has_seek_ended(const struct i82077 *s)
{
    bool is = false;
    for (unsigned i = 0; i < I82077_UNITS; i++)
        is = is || s->unit[i].interrupt & ST0_SEEK_END;
    return is;
}

/* A seek that has ended meanwhile is told of when the other command is through. */
static uint8_t read_result(struct i82077 *s)
{
    uint8_t byte = s->byte[s->have++];
    i82077_raise(s, false);
    if (s->have >= s->want) {
        end_command(s);
        i82077_raise(s, has_seek_ended(s));
    }
    return byte;
}

static uint8_t read_fifo(struct i82077 *s)
{
    if (s->phase == I82077_RESULT)
        return read_result(s);
    if (i82077_gives(s))
        return i82077_give(s);
    log_if(LOG_GUEST_ERRORS, "i82077: read where there is nothing\n");
    return 0;
}

static uint8_t execution_status(const struct i82077 *s)
{
    enum { NON_DMA = 1 };
    if (!(s->specify[1] & NON_DMA))
        return MSR_BUSY;
    return MSR_BUSY | MSR_PIO | (s->wait == I82077_HOST ? MSR_READY : 0) |
           (i82077_gives(s) ? MSR_TO_HOST : 0);
}

static uint8_t main_status(const struct i82077 *s)
{
    uint8_t seeking = 0;
    if (!(s->dor & DOR_RUNS))
        return 0;
    for (unsigned i = 0; i < I82077_UNITS; i++)
        seeking |= (uint8_t)(s->unit[i].is_seeking << i);
    if (s->phase == I82077_EXECUTION)
        return seeking | execution_status(s);
    if (s->phase == I82077_RESULT)
        return seeking | MSR_READY | MSR_TO_HOST | MSR_BUSY;
    return seeking | MSR_READY | (s->have ? MSR_BUSY : 0);
}

uint32_t i82077_read_dir(void *device, uint32_t offset, unsigned size)
{
    (void)offset;
    (void)size;
    const struct i82077 *s = device;
    const struct floppy_drive *d = &s->unit[s->dor & DOR_SELECT].drive;
    return d->type != FLOPPY_NONE && d->changed ? DIR_CHANGED : 0;
}

void i82077_write_rate(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    (void)offset;
    (void)size;
    struct i82077 *s = device;
    s->dsr = (s->dsr & (uint8_t)~DSR_RATE) | (value & DSR_RATE);
}

/* "PC AT Mode": status registers A and B are not there. */
uint32_t i82077_read(void *device, uint32_t offset, unsigned size)
{
    (void)size;
    struct i82077 *s = device;
    switch (offset) {
    case DOR:
        return s->dor;
    case TDR:
        return s->tdr;
    case STATUS:
        return main_status(s);
    case FIFO:
        return read_fifo(s);
    default:
        return FLOATING;
    }
}

void i82077_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    (void)size;
    struct i82077 *s = device;
    switch (offset) {
    case DOR:
        write_dor(s, (uint8_t)value);
        break;
    case TDR:
        s->tdr = value & 3;
        break;
    case STATUS:
        write_dsr(s, (uint8_t)value);
        break;
    case FIFO:
        if (s->dor & DOR_RUNS)
            write_fifo(s, (uint8_t)value);
        break;
    default:
        log_if(LOG_GUEST_ERRORS, "i82077: write of a status register\n");
    }
}

/* --- putting it together --- */

void i82077_reset(void *device)
{
    struct i82077 *s = device;
    s->locked = false;
    soft_reset(s);
    s->dor = s->tdr = s->perpendicular = 0;
    s->dsr = RATE_250K;
    memset(s->specify, 0, sizeof s->specify);
    update_irq(s);
}

void i82077_init(struct i82077 *s, struct timers *timers, struct irq_line irq, struct irq_line dreq)
{
    memset(s, 0, sizeof *s);
    s->irq = irq;
    s->dreq = dreq;
    i82077_init_transfer(s, timers);
    for (unsigned i = 0; i < I82077_UNITS; i++) {
        s->unit[i].controller = s;
        timer_init(&s->unit[i].seek, timers, fire_seek, &s->unit[i]);
    }
    i82077_reset(s);
}

static void restored(void *device)
{
    struct i82077 *s = device;
    update_irq(s);
    i82077_restore_transfer(s);
}

static const struct state_field unit_fields[] = {
    {NOT_STATE(i82077_unit, controller)}, {STATE_OF(i82077_unit, drive, &floppy_drive_state)},
    {STATE_OF_TIMER(i82077_unit, seek)},  {STATE(i82077_unit, pcn)},
    {STATE(i82077_unit, interrupt)},      {STATE(i82077_unit, seek_end)},
    {STATE(i82077_unit, is_seeking)},     {0},
};
static const struct state_table unit_state = STATE_TABLE(i82077_unit, 1, unit_fields);

static const struct state_field fields[] = {
    {STATE_ARRAY_OF(i82077, unit, &unit_state)},
    {NOT_STATE(i82077, irq)},
    {NOT_STATE(i82077, dreq)},
    {STATE(i82077, dor)},
    {STATE(i82077, tdr), .most = 3},
    {STATE(i82077, dsr)},
    {STATE(i82077, phase), .most = I82077_RESULT},
    {STATE_ARRAY(i82077, byte)},
    {STATE(i82077, have), .most = I82077_BYTES - 2},
    {STATE(i82077, want), .most = I82077_BYTES},
    {STATE(i82077, raised)},
    {STATE_ARRAY(i82077, specify)},
    {STATE_ARRAY(i82077, configure)},
    {STATE(i82077, perpendicular)},
    {STATE(i82077, last_sectors)},
    {NOT_STATE(i82077, lenient)},
    {STATE(i82077, locked)},
    {STATE(i82077, wait), .most = I82077_WRITING},
    {STATE_OF_TIMER(i82077, timer)},
    {NOT_STATE(i82077, request)},
    {STATE(i82077, st1)},
    {STATE(i82077, st2)},
    {STATE(i82077, cylinder)},
    {STATE(i82077, head)},
    {STATE(i82077, sector)},
    {STATE(i82077, side), .most = 1},
    {STATE(i82077, left)},
    {STATE(i82077, compared), .most = 3},
    {STATE(i82077, done)},
    {STATE(i82077, at), .most = FLOPPY_SECTOR},
    {STATE_ARRAY(i82077, data)},
    {0},
};
static const struct state_table state = STATE_TABLE(i82077, 1, fields);
const struct device i82077_device = {
    .name = "i82077", .reset = i82077_reset, .state = &state, .restored = restored};
