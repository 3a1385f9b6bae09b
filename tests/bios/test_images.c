/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What our BIOS makes of El Torito's catalogs and of option ROMs, good and broken ones. */
#include "tests/bios/test_bios.h"

#include "bios/disk/catalog.h"
#include "bios/post/rom_image.h"

#include <string.h>

/* A signature, without an end. */
static void put(uint8_t *to, const char *text, size_t size)
{
    while (size--)
        *to++ = (uint8_t)*text++;
}

/* --- catalogs --- */

static void set_sum(uint8_t entry[CATALOG_ENTRY])
{
    uint16_t sum = 0;
    entry[28] = entry[29] = 0;
    for (unsigned i = 0; i < CATALOG_ENTRY; i += 2)
        sum = (uint16_t)(sum + (entry[i] | entry[i + 1] << 8));
    entry[28] = (uint8_t)-sum;
    entry[29] = (uint8_t)((uint16_t)-sum >> 8);
}

static void validation(uint8_t *entry, uint8_t platform)
{
    memset(entry, 0, CATALOG_ENTRY);
    entry[0] = 1;
    entry[1] = platform;
    put(entry + 4, "Tessera", 7);
    entry[30] = 0x55;
    entry[31] = 0xaa;
    set_sum(entry);
}

static void image(uint8_t *entry, uint8_t bootable, uint8_t media, uint8_t start)
{
    memset(entry, 0, CATALOG_ENTRY);
    entry[0] = bootable;
    entry[1] = media;
    entry[6] = 4;
    entry[8] = start;
}

static void section(uint8_t *entry, bool last, uint8_t platform, uint8_t entries)
{
    memset(entry, 0, CATALOG_ENTRY);
    entry[0] = last ? 0x91 : 0x90;
    entry[1] = platform;
    entry[2] = entries;
}

static uint8_t catalog[CATALOG_ENTRIES + 2][CATALOG_ENTRY];

static enum catalog_result read_catalog(struct catalog *c)
{
    enum catalog_result result = CATALOG_MORE;
    *c = (struct catalog){0};
    for (unsigned i = 0; result == CATALOG_MORE; i++)
        result = catalog_entry(c, catalog[i]);
    return result;
}

static void set_catalog(void)
{
    memset(catalog, 0, sizeof catalog);
    validation(catalog[0], 0);
    image(catalog[1], 0x88, MEDIA_1_44M, 33);
}

START_TEST(catalog_good)
{
    struct catalog c;
    set_catalog();
    ck_assert_int_eq(read_catalog(&c), CATALOG_FOUND);
    ck_assert_uint_eq(c.media, MEDIA_1_44M);
    ck_assert_uint_eq(c.start, 33);
    ck_assert_uint_eq(c.sectors, 4);
    ck_assert_uint_eq(c.segment, 0x7c0);
}
END_TEST

START_TEST(catalog_section)
{
    struct catalog c;
    set_catalog();
    validation(catalog[0], 0xef);
    section(catalog[2], false, 0xef, 2);
    image(catalog[3], 0x88, MEDIA_NONE, 40);
    image(catalog[4], 0x88, MEDIA_NONE, 41);
    section(catalog[5], true, 0, 1);
    image(catalog[6], 0x88, MEDIA_NONE, 42);
    ck_assert_int_eq(read_catalog(&c), CATALOG_FOUND);
    ck_assert_uint_eq(c.start, 42);
    section(catalog[5], true, 0xef, 1);
    ck_assert_int_eq(read_catalog(&c), CATALOG_NOTHING);
}
END_TEST

START_TEST(catalog_broken)
{
    struct catalog c;
    set_catalog();
    catalog[0][5] ^= 1;
    ck_assert_int_eq(read_catalog(&c), CATALOG_BAD);
    set_catalog();
    catalog[0][31] = 0;
    ck_assert_int_eq(read_catalog(&c), CATALOG_BAD);
    set_catalog();
    image(catalog[1], 0x77, MEDIA_NONE, 33);
    ck_assert_int_eq(read_catalog(&c), CATALOG_BAD);
    image(catalog[1], 0x88, 9, 33);
    ck_assert_int_eq(read_catalog(&c), CATALOG_BAD);
    image(catalog[1], 0x88, MEDIA_NONE, 0);
    ck_assert_int_eq(read_catalog(&c), CATALOG_BAD);
    image(catalog[1], 0x00, MEDIA_NONE, 33);
    ck_assert_int_eq(read_catalog(&c), CATALOG_NOTHING);
}
END_TEST

