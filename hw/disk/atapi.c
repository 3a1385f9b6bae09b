/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packets to a CD-ROM drive: which there are, and how they end; the tray. */
#include "hw/disk/atapi.h"

#include "exec/exec.h"
#include "hw/disk/atapi_internal.h"

#include <errno.h>
#include <string.h>

enum { EVENT_NONE = 0, EVENT_EJECT_REQUEST = 1, EVENT_NEW_MEDIA = 2, EVENT_REMOVAL = 3 };
enum { REASON_DONE = 3 }; /* the interrupt reason: not data, and to the host */

bool atapi_has_disc(const struct ide_drive *d)
{
    return d->disk && !d->atapi.open;
}

uint32_t atapi_size(const struct ide_drive *d)
{
    uint64_t blocks = atapi_has_disc(d) ? disk_size(d->disk) / CD_BLOCK : 0;
    return blocks < UINT32_MAX ? (uint32_t)blocks : UINT32_MAX;
}

/* --- how packets end --- */

void atapi_succeed(struct ide_drive *d)
{
    d->now.count = REASON_DONE;
    ide_succeed(d);
}

static void set_sense(struct ide_drive *d, uint8_t key, uint16_t code)
{
    d->atapi.sense_key = key;
    d->atapi.sense_code = code;
}

void atapi_fail(struct ide_drive *d, uint8_t key, uint16_t code)
{
    set_sense(d, key, code);
    d->now.count = REASON_DONE;
    ide_fail(d, (uint8_t)(key << 4 | IDE_ABRT), 0);
}

void atapi_fail_read(struct ide_drive *d, int error)
{
    (void)error;
    atapi_fail(d, MEDIUM_ERROR, UNRECOVERED_READ);
}

void atapi_reply(struct ide_drive *d, uint32_t size, uint32_t room)
{
    d->at = 0;
    d->end = size < room ? size : room;
    if (!d->end)
        atapi_succeed(d);
    else
        ide_start(d, d->atapi.dma ? ATAPI_REPLY_DMA : ATAPI_REPLY, d->block);
}

/* --- small commands --- */

static void succeed(struct ide_drive *d, const uint8_t *packet)
{
    (void)packet;
    atapi_succeed(d);
}

static void request_sense(struct ide_drive *d, const uint8_t *packet)
{
    enum { CURRENT = 0x70, SIZE = 18 };
    if (d->atapi.changed && !d->atapi.sense_key) {
        set_sense(d, UNIT_ATTENTION, MEDIUM_CHANGED);
        d->atapi.changed = false;
    }
    d->buffer[0] = CURRENT;
    d->buffer[2] = d->atapi.sense_key;
    d->buffer[7] = SIZE - 8;
    put_be(d->buffer + 12, 2, d->atapi.sense_code);
    set_sense(d, 0, 0);
    atapi_reply(d, SIZE, packet[4]);
}

static void prevent_removal(struct ide_drive *d, const uint8_t *packet)
{
    d->atapi.locked = packet[4] & 1;
    atapi_succeed(d);
}

static void move_tray(struct ide_drive *d, bool open)
{
    if (d->atapi.open == open)
        return;
    d->atapi.open = open;
    irq_set(&d->tray, open);
}

static void open_tray(struct ide_drive *d)
{
    d->atapi.event = d->disk ? EVENT_REMOVAL : EVENT_NONE;
    move_tray(d, true);
}

static void close_tray(struct ide_drive *d)
{
    move_tray(d, false);
    d->atapi.changed = d->disk != NULL;
    d->atapi.event = d->disk ? EVENT_NEW_MEDIA : EVENT_NONE;
}

static void start_stop(struct ide_drive *d, const uint8_t *packet)
{
    bool start = packet[4] & 1, moves_tray = packet[4] & 2, conditions = packet[4] & 0xf0;
    if (moves_tray && !conditions && !start && d->atapi.locked) {
        atapi_fail(d, ILLEGAL_REQUEST, REMOVAL_PREVENTED);
        return;
    }
    if (moves_tray && !conditions && start && d->atapi.open)
        close_tray(d);
    else if (moves_tray && !conditions && !start && !d->atapi.open)
        open_tray(d);
    atapi_succeed(d);
}

static void seek(struct ide_drive *d, const uint8_t *packet)
{
    if (get_be(packet + 2, 4) < atapi_size(d))
        atapi_succeed(d);
    else
        atapi_fail(d, ILLEGAL_REQUEST, ADDRESS_OUT_OF_RANGE);
}

/* There is no track to be heard. */
static void play_audio(struct ide_drive *d, const uint8_t *packet)
{
    (void)packet;
    atapi_fail(d, ILLEGAL_REQUEST, ILLEGAL_MODE);
}

/* --- all commands --- */

enum { NEEDS_DISC = 1, WHATEVER_HAPPENED = 2 /* done even if the disc has changed */ };

