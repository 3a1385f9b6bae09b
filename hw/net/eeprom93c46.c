/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See eeprom93c46.h. */
#include "hw/net/eeprom93c46.h"

#include <string.h>

enum { ADDRESS_BITS = 6, COMMAND_BITS = 3 + ADDRESS_BITS, DATA_BITS = 16 };
enum { SPECIAL = 4, WRITE = 5, READ = 6, ERASE = 7 };

static void begin_command(struct eeprom *e)
{
    unsigned address = e->in % EEPROM_WORDS;
    switch (e->in >> ADDRESS_BITS) {
    case READ:
        e->out = e->word[address];
        e->level = false;
        break;
    case ERASE:
        if (e->writable)
            e->word[address] = 0xffff;
        break;
    case SPECIAL: /* EWEN has two ones, EWDS two zeros; what concerns all words is not there */
        if (address >> 4 == 3 || address >> 4 == 0)
            e->writable = address >> 4;
        break;
    default:
        break;
    }
}

static void end_write(struct eeprom *e)
{
    if (e->in >> (DATA_BITS + ADDRESS_BITS) == WRITE && e->writable)
        e->word[e->in >> DATA_BITS & (EEPROM_WORDS - 1)] = (uint16_t)e->in;
}

/* A rising clock, while the chip is selected. Zeros before the start bit mean nothing. */
static void clock_in(struct eeprom *e, bool bit)
{
    if ((!e->bits && !bit) || e->bits > COMMAND_BITS + DATA_BITS)
        return;
    if (e->bits >= COMMAND_BITS) {
        e->level = e->out >> 15;
        e->out = (uint16_t)(e->out << 1);
    }
    e->in = e->in << 1 | bit;
    e->bits++;
    if (e->bits == COMMAND_BITS)
        begin_command(e);
    else if (e->bits == COMMAND_BITS + DATA_BITS)
        end_write(e);
}

static void deselect(struct eeprom *e)
{
    e->in = 0;
    e->bits = 0;
    e->out = 0;
    e->level = true; /* not busy */
}

void eeprom_drive(struct eeprom *e, bool select, bool clock, bool data)
{
    if (!select)
        deselect(e);
    else if (clock && !e->clock)
        clock_in(e, data);
    e->clock = clock;
}

void eeprom_init(struct eeprom *e, const uint16_t words[EEPROM_WORDS])
{
    memset(e, 0, sizeof *e);
    memcpy(e->word, words, sizeof e->word);
    deselect(e);
}

static const struct state_field fields[] = {
    {STATE_ARRAY(eeprom, word)}, {STATE(eeprom, in)},
    {STATE(eeprom, bits)},       {STATE(eeprom, out)},
    {STATE(eeprom, writable)},   {STATE(eeprom, clock)},
    {STATE(eeprom, level)},      {0},
};
const struct state_table eeprom_state = STATE_TABLE(eeprom, 1, fields);
