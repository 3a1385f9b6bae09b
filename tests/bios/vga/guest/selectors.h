/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where things are while in protected mode, for C and assembly. */
#ifndef TESTS_BIOS_VGA_SELECTORS_H
#define TESTS_BIOS_VGA_SELECTORS_H

#define PROGRAM_SEGMENT 0x1000
#define PROGRAM_BASE    0x10000
#define ROM_COPY        0x20000
#define DATA_AREA       0x30000 /* an empty one, as VBE wants it */

#define SELECTOR_CODE     0x08
#define SELECTOR_DATA     0x10
#define SELECTOR_ROM_CODE 0x18
#define SELECTOR_ROM_DATA 0x20
#define SELECTOR_BDA      0x28
#define SELECTOR_A0000    0x30
#define SELECTOR_B0000    0x38
#define SELECTOR_B8000    0x40
#define SELECTOR_CODE32   0x48

#endif
