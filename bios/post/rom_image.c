/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Option ROMs as bytes, which may be anything. */
#include "bios/post/rom_image.h"

enum { UNIT = 512, PCI_POINTER = 0x18, PNP_POINTER = 0x1a, PNP_SIZE = 0x20, PCI_SIZE = 0x18 };

static u16 word(const u8 *bytes)
{
    return (u16)(bytes[0] | bytes[1] << 8);
}

static u32 dword(const u8 *bytes)
{
    return word(bytes) | (u32)word(bytes + 2) << 16;
}

static bool is(const u8 *bytes, u8 a, u8 b, u8 c, u8 d)
{
    return bytes[0] == a && bytes[1] == b && bytes[2] == c && bytes[3] == d;
}

u32 rom_size(const u8 *rom, u32 room)
{
    u8 sum = 0;
    if (room < UNIT || rom[0] != 0x55 || rom[1] != 0xaa || !rom[2] || rom[2] * (u32)UNIT > room)
        return 0;
    for (u32 i = 0; i < rom[2] * (u32)UNIT; i++)
        sum = (u8)(sum + rom[i]);
    return sum ? 0 : rom[2] * (u32)UNIT;
}

const u8 *rom_find_image(const u8 *rom, u32 room, u32 id, u32 *size)
{
    enum { VENDOR = 4, LENGTH_UNITS = 0x10, CODE_TYPE = 0x14, INDICATOR = 0x15, LAST = 0x80 };
    for (u32 at = 0; at < room && room - at >= UNIT;) {
        const u8 *image = rom + at;
        u32 left = room - at, pci = word(image + PCI_POINTER);
        if (image[0] != 0x55 || image[1] != 0xaa || pci > left - PCI_SIZE ||
            !is(image + pci, 'P', 'C', 'I', 'R'))
            return NULL;
        u32 length = word(image + pci + LENGTH_UNITS) * (u32)UNIT;
        if (!length || length > left)
            return NULL;
        if (image[pci + CODE_TYPE] == 0 && dword(image + pci + VENDOR) == id) {
            *size = length;
            return image;
        }
        if (image[pci + INDICATOR] & LAST)
            return NULL;
        at += length;
    }
    return NULL;
}

static bool checksum_is_zero(const u8 *bytes, u32 size)
{
    u8 sum = 0;
    while (size--)
        sum = (u8)(sum + *bytes++);
    return sum == 0;
}

/* A header whose checksum is left at 0 is taken as well: PCI's ROMs are filled in later. */
static bool header_is_good(const u8 *header, u32 room)
{
    enum { LENGTH_16 = 5, CHECKSUM = 9 };
    u32 size = header[LENGTH_16] * 16u;
    return is(header, '$', 'P', 'n', 'P') && size >= PNP_SIZE && size <= room &&
           (checksum_is_zero(header, size) || !header[CHECKSUM]);
}

/* Headers are a list, each further on than the one before: it ends. */
bool rom_header(const u8 *rom, u32 size, unsigned n, struct rom_header *header)
{
    enum { NEXT = 6, NAME = 0x10, CLASS = 0x12, CONNECTION = 0x16, BOOTSTRAP = 0x1a };
    u32 at = word(rom + PNP_POINTER), last = 0;
    for (;;) {
        if (at <= last || at > size - PNP_SIZE || !header_is_good(rom + at, size - at))
            return false;
        if (!n--)
            break;
        last = at;
        at = word(rom + at + NEXT);
    }
    const u8 *h = rom + at;
    *header =
        (struct rom_header){word(h + NAME), word(h + CONNECTION), word(h + BOOTSTRAP), h[CLASS]};
    return true;
}
