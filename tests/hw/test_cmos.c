/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What BIOSes find in the CMOS memory, and of -boot in fw_cfg. */
#include "hw/pc/boot.h"
#include "hw/pc/cmos.h"
#include "tests/hw/fixture.h"

#include <string.h>

static struct mc146818 rtc;
static struct wire irq;
static struct fw_cfg fw_cfg;
static struct boot boot;

static void setup(void)
{
    mc146818_init(&rtc, new_timers(), wire_line(&irq), 0);
    fw_cfg_init(&fw_cfg);
}

static uint8_t get(uint8_t reg)
{
    mc146818_write(&rtc, 0, reg, 1);
    return (uint8_t)mc146818_read(&rtc, 1, 1);
}

static void check_sum(void)
{
    unsigned sum = 0;
    for (uint8_t reg = 0x10; reg < 0x2e; reg++)
        sum += get(reg);
    ck_assert_uint_eq(sum, (unsigned)get(0x2e) << 8 | get(0x2f));
}

START_TEST(memory_size)
{
    static const struct {
        uint32_t mib;
        uint8_t value[8];
    } sizes[] = {
        {1, {0x80, 0x02, 0, 0, 0, 0, 0, 0}},
        {8, {0x80, 0x02, 0x00, 0x1c, 0x00, 0x1c, 0, 0}},
        {64, {0x80, 0x02, 0x00, 0xfc, 0x00, 0xfc, 0x00, 0x03}},
        {3072, {0x80, 0x02, 0x00, 0xfc, 0x00, 0xfc, 0x00, 0xbf}},
    };
    static const uint8_t regs[8] = {0x15, 0x16, 0x17, 0x18, 0x30, 0x31, 0x34, 0x35};
    const struct cmos_setup s = {.memory = sizes[_i].mib << 20};
    cmos_fill(&rtc, &s);
    for (unsigned i = 0; i < 8; i++)
        ck_assert_uint_eq(get(regs[i]), sizes[_i].value[i]);
    check_sum();
}
END_TEST

START_TEST(floppies)
{
    struct cmos_setup s = {.memory = 1 << 20};
    cmos_fill(&rtc, &s);
    ck_assert_uint_eq(get(0x10), 0);
    ck_assert_uint_eq(get(0x14), 0x06);
    s.floppy[1] = FLOPPY_1200K;
    cmos_fill(&rtc, &s);
    ck_assert_uint_eq(get(0x10), 0x02);
    ck_assert_uint_eq(get(0x14), 0x07);
    s.floppy[0] = FLOPPY_1440K;
    cmos_fill(&rtc, &s);
    ck_assert_uint_eq(get(0x10), 0x42);
    ck_assert_uint_eq(get(0x14), 0x47);
    check_sum();
}
END_TEST

START_TEST(hard_disks)
{
    static const uint8_t first[] = {0x10, 0x27, 16, 0xff, 0xff, 0xc8, 0x10, 0x27, 63};
    static const uint8_t second[] = {0xff, 0x3f, 16, 0xff, 0xff, 0xc8, 0xff, 0x3f, 63};
    struct cmos_setup s = {.memory = 1 << 20, .disk = {{10000, 16, 63, false}}};
    cmos_fill(&rtc, &s);
    ck_assert_uint_eq(get(0x12), 0xf0);
    ck_assert_uint_eq(get(0x19), 47);
    ck_assert_uint_eq(get(0x1a), 0);
    for (uint8_t i = 0; i < 9; i++)
        ck_assert_uint_eq(get(0x1b + i), first[i]);
    ck_assert_uint_eq(get(0x39), 1);
    setup();
    s.disk[0].cylinders = 1024;
    s.disk[1] = (struct disk_geometry){16383, 16, 63, false};
    cmos_fill(&rtc, &s);
    ck_assert_uint_eq(get(0x12), 0xff);
    for (uint8_t i = 0; i < 9; i++)
        ck_assert_uint_eq(get(0x24 + i), second[i]);
    ck_assert_uint_eq(get(0x39), 0x04);
    setup();
    s.disk[0].cylinders = 1025;
    s.disk[1].cylinders = 0;
    s.disk[3] = (struct disk_geometry){16383, 16, 63, false};
    cmos_fill(&rtc, &s);
    ck_assert_uint_eq(get(0x12), 0xf0);
    ck_assert_uint_eq(get(0x39), 0x42);
    setup();
    s.disk[0] = (struct disk_geometry){1120, 2, 18, true};
    cmos_fill(&rtc, &s);
    ck_assert_uint_eq(get(0x1b), 1120 & 0xff);
    ck_assert_uint_eq(get(0x1c), 1120 >> 8);
    ck_assert_uint_eq(get(0x1d), 2);
    ck_assert_uint_eq(get(0x23), 18);
    ck_assert_uint_eq(get(0x39), 0x40); /* INT 13h counts by it, too */
    check_sum();
}
END_TEST

