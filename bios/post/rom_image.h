/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Option ROMs as bytes: whether they are whole, and what their headers offer (PnP BIOS 1.0A, 3.2;
 * PCI 2.1, 6.3; BIOS Boot Specification 1.01, 3.3). C that knows nothing of where it runs, so that
 * it can be tested elsewhere.
 */
#ifndef BIOS_ROM_IMAGE_H
#define BIOS_ROM_IMAGE_H

#include "bios/lib/types.h"

/* The size of a ROM at `rom`, of which `room` bytes can be read; 0: it is none, or is damaged. */
u32 rom_size(const u8 *rom, u32 room);

/*
 * In a PCI function's ROM, the image for PCs that fits the function; NULL: there is none. `size` is
 * what it takes up there; its checksum is not looked at.
 */
const u8 *rom_find_image(const u8 *rom, u32 room, u32 id, u32 *size);

/* A PnP expansion header's entry points; 0: there is none. */
struct rom_header {
    u16 name, connection, bootstrap; /* offsets in the ROM */
    u8 device_class;
};

/* The nth such header of a ROM that rom_size() has found good; false: there are no more. */
bool rom_header(const u8 *rom, u32 size, unsigned n, struct rom_header *header);

#endif
