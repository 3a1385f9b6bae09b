/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A disk on a USB: how commands, data and status are carried. Bulk-Only Transport 1.0: a packet
 * with a command block, data in one direction, a packet with its status; while the disk is at work
 * packets are answered by NAK.
 *
 * Where host and device do not mean the same by a command (6.7), what the host fetches is made up
 * with zeros and what it sends is dropped, up to the length that it has announced.
 */
#include "hw/usb/storage_internal.h"

#include "exec/exec.h"

#include <errno.h>
#include <string.h>

enum { ENDPOINT_IN = 1, ENDPOINT_OUT = 2, PACKET = 64, SECTOR = 512 };

static const uint8_t configuration[] = {
    9, 2, 32,   0, 1,      1, 0, 0x80, 50, /* 100 mA */
    9, 4, 0,    0, 2,      8, 6, 0x50, 0,  /* mass storage: SCSI commands, bulk only */
    7, 5, 0x81, 2, PACKET, 0, 0,           /* bulk, in */
    7, 5, 0x02, 2, PACKET, 0, 0,           /* bulk, out */
};

/* --- the disk --- */

static void done(void *owner);

static void submit(struct usb_storage *s, enum disk_operation operation, size_t size)
{
    s->busy = true;
    s->request = (struct disk_request){.operation = operation,
                                       .offset = s->place,
                                       .size = size,
                                       .data = s->buffer,
                                       .done = done,
                                       .owner = s};
    disk_submit(s->disk, &s->request);
}

static void fetch(struct usb_storage *s)
{
    submit(s, DISK_READ, s->to_do < USB_STORAGE_CHUNK ? s->to_do : USB_STORAGE_CHUNK);
}

/* Whole sectors of what is in the buffer. */
static void store(struct usb_storage *s)
{
    submit(s, DISK_WRITE, s->size - s->size % SECTOR);
}

static void act(struct usb_storage *s)
{
    if (s->action == STORAGE_READ)
        fetch(s);
    else if (s->action == STORAGE_WRITE)
        store(s);
    else
        submit(s, DISK_FLUSH, 0);
}

/* The data that are still to come mean nothing. */
void usb_storage_fail(struct usb_storage *s, uint32_t sense)
{
    s->sense = sense;
    s->status = STATUS_FAILED;
    s->action = STORAGE_NOTHING;
    s->to_do = s->at = s->size = 0;
}

static void moved(struct usb_storage *s)
{
    uint32_t size = (uint32_t)s->request.size;
    s->place += size;
    if (s->action == STORAGE_READ) {
        s->to_do -= size;
        s->at = 0;
        s->size = size;
    } else if (s->action == STORAGE_WRITE) {
        s->size -= size;
        memmove(s->buffer, s->buffer + size, s->size);
    }
}

static void done(void *owner)
{
    struct usb_storage *s = owner;
    s->busy = false;
    if (!s->request.error)
        moved(s);
    else if (s->request.error == EROFS)
        usb_storage_fail(s, SENSE_PROTECTED);
    else
        usb_storage_fail(s, s->action == STORAGE_READ ? SENSE_READ_ERROR : SENSE_WRITE_ERROR);
    usb_wake(&s->usb);
}

/* --- a command (5.1) --- */

enum { BLOCK = 31, BLOCK_SIGNATURE = 0x43425355, STATUS = 13, STATUS_SIGNATURE = 0x53425355 };

static uint32_t get_long(const uint8_t *from)
{
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
           (uint32_t)from[3] << 24;
}

static void put_long(uint8_t *to, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> 8 * i);
}

/* 6.7: what the command moves, and what the host has announced. */
static void compare_lengths(struct usb_storage *s)
{
    bool writes = s->action == STORAGE_WRITE;
    uint32_t ours = s->to_do + s->size;
    if (!ours || (ours <= s->left && writes != s->in))
        return;
    s->status = STATUS_PHASE_ERROR;
    s->action = STORAGE_NOTHING;
    s->to_do = s->at = s->size = 0;
}

static void begin(struct usb_storage *s, const uint8_t *block)
{
    enum { FROM_DEVICE = 0x80 };
    s->tag = get_long(block + 4);
    s->left = s->residue = get_long(block + 8);
    s->in = block[12] & FROM_DEVICE;
    s->status = STATUS_GOOD;
    s->action = STORAGE_NOTHING;
    s->to_do = s->at = s->size = 0;
    usb_storage_command(s, block[13] & 15, block + 15);
    compare_lengths(s);
    s->stage = s->left ? STORAGE_DATA : STORAGE_STATUS;
    if (s->action == STORAGE_READ || s->action == STORAGE_FLUSH)
        act(s);
}

static enum usb_answer take_block(struct usb_storage *s, const struct usb_packet *p)
{
    if (p->size == BLOCK && get_long(p->data) == BLOCK_SIGNATURE && p->data[14] >= 1 &&
        p->data[14] <= STORAGE_COMMAND_BYTES) {
        begin(s, p->data);
        return USB_ACK;
    }
    log_if(LOG_GUEST_ERRORS, "usb-storage: no command block, %u bytes\n", p->size);
    s->stage = STORAGE_BROKEN;
    return USB_STALL;
}

/* --- data and status --- */

