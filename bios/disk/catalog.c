/* SPDX-License-Identifier: GPL-3.0-or-later */
/* El Torito 1.0, 2.0 to 2.4. */
#include "bios/disk/catalog.h"

enum {
    VALIDATION = 0x01,
    BOOTABLE = 0x88,
    NOT_BOOTABLE = 0x00,
    EXTENSION = 0x44,
    SECTION = 0x90,
    LAST_SECTION = 0x91,
    X86 = 0,
};

static u16 word(const u8 *bytes)
{
    return (u16)(bytes[0] | bytes[1] << 8);
}

static u32 dword(const u8 *bytes)
{
    return word(bytes) | (u32)word(bytes + 2) << 16;
}

/* All words together are 0. */
static enum catalog_result validation(struct catalog *c, const u8 *bytes)
{
    u16 sum = 0;
    for (unsigned i = 0; i < CATALOG_ENTRY; i += 2)
        sum = (u16)(sum + word(bytes + i));
    if (sum || bytes[0] != VALIDATION || bytes[30] != 0x55 || bytes[31] != 0xaa)
        return CATALOG_BAD;
    c->platform = bytes[1];
    c->left = 1;
    return CATALOG_MORE;
}

static enum catalog_result section(struct catalog *c, const u8 *bytes)
{
    if (c->last || (bytes[0] != SECTION && bytes[0] != LAST_SECTION))
        return CATALOG_NOTHING;
    c->last = bytes[0] == LAST_SECTION;
    c->platform = bytes[1];
    c->left = word(bytes + 2);
    return CATALOG_MORE;
}

static enum catalog_result image(struct catalog *c, const u8 *bytes)
{
    if (bytes[0] == EXTENSION)
        return CATALOG_MORE;
    c->left--;
    if (bytes[0] != BOOTABLE || c->platform != X86)
        return bytes[0] == BOOTABLE || bytes[0] == NOT_BOOTABLE ? CATALOG_MORE : CATALOG_BAD;
    c->media = bytes[1] & 0x0f;
    c->segment = word(bytes + 2);
    c->sectors = word(bytes + 6);
    c->start = dword(bytes + 8);
    if (!c->segment)
        c->segment = 0x7c0;
    if (!c->sectors)
        c->sectors = 1;
    return c->media <= MEDIA_DISK && c->start ? CATALOG_FOUND : CATALOG_BAD;
}

enum catalog_result catalog_entry(struct catalog *c, const u8 bytes[CATALOG_ENTRY])
{
    if (c->entries == CATALOG_ENTRIES)
        return CATALOG_NOTHING;
    if (!c->entries++)
        return validation(c, bytes);
    return c->left ? image(c, bytes) : section(c, bytes);
}

u32 catalog_start(const u8 descriptor[DESCRIPTOR_HEAD])
{
    enum { NAME = 7, SIZE = 23, START = 71 };
    /* clang-format off */
    ROM_DATA u8 id[NAME + SIZE] = {
        0, 'C', 'D', '0', '0', '1', 1,
        'E', 'L', ' ', 'T', 'O', 'R', 'I', 'T', 'O', ' ',
        'S', 'P', 'E', 'C', 'I', 'F', 'I', 'C', 'A', 'T', 'I', 'O', 'N',
    };
    /* clang-format on */
    for (unsigned i = 0; i < sizeof id; i++)
        if (descriptor[i] != id[i])
            return 0;
    return dword(descriptor + START);
}
