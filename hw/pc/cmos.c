/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hw/pc/cmos.h"

enum {
    FLOPPIES = 0x10,
    DISKS = 0x12, /* their types, or that one of the extended ones is to be looked up */
    EQUIPMENT = 0x14,
    BASE_MEMORY = 0x15,     /* KiB */
    EXTENDED_MEMORY = 0x17, /* likewise */
    DISK_TYPES = 0x19,
    DISK_PARAMETERS = 0x1b, /* of nine bytes each */
    CHECKSUM = 0x2e,
    MEMORY_FOUND = 0x30,
    MEMORY_ABOVE_16M = 0x34, /* 64 KiB */
    BOOT_THIRD = 0x38,       /* and whether floppies are checked */
    TRANSLATIONS = 0x39,
    BOOT_FIRST = 0x3d,
};
enum { CHECKED_FROM = 0x10, NO_FLOPPY_CHECK = 0x01 };
enum { HAS_FLOPPIES = 0x01, HAS_FPU = 0x02, HAS_MOUSE = 0x04, SECOND_FLOPPY = 0x40 };
enum { EXTENDED_TYPE = 0x0f, USER_TYPE = 47 };
enum { MANY_HEADS = 0xc8, TYPED_DISKS = 2 };
enum { TRANSLATE_NOT, TRANSLATE_LBA, TRANSLATE_LARGE };

const char cmos_usual_order[] = "cad";

static void store16(struct mc146818 *rtc, unsigned reg, uint32_t value)
{
    rtc->ram[reg] = (uint8_t)value;
    rtc->ram[reg + 1] = (uint8_t)(value >> 8);
}

static uint32_t at_most(uint32_t value, uint32_t limit)
{
    return value < limit ? value : limit;
}

static void fill_memory(struct mc146818 *rtc, uint32_t memory)
{
    uint32_t kb = memory / 1024;
    uint32_t extended = at_most(kb > 1024 ? kb - 1024 : 0, 0xfc00);
    store16(rtc, BASE_MEMORY, at_most(kb, 640));
    store16(rtc, EXTENDED_MEMORY, extended);
    store16(rtc, MEMORY_FOUND, extended);
    store16(rtc, MEMORY_ABOVE_16M, kb > 16384 ? (kb - 16384) / 64 : 0);
}

static void fill_floppies(struct mc146818 *rtc, const enum floppy_type types[CMOS_FLOPPIES])
{
    unsigned count = 0;
    for (unsigned i = 0; i < CMOS_FLOPPIES; i++)
        count += types[i] != FLOPPY_NONE;
    rtc->ram[FLOPPIES] = (uint8_t)(types[0] << 4 | types[1]);
    rtc->ram[EQUIPMENT] =
        HAS_FPU | HAS_MOUSE | (count ? HAS_FLOPPIES : 0) | (count > 1 ? SECOND_FLOPPY : 0);
}

/* Which heads and sectors a BIOS is to pretend, so that INT 13h reaches as much as it can. */
static unsigned translation_of(const struct disk_geometry *g)
{
    if (g->cylinders <= 1024 || g->of_table)
        return TRANSLATE_NOT;
    return g->cylinders <= 8192 ? TRANSLATE_LARGE : TRANSLATE_LBA;
}

/* A type of its own, with its parameters: no write precompensation, the heads' place the last. */
static void fill_parameters(struct mc146818 *rtc, unsigned number, const struct disk_geometry *g)
{
    uint8_t *parameters = &rtc->ram[DISK_PARAMETERS + 9 * number];
    rtc->ram[DISKS] |= (uint8_t)(EXTENDED_TYPE << (number ? 0 : 4));
    rtc->ram[DISK_TYPES + number] = USER_TYPE;
    parameters[0] = parameters[6] = (uint8_t)g->cylinders;
    parameters[1] = parameters[7] = (uint8_t)(g->cylinders >> 8);
    parameters[2] = (uint8_t)g->heads;
    parameters[3] = parameters[4] = 0xff;
    parameters[5] = MANY_HEADS;
    parameters[8] = (uint8_t)g->sectors;
}

/* Of the first channel's there are types. */
static void fill_disk(struct mc146818 *rtc, unsigned number, const struct disk_geometry *g)
{
    if (!g->cylinders)
        return;
    if (number < TYPED_DISKS)
        fill_parameters(rtc, number, g);
    rtc->ram[TRANSLATIONS] |= (uint8_t)(translation_of(g) << 2 * number);
}

static void fill_checksum(struct mc146818 *rtc)
{
    unsigned sum = 0;
    for (unsigned reg = CHECKED_FROM; reg < CHECKSUM; reg++)
        sum += rtc->ram[reg];
    rtc->ram[CHECKSUM] = (uint8_t)(sum >> 8);
    rtc->ram[CHECKSUM + 1] = (uint8_t)sum;
}

/* As Bochs and QEMU number them. */
static uint8_t boot_nibble(char letter)
{
    enum { NONE, FLOPPY, DISK, CD, NETWORK };
    switch (letter) {
    case 'a':
    case 'b':
        return FLOPPY;
    case 'c':
        return DISK;
    case 'd':
        return CD;
    case 'n':
        return NETWORK;
    default:
        return NONE;
    }
}

void cmos_set_boot_order(struct mc146818 *rtc, const char *order)
{
    uint8_t nibble[3] = {0};
    for (unsigned i = 0; i < sizeof nibble && order[i]; i++)
        nibble[i] = boot_nibble(order[i]);
    rtc->ram[BOOT_FIRST] = (uint8_t)(nibble[1] << 4 | nibble[0]);
    rtc->ram[BOOT_THIRD] = (uint8_t)(nibble[2] << 4) | (rtc->ram[BOOT_THIRD] & NO_FLOPPY_CHECK);
}

void cmos_fill(struct mc146818 *rtc, const struct cmos_setup *setup)
{
    fill_memory(rtc, setup->memory);
    fill_floppies(rtc, setup->floppy);
    for (unsigned i = 0; i < CMOS_DISKS; i++)
        fill_disk(rtc, i, &setup->disk[i]);
    rtc->ram[BOOT_THIRD] = setup->no_floppy_check ? NO_FLOPPY_CHECK : 0;
    cmos_set_boot_order(rtc, setup->boot_order ? setup->boot_order : cmos_usual_order);
    fill_checksum(rtc);
}
