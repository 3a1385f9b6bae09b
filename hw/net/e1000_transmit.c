/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 82540EM's transmitter (3.3): descriptors, checksums, large sends cut into frames (3.5). */
#include "hw/net/e1000_internal.h"

#include "exec/exec.h"
#include "hw/net/net_checksum.h"

#include <string.h>

enum { DESCRIPTOR = 16, FCS = 4, LEAST = 60, TYPE = 12, TAG = 4 };

/* DCMD and TUCMD; POPTS; STA; DTYP. */
enum { EOP = 0x01, IC = 0x04, TSE = 0x04, RS = 0x08, RPS = 0x10, DEXT = 0x20, VLE = 0x40 };
enum { IDE = 0x80, CONTEXT_TCP = 0x01, CONTEXT_IP = 0x02 };
enum { IXSM = 0x01, TXSM = 0x02 };
enum { DD = 0x01 };
enum { TYPE_CONTEXT, TYPE_DATA };

struct descriptor {
    uint64_t address;
    uint32_t length;
    uint8_t type, command, options, checksum_at, checksum_from;
    uint16_t special;
};

/* --- frames --- */

/* What is on the wire of so many bytes: a tag more, and at least so many, and a checksum. */
static uint32_t wire_size(struct e1000 *s, size_t size)
{
    size += s->packet.insert_tag ? TAG : 0;
    if (size < LEAST && *e1000_at(s, TCTL) & TCTL_PSP)
        size = LEAST;
    return (uint32_t)size + FCS;
}

static void count_sent(struct e1000 *s, const uint8_t *frame, size_t bytes)
{
    uint32_t size = wire_size(s, bytes);
    e1000_count(s, GPTC, 1);
    e1000_count(s, TPT, 1);
    e1000_count_large(s, GOTCL, size);
    e1000_count_large(s, TOTL, size);
    e1000_count_size(s, PTC64, size);
    if (net_is_broadcast(frame))
        e1000_count(s, BPTC, 1);
    else if (net_is_multicast(frame))
        e1000_count(s, MPTC, 1);
}

static bool loops_back(struct e1000 *s)
{
    return *e1000_at(s, RCTL) & RCTL_LBM || s->phy[0] & PHY_LOOPBACK;
}

static size_t insert_tag(struct e1000 *s, uint8_t *frame, size_t size, uint16_t tag)
{
    memmove(frame + TYPE + TAG, frame + TYPE, size - TYPE);
    net_store16(frame + TYPE, *e1000_at(s, VET));
    net_store16(frame + TYPE + 2, tag);
    return size + TAG;
}

/* Of a frame of `size` bytes: the pieces of a large send that it stands for, or 1. */
static void count_frame(struct e1000 *s, const uint8_t *frame, size_t size, size_t pieces)
{
    const struct e1000_context *c = &s->segmentation;
    for (; pieces > 1; pieces--, size -= c->mss)
        count_sent(s, frame, c->header + (size_t)c->mss);
    count_sent(s, frame, size);
}

static void emit(struct e1000 *s, const uint8_t *bytes, size_t size, size_t pieces)
{
    static uint8_t frame[NET_FRAME_MOST + TAG];
    if (size < NET_HEADER)
        return;
    count_frame(s, bytes, size, pieces);
    memcpy(frame, bytes, size);
    if (s->packet.insert_tag)
        size = insert_tag(s, frame, size, s->packet.tag);
    if (size < LEAST && *e1000_at(s, TCTL) & TCTL_PSP) {
        memset(frame + size, 0, LEAST - size);
        size = LEAST;
    }
    if (loops_back(s))
        e1000_receive(s, frame, size);
    else if (e1000_is_up(s))
        net_send(s->net, frame, size);
}

/* Sums from `from` up to and with `to` (0: the end), which a driver has prepared at `at`. */
static void insert_sum(uint8_t *bytes, size_t size, size_t from, size_t at, size_t to)
{
    size_t end = to && to < size ? to + 1 : size;
    if (from >= end || at + 2 > size)
        return;
    net_store16(bytes + at, (uint16_t)~net_sum(bytes + from, end - from));
}

static void insert_sums(const struct e1000_context *c, uint8_t options, uint8_t *bytes, size_t size)
{
    if (options & IXSM)
        insert_sum(bytes, size, c->ip_start, c->ip_field, c->ip_end);
    if (options & TXSM)
        insert_sum(bytes, size, c->tu_start, c->tu_field, c->tu_end);
}

/* --- large sends: the headers again before each piece, with what differs (3.5.5, 3.5.6) --- */

static void adjust_ip(const struct e1000_context *c, uint8_t *frame, size_t size, uint16_t number)
{
    enum { LENGTH = 2, IDENTIFICATION = 4, IPV6_LENGTH = 4, IPV6_HEADER = 40, LEAST_HEADER = 20 };
    uint8_t *ip = frame + c->ip_start;
    if (size < c->ip_start + (size_t)LEAST_HEADER)
        return;
    if (!(c->command & CONTEXT_IP)) {
        net_store16(ip + IPV6_LENGTH, (uint32_t)(size - c->ip_start - IPV6_HEADER));
        return;
    }
    net_store16(ip + LENGTH, (uint32_t)(size - c->ip_start));
    net_store16(ip + IDENTIFICATION, net_load16(ip + IDENTIFICATION) + (uint32_t)number);
}

