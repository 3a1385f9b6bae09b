/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a CD-ROM drive says of itself and of what happens to it. SPC-2, 7; MMC-3, 5 and 6. */
#include "hw/disk/atapi_internal.h"

#include <string.h>

void atapi_inquiry(struct ide_drive *d, const uint8_t *packet)
{
    enum { SIZE = 36, CDROM = 5, REMOVABLE = 0x80, ATAPI_FORMAT = 0x21 };
    if (packet[1] & 1) { /* vital product data */
        atapi_fail(d, ILLEGAL_REQUEST, INVALID_FIELD);
        return;
    }
    d->buffer[0] = CDROM;
    d->buffer[1] = REMOVABLE;
    d->buffer[3] = ATAPI_FORMAT;
    d->buffer[4] = SIZE - 5;
    memcpy(d->buffer + 8, "TESSERA DVD-ROM         1.0 ", SIZE - 8);
    atapi_reply(d, SIZE, get_be(packet + 3, 2));
}

/* --- MODE SENSE --- */

static uint8_t *put_error_recovery(uint8_t *at)
{
    enum { PAGE = 0x01, SIZE = 6, RETRIES = 5 };
    at[0] = PAGE;
    at[1] = SIZE;
    at[3] = RETRIES;
    return at + 2 + SIZE;
}

static uint8_t *put_audio_control(uint8_t *at)
{
    enum { PAGE = 0x0e, SIZE = 14, IMMEDIATE = 4 };
    at[0] = PAGE;
    at[1] = SIZE;
    at[2] = IMMEDIATE;
    return at + 2 + SIZE;
}

static uint8_t *put_capabilities(const struct ide_drive *d, uint8_t *at)
{
    enum { PAGE = 0x2a, SIZE = 18, SPEED = 706 /* kB/s: four times that of an audio CD */ };
    at[0] = PAGE;
    at[1] = SIZE;
    at[2] = 0x3b;                                        /* reads CD-R, CD-RW, DVD-ROM, DVD-R */
    at[4] = 0x70;                                        /* mode 2 form 1 and 2, several sessions */
    at[6] = (uint8_t)(0x29 | (d->atapi.locked ? 2 : 0)); /* a tray that opens and can be locked */
    put_be(at + 8, 2, SPEED);
    put_be(at + 10, 2, 2);   /* volume levels */
    put_be(at + 12, 2, 512); /* KiB of buffer */
    put_be(at + 14, 2, SPEED);
    return at + 2 + SIZE;
}

/* (6) and (10): a header, and pages of current or default values; none can be changed. */
void atapi_mode_sense(struct ide_drive *d, const uint8_t *packet)
{
    enum { MODE_SENSE_6 = 0x1a, ALL = 0x3f, CHANGEABLE = 1, SAVED = 3 };
    enum { DATA_DISC = 0x01, NO_DISC = 0x70 };
    bool is_short = packet[0] == MODE_SENSE_6;
    uint8_t page = packet[2] & 0x3f, control = packet[2] >> 6;
    uint8_t *begin = d->buffer + (is_short ? 4 : 8), *at = begin;
    if (page == 0x01 || page == ALL)
        at = put_error_recovery(at);
    if (page == 0x0e || page == ALL)
        at = put_audio_control(at);
    if (page == 0x2a || page == ALL)
        at = put_capabilities(d, at);
    if (at == begin || control == SAVED) {
        atapi_fail(d, ILLEGAL_REQUEST, control == SAVED ? 0x3900 : INVALID_FIELD);
        return;
    }
    uint32_t size = (uint32_t)(at - d->buffer);
    if (control == CHANGEABLE && page != ALL)
        memset(begin + 2, 0, (size_t)(at - begin) - 2);
    put_be(d->buffer, is_short ? 1 : 2, size - (is_short ? 1 : 2));
    d->buffer[is_short ? 1 : 2] = atapi_has_disc(d) ? DATA_DISC : NO_DISC;
    atapi_reply(d, size, is_short ? packet[4] : get_be(packet + 7, 2));
}

/* --- GET CONFIGURATION --- */

