/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The RTL8139's receiver: its ring of bytes (section 5.1), and the C+'s descriptors (section 6.4).
 */
#include "hw/net/rtl8139_internal.h"

#include "hw/net/net_checksum.h"

enum { FCS = 4, LEAST = 60, HEADER = 4, TYPE = 12, TAG = 4, VLAN = 0x8100 };

/* In front of a packet in the ring, or in a descriptor with C+. */
enum { STATUS_ROK = 0x0001, STATUS_BAR = 0x2000, STATUS_PAM = 0x4000, STATUS_MAR = 0x8000 };

/* --- who is meant --- */

static bool is_in_table(const struct rtl8139 *s, const uint8_t *address)
{
    unsigned hash = net_crc(address, NET_ADDRESS) >> 26;
    return s->reg[MAR + hash / 8] >> hash % 8 & 1;
}

/* STATUS_ROK and why; 0: nobody. */
static uint16_t meant(struct rtl8139 *s, const uint8_t *address)
{
    uint32_t control = rtl8139_load(s, RCR, 4);
    bool ours = memcmp(address, s->reg + IDR, NET_ADDRESS) == 0;
    if (net_is_broadcast(address))
        return control & (RCR_AB | RCR_AAP) ? STATUS_ROK | STATUS_BAR : 0;
    if (net_is_multicast(address)) {
        bool is_wanted = control & RCR_AAP || (control & RCR_AM && is_in_table(s, address));
        return is_wanted ? STATUS_ROK | STATUS_MAR : 0;
    }
    if (ours && control & (RCR_APM | RCR_AAP))
        return STATUS_ROK | STATUS_PAM;
    return control & RCR_AAP ? STATUS_ROK : 0;
}

static bool is_on(const struct rtl8139 *s)
{
    return s->reg[CR] & CR_RE && pci_is_master(&s->pci) && s->net;
}

static bool has_descriptors(const struct rtl8139 *s)
{
    return rtl8139_load(s, CPCR, 2) & CPCR_RECEIVE;
}

static void count(struct rtl8139 *s, uint16_t status)
{
    s->counts.received++;
    s->counts.broadcasts += status & STATUS_BAR ? 1 : 0;
    s->counts.multicasts += status & STATUS_MAR ? 1 : 0;
    s->counts.to_us += status & STATUS_PAM ? 1 : 0;
}

static void miss(struct rtl8139 *s, uint16_t cause)
{
    s->counts.missed++;
    rtl8139_store(s, MPC, 3, rtl8139_load(s, MPC, 3) + 1);
    rtl8139_raise(s, cause);
}

/* --- the ring --- */

static uint32_t ring_size(const struct rtl8139 *s)
{
    return 8192u << (rtl8139_load(s, RCR, 4) >> 11 & 3);
}

/* CAPR is 16 less than where reading goes on (6.13). */
static uint32_t read_at(const struct rtl8139 *s)
{
    return (rtl8139_load(s, CAPR, 2) + 16) & (ring_size(s) - 1);
}

bool rtl8139_ring_is_empty(const struct rtl8139 *s)
{
    return read_at(s) == (rtl8139_load(s, CBR, 2) & (ring_size(s) - 1));
}

static uint32_t space(size_t size)
{
    return (uint32_t)(HEADER + (size < LEAST ? LEAST : size) + FCS + 3) & ~3u;
}

/* Read and write must not meet by a packet that fills it. */
static bool ring_has_room(const struct rtl8139 *s, size_t size)
{
    uint32_t used = rtl8139_load(s, CBR, 2) - read_at(s);
    return (used & (ring_size(s) - 1)) + space(size) < ring_size(s);
}

/* With WRAP a packet goes on behind the end, where a driver has left room, but for 64 KiB. */
static void put(struct rtl8139 *s, uint32_t at, const uint8_t *bytes, size_t size)
{
    uint32_t base = rtl8139_load(s, RBSTART, 4), all = ring_size(s);
    bool straight = rtl8139_load(s, RCR, 4) & RCR_WRAP && all < 0x10000;
    size_t first = straight || size < all - at ? size : all - at;
    rtl8139_write_memory(s, base + at, bytes, first);
    if (first < size)
        rtl8139_write_memory(s, base, bytes + first, size - first);
}

static void store_in_ring(struct rtl8139 *s, uint8_t *packet, size_t size, uint16_t status)
{
    uint32_t at = rtl8139_load(s, CBR, 2) & (ring_size(s) - 1);
    const uint16_t header[] = {status, (uint16_t)(size + FCS)};
    if (!ring_has_room(s, size)) {
        miss(s, RXOVW);
        return;
    }
    memcpy(packet, header, sizeof header);
    put(s, at, packet, HEADER + size + FCS);
    rtl8139_store(s, CBR, 2, (at + space(size)) & (ring_size(s) - 1));
    count(s, status);
    rtl8139_raise(s, ROK);
}