/* The sum that the driver has put there is without the length. */
static void adjust_sum(uint8_t *frame, size_t size, size_t start, size_t field)
{
    if (field + 2 <= size && start <= size)
        net_store16(frame + field, net_add(net_load16(frame + field), (uint16_t)(size - start)));
}

static void adjust_tcp(const struct e1000_context *c, uint8_t *frame, size_t size, uint32_t offset,
                       bool last)
{
    enum { SEQUENCE = 4, FLAGS = 13, UDP_LENGTH = 4, FIN = 1, PSH = 8, LEAST_HEADER = 20 };
    uint8_t *above = frame + c->tu_start;
    if (size < c->tu_start + (size_t)LEAST_HEADER)
        return;
    if (!(c->command & CONTEXT_TCP)) {
        net_store16(above + UDP_LENGTH, (uint32_t)(size - c->tu_start));
        return;
    }
    net_store32(above + SEQUENCE, net_load32(above + SEQUENCE) + offset);
    if (!last)
        above[FLAGS] &= (uint8_t) ~(FIN | PSH);
}

/* What a frame of a large send carries: what the driver says, or several times that. */
static uint32_t payload(struct e1000 *s)
{
    const struct e1000_context *c = &s->segmentation;
    if (!(c->command & CONTEXT_TCP) || loops_back(s))
        return c->mss;
    return (uint32_t)net_large_payload(s->net, c->header, c->mss);
}

/*
 * What is in the packet, headers first, becomes a frame; the headers stay for the next one. Returns
 * for how many of the wire's it stands.
 */
static uint32_t emit_piece(struct e1000 *s)
{
    static uint8_t frame[NET_FRAME_MOST];
    const struct e1000_context *c = &s->segmentation;
    struct e1000_packet *p = &s->packet;
    bool last = !p->left;
    uint32_t pieces = (p->size - c->header + c->mss - 1) / c->mss;
    memcpy(frame, p->bytes, p->size);
    adjust_ip(c, frame, p->size, p->count);
    adjust_tcp(c, frame, p->size, p->sent, last);
    if (p->options & TXSM)
        adjust_sum(frame, p->size, c->tu_start, c->tu_field);
    insert_sums(c, p->options, frame, p->size);
    emit(s, frame, p->size, pieces);
    p->sent += p->size - c->header;
    p->count += pieces;
    p->size = c->header;
    e1000_count(s, TSCTC, last);
    return pieces;
}

/* --- a packet from its descriptors --- */

/* Returns how many of the wire's frames have been sent. */
static unsigned add_large(struct e1000 *s, uint64_t address, uint32_t length)
{
    const struct e1000_context *c = &s->segmentation;
    struct e1000_packet *p = &s->packet;
    unsigned frames = 0;
    if (!c->mss || c->header + (uint32_t)c->mss > NET_FRAME_MOST)
        p->too_long = true;
    uint32_t full = p->too_long ? 0 : c->header + payload(s);
    if (p->too_long || p->size > full) {
        p->too_long = true;
        return 0;
    }
    while (length && (p->left || p->size < c->header)) {
        uint32_t end = p->size < c->header ? c->header : full, part = end - p->size;
        part = part < length ? part : length;
        if (p->size >= c->header && part > p->left)
            part = p->left;
        e1000_read(s, address, p->bytes + p->size, part);
        p->left -= p->size >= c->header ? part : 0;
        p->size += part;
        address += part;
        length -= part;
        if (p->size > c->header && (p->size == full || !p->left)) {
            frames += emit_piece(s);
        }
    }
    return frames;
}

static void add_plain(struct e1000 *s, uint64_t address, uint32_t length)
{
    struct e1000_packet *p = &s->packet;
    p->too_long = p->too_long || length > NET_FRAME_MOST - p->size;
    if (p->too_long)
        return;
    e1000_read(s, address, p->bytes + p->size, length);
    p->size += length;
}

static void begin_packet(struct e1000 *s, const struct descriptor *d)
{
    struct e1000_packet *p = &s->packet;
    p->begun = true;
    p->size = 0;
    p->sent = 0;
    p->count = 0;
    p->too_long = false;
    p->large = d->type == TYPE_DATA && d->command & DEXT && d->command & TSE;
    p->left = s->segmentation.payload;
    p->options = d->type == TYPE_DATA && d->command & DEXT ? d->options : 0;
    p->insert_tag = false;
}

/* Where a descriptor of the old form wants a sum (3.3.3, CSO, CSS). */
static void end_plain(struct e1000 *s, const struct descriptor *d)
{
    struct e1000_packet *p = &s->packet;
    if (d->command & DEXT)
        insert_sums(&s->checksum, p->options, p->bytes, p->size);
    else if (d->command & IC)
        insert_sum(p->bytes, p->size, d->checksum_from, d->checksum_at, 0);
    emit(s, p->bytes, p->size, 1);
}

