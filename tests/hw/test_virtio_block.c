/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The virtio disk: requests and their errors, a reset and a restore in the middle. */
#include "hw/virtio/block.h"

#include "tests/hw/fake_disk.h"
#include "tests/hw/virtio_driver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { IN = 0, OUT = 1, FLUSH = 4, GET_ID = 8, ZEROES = 13, UNKNOWN = 77 };
enum { OK = 0, IOERR = 1, UNSUPP = 2, UNTOUCHED = 0xaa };
enum { F_FLUSH = 1 << 9, SIZE = 16, DISK = 1 << 20, SECTOR = 512 };
enum { HEADER = DRIVER_DATA, DATA = DRIVER_DATA + 0x1000, STATUS = DRIVER_DATA + 0xff000 };

static struct driver driver;
static struct virtio_block *block;
static struct fake_disk disk;
static uint8_t bytes[DISK];

static void setup(void)
{
    driver_open(&driver);
    const struct virtio_place place = driver_place(&driver);
    for (unsigned i = 0; i < DISK; i++)
        bytes[i] = (uint8_t)(i / SECTOR + i);
    fake_disk_init(&disk, bytes, sizeof bytes);
    block = calloc(1, sizeof *block);
    ck_assert(virtio_block_init(block, &place, &disk.disk, "SERIAL"));
    virtio_block_device.reset(block);
    driver_map(&driver, &block->virtio);
    driver_start(&driver, F_FLUSH, SIZE);
}

static void teardown(void)
{
    driver_close(&driver);
    free(block);
}

static void ask(uint32_t type, uint32_t sector, uint32_t size, bool to_guest)
{
    uint32_t table = driver.queue[0].descriptors;
    driver_set(&driver, HEADER, type, 4);
    driver_set(&driver, HEADER + 8, sector, 4);
    driver_set(&driver, HEADER + 12, 0, 4);
    driver_set(&driver, STATUS, UNTOUCHED, 1);
    driver_describe(&driver, table, 0, HEADER, 16, DESCRIPTOR_NEXT, size ? 1 : 2);
    driver_describe(&driver, table, 1, DATA, size,
                    DESCRIPTOR_NEXT | (to_guest ? DESCRIPTOR_WRITE : 0), 2);
    driver_describe(&driver, table, 2, STATUS, 1, DESCRIPTOR_WRITE, 0);
    driver_give(&driver, 0, 0);
}

static void finish(void)
{
    while (fake_disk_deliver(&disk))
        ;
}

/* Status of a request that has come back. */
static uint32_t status(void)
{
    uint32_t head, written;
    finish();
    ck_assert(driver_used(&driver, 0, &head, &written));
    ck_assert_uint_eq(head, 0);
    return driver_get(&driver, STATUS, 1);
}

static void expect_data(uint32_t sector, uint32_t size)
{
    static uint8_t back[DISK];
    memory_copy_out(driver.stage.memory, back, DATA, size);
    ck_assert_mem_eq(back, bytes + sector * SECTOR, size);
}

START_TEST(it_reads_and_writes)
{
    enum { LARGE = 2 * VIRTIO_BLOCK_CHUNK + 3 * SECTOR };
    ck_assert_uint_eq(driver_get(&driver, DRIVER_CONFIG, 4), DISK / SECTOR);
    ask(IN, 7, LARGE, true);
    ck_assert_uint_eq(status(), OK);
    expect_data(7, LARGE);
    driver_set(&driver, DATA, 0x12345678, 4);
    ask(OUT, 100, LARGE, false);
    ck_assert_uint_eq(status(), OK);
    expect_data(100, LARGE);
    ck_assert_uint_eq(disk.flushes, 0);
    ask(FLUSH, 0, 0, false);
    ck_assert_uint_eq(status(), OK);
    ck_assert_uint_eq(disk.flushes, 1);
}
END_TEST

START_TEST(it_says_who_it_is)
{
    char id[VIRTIO_BLOCK_ID];
    ask(GET_ID, 0, sizeof id, true);
    ck_assert_uint_eq(status(), OK);
    memory_copy_out(driver.stage.memory, id, DATA, sizeof id);
    ck_assert_str_eq(id, "SERIAL");
}
END_TEST

