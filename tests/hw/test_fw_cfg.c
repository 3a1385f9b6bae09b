/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The firmware configuration device, as a BIOS reads it. */
#include "hw/pc/fw_cfg.h"
#include "tests/hw/fixture.h"

#include <string.h>

static struct fw_cfg device;

static void choose(unsigned key)
{
    fw_cfg_write(&device, 0, key, 2);
}

static uint8_t next(void)
{
    return (uint8_t)fw_cfg_read(&device, 1, 1);
}

static void check_bytes(const void *bytes, size_t size)
{
    const uint8_t *wanted = bytes;
    for (size_t i = 0; i < size; i++)
        ck_assert_uint_eq(next(), wanted[i]);
}

static void setup(void)
{
    fw_cfg_init(&device);
}

START_TEST(is_known_by_its_signature)
{
    choose(FW_CFG_SIGNATURE);
    check_bytes("QEMU\0\0", 6); /* and zeros behind it */
    choose(FW_CFG_ID);
    check_bytes("\1\0\0\0", 4);
    choose(FW_CFG_SIGNATURE); /* from the beginning again */
    check_bytes("QE", 2);
    choose(0x7777);
    check_bytes("\0\0\0", 3);
}
END_TEST

START_TEST(gives_items)
{
    fw_cfg_add_number(&device, FW_CFG_KERNEL_SIZE, 0x12345678);
    fw_cfg_add(&device, FW_CFG_KERNEL_DATA, "kernel", 6);
    fw_cfg_add(&device, FW_CFG_INITRD_DATA, NULL, 0);
    choose(FW_CFG_KERNEL_SIZE);
    check_bytes("\x78\x56\x34\x12\0", 5);
    choose(FW_CFG_KERNEL_DATA);
    check_bytes("kernel\0", 7);
    choose(FW_CFG_INITRD_DATA);
    check_bytes("\0\0", 2);
}
END_TEST

START_TEST(lists_files)
{
    static const char names[] = "genroms/one\0etc/two";
    fw_cfg_add_file(&device, names, "11", 2);
    fw_cfg_add_file(&device, names + sizeof "genroms/one", "222", 3);
    choose(FW_CFG_DIRECTORY);
    check_bytes("\0\0\0\2", 4);
    check_bytes("\0\0\0\2\0\x20\0\0genroms/one", 19);
    for (unsigned i = 19; i < 64; i++)
        ck_assert_uint_eq(next(), 0);
    check_bytes("\0\0\0\3\0\x21\0\0etc/two", 15);
    choose(0x21);
    check_bytes("222", 3);
}
END_TEST

/* Whatever a guest does. */
START_TEST(other_accesses)
{
    choose(FW_CFG_SIGNATURE);
    fw_cfg_write(&device, 0, FW_CFG_ID, 1);
    fw_cfg_write(&device, 1, 'x', 1);
    ck_assert_uint_eq(fw_cfg_read(&device, 0, 2), 0);
    check_bytes("QEMU", 4);
}
END_TEST

Suite *fw_cfg_suite(void)
{
    Suite *suite = suite_create("firmware configuration");
    TCase *c = tcase_create("firmware configuration");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, is_known_by_its_signature);
    tcase_add_test(c, gives_items);
    tcase_add_test(c, lists_files);
    tcase_add_test(c, other_accesses);
    suite_add_tcase(suite, c);
    return suite;
}
