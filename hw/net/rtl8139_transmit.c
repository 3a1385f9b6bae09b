/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The RTL8139's transmitter: four buffers, sent in turn (6.3), or the C+'s descriptors, with
 * checksums and large sends (6.5).
 */
#include "hw/net/rtl8139_internal.h"

#include "hw/net/net_checksum.h"

enum { LEAST = 60, TYPE = 12, TAG = 4, VLAN = 0x8100 };

static bool is_on(const struct rtl8139 *s)
{
    return s->reg[CR] & CR_TE && pci_is_master(&s->pci);
}

/* TCR's LBK. */
static bool loops_back(const struct rtl8139 *s)
{
    return (rtl8139_load(s, TCR, 4) >> 17 & 3) == 3;
}

static void emit(struct rtl8139 *s, uint8_t *frame, size_t size)
{
    if (size < LEAST) {
        memset(frame + size, 0, LEAST - size);
        size = LEAST;
    }
    s->counts.sent++;
    if (loops_back(s))
        rtl8139_receive(s, frame, size);
    else
        net_send(s->net, frame, size);
}

/* --- four buffers --- */

/* The states of all of them in one register. */
static void note_states(struct rtl8139 *s)
{
    uint32_t states = 0;
    for (unsigned i = 0; i < RTL8139_TRANSMITTERS; i++) {
        uint32_t tsd = rtl8139_load(s, TSD + 4 * i, 4);
        states |= (tsd & TSD_OWN ? 1u << i : 0) | (tsd & TSD_TOK ? 0x1000u << i : 0);
    }
    rtl8139_store(s, TSADS, 2, states);
}

static void finish_buffer(struct rtl8139 *s, unsigned number)
{
    static uint8_t frame[0x2000];
    uint32_t tsd = rtl8139_load(s, TSD + 4 * number, 4);
    size_t size = tsd & 0x1fff;
    rtl8139_read_memory(s, rtl8139_load(s, TSAD + 4 * number, 4), frame, size);
    rtl8139_store(s, TSD + 4 * number, 4, tsd | TSD_OWN | TSD_TOK);
    note_states(s);
    emit(s, frame, size);
    rtl8139_raise(s, TOK);
}

void rtl8139_send_buffer(struct rtl8139 *s, unsigned number)
{
    note_states(s);
    if (!(rtl8139_load(s, TSD + 4 * number, 4) & TSD_OWN) && is_on(s) && net_ready(s->net))
        finish_buffer(s, number);
}

/* --- descriptors --- */

#define OWN         0x80000000u
#define END_OF_RING 0x40000000u
#define FIRST       0x20000000u
#define LAST        0x10000000u
#define LARGE       0x08000000u
#define INSERT_TAG  0x20000u
enum { DESCRIPTOR = 16, IP_SUM = 1 << 18, UDP_SUM = 1 << 17, TCP_SUM = 1 << 16 };

static void insert_ip_sum(const struct net_layout *l, uint8_t *frame)
{
    enum { FIELD = 10 };
    net_store16(frame + l->ip + FIELD, 0);
    net_store16(frame + l->ip + FIELD, (uint16_t)~net_sum(frame + l->ip, l->above - l->ip));
}

/* Over what IP says is there, whatever the driver has put into the field. */
static void insert_above_sum(const struct net_layout *l, uint8_t *frame)
{
    enum { TCP_FIELD = 16, UDP_FIELD = 6, TCP = 6, UDP = 17 };
    size_t length = l->end - l->above;
    uint8_t *field = frame + l->above + (l->tcp ? TCP_FIELD : UDP_FIELD);
    uint16_t sum =
        net_add(net_sum(frame + l->ip + 12, 8), (uint16_t)(length + (l->tcp ? TCP : UDP)));
    net_store16(field, 0);
    sum = (uint16_t)~net_add(sum, net_sum(frame + l->above, length));
    net_store16(field, sum ? sum : 0xffff);
}

static void insert_sums(uint8_t *frame, size_t size, uint32_t control)
{
    const struct net_layout l = net_layout(frame, size);
    if (l.ipv4 && control & IP_SUM)
        insert_ip_sum(&l, frame);
    if (l.ipv4 && ((l.tcp && control & TCP_SUM) || (l.udp && control & UDP_SUM)))
        insert_above_sum(&l, frame);
}

static void emit_tagged(struct rtl8139 *s, const uint8_t *bytes, size_t size, const uint32_t *d)
{
    static uint8_t frame[NET_FRAME_MOST + LEAST + TAG];
    if (size < NET_HEADER)
        return;
    memcpy(frame, bytes, size);
    if (d[1] & INSERT_TAG) {
        memmove(frame + TYPE + TAG, frame + TYPE, size - TYPE);
        net_store16(frame + TYPE, VLAN);
        memcpy(frame + TYPE + 2, &d[1], 2);
        size += TAG;
    }
    emit(s, frame, size);
}

