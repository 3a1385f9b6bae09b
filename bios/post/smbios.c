/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the machine consists of, for System Management (SMBIOS Reference Specification 2.8): as
 * fw_cfg has it, or by what we know ourselves.
 */
#include "bios/post/post.h"
#include "bios/post/tables.h"
#include "bios/tables/acpi.h"

extern u8 smbios_entry[SMBIOS_ENTRY_SIZE], smbios_structures[SMBIOS_STRUCTURES_SIZE];

/* 5.2.1 */
struct entry_point {
    char anchor[4];
    u8 checksum, length, major, minor;
    u16 largest;
    u8 revision;
    u8 formatted[5];
    char intermediate[5];
    u8 intermediate_checksum;
    u16 size;
    u32 address;
    u16 count;
    u8 bcd_revision;
} PACKED;

static u8 *start, *at;
static u16 structures, largest;

/* --- writing structures: formatted fields, then strings, then a 0 --- */

static u8 *current;

static u8 *begin(u8 type, u8 size)
{
    current = at;
    memset(at, 0, size);
    at[0] = type;
    at[1] = size;
    at[2] = (u8)structures;
    at[3] = (u8)(structures >> 8);
    at += size;
    return current;
}

/* The next string, whose number, from 1 on, is put at an offset. */
static void text(u8 offset, const char *string)
{
    u8 number = 1;
    for (const u8 *byte = current + current[1]; byte < at; byte++)
        number = (u8)(number + !*byte);
    current[offset] = number;
    memcpy(at, string, strlen(string) + 1);
    at += strlen(string) + 1;
}

static void end(void)
{
    if (at == current + current[1])
        *at++ = 0;
    *at++ = 0;
    structures++;
    if (largest < at - current)
        largest = (u16)(at - current);
}

static void put16(u8 *to, u32 value)
{
    to[0] = (u8)value;
    to[1] = (u8)(value >> 8);
}

static void put32(u8 *to, u32 value)
{
    put16(to, value);
    put16(to + 2, value >> 16);
}

/* --- the structures: section 7 --- */

static void firmware(void)
{
    enum { PCI = 1 << 7, PNP = 1 << 9, CD_BOOT = 1 << 15, BOOT_CHOICE = 1 << 16, EDD = 1 << 19 };
    enum { ACPI = 1 };
    u8 *s = begin(0, 0x18);
    text(0x04, "Tessera");
    text(0x05, "1.0");
    put16(s + 0x06, 0xf000);
    text(0x08, "11/26/2026");
    s[0x09] = 1; /* 128 KiB */
    put32(s + 0x0a, (u32)PCI | PNP | CD_BOOT | BOOT_CHOICE | EDD);
    s[0x12] = the_setup->pm_base ? ACPI : 0;
    s[0x14] = 1;
    s[0x16] = s[0x17] = 0xff;
    end();
}

static void system_and_chassis(void)
{
    enum { POWER_SWITCH = 6, OTHER = 1, SAFE = 3, NONE = 3 };
    u8 *s = begin(1, 0x1b);
    text(0x04, "Tessera");
    text(0x05, "PC (i440FX and PIIX3)");
    s[0x18] = POWER_SWITCH;
    end();
    s = begin(3, 0x16);
    text(0x04, "Tessera");
    s[0x05] = OTHER;
    s[0x09] = s[0x0a] = s[0x0b] = SAFE;
    s[0x0c] = NONE;
    end();
}

static u8 associativity(u8 ways)
{
    enum { OTHER = 1 };
    static const struct {
        u8 ways, value;
    } known[] = {
        {FULLY_ASSOCIATIVE, 6},
        {1, 3},
        {2, 4},
        {4, 5},
        {8, 7},
        {12, 9},
        {16, 8},
        {20, 14},
        {24, 10},
        {32, 11},
        {48, 12},
        {64, 13},
    };
    for (unsigned i = 0; i < LENGTH(known); i++)
        if (known[i].ways == ways)
            return known[i].value;
    return OTHER;
}

/* In KiB, or in units of 64. */
static u16 cache_size(u32 kb)
{
    return kb < 0x8000 ? (u16)kb : (u16)(0x8000 | kb / 64);
}

