/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of a disk on a USB. SPC-2, 7, and SBC, 5. */
#include "hw/usb/storage_internal.h"

#include <stdio.h>
#include <string.h>

enum { SECTOR = 512 };
enum {
    TEST_UNIT_READY = 0x00,
    REQUEST_SENSE = 0x03,
    INQUIRY = 0x12,
    MODE_SENSE_6 = 0x1a,
    START_STOP_UNIT = 0x1b,
    PREVENT_ALLOW = 0x1e,
    READ_FORMAT_CAPACITIES = 0x23,
    READ_CAPACITY = 0x25,
    READ_10 = 0x28,
    WRITE_10 = 0x2a,
    VERIFY_10 = 0x2f,
    SYNCHRONIZE_CACHE = 0x35,
    MODE_SENSE_10 = 0x5a
};

/* --- big-endian numbers --- */

static uint32_t get(const uint8_t *from, unsigned bytes)
{
    uint32_t value = 0;
    while (bytes--)
        value = value << 8 | *from++;
    return value;
}

static void put(uint8_t *to, unsigned bytes, uint32_t value)
{
    while (bytes--)
        *to++ = (uint8_t)(value >> 8 * bytes);
}

/* --- answers, in a buffer of zeros --- */

static void answer(struct usb_storage *s, unsigned size, unsigned room)
{
    s->size = size < room ? size : room;
}

static uint32_t sectors(const struct usb_storage *s)
{
    uint64_t all = disk_size(s->disk) / SECTOR;
    return all < UINT32_MAX ? (uint32_t)all : UINT32_MAX;
}

/* 7.20.2: fixed format. What was told is over then. */
static void request_sense(struct usb_storage *s, const uint8_t *command)
{
    enum { SIZE = 18, CURRENT = 0x70 };
    s->buffer[0] = CURRENT;
    s->buffer[2] = (uint8_t)(s->sense >> 16);
    s->buffer[7] = SIZE - 8;
    put(s->buffer + 12, 2, s->sense & 0xffff);
    s->sense = SENSE_NONE;
    answer(s, SIZE, command[4]);
}

/* 8.4: which pages there are, and the serial number. */
static void inquire_page(struct usb_storage *s, unsigned page, unsigned room)
{
    enum { PAGES = 0x00, SERIAL = 0x80, HEAD = 4 };
    size_t length = strnlen(s->serial, 64);
    s->buffer[1] = (uint8_t)page;
    if (page == PAGES) {
        s->buffer[3] = 2;
        s->buffer[HEAD + 1] = SERIAL;
        answer(s, HEAD + 2, room);
    } else if (page == SERIAL) {
        s->buffer[3] = (uint8_t)length;
        memcpy(s->buffer + HEAD, s->serial, length);
        answer(s, HEAD + (unsigned)length, room);
    } else {
        usb_storage_fail(s, SENSE_BAD_FIELD);
    }
}

/* 7.3 */
static void inquiry(struct usb_storage *s, unsigned unit, const uint8_t *command)
{
    enum { SIZE = 36, SPC_2 = 4, FORMAT = 2, NO_UNIT = 0x7f, PAGE = 1 };
    unsigned room = get(command + 3, 2);
    if (command[1] & PAGE) {
        inquire_page(s, command[2], room);
        return;
    }
    s->buffer[0] = unit ? NO_UNIT : 0;
    s->buffer[2] = SPC_2;
    s->buffer[3] = FORMAT;
    s->buffer[4] = SIZE - 5;
    memcpy(s->buffer + 8, "TESSERA USB disk        1.0 ", SIZE - 8);
    answer(s, SIZE, room);
}

/* Caching is all that there is to tell (SBC 6.1.3): what is written stays in the host's memory. */
static unsigned put_caching(uint8_t *at, unsigned page, bool changeable)
{
    enum { CACHING = 0x08, ALL = 0x3f, SIZE = 18, WRITE_CACHE = 4 };
    if (page != CACHING && page != ALL)
        return 0;
    at[0] = CACHING;
    at[1] = SIZE;
    at[2] = changeable ? 0 : WRITE_CACHE;
    return 2 + SIZE;
}

