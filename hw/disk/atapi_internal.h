/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the files of hw/atapi*.c. */
#ifndef HW_ATAPI_INTERNAL_H
#define HW_ATAPI_INTERNAL_H

#include "hw/disk/ide_internal.h"

enum { CD_BLOCK = 2048, CD_RAW_BLOCK = 2352, CD_LEAD_IN = 150, ATAPI_PACKET_SIZE = 12 };

enum atapi_sense { NOT_READY = 2, MEDIUM_ERROR = 3, ILLEGAL_REQUEST = 5, UNIT_ATTENTION = 6 };
enum atapi_code {
    UNRECOVERED_READ = 0x1100,
    INVALID_OPCODE = 0x2000,
    ADDRESS_OUT_OF_RANGE = 0x2100,
    INVALID_FIELD = 0x2400,
    MEDIUM_CHANGED = 0x2800,
    NO_MEDIUM = 0x3a01,
    NO_MEDIUM_TRAY_OPEN = 0x3a02,
    REMOVAL_PREVENTED = 0x5302,
    ILLEGAL_MODE = 0x6400
};

/* Big-endian numbers in packets and replies. */
static inline uint32_t get_be(const uint8_t *at, unsigned size)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value = value << 8 | at[i];
    return value;
}

static inline void put_be(uint8_t *at, unsigned size, uint32_t value)
{
    for (unsigned i = size; i-- > 0; value >>= 8)
        at[i] = (uint8_t)value;
}

/* --- atapi.c --- */

/* Sends what is in the buffer, as far as the guest has room. */
void atapi_reply(struct ide_drive *d, uint32_t size, uint32_t room);
bool atapi_has_disc(const struct ide_drive *d);
uint32_t atapi_size(const struct ide_drive *d); /* of the disc, in blocks */

/* --- the commands, each with the packet; what they reply is built in the buffer, all zeros --- */

typedef void atapi_command(struct ide_drive *d, const uint8_t *packet);

/* atapi_read.c */
atapi_command atapi_read, atapi_read_cd, atapi_read_cd_msf;

/* atapi_disc.c */
atapi_command atapi_read_capacity, atapi_read_toc, atapi_read_subchannel,
    atapi_read_disc_information, atapi_read_track_information, atapi_read_dvd_structure;
/* An address as minute, second and frame, in four bytes; or as a number. */
void atapi_put_address(uint8_t *at, uint32_t block, bool msf);

/* atapi_inquiry.c */
atapi_command atapi_inquiry, atapi_mode_sense, atapi_get_configuration, atapi_get_event,
    atapi_mechanism_status;

#endif
