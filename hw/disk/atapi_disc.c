/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a CD-ROM drive says of the disc: one session, one track of data. MMC-3, 6. */
#include "hw/disk/atapi_internal.h"

#include <string.h>

enum { TRACK = 1, LEAD_OUT = 0xaa, DATA_TRACK = 0x14 /* ADR 1, control: data */ };

void atapi_put_address(uint8_t *at, uint32_t block, bool msf)
{
    if (!msf) {
        put_be(at, 4, block);
        return;
    }
    block += CD_LEAD_IN;
    at[0] = 0;
    at[1] = (uint8_t)(block / 75 / 60);
    at[2] = (uint8_t)(block / 75 % 60);
    at[3] = (uint8_t)(block % 75);
}

void atapi_read_capacity(struct ide_drive *d, const uint8_t *packet)
{
    (void)packet;
    put_be(d->buffer, 4, atapi_size(d) - 1);
    put_be(d->buffer + 4, 4, CD_BLOCK);
    atapi_reply(d, 8, 8);
}

/* --- READ TOC/PMA/ATIP --- */

static uint8_t *put_track(uint8_t *at, uint8_t track, uint32_t block, bool msf)
{
    at[1] = DATA_TRACK;
    at[2] = track;
    atapi_put_address(at + 4, block, msf);
    return at + 8;
}

/* Format 0: from a certain track on. */
static uint8_t *put_toc(const struct ide_drive *d, uint8_t *at, uint8_t from, bool msf)
{
    if (from <= TRACK)
        at = put_track(at, TRACK, 0, msf);
    return put_track(at, LEAD_OUT, atapi_size(d), msf);
}

/* Format 2: what is in the lead-in, numbers of minutes, seconds and frames last. */
static uint8_t *put_raw(uint8_t *at, uint8_t point, uint8_t minute, uint8_t second, uint8_t frame)
{
    at[0] = 1; /* session */
    at[1] = DATA_TRACK;
    at[3] = point;
    at[8] = minute;
    at[9] = second;
    at[10] = frame;
    return at + 11;
}

static uint8_t *put_raw_address(uint8_t *at, uint8_t point, uint32_t block)
{
    uint8_t address[4];
    atapi_put_address(address, block, true);
    return put_raw(at, point, address[1], address[2], address[3]);
}

static uint8_t *put_full_toc(const struct ide_drive *d, uint8_t *at)
{
    at = put_raw(at, 0xa0, TRACK, 0, 0); /* the first track, and what sort of disc */
    at = put_raw(at, 0xa1, TRACK, 0, 0); /* the last */
    at = put_raw_address(at, 0xa2, atapi_size(d));
    return put_raw_address(at, TRACK, 0);
}

void atapi_read_toc(struct ide_drive *d, const uint8_t *packet)
{
    bool msf = packet[1] & 2;
    uint8_t format = packet[2] & 0x0f, from = packet[6];
    uint8_t *at = d->buffer + 4;
    if (!format)
        format = packet[9] >> 6; /* where it was in SFF-8020 */
    if (format > 2 || (format == 0 && from > TRACK && from != LEAD_OUT)) {
        atapi_fail(d, ILLEGAL_REQUEST, INVALID_FIELD);
        return;
    }
    if (format == 0)
        at = put_toc(d, at, from, msf);
    else if (format == 1)
        at = put_track(at, TRACK, 0, msf);
    else
        at = put_full_toc(d, at);
    put_be(d->buffer, 2, (uint32_t)(at - d->buffer) - 2);
    d->buffer[2] = d->buffer[3] = TRACK; /* the first and last track, or session */
    atapi_reply(d, (uint32_t)(at - d->buffer), get_be(packet + 7, 2));
}

/* --- others --- */

void atapi_read_subchannel(struct ide_drive *d, const uint8_t *packet)
{
    enum { NO_AUDIO = 0x15, POSITION = 1 };
    bool has_data = packet[2] & 0x40, msf = packet[1] & 2;
    uint32_t size = 4;
    d->buffer[1] = NO_AUDIO;
    if (has_data && packet[3] == POSITION) {
        d->buffer[3] = 12;
        d->buffer[4] = POSITION;
        d->buffer[5] = DATA_TRACK;
        d->buffer[6] = TRACK;
        d->buffer[7] = 1;
        atapi_put_address(d->buffer + 8, 0, msf);
        atapi_put_address(d->buffer + 12, 0, msf);
        size = 16;
    }
    atapi_reply(d, size, get_be(packet + 7, 2));
}

void atapi_read_disc_information(struct ide_drive *d, const uint8_t *packet)
{
    enum { SIZE = 34, COMPLETE = 0x0e, UNRESTRICTED = 0x20 };
    put_be(d->buffer, 2, SIZE - 2);
    d->buffer[2] = COMPLETE;
    d->buffer[3] = d->buffer[4] = d->buffer[5] = d->buffer[6] = TRACK;
    d->buffer[7] = UNRESTRICTED;
    atapi_reply(d, SIZE, get_be(packet + 7, 2));
}

void atapi_read_track_information(struct ide_drive *d, const uint8_t *packet)
{
    enum { SIZE = 36, MODE_1 = 1, DATA = 4 };
    put_be(d->buffer, 2, SIZE - 2);
    d->buffer[2] = d->buffer[3] = TRACK;
    d->buffer[5] = DATA;
    d->buffer[6] = MODE_1;
    put_be(d->buffer + 24, 4, atapi_size(d));
    atapi_reply(d, SIZE, get_be(packet + 7, 2));
}

/* Format 0, the physical description of a DVD-ROM of one layer; others are not there. */
void atapi_read_dvd_structure(struct ide_drive *d, const uint8_t *packet)
{
    enum { SIZE = 2052, FIRST_SECTOR = 0x30000 };
    if (packet[6] != 0 || packet[7] != 0) {
        atapi_fail(d, ILLEGAL_REQUEST, INVALID_FIELD);
        return;
    }
    put_be(d->buffer, 2, SIZE - 2);
    d->buffer[4] = 0x01; /* a DVD-ROM, version 1 */
    d->buffer[5] = 0x0f; /* of 120 mm; any rate */
    d->buffer[6] = 0x01; /* one layer, embossed */
    put_be(d->buffer + 8, 4, FIRST_SECTOR);
    put_be(d->buffer + 12, 4, FIRST_SECTOR + atapi_size(d) - 1);
    atapi_reply(d, SIZE, get_be(packet + 8, 2));
}
