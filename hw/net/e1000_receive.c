/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 82540EM's receiver (3.2): address filters, descriptors, checksums. */
#include "hw/net/e1000_internal.h"

#include "hw/net/net_checksum.h"

#include <string.h>

enum { FCS = 4, LEAST = 60, USUAL_MOST = 1518, TAG = 4, TYPE = 12 };
enum { DESCRIPTOR = 16 };

/* Of a descriptor (3.2.3). */
enum { DD = 0x01, EOP = 0x02, IXSM = 0x04, VP = 0x08, TCPCS = 0x20, IPCS = 0x40, PIF = 0x80 };
enum { TCPE = 0x20, IPE = 0x40 };

struct received {
    const uint8_t *bytes;
    size_t size; /* what is stored of it, the checksum included */
    uint8_t status, errors;
    uint16_t checksum, tag;
};

/* --- who is meant --- */

/* Which twelve bits of an address count (13.4.22, MO). */
static bool is_in_table(struct e1000 *s, const uint8_t *address)
{
    static const uint8_t shifts[] = {4, 3, 2, 0};
    unsigned high = address[4] | (unsigned)address[5] << 8;
    unsigned hash = high >> shifts[*e1000_at(s, RCTL) >> 12 & 3] & 0xfff;
    return *e1000_at(s, MTA + 4 * (hash >> 5)) >> (hash & 31) & 1;
}

static bool is_ours(struct e1000 *s, const uint8_t *address)
{
    uint32_t low, high;
    memcpy(&low, address, 4);
    high = address[4] | (uint32_t)address[5] << 8;
    for (unsigned at = RAL; at < RAL_END; at += 8)
        if (*e1000_at(s, at) == low && *e1000_at(s, at + 4) & ADDRESS_VALID &&
            (*e1000_at(s, at + 4) & 0xffff) == high)
            return true;
    return false;
}

static bool is_meant(struct e1000 *s, const uint8_t *address)
{
    uint32_t control = *e1000_at(s, RCTL);
    if (net_is_broadcast(address) && control & RCTL_BAM)
        return true;
    if (control & (net_is_multicast(address) ? RCTL_MPE : RCTL_UPE))
        return true;
    return is_ours(s, address) || (net_is_multicast(address) && is_in_table(s, address));
}

/* 9.2.2 */
static bool has_tag(struct e1000 *s, const uint8_t *frame, size_t size)
{
    return size >= NET_HEADER + TAG && net_load16(frame + TYPE) == (*e1000_at(s, VET) & 0xffff);
}

static bool is_tag_wanted(struct e1000 *s, const uint8_t *frame)
{
    uint32_t control = *e1000_at(s, RCTL);
    uint16_t tag = net_load16(frame + NET_HEADER);
    if (!(control & RCTL_VFE))
        return true;
    bool indicator = tag & 0x1000;
    if (control & RCTL_CFIEN && indicator != !!(control & RCTL_CFI))
        return false;
    return *e1000_at(s, VFTA + 4 * (tag >> 5 & 0x7f)) >> (tag & 31) & 1;
}

/* --- descriptors --- */

static uint32_t buffer_size(struct e1000 *s)
{
    uint32_t control = *e1000_at(s, RCTL);
    uint32_t size = 2048u >> (control >> 16 & 3);
    return control & RCTL_BSEX && size < 2048 ? size * 16 : size;
}

static uint32_t ring_size(struct e1000 *s)
{
    return *e1000_at(s, RDLEN) / DESCRIPTOR;
}

static uint32_t available(struct e1000 *s)
{
    uint32_t size = ring_size(s), head = *e1000_at(s, RDH), tail = *e1000_at(s, RDT);
    return head >= size || tail >= size ? 0 : (tail + size - head) % size;
}

static bool is_on(struct e1000 *s)
{
    return *e1000_at(s, RCTL) & RCTL_EN && pci_is_master(&s->pci) && e1000_is_up(s);
}

static uint32_t buffers_for(struct e1000 *s, size_t size)
{
    uint32_t step = buffer_size(s);
    return (uint32_t)(((size < LEAST ? LEAST : size) + FCS + step - 1) / step);
}

/* What the whole ring has no room for is lost; other frames wait outside until there is some. */
bool e1000_can_receive(void *chip, size_t size)
{
    struct e1000 *s = chip;
    uint32_t needed = buffers_for(s, size);
    return !is_on(s) || available(s) >= needed || needed >= ring_size(s);
}

static void store_part(struct e1000 *s, const struct received *r, size_t offset, size_t size)
{
    uint8_t d[DESCRIPTOR];
    bool last = offset + size == r->size;
    uint32_t head = *e1000_at(s, RDH);
    uint64_t at = e1000_descriptor(s, RDBAL, head), buffer = 0;
    e1000_read(s, at, d, sizeof d);
    memcpy(&buffer, d, sizeof buffer);
    e1000_write(s, buffer, r->bytes + offset, size);
    const uint16_t words[] = {(uint16_t)size, r->checksum};
    memcpy(d + 8, words, sizeof words);
    d[12] = DD | (last ? EOP | r->status : 0);
    d[13] = last ? r->errors : 0;
    memcpy(d + 14, &r->tag, sizeof r->tag);
    e1000_write(s, at, d, sizeof d);
    *e1000_at(s, RDH) = head + 1 == ring_size(s) ? 0 : head + 1;
}