/* Sections without an end. */
START_TEST(catalog_endless)
{
    struct catalog c;
    set_catalog();
    validation(catalog[0], 0xef);
    for (unsigned i = 2; i < CATALOG_ENTRIES + 2; i++)
        section(catalog[i], false, 0, 0);
    ck_assert_int_eq(read_catalog(&c), CATALOG_NOTHING);
}
END_TEST

/* --- option ROMs --- */

enum { ROM_SIZE = 1024, PNP = 0x40 };
static uint8_t rom[ROM_SIZE];

static void set_checksum(void)
{
    uint8_t sum = 0;
    rom[ROM_SIZE - 1] = 0;
    for (unsigned i = 0; i < ROM_SIZE; i++)
        sum = (uint8_t)(sum + rom[i]);
    rom[ROM_SIZE - 1] = (uint8_t)-sum;
}

static void set_rom(void)
{
    memset(rom, 0, sizeof rom);
    rom[0] = 0x55;
    rom[1] = 0xaa;
    rom[2] = ROM_SIZE / 512;
    rom[0x1a] = PNP;
    put(rom + PNP, "$PnP\1\2", 6);
    rom[PNP + 0x1a] = 0x80;
    set_checksum();
}

START_TEST(rom_good)
{
    struct rom_header h;
    set_rom();
    ck_assert_uint_eq(rom_size(rom, sizeof rom), ROM_SIZE);
    ck_assert(rom_header(rom, ROM_SIZE, 0, &h));
    ck_assert_uint_eq(h.bootstrap, 0x80);
    ck_assert(!rom_header(rom, ROM_SIZE, 1, &h));
}
END_TEST

START_TEST(rom_broken)
{
    set_rom();
    ck_assert_uint_eq(rom_size(rom, 512), 0);
    rom[100]++;
    ck_assert_uint_eq(rom_size(rom, sizeof rom), 0);
    set_rom();
    rom[2] = 0;
    ck_assert_uint_eq(rom_size(rom, sizeof rom), 0);
    set_rom();
    rom[0] = 0;
    ck_assert_uint_eq(rom_size(rom, sizeof rom), 0);
}
END_TEST

/* A list of headers that leads back to itself, or out of the ROM. */
START_TEST(rom_bad_headers)
{
    struct rom_header h;
    set_rom();
    rom[PNP + 6] = PNP;
    ck_assert(rom_header(rom, ROM_SIZE, 0, &h));
    ck_assert(!rom_header(rom, ROM_SIZE, 1, &h));
    rom[PNP + 7] = 0xff;
    ck_assert(!rom_header(rom, ROM_SIZE, 1, &h));
    rom[0x1b] = 0xff;
    ck_assert(!rom_header(rom, ROM_SIZE, 0, &h));
    set_rom();
    rom[PNP + 5] = 0xff;
    ck_assert(!rom_header(rom, ROM_SIZE, 0, &h));
}
END_TEST

/* The second image of a PCI ROM is for PCs; the first is for something else. */
START_TEST(rom_images)
{
    uint8_t all[2 * ROM_SIZE];
    uint32_t size = 0;
    set_rom();
    rom[0x18] = 0x80;
    put(rom + 0x80, "PCIR\x34\x12\x11\x11", 8);
    rom[0x80 + 0x10] = ROM_SIZE / 512;
    memcpy(all + ROM_SIZE, rom, ROM_SIZE);
    all[ROM_SIZE + 0x80 + 0x15] = 0x80;
    memcpy(all, rom, ROM_SIZE);
    all[0x80 + 0x14] = 3;
    ck_assert_ptr_eq(rom_find_image(all, sizeof all, 0x11111234, &size), all + ROM_SIZE);
    ck_assert_uint_eq(size, ROM_SIZE);
    ck_assert_ptr_null(rom_find_image(all, sizeof all, 0x22221234, &size));
    ck_assert_ptr_null(rom_find_image(all, ROM_SIZE, 0x11111234, &size));
    all[0x80 + 0x10] = 0;
    ck_assert_ptr_null(rom_find_image(all, sizeof all, 0x11111234, &size));
    all[0x19] = 0xff;
    ck_assert_ptr_null(rom_find_image(all, sizeof all, 0x11111234, &size));
}
END_TEST

TCase *images_case(void)
{
    TCase *c = tcase_create("images");
    tcase_add_test(c, catalog_good);
    tcase_add_test(c, catalog_section);
    tcase_add_test(c, catalog_broken);
    tcase_add_test(c, catalog_endless);
    tcase_add_test(c, rom_good);
    tcase_add_test(c, rom_broken);
    tcase_add_test(c, rom_bad_headers);
    tcase_add_test(c, rom_images);
    return c;
}
