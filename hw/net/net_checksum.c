/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See net_checksum.h. */
#include "hw/net/net_checksum.h"

#include <endian.h>
#include <string.h>

enum { ETHER_TYPE = 12, HEADER = 14, TAG = 4, TYPE_IPV4 = 0x0800, TYPE_IPV6 = 0x86dd };
enum { TYPE_TAG = 0x8100, TCP = 6, UDP = 17, IPV6_HEADER = 40 };

static uint16_t fold(uint64_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)sum;
}

/* The sum does not depend on the order of bytes but for its own (RFC 1071, 2.B). */
uint16_t net_sum(const uint8_t *bytes, size_t size)
{
    uint64_t sum = 0;
    for (; size >= 4; size -= 4, bytes += 4) {
        uint32_t word;
        memcpy(&word, bytes, sizeof word);
        sum += word;
    }
    sum = be16toh(fold(sum));
    if (size >= 2)
        sum += net_load16(bytes);
    if (size & 1)
        sum += (uint32_t)bytes[size - 1] << 8;
    return fold(sum);
}

uint16_t net_add(uint16_t a, uint16_t b)
{
    return fold((uint64_t)a + b);
}

/* --- what is in a frame --- */

static void find_above(struct net_layout *l, uint8_t protocol)
{
    enum { TCP_HEADER = 20, UDP_HEADER = 8 };
    l->tcp = !l->fragment && protocol == TCP && l->end - l->above >= TCP_HEADER;
    l->udp = !l->fragment && protocol == UDP && l->end - l->above >= UDP_HEADER;
}

static void lay_out_ipv4(struct net_layout *l, const uint8_t *ip, size_t room)
{
    enum { LEAST = 20, MORE_OR_OFFSET = 0x3fff };
    size_t header = room >= LEAST ? (ip[0] & 15u) * 4 : 0;
    size_t length = room >= LEAST ? net_load16(ip + 2) : 0;
    if (header < LEAST || ip[0] >> 4 != 4 || header > length || length > room)
        return;
    l->ipv4 = true;
    l->fragment = net_load16(ip + 6) & MORE_OR_OFFSET;
    l->above = l->ip + header;
    l->end = l->ip + length;
    find_above(l, ip[9]);
}

static void lay_out_ipv6(struct net_layout *l, const uint8_t *ip, size_t room)
{
    if (room < IPV6_HEADER || ip[0] >> 4 != 6 || net_load16(ip + 4) > room - IPV6_HEADER)
        return;
    l->ipv6 = true;
    l->above = l->ip + IPV6_HEADER;
    l->end = l->above + net_load16(ip + 4);
    find_above(l, ip[6]);
}

struct net_layout net_layout(const uint8_t *frame, size_t size)
{
    struct net_layout l = {.ip = HEADER};
    if (size < HEADER + TAG)
        return l;
    if (net_load16(frame + ETHER_TYPE) == TYPE_TAG)
        l.ip += TAG;
    uint16_t type = net_load16(frame + l.ip - 2);
    if (type == TYPE_IPV4)
        lay_out_ipv4(&l, frame + l.ip, size - l.ip);
    else if (type == TYPE_IPV6)
        lay_out_ipv6(&l, frame + l.ip, size - l.ip);
    return l;
}

bool net_ip_is_good(const struct net_layout *l, const uint8_t *frame)
{
    return net_sum(frame + l->ip, l->above - l->ip) == 0xffff;
}

/* RFC 793, RFC 768, RFC 8200 8.1: with addresses, length and protocol before it. */
bool net_above_is_good(const struct net_layout *l, const uint8_t *frame)
{
    enum { UDP_CHECKSUM = 6 };
    const uint8_t *above = frame + l->above;
    size_t length = l->end - l->above;
    uint16_t sum = l->ipv4 ? net_sum(frame + l->ip + 12, 8) : net_sum(frame + l->ip + 8, 32);
    if (l->udp && l->ipv4 && !net_load16(above + UDP_CHECKSUM))
        return true;
    sum = net_add(sum, net_add((uint16_t)length, l->tcp ? TCP : UDP));
    return net_add(sum, net_sum(above, length)) == 0xffff;
}

/* --- addresses --- */

bool net_is_broadcast(const uint8_t *address)
{
    static const uint8_t all[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    return memcmp(address, all, sizeof all) == 0;
}

uint32_t net_crc(const uint8_t *bytes, size_t size)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < size; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            bool one = (crc >> 31 ^ bytes[i] >> bit) & 1;
            crc = crc << 1 ^ (one ? 0x04c11db7 : 0);
        }
    return crc;
}
