/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the 82540EM's files share: registers, and what one does for another. */
#ifndef HW_E1000_INTERNAL_H
#define HW_E1000_INTERNAL_H

#include "hw/net/e1000.h"

/* Offsets (13.3, table 13-2). */
enum e1000_register {
    CTRL = 0x0000,
    STATUS = 0x0008,
    EECD = 0x0010,
    EERD = 0x0014,
    CTRL_EXT = 0x0018,
    MDIC = 0x0020,
    FCAL = 0x0028,
    FCAH = 0x002c,
    FCT = 0x0030,
    VET = 0x0038,
    ICR = 0x00c0,
    ITR = 0x00c4,
    ICS = 0x00c8,
    IMS = 0x00d0,
    IMC = 0x00d8,
    RCTL = 0x0100,
    FCTTV = 0x0170,
    TXCW = 0x0178,
    RXCW = 0x0180,
    TCTL = 0x0400,
    TIPG = 0x0410,
    AIFS = 0x0458,
    LEDCTL = 0x0e00,
    PBA = 0x1000,
    FCRTL = 0x2160,
    FCRTH = 0x2168,
    RDBAL = 0x2800,
    RDBAH = 0x2804,
    RDLEN = 0x2808,
    RDH = 0x2810,
    RDT = 0x2818,
    RDTR = 0x2820,
    RXDCTL = 0x2828,
    RADV = 0x282c,
    RSRPD = 0x2c00,
    TXDMAC = 0x3000,
    TDBAL = 0x3800,
    TDBAH = 0x3804,
    TDLEN = 0x3808,
    TDH = 0x3810,
    TDT = 0x3818,
    TIDV = 0x3820,
    TXDCTL = 0x3828,
    TADV = 0x382c,
    TSPMT = 0x3830,
    STATISTICS = 0x4000,
    MPC = 0x4010,
    PRC64 = 0x405c, /* and five longer ones */
    GPRC = 0x4074,
    BPRC = 0x4078,
    MPRC = 0x407c,
    GPTC = 0x4080,
    GORCL = 0x4088, /* low, then high half */
    GOTCL = 0x4090,
    RNBC = 0x40a0,
    RUC = 0x40a4,
    ROC = 0x40ac,
    TORL = 0x40c0,
    TOTL = 0x40c8,
    TPR = 0x40d0,
    TPT = 0x40d4,
    PTC64 = 0x40d8, /* and five longer ones */
    MPTC = 0x40f0,
    BPTC = 0x40f4,
    TSCTC = 0x40f8,
    STATISTICS_END = 0x4100,
    RXCSUM = 0x5000,
    MTA = 0x5200,
    RAL = 0x5400, /* low, then high half, of 16 addresses */
    RAL_END = 0x5480,
    VFTA = 0x5600,
    VFTA_END = 0x5800,
    WUC = 0x5800,
    WUFC = 0x5808,
    WUS = 0x5810,
    MANC = 0x5820,
    /* The 82571's semaphores for firmware beside the driver: U-Boot looks for them in all cards. */
    SWSM = 0x5b50,
    SW_FW_SYNC = 0x5b5c,
};

/* CTRL, STATUS, RCTL and TCTL (13.4.1, 13.4.2, 13.4.22, 13.4.33). */
#define CTRL_SLU      (1u << 6)
#define CTRL_RST      (1u << 26)
#define CTRL_VME      (1u << 30)
#define CTRL_PHY_RST  (1u << 31)
#define STATUS_LU     (1u << 1)
#define RCTL_EN       (1u << 1)
#define RCTL_SBP      (1u << 2)
#define RCTL_UPE      (1u << 3)
#define RCTL_MPE      (1u << 4)
#define RCTL_LPE      (1u << 5)
#define RCTL_LBM      (3u << 6)
#define RCTL_BAM      (1u << 15)
#define RCTL_VFE      (1u << 18)
#define RCTL_CFIEN    (1u << 19)
#define RCTL_CFI      (1u << 20)
#define RCTL_BSEX     (1u << 25)
#define RCTL_SECRC    (1u << 26)
#define TCTL_EN       (1u << 1)
#define TCTL_PSP      (1u << 3)
#define ADDRESS_VALID (1u << 31)

/* Causes of interrupts (13.4.17). */
enum {
    TXDW = 1 << 0,
    TXQE = 1 << 1,
    LSC = 1 << 2,
    RXDMT0 = 1 << 4,
    RXO = 1 << 6,
    RXT0 = 1 << 7,
    MDAC = 1 << 9,
    TXD_LOW = 1 << 15,
    ALL_CAUSES = 0x1ffff,
};

enum { PHY_LOOPBACK = 0x4000 /* of register 0 */ };

/* Of 256 bytes each, those in which there are registers; the others are never asked for. */
extern const uint8_t e1000_block[0x100];
static inline uint32_t *e1000_at(struct e1000 *s, unsigned offset)
{
    return &s->reg[e1000_block[offset >> 8 & 0xff] * E1000_BLOCK + (offset / 4 & 63)];
}

/* A ring's descriptor (3.2.6, 3.4): RDBAL's or TDBAL's, by its number. */
static inline uint64_t e1000_descriptor(struct e1000 *s, unsigned base, uint32_t number)
{
    return ((uint64_t)*e1000_at(s, base + 4) << 32 | *e1000_at(s, base)) + 16 * (uint64_t)number;
}

/* --- e1000.c --- */

void e1000_raise(struct e1000 *s, uint32_t causes);
/* When a cause is due that is to come so many units of 1.024 us behind `now`, of timers_now. */
uint64_t e1000_after(const struct e1000 *s, uint64_t now, uint32_t units);
/* Statistics stop at their largest value (13.7); a large one is two registers. */
void e1000_count(struct e1000 *s, unsigned offset, uint32_t more);
void e1000_count_large(struct e1000 *s, unsigned offset, uint32_t more);
/* A frame's size, with its checksum: in one of six registers. */
void e1000_count_size(struct e1000 *s, unsigned first, uint32_t size);
bool e1000_is_up(const struct e1000 *s);
/* Bus master's accesses; beyond 4 GiB there is nothing. */
bool e1000_read(struct e1000 *s, uint64_t address, void *to, size_t size);
void e1000_write(struct e1000 *s, uint64_t address, const void *from, size_t size);

/* --- e1000_eeprom.c: EEPROM and PHY --- */

void e1000_eeprom_init(struct eeprom *e, const uint8_t mac[NET_ADDRESS]);
void e1000_write_eecd(struct e1000 *s, uint32_t value);
uint32_t e1000_read_eecd(struct e1000 *s);
void e1000_write_eerd(struct e1000 *s, uint32_t value);
void e1000_write_mdic(struct e1000 *s, uint32_t value);
void e1000_phy_reset(struct e1000 *s);

/* --- e1000_receive.c --- */

bool e1000_can_receive(void *chip, size_t size);
void e1000_receive(void *chip, const uint8_t *frame, size_t size);

/* --- e1000_transmit.c --- */

/* As many descriptors as there are, or as many as are done at once. */
void e1000_transmit(struct e1000 *s);

#endif
