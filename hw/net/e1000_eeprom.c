/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The 82540EM's EEPROM, a 93C46 with 64 words, bit by bit (5.3, 13.4.3) or by EERD (13.4.4); and
 * its transceiver by MDIC (13.4.7), whose registers are those of IEEE 802.3, 22.2.4, and Marvell's.
 */
#include "hw/net/e1000_internal.h"

#include "exec/exec.h"

/* --- what is in the EEPROM --- */

enum { CHECKSUM = EEPROM_WORDS - 1, SUM = 0xbaba };

static uint16_t checksum(const uint16_t *words)
{
    uint16_t sum = SUM;
    for (unsigned i = 0; i < CHECKSUM; i++)
        sum = (uint16_t)(sum - words[i]);
    return sum;
}

/* Table 5-2: ids as of Intel's desktop adapter, control words for copper without management. */
void e1000_eeprom_init(struct eeprom *e, const uint8_t mac[NET_ADDRESS])
{
    uint16_t words[EEPROM_WORDS] = {
        [0x0a] = 0x4480, [0x0b] = 0x001e, [0x0c] = 0x8086, [0x0d] = 0x100e,
        [0x0e] = 0x8086, [0x0f] = 0x3040, [0x10] = 0x0008,
    };
    for (unsigned i = 0; i < 3; i++)
        words[i] = (uint16_t)(mac[2 * i] | mac[2 * i + 1] << 8);
    words[CHECKSUM] = checksum(words);
    eeprom_init(e, words);
}

enum { SK = 1, CS = 2, DI = 4, DO = 8, REQUEST = 0x40, GRANT = 0x80, PRESENT = 0x100 };

void e1000_write_eecd(struct e1000 *s, uint32_t value)
{
    eeprom_drive(&s->eeprom, value & CS, value & SK, value & DI);
    *e1000_at(s, EECD) = value & (SK | CS | DI | 0x30 | REQUEST);
}

uint32_t e1000_read_eecd(struct e1000 *s)
{
    uint32_t value = *e1000_at(s, EECD);
    return value | PRESENT | (value & REQUEST ? GRANT : 0) | (s->eeprom.level ? DO : 0);
}

void e1000_write_eerd(struct e1000 *s, uint32_t value)
{
    enum { START = 1, DONE = 0x10 };
    unsigned address = value >> 8 & 0xff;
    if (!(value & START))
        return;
    uint16_t word = address < EEPROM_WORDS ? s->eeprom.word[address] : 0xffff;
    *e1000_at(s, EERD) = (uint32_t)word << 16 | address << 8 | DONE;
}

/* --- the transceiver --- */

enum { PHY_CONTROL, PHY_STATUS, PHY_PARTNER = 5, PHY_1000_STATUS = 10, PHY_SPECIFIC_STATUS = 17 };

/* What each is after a reset, and which bits can be written. */
static const struct phy_register {
    uint16_t value, writable;
} phy_registers[E1000_PHY] = {
    [PHY_CONTROL] = {0x1140, 0x7dc0}, /* RESET and RESTART have been done at once */
    [PHY_STATUS] = {0x7949, 0},
    [2] = {0x0141, 0}, /* an M88E1011 */
    [3] = {0x0c20, 0},
    [4] = {0x0de1, 0xffff},
    [6] = {0x000d, 0},
    [7] = {0x2001, 0xffff},
    [9] = {0x0e00, 0xff00},
    [15] = {0x3000, 0},
    [16] = {0x0068, 0xffff},
    [18] = {0x0000, 0xffff},
    [20] = {0x0d60, 0xffff},
    [22] = {0x0000, 0xffff},
    [24] = {0x4100, 0xffff},
    [29] = {0x0000, 0xffff},
    [30] = {0x0000, 0xffff},
};

void e1000_phy_reset(struct e1000 *s)
{
    for (unsigned i = 0; i < E1000_PHY; i++)
        s->phy[i] = phy_registers[i].value;
}

/* Some say what the other side is. */
static uint16_t read_phy(const struct e1000 *s, unsigned number)
{
    static const struct {
        uint8_t number;
        uint16_t bits;
    } linked[] = {{PHY_STATUS, 0x0024},
                  {PHY_PARTNER, 0xc5e1},
                  {PHY_1000_STATUS, 0x3c00},
                  {PHY_SPECIFIC_STATUS, 0xac00}};
    uint16_t value = s->phy[number];
    for (unsigned i = 0; i < sizeof linked / sizeof *linked; i++)
        if (linked[i].number == number && e1000_is_up(s))
            value |= linked[i].bits;
    return value;
}

static void write_phy(struct e1000 *s, unsigned number, uint16_t value)
{
    enum { RESET = 0x8000, RESTART = 0x0200 };
    uint16_t mask = phy_registers[number].writable;
    if (number == PHY_CONTROL && value & RESET)
        e1000_phy_reset(s);
    s->phy[number] = (uint16_t)((s->phy[number] & ~mask) | (value & mask));
    if (number == PHY_CONTROL && value & (RESET | RESTART))
        e1000_raise(s, LSC);
}

void e1000_write_mdic(struct e1000 *s, uint32_t value)
{
    enum { READ_PHY = 2, WRITE_PHY = 1, ADDRESS = 1 };
    const uint32_t ready = 1u << 28, interrupt = 1u << 29, failed = 1u << 30;
    unsigned operation = value >> 26 & 3, number = value >> 16 & 31;
    uint32_t result = value & (interrupt | 0x0fff0000);
    if ((value >> 21 & 31) != ADDRESS || (operation != READ_PHY && operation != WRITE_PHY)) {
        log_if(LOG_GUEST_ERRORS, "e1000: MDIC %08x: no such transceiver or operation\n", value);
        result |= failed;
    } else if (operation == READ_PHY) {
        result |= read_phy(s, number);
    } else {
        write_phy(s, number, (uint16_t)value);
        result |= value & 0xffff;
    }
    *e1000_at(s, MDIC) = result | ready;
    if (value & interrupt)
        e1000_raise(s, MDAC);
}
