/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the RTL8139's files share. */
#ifndef HW_RTL8139_INTERNAL_H
#define HW_RTL8139_INTERNAL_H

#include "hw/net/rtl8139.h"

#include <string.h>

/* Offsets (section 6). */
enum rtl8139_register {
    IDR = 0x00,
    MAR = 0x08,
    DTCCR = 0x10, /* C+: where counts are dumped; else TSD0 */
    TSD = 0x10,
    TSAD = 0x20, /* C+: TNPDS and THPDS, of normal and high priority */
    TNPDS = 0x20,
    THPDS = 0x28,
    RBSTART = 0x30,
    CR = 0x37,
    CAPR = 0x38,
    CBR = 0x3a,
    IMR = 0x3c,
    ISR = 0x3e,
    TCR = 0x40,
    RCR = 0x44,
    TCTR = 0x48,
    MPC = 0x4c,
    EECR = 0x50, /* 93C46's */
    CONFIG0 = 0x51,
    CONFIG1 = 0x52,
    TIMER_INT = 0x54,
    MSR = 0x58,
    CONFIG3 = 0x59,
    CONFIG4 = 0x5a,
    MULINT = 0x5c,
    TSADS = 0x60, /* all transmitters' states */
    BMCR = 0x62,
    BMSR = 0x64,
    ANAR = 0x66,
    ANLPAR = 0x68,
    ANER = 0x6a,
    CSCR = 0x74,
    CONFIG5 = 0xd8,
    TPPOLL = 0xd9,
    CPCR = 0xe0,
    RDSAR = 0xe4,
    MTPS = 0xec,
};

enum { CR_BUFE = 1, CR_TE = 4, CR_RE = 8, CR_RST = 16 };
enum {
    ROK = 0x01,
    RER = 0x02,
    TOK = 0x04,
    TER = 0x08,
    RXOVW = 0x10, /* C+: no descriptor */
    LINK = 0x20,
    FOVW = 0x40,
    TDU = 0x80, /* C+: nothing more to send */
    SWI = 0x100,
    TIMEOUT = 0x4000,
    SERR = 0x8000
};
enum { RCR_AAP = 1, RCR_APM = 2, RCR_AM = 4, RCR_AB = 8, RCR_WRAP = 0x80 };
enum { CPCR_TRANSMIT = 1, CPCR_RECEIVE = 2, CPCR_CHECKSUM = 0x20, CPCR_UNTAG = 0x40 };
#define TSD_OWN 0x2000u
#define TSD_TOK 0x8000u

static inline uint32_t rtl8139_load(const struct rtl8139 *s, unsigned offset, unsigned size)
{
    uint32_t value = 0;
    memcpy(&value, s->reg + offset, size);
    return value;
}

static inline void rtl8139_store(struct rtl8139 *s, unsigned offset, unsigned size, uint32_t value)
{
    memcpy(s->reg + offset, &value, size);
}

/* --- rtl8139.c --- */

void rtl8139_raise(struct rtl8139 *s, uint16_t causes);
void rtl8139_read_memory(struct rtl8139 *s, uint64_t address, void *to, size_t size);
void rtl8139_write_memory(struct rtl8139 *s, uint64_t address, const void *from, size_t size);

/* --- rtl8139_receive.c --- */

bool rtl8139_can_receive(void *chip, size_t size);
void rtl8139_receive(void *chip, const uint8_t *frame, size_t size);
/* CR_BUFE. */
bool rtl8139_ring_is_empty(const struct rtl8139 *s);

/* --- rtl8139_transmit.c --- */

/* One of the four; its TSD has been written. */
void rtl8139_send_buffer(struct rtl8139 *s, unsigned number);
/* What waited for room in the network. */
void rtl8139_go_on_sending(struct rtl8139 *s);
/* C+: TPPOLL has been written. */
void rtl8139_poll(struct rtl8139 *s);

#endif