/* At half of the ring, a quarter, or an eighth (13.4.22, RDMTS). */
static uint32_t causes_after(struct e1000 *s)
{
    uint32_t least = ring_size(s) >> ((*e1000_at(s, RCTL) >> 8 & 3) + 1);
    return available(s) <= least ? RXDMT0 : 0;
}

/* RDTR starts anew with each packet, RADV with the first (13.4.30, 13.4.32). */
static void raise_received(struct e1000 *s, uint32_t causes)
{
    uint64_t now = timers_now(s->timers);
    uint32_t delay = *e1000_at(s, RDTR) & 0xffff, most = *e1000_at(s, RADV) & 0xffff;
    if (!delay) {
        e1000_raise(s, causes | RXT0);
        return;
    }
    timer_set(&s->receive_delay, e1000_after(s, now, delay));
    if (most && s->receive_most.deadline == TIMER_NEVER)
        timer_set(&s->receive_most, e1000_after(s, now, most));
    if (causes)
        e1000_raise(s, causes);
}

static void store(struct e1000 *s, const struct received *r)
{
    size_t step = buffer_size(s);
    if (available(s) < (r->size + step - 1) / step) {
        e1000_count(s, MPC, 1);
        e1000_count(s, RNBC, 1);
        e1000_raise(s, RXO);
        return;
    }
    for (size_t done = 0; done < r->size; done += step)
        store_part(s, r, done, r->size - done < step ? r->size - done : step);
    raise_received(s, causes_after(s));
}

/* --- what is said about a frame --- */

/* 3.2.9; what is not looked at says so. */
static void check(struct e1000 *s, struct received *r, const uint8_t *frame, size_t size)
{
    enum { IP_OFF = 0x100, ABOVE_OFF = 0x200 };
    uint32_t control = *e1000_at(s, RXCSUM);
    size_t start = control & 0xff;
    r->checksum = start < size ? net_sum(frame + start, size - start) : 0;
    r->checksum = (uint16_t)(r->checksum << 8 | r->checksum >> 8);
    if (!(control & (IP_OFF | ABOVE_OFF))) {
        r->status |= IXSM;
        return;
    }
    const struct net_layout l = net_layout(frame, size);
    if (control & IP_OFF && l.ipv4) {
        r->status |= IPCS;
        r->errors |= net_ip_is_good(&l, frame) ? 0 : IPE;
    }
    if (control & ABOVE_OFF && (l.tcp || l.udp)) {
        r->status |= TCPCS;
        r->errors |= net_above_is_good(&l, frame) ? 0 : TCPE;
    }
}

/* Bytes as they lie in memory: padded, without the tag if it goes to the descriptor. */
static size_t put_together(struct e1000 *s, struct received *r, const uint8_t *frame, size_t size,
                           uint8_t *to)
{
    size_t from = 0, length = size;
    if (has_tag(s, frame, size) && *e1000_at(s, CTRL) & CTRL_VME) {
        r->status |= VP;
        r->tag = net_load16(frame + NET_HEADER);
        memcpy(to, frame, TYPE);
        from = TYPE + TAG;
        length = size - TAG;
        memcpy(to + TYPE, frame + from, size - from);
    } else {
        memcpy(to, frame, size);
    }
    if (length < LEAST) {
        memset(to + length, 0, LEAST - length);
        length = LEAST;
    }
    return length;
}

static void count_received(struct e1000 *s, const uint8_t *frame, uint32_t size)
{
    e1000_count(s, GPRC, 1);
    e1000_count_large(s, GORCL, size);
    e1000_count_size(s, PRC64, size);
    if (net_is_broadcast(frame))
        e1000_count(s, BPRC, 1);
    else if (net_is_multicast(frame))
        e1000_count(s, MPRC, 1);
}

static bool is_too_long(struct e1000 *s, const uint8_t *frame, size_t size)
{
    size_t most = USUAL_MOST + (has_tag(s, frame, size) ? TAG : 0);
    return size + FCS > most && !(*e1000_at(s, RCTL) & (RCTL_LPE | RCTL_SBP));
}

void e1000_receive(void *chip, const uint8_t *frame, size_t size)
{
    struct e1000 *s = chip;
    static uint8_t bytes[NET_FRAME_MOST + LEAST + FCS];
    struct received r = {.bytes = bytes};
    if (!is_on(s) || size < NET_HEADER || size > NET_FRAME_MOST)
        return;
    uint32_t wire = (uint32_t)(size < LEAST ? LEAST : size) + FCS;
    e1000_count(s, TPR, 1);
    e1000_count_large(s, TORL, wire);
    if (is_too_long(s, frame, size)) {
        e1000_count(s, ROC, 1);
        return;
    }
    if (!is_meant(s, frame) || (has_tag(s, frame, size) && !is_tag_wanted(s, frame)))
        return;
    if (!is_ours(s, frame))
        r.status |= PIF;
    check(s, &r, frame, size);
    r.size = put_together(s, &r, frame, size, bytes);
    memset(bytes + r.size, 0, FCS);
    r.size += *e1000_at(s, RCTL) & RCTL_SECRC ? 0 : FCS;
    count_received(s, frame, wire);
    store(s, &r);
}