static void end_packet(struct e1000 *s, const struct descriptor *d)
{
    struct e1000_packet *p = &s->packet;
    if (p->too_long)
        log_if(LOG_GUEST_ERRORS, "e1000: a packet longer than can be sent\n");
    else if (!p->large)
        end_plain(s, d);
    else if (p->size > s->segmentation.header)
        emit_piece(s);
    p->begun = false;
}

static unsigned add_data(struct e1000 *s, const struct descriptor *d)
{
    struct e1000_packet *p = &s->packet;
    unsigned frames = 1;
    if (!p->begun)
        begin_packet(s, d);
    if (d->command & VLE && *e1000_at(s, CTRL) & CTRL_VME) {
        p->insert_tag = true;
        p->tag = d->special;
    }
    if (p->large)
        frames = add_large(s, d->address, d->length);
    else
        add_plain(s, d->address, d->length);
    if (d->command & EOP)
        end_packet(s, d);
    return frames;
}

static uint16_t word(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

/* 3.3.6 */
static void set_context(struct e1000 *s, const uint8_t *d)
{
    struct e1000_context c = {
        .ip_start = d[0],
        .ip_field = d[1],
        .ip_end = word(d + 2),
        .tu_start = d[4],
        .tu_field = d[5],
        .tu_end = word(d + 6),
        .payload = word(d + 8) | (d[10] & 15u) << 16,
        .command = d[11],
        .header = d[13],
        .mss = word(d + 14),
    };
    if (c.command & TSE)
        s->segmentation = c;
    else
        s->checksum = c;
}

static struct descriptor take_apart(const uint8_t *d)
{
    struct descriptor r = {.command = d[11], .special = word(d + 14), .type = d[10] >> 4};
    memcpy(&r.address, d, sizeof r.address);
    r.length = word(d + 8);
    if (r.command & DEXT) {
        r.length |= (d[10] & 15u) << 16;
        r.options = d[13];
    } else {
        r.type = TYPE_DATA;
        r.checksum_at = d[10];
        r.checksum_from = d[13];
    }
    return r;
}

/* --- the ring --- */

/*
 * TIDV starts anew with each descriptor, TADV with the first (13.4.43, 13.4.45); on a wire, that is
 * when it has been sent. A driver that lets us wait wants few interrupts, and this one is worth
 * least: something will be received before long, and the driver frees then what has been sent. So
 * we are as slow as a wire with a large send.
 */
static void raise_sent(struct e1000 *s, bool delayed)
{
    enum { WIRE = 65536 * 8 }; /* ns */
    uint64_t now = timers_now(s->timers);
    uint32_t delay = *e1000_at(s, TIDV) & 0xffff, most = *e1000_at(s, TADV) & 0xffff;
    if (!delayed || !delay) {
        e1000_raise(s, TXDW);
        return;
    }
    timer_set(&s->transmit_delay, e1000_after(s, now + WIRE, delay));
    if (most && s->transmit_most.deadline == TIMER_NEVER)
        timer_set(&s->transmit_most, e1000_after(s, now + WIRE, most));
}

static void report(struct e1000 *s, uint64_t at, uint8_t status, uint8_t command)
{
    if (!(command & (RS | RPS)))
        return;
    status |= DD;
    e1000_write(s, at + 12, &status, 1);
    raise_sent(s, command & IDE);
}

/* Returns a measure of how long it took. */
static unsigned do_descriptor(struct e1000 *s)
{
    uint8_t d[DESCRIPTOR] = {0};
    uint32_t head = *e1000_at(s, TDH), size = *e1000_at(s, TDLEN) / DESCRIPTOR;
    uint64_t at = e1000_descriptor(s, TDBAL, head);
    unsigned cost = 1;
    e1000_read(s, at, d, sizeof d);
    const struct descriptor r = take_apart(d);
    if (r.type == TYPE_CONTEXT)
        set_context(s, d);
    else if (r.type == TYPE_DATA)
        cost += add_data(s, &r) + r.length / 256;
    *e1000_at(s, TDH) = head + 1 >= size ? 0 : head + 1;
    report(s, at, d[12], r.command);
    return cost;
}

/*
 * A guest could keep us busy as long as its ring is; after so much others have their turn. When the
 * network takes no more it says when it does (net_card.resume).
 */
void e1000_transmit(struct e1000 *s)
{
    enum { TURN = 4096, PAUSE = 10000 };
    uint32_t size = *e1000_at(s, TDLEN) / DESCRIPTOR;
    unsigned cost = 0;
    if (!(*e1000_at(s, TCTL) & TCTL_EN) || !pci_is_master(&s->pci))
        return;
    if (*e1000_at(s, TDH) >= size || *e1000_at(s, TDT) >= size)
        return;
    bool any = *e1000_at(s, TDH) != *e1000_at(s, TDT);
    while (*e1000_at(s, TDH) != *e1000_at(s, TDT)) {
        if (cost > TURN)
            timer_set(&s->transmit, timers_now(s->timers) + PAUSE);
        if (cost > TURN || !net_ready(s->net))
            return;
        cost += do_descriptor(s);
    }
    if (any)
        e1000_raise(s, TXQE);
}