/* Its handle. They are in the processor, and POST has turned them on (switch.S). */
static u16 cache(const struct cpu_cache *c)
{
    enum { ENABLED = 1 << 7, WRITE_BACK = 1 << 8, MODE_UNKNOWN = 3 << 8 };
    enum { RAM_UNKNOWN = 2, CORRECTION_UNKNOWN = 2 };
    static const struct {
        const char *name;
        u8 type;
        u16 mode;
    } kinds[] = {
        [CACHE_DATA] = {"Ln data", 4, WRITE_BACK},
        [CACHE_CODE] = {"Ln code", 3, MODE_UNKNOWN},
        [CACHE_UNIFIED] = {"Ln", 5, WRITE_BACK},
    };
    u16 handle = structures;
    u8 *s = begin(7, 0x13);
    text(0x04, kinds[c->type].name);
    s[0x13 + 1] = (u8)('0' + c->level);
    put16(s + 0x05, (c->level - 1u) | ENABLED | kinds[c->type].mode);
    put16(s + 0x07, cache_size(c->kb));
    put16(s + 0x09, cache_size(c->kb));
    put16(s + 0x0b, RAM_UNKNOWN);
    put16(s + 0x0d, RAM_UNKNOWN);
    s[0x10] = CORRECTION_UNKNOWN;
    s[0x11] = kinds[c->type].type;
    s[0x12] = associativity(c->ways);
    end();
    return handle;
}

/* All of them; the processor names one of each level, of L1 that for data. */
static void caches(u16 of_level[3])
{
    struct cpu_cache found[CACHES];
    unsigned n = cpu_caches(found);
    for (unsigned i = 0; i < n; i++) {
        const struct cpu_cache *c = &found[i];
        if (c->type > CACHE_UNIFIED || c->level < 1 || c->level > 3)
            continue;
        u16 handle = cache(c);
        if (c->type != CACHE_CODE)
            of_level[c->level - 1] = handle;
    }
}

/* Without the blanks that Intel puts before its processors' names. */
static void text_if_any(u8 offset, const char *string)
{
    while (*string == ' ')
        string++;
    if (*string)
        text(offset, string);
}

static void store_vendor(char vendor[13], const struct cpuid *id)
{
    memcpy(vendor, &id->b, 4);
    memcpy(vendor + 4, &id->d, 4);
    memcpy(vendor + 8, &id->c, 4);
    vendor[12] = 0;
}

static void store_brand(char brand[49])
{
    for (u32 i = 0; i < 3; i++) {
        struct cpuid part = cpuid(0x80000002 + i, 0);
        memcpy(brand + i * sizeof part, &part, sizeof part);
    }
    brand[48] = 0;
}

/* "Processor Family" (7.5.2) of Intel's that have one of their own. */
static u8 processor_family(u32 signature, const char *vendor)
{
    enum { OTHER = 1, ANY = 0xff };
    static const struct {
        u8 family, model, value;
    } known[] = {
        {4, ANY, 0x06}, {5, 4, 0x0e}, {5, ANY, 0x0b}, {6, 1, 0x0c},  {6, 3, 0x0d},    {6, 5, 0x0d},
        {6, 7, 0x11},   {6, 8, 0x11}, {6, 10, 0x11},  {6, 11, 0x11}, {15, ANY, 0xb2},
    };
    if (memcmp(vendor, "GenuineIntel", 12) != 0)
        return OTHER;
    for (unsigned i = 0; i < LENGTH(known); i++)
        if (known[i].family == (signature >> 8 & 15) &&
            (known[i].model == (signature >> 4 & 15) || known[i].model == ANY))
            return known[i].value;
    return OTHER;
}

/* "Processor Characteristics" (7.5.9) */
static u16 characteristics(void)
{
    enum { NX = 1 << 20, LONG_MODE = 1 << 29, IS_64_BIT = 1 << 2, NO_EXECUTE = 1 << 5 };
    u32 features = cpuid(0x80000001, 0).d;
    return (u16)((features & NX ? NO_EXECUTE : 0) | (features & LONG_MODE ? IS_64_BIT : 0));
}

