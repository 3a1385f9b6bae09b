/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A 93C46, an EEPROM of 64 words that is clocked bit by bit ("Microwire"), as network cards have
 * one for their address: Microchip 93C46B data sheet, DS21749. Commands about all words are not
 * there.
 */
#ifndef HW_EEPROM93C46_H
#define HW_EEPROM93C46_H

#include "hw/state.h"

#include <stdbool.h>
#include <stdint.h>

enum { EEPROM_WORDS = 64 };

struct eeprom {
    uint16_t word[EEPROM_WORDS];
    uint32_t in;   /* bits since the chip was selected, the last one in bit 0 */
    uint8_t bits;  /* how many */
    uint16_t out;  /* what goes on, bit 15 first */
    bool writable; /* EWEN has come */
    bool clock;
    bool level; /* of its output */
};

void eeprom_init(struct eeprom *e, const uint16_t words[EEPROM_WORDS]);
/* Its inputs: chip select, clock, data. */
void eeprom_drive(struct eeprom *e, bool select, bool clock, bool data);
extern const struct state_table eeprom_state;

#endif