/* --- descriptors --- */

#define OWN         0x80000000u
#define END_OF_RING 0x40000000u
#define FIRST       0x20000000u
#define LAST        0x10000000u
#define TAG_TAKEN   0x10000u
enum { DESCRIPTOR = 16, ROOM = 0x1fff };
enum { IP_BAD = 0x8000, UDP_BAD = 0x4000, TCP_BAD = 0x2000 };

static uint64_t descriptor_at(const struct rtl8139 *s)
{
    uint64_t base = (uint64_t)rtl8139_load(s, RDSAR + 4, 4) << 32 | rtl8139_load(s, RDSAR, 4);
    return base + (uint64_t)s->receive_at * DESCRIPTOR;
}

/* PID and what is wrong, as in a descriptor. */
static uint32_t protocol(const uint8_t *frame, size_t size)
{
    const struct net_layout l = net_layout(frame, size);
    uint32_t is = l.tcp ? 1 : l.udp ? 2 : l.ipv4 ? 3 : 0;
    if (!l.ipv4)
        return 0;
    uint32_t bad = net_ip_is_good(&l, frame) ? 0 : IP_BAD;
    if ((l.tcp || l.udp) && !net_above_is_good(&l, frame))
        bad |= l.tcp ? TCP_BAD : UDP_BAD;
    return is << 16 | bad;
}

/* MAR, PAM and BAR are next to each other there, too. */
static uint32_t status_bits(uint16_t status)
{
    return (status & STATUS_MAR ? 1u << 26 : 0) | (status & STATUS_PAM ? 1u << 25 : 0) |
           (status & STATUS_BAR ? 1u << 24 : 0);
}

static void store_in_descriptor(struct rtl8139 *s, const uint8_t *packet, size_t size,
                                uint16_t status)
{
    uint32_t d[4];
    uint64_t at = descriptor_at(s);
    const uint8_t *frame = packet + HEADER;
    rtl8139_read_memory(s, at, d, sizeof d);
    size_t room = d[0] & ROOM;
    if (!(d[0] & OWN) || room < size + FCS) {
        miss(s, RXOVW);
        return;
    }
    uint32_t bits = rtl8139_load(s, CPCR, 2) & CPCR_CHECKSUM ? protocol(frame, size) : 0;
    uint64_t buffer = (uint64_t)d[3] << 32 | d[2];
    d[1] = 0;
    if (rtl8139_load(s, CPCR, 2) & CPCR_UNTAG && net_load16(frame + TYPE) == VLAN) {
        d[1] = TAG_TAKEN | frame[TYPE + 2] | (uint32_t)frame[TYPE + 3] << 8;
        rtl8139_write_memory(s, buffer, frame, TYPE);
        rtl8139_write_memory(s, buffer + TYPE, frame + TYPE + TAG, size + FCS - TYPE - TAG);
        size -= TAG;
    } else {
        rtl8139_write_memory(s, buffer, frame, size + FCS);
    }
    s->receive_at = d[0] & END_OF_RING ? 0 : (s->receive_at + 1) & 0x3f;
    d[0] =
        (d[0] & END_OF_RING) | FIRST | LAST | status_bits(status) | bits | (uint32_t)(size + FCS);
    rtl8139_write_memory(s, at, d, 2 * sizeof *d);
    count(s, status);
    rtl8139_raise(s, ROK);
}

/* --- either --- */

static bool is_descriptor_free(struct rtl8139 *s)
{
    uint32_t control;
    rtl8139_read_memory(s, descriptor_at(s), &control, sizeof control);
    return control & OWN;
}

/* What the ring has no room for even when it is empty is lost. */
bool rtl8139_can_receive(void *chip, size_t size)
{
    struct rtl8139 *s = chip;
    if (!is_on(s))
        return true;
    if (has_descriptors(s))
        return is_descriptor_free(s);
    return ring_has_room(s, size) || space(size) >= ring_size(s);
}

void rtl8139_receive(void *chip, const uint8_t *frame, size_t size)
{
    enum { MOST = 4096 - FCS };
    struct rtl8139 *s = chip;
    static uint8_t packet[HEADER + MOST + FCS];
    if (!is_on(s) || size < NET_HEADER || size > MOST)
        return;
    uint16_t status = meant(s, frame);
    if (!status)
        return;
    memcpy(packet + HEADER, frame, size);
    size_t padded = size < LEAST ? LEAST : size;
    memset(packet + HEADER + size, 0, padded - size + FCS);
    if (has_descriptors(s))
        store_in_descriptor(s, packet, padded, status);
    else
        store_in_ring(s, packet, padded, status);
}
