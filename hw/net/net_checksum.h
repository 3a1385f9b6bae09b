/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Internet's checksum (RFC 1071), as cards compute it for those who ask them to. */
#ifndef HW_NET_CHECKSUM_H
#define HW_NET_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The ones' complement sum of big-endian words, an odd byte being the upper half of one. */
uint16_t net_sum(const uint8_t *bytes, size_t size);
/* The ones' complement sum of two. */
uint16_t net_add(uint16_t a, uint16_t b);

static inline uint16_t net_load16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline void net_store16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static inline uint32_t net_load32(const uint8_t *at)
{
    return (uint32_t)net_load16(at) << 16 | net_load16(at + 2);
}

static inline void net_store32(uint8_t *at, uint32_t value)
{
    net_store16(at, value >> 16);
    net_store16(at + 2, value);
}

/* What a frame holds, as far as checksums go. */
struct net_layout {
    bool ipv4, ipv6; /* IP, whole and with a header that fits */
    bool fragment;
    bool tcp, udp;    /* the header above it, if that is not a fragment's */
    size_t ip, above; /* where they begin */
    size_t end;       /* of the IP packet */
};
struct net_layout net_layout(const uint8_t *frame, size_t size);
/* Are they as they should be? UDP's, over IPv4, may be left out. */
bool net_ip_is_good(const struct net_layout *l, const uint8_t *frame);
bool net_above_is_good(const struct net_layout *l, const uint8_t *frame);

/* --- addresses --- */

static inline bool net_is_multicast(const uint8_t *address)
{
    return address[0] & 1;
}

bool net_is_broadcast(const uint8_t *address);
/* The CRC-32 of Ethernet (IEEE 802.3, 3.2.9), its first bit in bit 31: for hash filters. */
uint32_t net_crc(const uint8_t *bytes, size_t size);

#endif
