/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The PIIX4's SMBus host, on a bus with nobody else on it: each transaction ends at once, with no
 * acknowledge. Intel 82371AB data sheet (290562), "SMBus I/O Space Registers".
 */
#ifndef HW_PC_PIIX4_SMB_H
#define HW_PC_PIIX4_SMB_H

#include "hw/device.h"

enum { PIIX4_SMB_PORTS = 16, PIIX4_SMB_BLOCK = 32 };

struct piix4_smb {
    unsigned range;                        /* of ports */
    uint8_t status;                        /* SMBHSTSTS */
    uint8_t control;                       /* SMBHSTCNT */
    uint8_t rest[PIIX4_SMB_PORTS];         /* registers that keep what they are given */
    uint8_t block[PIIX4_SMB_BLOCK], index; /* what SMBBLKDAT goes through */
};

void piix4_smb_reset(struct piix4_smb *s);
extern const struct state_table piix4_smb_state;
/* Does it ask for its interrupt? */
bool piix4_smb_interrupts(const struct piix4_smb *s);
uint8_t piix4_smb_read(struct piix4_smb *s, unsigned offset);
void piix4_smb_write(struct piix4_smb *s, unsigned offset, uint8_t value);

#endif