enum { PROFILE_CD = 0x0008, PROFILE_DVD = 0x0010 };

static uint16_t profile(const struct ide_drive *d)
{
    enum { LONGEST_CD = 80 * 60 * 75 };
    if (!atapi_has_disc(d))
        return 0;
    return atapi_size(d) > LONGEST_CD ? PROFILE_DVD : PROFILE_CD;
}

struct feature {
    uint16_t code;
    uint8_t flags; /* bit 0: at present; bit 1: at all times; from bit 2: version */
    uint8_t size;
    uint8_t data[8];
};

static uint8_t *put_feature(uint8_t *at, const struct feature *f)
{
    put_be(at, 2, f->code);
    at[2] = f->flags;
    at[3] = f->size;
    memcpy(at + 4, f->data, f->size);
    return at + 4 + f->size;
}

static uint8_t *put_features(const struct ide_drive *d, uint8_t *at, unsigned from, unsigned which)
{
    uint16_t now = profile(d);
    const struct feature features[] = {
        {0x0000,
         0x03,
         8,
         {0, PROFILE_DVD, now == PROFILE_DVD, 0, 0, PROFILE_CD, now == PROFILE_CD}},
        {0x0001, 0x0b, 8, {0, 0, 0, 2, 1}},        /* core: ATAPI, with DBEvent */
        {0x0003, 0x0b, 4, {0x29}},                 /* a tray that opens and can be locked */
        {0x0010, now != 0, 8, {0, 0, 8, 0, 0, 1}}, /* random reads of 2048 bytes */
        {0x001e, (uint8_t)(8 | (now == PROFILE_CD)), 4, {0}},
        {0x001f, now == PROFILE_DVD, 0, {0}},
    };
    enum { ALL = 0, CURRENT = 1, ONE = 2 };
    for (unsigned i = 0; i < sizeof features / sizeof *features; i++) {
        const struct feature *f = &features[i];
        bool wanted = which == ONE ? f->code == from : f->code >= from;
        if (wanted && (which != CURRENT || f->flags & 1))
            at = put_feature(at, f);
    }
    return at;
}

void atapi_get_configuration(struct ide_drive *d, const uint8_t *packet)
{
    uint8_t *at = put_features(d, d->buffer + 8, get_be(packet + 2, 2), packet[1] & 3);
    put_be(d->buffer, 4, (uint32_t)(at - d->buffer) - 4);
    put_be(d->buffer + 6, 2, profile(d));
    atapi_reply(d, (uint32_t)(at - d->buffer), get_be(packet + 7, 2));
}

/* --- what happens --- */

/* GET EVENT STATUS NOTIFICATION; asked, and only of media. */
void atapi_get_event(struct ide_drive *d, const uint8_t *packet)
{
    enum { MEDIA = 4, MEDIA_BIT = 1 << MEDIA, NONE = 0x80 };
    enum { TRAY_OPEN = 1, DISC_IN = 2 };
    if (!(packet[1] & 1)) {
        atapi_fail(d, ILLEGAL_REQUEST, INVALID_FIELD);
        return;
    }
    d->buffer[3] = MEDIA_BIT;
    if (!(packet[4] & MEDIA_BIT)) {
        put_be(d->buffer, 2, 2);
        d->buffer[2] = NONE;
        atapi_reply(d, 4, get_be(packet + 7, 2));
        return;
    }
    put_be(d->buffer, 2, 6);
    d->buffer[2] = MEDIA;
    d->buffer[4] = d->atapi.event;
    d->buffer[5] = (d->atapi.open ? TRAY_OPEN : 0) | (atapi_has_disc(d) ? DISC_IN : 0);
    d->atapi.event = 0;
    atapi_reply(d, 8, get_be(packet + 7, 2));
}

void atapi_mechanism_status(struct ide_drive *d, const uint8_t *packet)
{
    enum { OPEN = 0x10 };
    d->buffer[1] = d->atapi.open ? OPEN : 0;
    d->buffer[5] = 1; /* slots of a changer */
    atapi_reply(d, 8, get_be(packet + 8, 2));
}