static void count(struct usb_storage *s, uint32_t by_host, uint32_t by_us)
{
    s->left -= by_host;
    s->residue -= by_us;
    if (!s->left)
        s->stage = STORAGE_STATUS;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static enum usb_answer send_data(struct usb_storage *s, struct usb_packet *p)
{
    uint32_t size = least(least(p->size, PACKET), s->left), ours = least(size, s->size - s->at);
    memset(p->data, 0, size);
    memcpy(p->data, s->buffer + s->at, ours);
    p->done = size;
    s->at += ours;
    count(s, size, ours);
    if (s->at == s->size && s->to_do)
        fetch(s);
    return USB_ACK;
}

static enum usb_answer send_status(struct usb_storage *s, struct usb_packet *p)
{
    uint8_t block[STATUS];
    put_long(block, STATUS_SIGNATURE);
    put_long(block + 4, s->tag);
    put_long(block + 8, s->residue);
    block[12] = s->status;
    s->stage = STORAGE_COMMAND;
    return usb_send(p, block, STATUS);
}

static enum usb_answer take_data(struct usb_storage *s, const struct usb_packet *p)
{
    uint32_t size = least(p->size, s->left), ours = least(size, s->to_do);
    ours = least(ours, USB_STORAGE_ROOM - s->size);
    memcpy(s->buffer + s->size, p->data, ours);
    s->size += ours;
    s->to_do -= ours;
    count(s, size, ours);
    if (s->size >= USB_STORAGE_CHUNK || (s->size && !s->to_do))
        store(s);
    return USB_ACK;
}

static enum usb_answer in(void *owner, struct usb_packet *p)
{
    struct usb_storage *s = owner;
    if (p->endpoint != ENDPOINT_IN || s->stage == STORAGE_BROKEN)
        return USB_STALL;
    if (s->busy || s->stage == STORAGE_COMMAND)
        return USB_NAK;
    if (s->stage == STORAGE_STATUS)
        return send_status(s, p);
    return s->in ? send_data(s, p) : USB_STALL;
}

static enum usb_answer out(void *owner, struct usb_packet *p)
{
    struct usb_storage *s = owner;
    if (p->endpoint != ENDPOINT_OUT || s->stage == STORAGE_BROKEN)
        return USB_STALL;
    if (s->busy)
        return USB_NAK;
    if (s->stage == STORAGE_COMMAND)
        return take_block(s, p);
    return s->stage == STORAGE_DATA && !s->in ? take_data(s, p) : USB_STALL;
}

/* --- the device --- */

static void reset_storage(void *owner)
{
    struct usb_storage *s = owner;
    disk_withdraw(&s->request);
    s->busy = s->in = false;
    s->stage = STORAGE_COMMAND;
    s->action = STORAGE_NOTHING;
    s->status = STATUS_GOOD;
    s->tag = s->left = s->residue = s->sense = 0;
    s->place = s->to_do = s->at = s->size = 0;
    memset(s->buffer, 0, sizeof s->buffer);
}

/* 3.1 and 3.2 */
static int request(void *owner, const struct usb_request *r, uint8_t *data)
{
    enum { RESET = 0xff, GET_MAX_LUN = 0xfe };
    if (r->type == (USB_TYPE_CLASS | USB_TYPE_INTERFACE) && r->request == RESET) {
        reset_storage(owner);
        return 0;
    }
    if (r->type != (USB_TYPE_IN | USB_TYPE_CLASS | USB_TYPE_INTERFACE) || r->request != GET_MAX_LUN)
        return USB_NO_REQUEST;
    data[0] = 0;
    return 1;
}

static const struct usb_kind kind = {"usb-storage", "Tessera USB Disk",   "0123456789AB", 4,
                                     configuration, sizeof configuration, request,        in,
                                     out,           reset_storage};

void usb_storage_init(struct usb_storage *s, struct disk *disk, const char *serial)
{
    *s = (struct usb_storage){.disk = disk, .serial = serial ? serial : "1"};
    usb_device_init(&s->usb, &kind, s);
}

static void reset(void *device)
{
    struct usb_storage *s = device;
    usb_reset(&s->usb);
}

/* What the disk was at is done again. */
static void restored(void *device)
{
    struct usb_storage *s = device;
    disk_withdraw(&s->request);
    s->place -= s->place % SECTOR;
    s->at = least(s->at, s->size);
    if (s->action == STORAGE_READ)
        s->to_do -= s->to_do % SECTOR;
    if (s->busy)
        act(s);
}

static const struct state_field fields[] = {
    {STATE_OF(usb_storage, usb, &usb_device_state)},
    {NOT_STATE(usb_storage, disk)},
    {NOT_STATE(usb_storage, serial)},
    {STATE(usb_storage, stage), .most = STORAGE_BROKEN},
    {STATE(usb_storage, action), .most = STORAGE_FLUSH},
    {STATE(usb_storage, in)},
    {STATE(usb_storage, busy)},
    {STATE(usb_storage, status), .most = STATUS_PHASE_ERROR},
    {STATE(usb_storage, tag)},
    {STATE(usb_storage, left)},
    {STATE(usb_storage, residue)},
    {STATE(usb_storage, sense)},
    {STATE(usb_storage, place)},
    {STATE(usb_storage, to_do)},
    {STATE(usb_storage, at), .most = USB_STORAGE_ROOM},
    {STATE(usb_storage, size), .most = USB_STORAGE_ROOM},
    {NOT_STATE(usb_storage, request)},
    {STATE_BYTES(usb_storage, buffer)},
    {0},
};
static const struct state_table state = STATE_TABLE(usb_storage, 1, fields);
const struct device usb_storage_device = {
    .name = "usb-storage", .reset = reset, .state = &state, .restored = restored};