START_TEST(boot_order)
{
    struct cmos_setup s = {.memory = 1 << 20};
    cmos_fill(&rtc, &s);
    ck_assert_uint_eq(get(0x3d), 0x12);
    ck_assert_uint_eq(get(0x38), 0x30);
    s.boot_order = "dn";
    s.no_floppy_check = true;
    cmos_fill(&rtc, &s);
    ck_assert_uint_eq(get(0x3d), 0x43);
    ck_assert_uint_eq(get(0x38), 0x01);
    cmos_set_boot_order(&rtc, "bcdn");
    ck_assert_uint_eq(get(0x3d), 0x21);
    ck_assert_uint_eq(get(0x38), 0x31);
}
END_TEST

/* The bytes of an item, or of a file by its name; at most so many. */
static void read_item(uint16_t key, char *to, size_t size)
{
    fw_cfg_write(&fw_cfg, 0, key, 2);
    for (size_t i = 0; i < size; i++)
        to[i] = (char)fw_cfg_read(&fw_cfg, 1, 1);
}

static bool read_file(const char *name, char *to, size_t size)
{
    uint8_t directory[4 + 16 * 64];
    read_item(FW_CFG_DIRECTORY, (char *)directory, sizeof directory);
    for (unsigned i = 0; i < directory[3]; i++) {
        const uint8_t *entry = directory + 4 + i * 64;
        if (strcmp((const char *)entry + 8, name) != 0)
            continue;
        read_item((uint16_t)(entry[4] << 8 | entry[5]), to, size);
        return true;
    }
    return false;
}

START_TEST(files_for_a_bios)
{
    static char text[512];
    struct disk disk = {.size = 512};
    struct chipset_setup s = {.ide[1] = {true, false, &disk}, .ide[2] = {true, true, NULL}};
    struct boot_options o = {.order = "dac"};
    boot_tell(&boot, &o, &s, &fw_cfg);
    read_item(FW_CFG_BOOT_MENU, text, 2);
    ck_assert_mem_eq(text, "\0", 2);
    ck_assert(!read_file("bootorder", text, sizeof text));
    ck_assert(!read_file("etc/boot-menu-wait", text, sizeof text));
    setup();
    o = (struct boot_options){.order = "dabc",
                              .once = "dca",
                              .strict = true,
                              .menu = true,
                              .splash_time = 0x1234,
                              .reboot_timeout = 5};
    boot_tell(&boot, &o, &s, &fw_cfg);
    read_item(FW_CFG_BOOT_MENU, text, 2);
    ck_assert_mem_eq(text, "\1", 2);
    ck_assert(read_file("etc/boot-menu-wait", text, 3));
    ck_assert_mem_eq(text, "\x34\x12\0", 3);
    ck_assert(read_file("etc/boot-fail-wait", text, 4));
    ck_assert_mem_eq(text, "\5\0\0\0", 4);
    ck_assert(read_file("bootorder", text, sizeof text));
    ck_assert_str_eq(text, "/pci@i0cf8/ide@1,1/drive@1/disk@0\n"
                           "/pci@i0cf8/ide@1,1/drive@0/disk@1\n"
                           "/pci@i0cf8/isa@1/fdc@03f0/floppy@0\nHALT");
}
END_TEST

/* The second floppy disk is what CMOS memory cannot name. */
START_TEST(the_second_floppy)
{
    static char text[512];
    const struct chipset_setup s = {.vga_mib = 0};
    const struct boot_options o = {.order = "ba", .once = "a"};
    boot_tell(&boot, &o, &s, &fw_cfg);
    ck_assert(read_file("bootorder", text, sizeof text));
    ck_assert_str_eq(text, "");
    boot_forget_once(&boot);
    ck_assert(read_file("bootorder", text, sizeof text));
    ck_assert_str_eq(text, "/pci@i0cf8/isa@1/fdc@03f0/floppy@1\n"
                           "/pci@i0cf8/isa@1/fdc@03f0/floppy@0");
}
END_TEST

Suite *cmos_suite(void)
{
    Suite *suite = suite_create("CMOS memory");
    TCase *c = tcase_create("CMOS memory");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_loop_test(c, memory_size, 0, 4);
    tcase_add_test(c, floppies);
    tcase_add_test(c, hard_disks);
    tcase_add_test(c, boot_order);
    tcase_add_test(c, files_for_a_bios);
    tcase_add_test(c, the_second_floppy);
    suite_add_tcase(suite, c);
    return suite;
}