START_TEST(zeroes_are_written)
{
    static const uint8_t zeros[4 * SECTOR];
    driver_set(&driver, DATA, 5, 4);
    driver_set(&driver, DATA + 4, 0, 4);
    driver_set(&driver, DATA + 8, 4, 4);
    driver_set(&driver, DATA + 12, 0, 4);
    ask(ZEROES, 0, 16, false);
    ck_assert_uint_eq(status(), OK);
    ck_assert_mem_eq(bytes + 5 * SECTOR, zeros, sizeof zeros);
    ck_assert_uint_ne(bytes[9 * SECTOR + 1], 0);
}
END_TEST

START_TEST(what_cannot_be_done_is_said)
{
    ask(IN, DISK / SECTOR - 1, 2 * SECTOR, true);
    ck_assert_uint_eq(status(), IOERR);
    ask(IN, 0xffffffff, SECTOR, true);
    ck_assert_uint_eq(status(), IOERR);
    ask(OUT, 0, SECTOR - 1, false);
    ck_assert_uint_eq(status(), IOERR);
    ask(UNKNOWN, 0, SECTOR, false);
    ck_assert_uint_eq(status(), UNSUPP);
    disk.error = EIO;
    ask(IN, 0, SECTOR, true);
    ck_assert_uint_eq(status(), IOERR);
    disk.error = 0;
    disk.disk.read_only = true;
    ask(OUT, 0, SECTOR, false);
    ck_assert_uint_eq(status(), IOERR);
}
END_TEST

/* Who cannot flush has it written through. */
START_TEST(without_flushes_writes_are_flushed)
{
    driver_start(&driver, 0, SIZE);
    ask(OUT, 1, SECTOR, false);
    ck_assert_uint_eq(status(), OK);
    ck_assert_uint_eq(disk.flushes, 1);
}
END_TEST

START_TEST(a_reset_in_the_middle_withdraws)
{
    uint32_t head, written;
    ask(IN, 0, SECTOR, true);
    driver_start(&driver, F_FLUSH, SIZE);
    ck_assert(!fake_disk_deliver(&disk));
    ck_assert(!driver_used(&driver, 0, &head, &written));
    ask(IN, 3, SECTOR, true);
    ck_assert_uint_eq(status(), OK);
    expect_data(3, SECTOR);
}
END_TEST

START_TEST(what_was_under_way_is_done_once_restored)
{
    ask(IN, 9, SECTOR, true);
    virtio_block_device.restored(block);
    ck_assert_uint_eq(status(), OK);
    expect_data(9, SECTOR);
    ck_assert(!fake_disk_deliver(&disk));
}
END_TEST

START_TEST(wild_requests_end)
{
    uint32_t random = (uint32_t)_i;
    for (unsigned run = 0; run < 300; run++) {
        driver_start(&driver, F_FLUSH, SIZE);
        for (unsigned i = 0; i < 12; i++) {
            uint32_t r = next_random(&random);
            driver_set(&driver, HEADER + 16 * (r % 8), next_random(&random) % 15, 4);
            driver_describe(&driver, driver.queue[0].descriptors, i,
                            HEADER + 16 * (r >> 4) % 0x2000, next_random(&random) % 0x40000,
                            r >> 16 & 3, (r >> 20) % SIZE);
        }
        for (unsigned i = 0; i < 10; i++)
            driver_give(&driver, 0, (uint16_t)(next_random(&random) % SIZE));
        for (unsigned i = 0; i < 100 && fake_disk_deliver(&disk); i++)
            ;
    }
}
END_TEST

Suite *virtio_block_suite(void)
{
    Suite *suite = suite_create("virtio_block");
    TCase *c = tcase_create("disk");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, it_reads_and_writes);
    tcase_add_test(c, it_says_who_it_is);
    tcase_add_test(c, zeroes_are_written);
    tcase_add_test(c, what_cannot_be_done_is_said);
    tcase_add_test(c, without_flushes_writes_are_flushed);
    tcase_add_test(c, a_reset_in_the_middle_withdraws);
    tcase_add_test(c, what_was_under_way_is_done_once_restored);
    tcase_add_loop_test(c, wild_requests_end, 1, 4);
    suite_add_tcase(suite, c);
    return suite;
}
