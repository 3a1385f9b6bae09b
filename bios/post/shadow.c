/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * C0000h to FFFFFh as RAM: ROMs that are there are copied, then it can be written until
 * shadow_protect(). Intel 82441FX data sheet (290549), PAM registers.
 */
#include "bios/post/post.h"

enum { HOST_BRIDGE = 0, PAM0 = 0x59, PAMS = 7, BRIDGE_440FX = 0x12378086 };
enum { FROM_ROM = 0x00, FROM_RAM = 0x11, WRITE = 0x22 };
enum { ROMS = 0xc0000, ROMS_SIZE = 0x30000, IMAGE_TOP = 0xffff0000, SEGMENT_SIZE = 0x10000 };

/* ROMs may lie at C0000h to DFFFFh; above, it is we who are there. */
enum { OLD_ROMS_SIZE = 0x20000 };
static u8 old_roms[OLD_ROMS_SIZE];

static bool have_pam(void)
{
    return pci_read32(HOST_BRIDGE, PCI_ID) == BRIDGE_440FX;
}

/* PAM0 governs F0000h in its upper half; the others 16 KiB with each half. */
static void set_all(u8 attributes)
{
    pci_write8(HOST_BRIDGE, PAM0, attributes & 0xf0);
    for (unsigned i = 1; i < PAMS; i++)
        pci_write8(HOST_BRIDGE, (u8)(PAM0 + i), attributes);
}

void shadow_open(void)
{
    if (!have_pam())
        return;
    set_all(FROM_ROM);
    memcpy(old_roms, (const void *)ROMS, OLD_ROMS_SIZE);
    set_all(FROM_RAM | WRITE);
    memset((void *)ROMS, 0, ROMS_SIZE);
    memcpy((void *)ROMS, old_roms, OLD_ROMS_SIZE);
    memcpy((void *)BIOS_LINEAR, (const void *)IMAGE_TOP, SEGMENT_SIZE);
}

void shadow_protect(void)
{
    if (have_pam())
        set_all(FROM_RAM);
}
