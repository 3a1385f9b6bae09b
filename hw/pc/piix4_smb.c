/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See piix4_smb.h. */
#include "hw/pc/piix4_smb.h"

enum { STATUS = 0, SLAVE_STATUS = 1, CONTROL = 2, BLOCK = 7 };
enum { STATUS_NO_ANSWER = 0x04, STATUS_CLEARED = 0x1e };
enum { CONTROL_INTERRUPT = 0x01, CONTROL_KEPT = 0x1d, CONTROL_START = 0x40 };

void piix4_smb_reset(struct piix4_smb *s)
{
    *s = (struct piix4_smb){.range = s->range};
}

bool piix4_smb_interrupts(const struct piix4_smb *s)
{
    return s->control & CONTROL_INTERRUPT && s->status;
}

static uint8_t *next_of_block(struct piix4_smb *s)
{
    uint8_t *at = &s->block[s->index];
    s->index = (s->index + 1) % PIIX4_SMB_BLOCK;
    return at;
}

uint8_t piix4_smb_read(struct piix4_smb *s, unsigned offset)
{
    switch (offset) {
    case STATUS:
        return s->status;
    case CONTROL:
        s->index = 0;
        return s->control;
    case BLOCK:
        return *next_of_block(s);
    default:
        return s->rest[offset];
    }
}

void piix4_smb_write(struct piix4_smb *s, unsigned offset, uint8_t value)
{
    switch (offset) {
    case STATUS:
        s->status &= (uint8_t) ~(value & STATUS_CLEARED);
        break;
    case SLAVE_STATUS: /* of a slave that nobody speaks to */
        break;
    case CONTROL:
        s->control = value & CONTROL_KEPT;
        if (value & CONTROL_START)
            s->status |= STATUS_NO_ANSWER;
        break;
    case BLOCK:
        *next_of_block(s) = value;
        break;
    default:
        s->rest[offset] = value;
    }
}

static const struct state_field fields[] = {
    {NOT_STATE(piix4_smb, range)},
    {STATE(piix4_smb, status)},
    {STATE(piix4_smb, control)},
    {STATE_BYTES(piix4_smb, rest)},
    {STATE_BYTES(piix4_smb, block)},
    {STATE(piix4_smb, index), .most = PIIX4_SMB_BLOCK - 1},
    {0},
};
const struct state_table piix4_smb_state = STATE_TABLE(piix4_smb, 1, fields);
