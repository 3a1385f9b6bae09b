/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of a machine that is started without a BIOS, read as a system does. */
#include "tests/hw/fixture.h"
#include "tests/hw/loader_fixture.h"

#include <string.h>

enum { MEMORY_END = 64 * MIB - LOADER_TABLES_SIZE };

static void setup(void)
{
    loader_setup();
    make_linux();
    request.tables = (struct loader_tables){
        .acpi = true, .apic = true, .hpet = true, .cpu_signature = 0x6fb, .cpu_features = 0x200};
}

static uint8_t sum(uint32_t address, uint32_t size)
{
    uint8_t sum = 0;
    while (size--)
        sum = (uint8_t)(sum + byte_at(address++));
    return sum;
}

static bool is_at(uint32_t address, const char *signature)
{
    for (; *signature; signature++, address++)
        if (byte_at(address) != (uint8_t)*signature)
            return false;
    return true;
}

/* Every 16 bytes of the EBDA; 0: it is not there. */
static uint32_t find(const char *signature)
{
    for (uint32_t at = EBDA; at < LOW_RAM_END; at += 16)
        if (is_at(at, signature))
            return at;
    return 0;
}

/* A table whose header, length and checksum are well; its address. */
static uint32_t check_table(uint32_t address, const char *signature)
{
    ck_assert_msg(is_at(address, signature), "no %s at %x", signature, address);
    ck_assert_uint_eq(sum(address, word_at(address + 4)), 0);
    return address;
}

static void check_fadt(uint32_t fadt)
{
    enum { FACS = 36, DSDT = 40, SCI = 46, PM_EVENTS = 56, PM_TIMER = 76 };
    ck_assert(is_at(word_at(fadt + FACS), "FACS"));
    check_table(word_at(fadt + DSDT), "DSDT");
    ck_assert_uint_eq(byte_at(fadt + SCI), 9);
    ck_assert_uint_eq(word_at(fadt + PM_EVENTS), 0x600);
    ck_assert_uint_eq(word_at(fadt + PM_TIMER), 0x608);
}

START_TEST(acpi)
{
    static const char *const names[] = {"FACP", "APIC", "HPET"};
    enum { HEADER = 36, TABLES = 3 };
    check_good();
    uint32_t rsdp = find("RSD PTR ");
    ck_assert(rsdp && sum(rsdp, 20) == 0 && sum(rsdp, 36) == 0);
    uint32_t rsdt = check_table(word_at(rsdp + 16), "RSDT"),
             xsdt = check_table(word_at(rsdp + 24), "XSDT");
    ck_assert_uint_ge(rsdt, MEMORY_END);
    ck_assert_uint_eq(word_at(rsdt + 4), HEADER + 4 * TABLES);
    for (unsigned i = 0; i < TABLES; i++) {
        uint32_t table = check_table(word_at(rsdt + HEADER + 4 * i), names[i]);
        ck_assert_uint_eq(word_at(xsdt + HEADER + 8 * i), table);
        ck_assert_uint_eq(word_at(xsdt + HEADER + 8 * i + 4), 0);
    }
    check_fadt(word_at(rsdt + HEADER));
}
END_TEST

START_TEST(mp)
{
    enum { SIZES_OF_PROCESSOR = 20, SIZE_OF_OTHERS = 8, IO_APIC = 2, INTERRUPT = 3 };
    check_good();
    uint32_t floating = find("_MP_"), at = word_at(floating + 4), apics = 0;
    ck_assert(floating && sum(floating, 16) == 0 && is_at(at, "PCMP"));
    uint32_t length = word_at(at + 4) & 0xffff, entries = word_at(at + 0x22) & 0xffff;
    ck_assert_uint_eq(sum(at, length), 0);
    ck_assert_uint_eq(word_at(at + 0x24), 0xfee00000);
    ck_assert_uint_eq(word_at(at + 44 + 4), 0x6fb);
    uint32_t end = at + length;
    for (at += 44; entries--; at += byte_at(at) ? SIZE_OF_OTHERS : SIZES_OF_PROCESSOR) {
        if (byte_at(at) == IO_APIC)
            ck_assert_uint_eq(word_at(at + 4), 0xfec00000);
        apics += byte_at(at) == IO_APIC;
        if (byte_at(at) == INTERRUPT)
            ck_assert_uint_lt(byte_at(at + 7), 24);
    }
    ck_assert_uint_eq(at, end);
    ck_assert_uint_eq(apics, 1);
}
END_TEST

START_TEST(memory_is_set_aside)
{
    struct map_entry map[MAP_ENTRIES];
    check_good();
    ck_assert_uint_eq(loader_memory_map(&image, map), 5);
    ck_assert_uint_eq(map[3].base + map[3].size, MEMORY_END);
    ck_assert_uint_eq(map[4].base, MEMORY_END);
    ck_assert_uint_eq(map[4].size, LOADER_TABLES_SIZE);
    write_file("initrd", kernel, sizeof kernel);
    request.initrd = "initrd";
    check_good();
    ck_assert_uint_le(word_at(0x90000 + 0x218) + sizeof kernel, MEMORY_END);
}
END_TEST

START_TEST(none_is_made_of_what_is_not_there)
{
    struct map_entry map[MAP_ENTRIES];
    request.tables = (struct loader_tables){.acpi = false};
    check_good();
    ck_assert(!find("RSD PTR ") && !find("_MP_"));
    ck_assert_uint_eq(loader_memory_map(&image, map), 4);
    request.tables = (struct loader_tables){.acpi = true};
    check_good();
    ck_assert(find("RSD PTR ") && !find("_MP_"));
    store32(kernel + 0x258, MIB); /* where it prefers to be */
    write_kernel(KERNEL_SIZE);
    request.ram_size = LOADER_TABLES_LEAST_RAM - 4096; /* too little to take some away */
    check_good();
    ck_assert(!find("RSD PTR "));
}
END_TEST

Suite *loader_tables_suite(void)
{
    Suite *suite = suite_create("loader's tables");
    TCase *c = tcase_create("loader's tables");
    tcase_add_checked_fixture(c, setup, loader_teardown);
    tcase_add_test(c, acpi);
    tcase_add_test(c, mp);
    tcase_add_test(c, memory_is_set_aside);
    tcase_add_test(c, none_is_made_of_what_is_not_there);
    suite_add_tcase(suite, c);
    return suite;
}