/* A piece of a large send: the headers again, with length, number and sequence as they are then. */
static void emit_piece(struct rtl8139 *s, size_t headers, size_t from, size_t size,
                       const uint32_t *d)
{
    enum { LENGTH = 2, NUMBER = 4, SEQUENCE = 4, FLAGS = 13, FIN = 1, PSH = 8 };
    static uint8_t frame[NET_FRAME_MOST];
    const struct net_layout l = net_layout(s->packet, s->size);
    bool last = from + size == l.end;
    memcpy(frame, s->packet, headers);
    memcpy(frame + headers, s->packet + from, size);
    uint8_t *ip = frame + l.ip, *tcp = frame + l.above;
    uint32_t mss = d[0] >> 16 & 0x7ff, offset = (uint32_t)(from - headers);
    net_store16(ip + LENGTH, (uint32_t)(headers + size - l.ip));
    net_store16(ip + NUMBER, net_load16(ip + NUMBER) + offset / mss);
    net_store32(tcp + SEQUENCE, net_load32(tcp + SEQUENCE) + offset);
    tcp[FLAGS] &= last ? 0xff : (uint8_t) ~(FIN | PSH);
    insert_sums(frame, headers + size, IP_SUM | TCP_SUM);
    emit_tagged(s, frame, headers + size, d);
    s->counts.sent += (size - 1) / mss; /* pieces that went as one */
}

static void emit_large(struct rtl8139 *s, const uint32_t *d)
{
    enum { OFFSET = 12 };
    const struct net_layout l = net_layout(s->packet, s->size);
    size_t mss = d[0] >> 16 & 0x7ff;
    if (!l.ipv4 || !l.tcp || !mss)
        return;
    size_t headers = l.above + (s->packet[l.above + OFFSET] >> 4) * 4u;
    size_t full = loops_back(s) ? mss : net_large_payload(s->net, headers, mss);
    for (size_t at = headers; at < l.end; at += full)
        emit_piece(s, headers, at, l.end - at < full ? l.end - at : full, d);
}

static void finish_packet(struct rtl8139 *s, const uint32_t *d)
{
    if (s->too_long)
        return;
    if (d[0] & LARGE) {
        emit_large(s, d);
        return;
    }
    insert_sums(s->packet, s->size, d[0]);
    emit_tagged(s, s->packet, s->size, d);
}

static void add_part(struct rtl8139 *s, const uint32_t *d)
{
    uint32_t size = d[0] & 0xffff;
    if (d[0] & FIRST) {
        s->size = 0;
        s->too_long = false;
    }
    s->too_long = s->too_long || size > NET_FRAME_MOST - s->size;
    if (s->too_long)
        return;
    rtl8139_read_memory(s, (uint64_t)d[3] << 32 | d[2], s->packet + s->size, size);
    s->size += size;
}

/* False: there is none. */
static bool do_descriptor(struct rtl8139 *s)
{
    uint32_t d[4];
    uint64_t base = (uint64_t)rtl8139_load(s, TNPDS + 4, 4) << 32 | rtl8139_load(s, TNPDS, 4);
    uint64_t at = base + (uint64_t)s->transmit_at * DESCRIPTOR;
    rtl8139_read_memory(s, at, d, sizeof d);
    if (!(d[0] & OWN))
        return false;
    add_part(s, d);
    if (d[0] & LAST)
        finish_packet(s, d);
    s->transmit_at = d[0] & END_OF_RING ? 0 : (s->transmit_at + 1) & 0x3f;
    d[0] &= END_OF_RING | FIRST | LAST | 0xffff; /* no collision, no error */
    rtl8139_write_memory(s, at, d, sizeof *d);
    return true;
}

/* After as many as a ring has at most others have their turn. */
static void do_descriptors(struct rtl8139 *s)
{
    enum { TURN = 64, PAUSE = 10000 };
    unsigned count = 0;
    bool is_ready;
    while ((is_ready = net_ready(s->net)) && count < TURN && do_descriptor(s))
        count++;
    if (count == TURN)
        timer_set(&s->transmit, timers_now(s->timers) + PAUSE);
    else if (is_ready)
        s->reg[TPPOLL] = 0;
    if (count)
        rtl8139_raise(s, (uint16_t)(TOK | (s->reg[TPPOLL] ? 0 : TDU)));
}

void rtl8139_poll(struct rtl8139 *s)
{
    if (s->reg[TPPOLL] && rtl8139_load(s, CPCR, 2) & CPCR_TRANSMIT && is_on(s))
        do_descriptors(s);
}

void rtl8139_go_on_sending(struct rtl8139 *s)
{
    if (rtl8139_load(s, CPCR, 2) & CPCR_TRANSMIT) {
        rtl8139_poll(s);
        return;
    }
    for (unsigned i = 0; i < RTL8139_TRANSMITTERS; i++)
        rtl8139_send_buffer(s, i);
}