static const struct packet_command {
    uint8_t code;
    uint8_t flags;
    atapi_command *start;
} commands[] = {
    {0x00, NEEDS_DISC, succeed}, /* TEST UNIT READY */
    {0x03, WHATEVER_HAPPENED, request_sense},
    {0x12, WHATEVER_HAPPENED, atapi_inquiry},
    {0x1a, 0, atapi_mode_sense},
    {0x1b, 0, start_stop},
    {0x1e, 0, prevent_removal},
    {0x25, NEEDS_DISC, atapi_read_capacity},
    {0x28, NEEDS_DISC, atapi_read},
    {0x2b, NEEDS_DISC, seek},
    {0x2f, NEEDS_DISC, seek}, /* VERIFY */
    {0x35, 0, succeed},       /* SYNCHRONIZE CACHE */
    {0x42, NEEDS_DISC, atapi_read_subchannel},
    {0x43, NEEDS_DISC, atapi_read_toc},
    {0x45, NEEDS_DISC, play_audio},
    {0x46, WHATEVER_HAPPENED, atapi_get_configuration},
    {0x47, NEEDS_DISC, play_audio},
    {0x4a, WHATEVER_HAPPENED, atapi_get_event},
    {0x4b, NEEDS_DISC, play_audio}, /* PAUSE/RESUME */
    {0x4e, NEEDS_DISC, succeed},    /* STOP PLAY/SCAN */
    {0x51, NEEDS_DISC, atapi_read_disc_information},
    {0x52, NEEDS_DISC, atapi_read_track_information},
    {0x5a, 0, atapi_mode_sense},
    {0xa5, NEEDS_DISC, play_audio},
    {0xa8, NEEDS_DISC, atapi_read},
    {0xad, NEEDS_DISC, atapi_read_dvd_structure},
    {0xb9, NEEDS_DISC, atapi_read_cd_msf},
    {0xbb, 0, succeed}, /* SET CD SPEED */
    {0xbd, 0, atapi_mechanism_status},
    {0xbe, NEEDS_DISC, atapi_read_cd},
};

static void execute(struct ide_drive *d, const struct packet_command *c, const uint8_t *packet)
{
    if (d->atapi.changed && !(c->flags & WHATEVER_HAPPENED)) {
        d->atapi.changed = false;
        atapi_fail(d, UNIT_ATTENTION, MEDIUM_CHANGED);
        return;
    }
    if (c->flags & NEEDS_DISC && !atapi_has_disc(d)) {
        atapi_fail(d, NOT_READY, d->atapi.open ? NO_MEDIUM_TRAY_OPEN : NO_MEDIUM);
        return;
    }
    if (c->start != request_sense)
        set_sense(d, 0, 0);
    memset(d->buffer, 0, sizeof d->buffer);
    c->start(d, packet);
}

/* 9.9: the most bytes between two interrupts, even but for the last; some leave it at 0. */
static uint32_t block_of(const struct ide_drive *d)
{
    uint32_t limit = (d->now.mid | (uint32_t)d->now.high << 8) & ~1u;
    return limit && limit < IDE_BUFFER ? limit : IDE_BUFFER;
}

void atapi_execute(struct ide_drive *d)
{
    uint8_t packet[ATAPI_PACKET_SIZE];
    memcpy(packet, d->buffer, sizeof packet);
    d->block = block_of(d);
    d->atapi.dma = d->now.feature & 1;
    for (unsigned i = 0; i < sizeof commands / sizeof *commands; i++)
        if (commands[i].code == packet[0]) {
            execute(d, &commands[i], packet);
            return;
        }
    log_if(LOG_UNIMP, "atapi: command %02x\n", packet[0]);
    atapi_fail(d, ILLEGAL_REQUEST, INVALID_OPCODE);
}

/* --- whoever is at the drive --- */

void atapi_reset(struct ide_drive *d)
{
    bool open = d->atapi.open;
    d->atapi = (struct atapi){.open = open};
}

struct disk *atapi_change(struct ide_drive *d, struct disk *disk)
{
    struct disk *before = d->disk;
    if (d->waiting) {
        ide_withdraw(d);
        atapi_fail(d, NOT_READY, NO_MEDIUM);
    }
    d->disk = disk;
    if (disk)
        close_tray(d);
    else if (before)
        d->atapi.event = EVENT_REMOVAL;
    return before;
}

bool atapi_eject(struct ide_drive *d, bool force)
{
    if (d->atapi.locked && !force) {
        d->atapi.event = EVENT_EJECT_REQUEST;
        return false;
    }
    open_tray(d);
    return true;
}

/* --- state --- */

static const struct state_field fields[] = {
    {STATE(atapi, sense_key)}, {STATE(atapi, sense_code)}, {STATE(atapi, changed)},
    {STATE(atapi, locked)},    {STATE(atapi, open)},       {STATE(atapi, event)},
    {STATE(atapi, parts)},     {STATE(atapi, dma)},        {0},
};
const struct state_table atapi_state = STATE_TABLE(atapi, 1, fields);