/* 7.8 and 7.9; none can be changed or saved. */
static void mode_sense(struct usb_storage *s, const uint8_t *command)
{
    enum { CHANGEABLE = 1, SAVED = 3, ALL = 0x3f, PROTECTED = 0x80 };
    bool is_short = command[0] == MODE_SENSE_6;
    unsigned page = command[2] & ALL, control = command[2] >> 6;
    unsigned head = is_short ? 4 : 8;
    unsigned size = head + put_caching(s->buffer + head, page, control == CHANGEABLE);
    if (control == SAVED || (size == head && page)) {
        usb_storage_fail(s, SENSE_BAD_FIELD);
        return;
    }
    put(s->buffer, is_short ? 1 : 2, size - (is_short ? 1 : 2));
    s->buffer[is_short ? 2 : 3] = disk_is_read_only(s->disk) ? PROTECTED : 0;
    answer(s, size, is_short ? command[4] : get(command + 7, 2));
}

/* SBC 5.10: of the last one. */
static void read_capacity(struct usb_storage *s)
{
    put(s->buffer, 4, sectors(s) - 1);
    put(s->buffer + 4, 4, SECTOR);
    answer(s, 8, 8);
}

/* MMC-3, 6.21: it is formatted. */
static void read_format_capacities(struct usb_storage *s, const uint8_t *command)
{
    enum { SIZE = 12, FORMATTED = 2 };
    s->buffer[3] = SIZE - 4;
    put(s->buffer + 4, 4, sectors(s));
    put(s->buffer + 8, 4, SECTOR);
    s->buffer[8] = FORMATTED;
    answer(s, SIZE, get(command + 7, 2));
}

/* --- actions --- */

static bool find_place(struct usb_storage *s, const uint8_t *command)
{
    uint64_t first = get(command + 2, 4), count = get(command + 7, 2);
    if (first + count > sectors(s)) {
        usb_storage_fail(s, SENSE_BAD_PLACE);
        return false;
    }
    s->place = first * SECTOR;
    s->to_do = (uint32_t)count * SECTOR;
    return true;
}

static void transfer(struct usb_storage *s, const uint8_t *command)
{
    bool writes = command[0] == WRITE_10;
    if (writes && disk_is_read_only(s->disk))
        usb_storage_fail(s, SENSE_PROTECTED);
    else if (find_place(s, command) && s->to_do)
        s->action = writes ? STORAGE_WRITE : STORAGE_READ;
}

/* Nothing is compared: what is on the disk is what was written. */
static void verify(struct usb_storage *s, const uint8_t *command)
{
    enum { BYTE_CHECK = 2 };
    if (command[1] & BYTE_CHECK)
        usb_storage_fail(s, SENSE_BAD_FIELD);
    else if (find_place(s, command))
        s->to_do = 0;
}

void usb_storage_command(struct usb_storage *s, unsigned unit,
                         const uint8_t command[STORAGE_COMMAND_BYTES])
{
    enum { ANSWERS = 256 };
    memset(s->buffer, 0, ANSWERS);
    if (unit && command[0] != INQUIRY && command[0] != REQUEST_SENSE) {
        usb_storage_fail(s, SENSE_BAD_UNIT);
        return;
    }
    switch (command[0]) {
    case TEST_UNIT_READY:
    case START_STOP_UNIT:
    case PREVENT_ALLOW:
        break;
    case REQUEST_SENSE:
        request_sense(s, command);
        break;
    case INQUIRY:
        inquiry(s, unit, command);
        break;
    case MODE_SENSE_6:
    case MODE_SENSE_10:
        mode_sense(s, command);
        break;
    case READ_FORMAT_CAPACITIES:
        read_format_capacities(s, command);
        break;
    case READ_CAPACITY:
        read_capacity(s);
        break;
    case READ_10:
    case WRITE_10:
        transfer(s, command);
        break;
    case VERIFY_10:
        verify(s, command);
        break;
    case SYNCHRONIZE_CACHE:
        s->action = STORAGE_FLUSH;
        break;
    default:
        usb_storage_fail(s, SENSE_BAD_COMMAND);
    }
}