/* Its voltage is not known: 0. */
static void processor(void)
{
    enum { CENTRAL = 3, OTHER = 1, ENABLED = 0x41, NO_UPGRADE = 6, NO_CACHE = 0xffff };
    struct cpuid id = cpuid(0, 0), features = cpuid(1, 0);
    struct cpu_speed speed = cpu_speed();
    u16 cache_of_level[3] = {NO_CACHE, NO_CACHE, NO_CACHE};
    char vendor[13], brand[49];
    store_vendor(vendor, &id);
    store_brand(brand);
    caches(cache_of_level);
    u8 *s = begin(4, 0x2a);
    text(0x04, "CPU 0");
    s[0x05] = CENTRAL;
    s[0x06] = processor_family(features.a, vendor);
    text_if_any(0x07, vendor);
    put32(s + 0x08, features.a);
    put32(s + 0x0c, features.d);
    text_if_any(0x10, brand);
    put16(s + 0x12, speed.bus);
    put16(s + 0x14, speed.most);
    put16(s + 0x16, speed.now);
    s[0x18] = ENABLED;
    s[0x19] = NO_UPGRADE;
    for (unsigned i = 0; i < 3; i++)
        put16(s + 0x1a + 2 * i, cache_of_level[i]);
    s[0x23] = s[0x24] = s[0x25] = 1;
    put16(s + 0x26, characteristics());
    put16(s + 0x28, s[0x06]);
    end();
}

/* One array with one module; what is mapped from 0 on, in KiB. */
static void memory(void)
{
    enum { SYSTEM_BOARD = 3, SYSTEM_MEMORY = 3, NO_CORRECTION = 3, NOT_TOLD = 0xfffe };
    enum { DIMM = 9, RAM = 7, UNKNOWN_DETAIL = 4 };
    u32 kb = (memory_top() + MB - 1) / MB * 1024;
    u16 array = structures;
    u8 *s = begin(16, 0x17);
    s[0x04] = SYSTEM_BOARD;
    s[0x05] = SYSTEM_MEMORY;
    s[0x06] = NO_CORRECTION;
    put32(s + 0x07, kb);
    put16(s + 0x0b, NOT_TOLD);
    put16(s + 0x0d, 1);
    end();
    s = begin(17, 0x28);
    put16(s + 0x04, array);
    put16(s + 0x06, NOT_TOLD);
    put16(s + 0x08, 0xffff);
    put16(s + 0x0a, 0xffff);
    put16(s + 0x0c, kb / 1024);
    s[0x0e] = DIMM;
    text(0x10, "DIMM 0");
    s[0x12] = RAM;
    put16(s + 0x13, UNKNOWN_DETAIL);
    end();
    s = begin(19, 0x1f);
    put32(s + 0x08, kb - 1);
    put16(s + 0x0c, array);
    s[0x0e] = 1;
    end();
}

static void boot_and_end(void)
{
    begin(32, 0x0b);
    end();
    begin(127, 4);
    end();
}

static void fill_entry(void)
{
    struct entry_point *e = (struct entry_point *)IN_BIOS(smbios_entry);
    *e = (struct entry_point){
        .anchor = "_SM_",
        .length = sizeof *e,
        .major = 2,
        .minor = 8,
        .largest = largest,
        .intermediate = "_DMI_",
        .size = (u16)(at - start),
        .address = (u32)start,
        .count = structures,
        .bcd_revision = 0x28,
    };
    e->intermediate_checksum = (u8)-table_sum(e->intermediate, 0x0f);
    e->checksum = (u8)-table_sum(e, sizeof *e);
}

/* --- fw_cfg's --- */

/* The anchor is told where the structures are; 3.0's, _SM3_, is another one. */
static void set_anchor(u8 *anchor, u32 address)
{
    bool third = anchor[3] == '3';
    put32(anchor + (third ? 0x10 : 0x18), address);
    if (!third) {
        anchor[0x15] = 0;
        anchor[0x15] = (u8)-table_sum(anchor + 0x10, 0x0f);
    }
    u8 *checksum = anchor + (third ? 5 : 4);
    *checksum = 0;
    *checksum = (u8)-table_sum(anchor, third ? anchor[6] : anchor[5]);
}

static bool take_given(void)
{
    struct fw_cfg_entry anchor, tables;
    u8 *entry = *IN_BIOS(smbios_entry);
    if (!fw_cfg_find("etc/smbios/smbios-anchor", &anchor) ||
        !fw_cfg_find("etc/smbios/smbios-tables", &tables) || anchor.size > SMBIOS_ENTRY_SIZE)
        return false;
    u32 address = memory_reserve(tables.size, MAP_RESERVED);
    if (!address)
        return false;
    fw_cfg_read(tables.key, (void *)address, tables.size);
    fw_cfg_read(anchor.key, entry, anchor.size);
    set_anchor(entry, address);
    return true;
}

void smbios_init(void)
{
    if (take_given())
        return;
    start = at = *IN_BIOS(smbios_structures);
    firmware();
    system_and_chassis();
    processor();
    memory();
    boot_and_end();
    fill_entry();
}
