/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks of a CD, as data alone or with what is around these. MMC-3, 4.2.3.8.3 and 6.19. */
#include "hw/disk/atapi_internal.h"

#include <string.h>

/* READ CD, byte 9: parts of a block. */
enum { PART_SYNC = 0x80, PART_HEADERS = 0x60, PART_DATA = 0x10, PART_CHECKS = 0x08 };
enum { PARTS = 0xf8, WHOLE = PARTS };
enum { HEADER = 12, DATA = 16 };

static bool is_whole(const struct ide_drive *d)
{
    return (d->atapi.parts & PARTS) == WHOLE;
}

uint32_t atapi_blocks(const struct ide_drive *d)
{
    if (d->phase == ATAPI_READ_DMA)
        return IDE_CHUNK / (is_whole(d) ? CD_RAW_BLOCK : CD_BLOCK);
    return IDE_BUFFER / (is_whole(d) ? CD_RAW_BLOCK : CD_BLOCK);
}

static uint8_t to_bcd(uint32_t n)
{
    return (uint8_t)(n / 10 << 4 | n % 10);
}

/* Sync, address and mode 1 in front; no checks behind: they are zeros. */
static void wrap(uint8_t *raw, uint32_t block)
{
    uint8_t address[4];
    atapi_put_address(address, block, true);
    memset(raw, 0xff, HEADER);
    raw[0] = raw[HEADER - 1] = 0;
    for (unsigned i = 0; i < 3; i++)
        raw[HEADER + i] = to_bcd(address[1 + i]);
    raw[HEADER + 3] = 1;
    memset(raw + DATA + CD_BLOCK, 0, CD_RAW_BLOCK - DATA - CD_BLOCK);
}

/* The last goes first, since each goes further behind than it was. */
uint32_t atapi_shape(struct ide_drive *d, uint8_t *blocks, uint64_t first, uint32_t count)
{
    if (!is_whole(d))
        return count * CD_BLOCK;
    for (uint32_t i = count; i-- > 0;) {
        uint8_t *raw = blocks + (size_t)i * CD_RAW_BLOCK;
        memmove(raw + DATA, blocks + (size_t)i * CD_BLOCK, CD_BLOCK);
        wrap(raw, (uint32_t)first + i);
    }
    return count * CD_RAW_BLOCK;
}

static void start(struct ide_drive *d, uint32_t first, uint32_t count, uint8_t parts)
{
    uint32_t all = atapi_size(d);
    if (first > all || count > all - first) {
        atapi_fail(d, ILLEGAL_REQUEST, ADDRESS_OUT_OF_RANGE);
        return;
    }
    d->sector = first;
    d->left = count;
    d->atapi.parts = parts;
    if (!count)
        atapi_succeed(d);
    else
        ide_start(d, d->atapi.dma ? ATAPI_READ_DMA : ATAPI_READ, d->block);
}

/* READ (10) and (12) */
void atapi_read(struct ide_drive *d, const uint8_t *packet)
{
    enum { READ_10 = 0x28 };
    uint32_t count = packet[0] == READ_10 ? get_be(packet + 7, 2) : get_be(packet + 6, 4);
    start(d, get_be(packet + 2, 4), count, PART_DATA);
}

static void read_parts(struct ide_drive *d, uint32_t first, uint32_t count, const uint8_t *packet)
{
    uint8_t parts = packet[9] & PARTS, expected_type = packet[1] >> 2 & 7;
    bool type_fits = expected_type == 0 || expected_type == 2; /* any, or mode 1 */
    if (!type_fits)
        atapi_fail(d, ILLEGAL_REQUEST, ILLEGAL_MODE);
    else if (packet[10] & 7 || (parts && parts != PART_DATA && parts != WHOLE))
        atapi_fail(d, ILLEGAL_REQUEST, INVALID_FIELD);
    else
        start(d, first, parts ? count : 0, parts);
}

void atapi_read_cd(struct ide_drive *d, const uint8_t *packet)
{
    read_parts(d, get_be(packet + 2, 4), get_be(packet + 6, 3), packet);
}

static uint32_t block_of(const uint8_t *msf)
{
    return (msf[0] * 60u + msf[1]) * 75u + msf[2] - CD_LEAD_IN;
}

void atapi_read_cd_msf(struct ide_drive *d, const uint8_t *packet)
{
    uint32_t first = block_of(packet + 3), end = block_of(packet + 6);
    if (first > end)
        atapi_fail(d, ILLEGAL_REQUEST, INVALID_FIELD);
    else
        read_parts(d, first, end - first, packet);
}
