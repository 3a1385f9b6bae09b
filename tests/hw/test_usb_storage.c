/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A disk on the USB, packet by packet: its commands, and what is wrong with them. */
#include "hw/usb/storage.h"
#include "tests/hw/fake_disk.h"
#include "tests/hw/fixture.h"

#include <errno.h>
#include <string.h>

enum { SECTOR = 512, SECTORS = 128, PACKET = 64, TAG = 0x12345678 };
enum { PASSED, FAILED, PHASE_ERROR };
enum { TO_US = 0x80, FROM_US = 0 };

static struct usb_storage storage;
static struct fake_disk disk;
static uint8_t bytes[SECTORS * SECTOR];

static enum usb_answer packet(uint8_t pid, unsigned endpoint, void *data, unsigned size,
                              unsigned *done)
{
    struct usb_packet p = {.pid = pid, .endpoint = (uint8_t)endpoint, .data = data, .size = size};
    enum usb_answer answer = usb_handle(&storage.usb, &p);
    if (done)
        *done = p.done;
    return answer;
}

static enum usb_answer control(uint8_t type, uint8_t request, uint16_t value, uint16_t index,
                               uint8_t *data, unsigned size)
{
    uint8_t setup[8] = {type,           request, (uint8_t)value, (uint8_t)(value >> 8),
                        (uint8_t)index, 0,       (uint8_t)size};
    ck_assert_int_eq(packet(USB_SETUP, 0, setup, 8, NULL), USB_ACK);
    if (size)
        return packet(USB_IN, 0, data, size, NULL);
    return packet(USB_IN, 0, NULL, 0, NULL);
}

static void setup(void)
{
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i / SECTOR + i);
    fake_disk_init(&disk, bytes, sizeof bytes);
    usb_storage_init(&storage, &disk.disk, "serial");
    usb_storage_device.reset(&storage);
    ck_assert_int_eq(control(0, 9, 1, 0, NULL, 0), USB_ACK); /* SET_CONFIGURATION */
}

/* --- what a driver does --- */

/* NAK means that the disk is asked. */
static enum usb_answer patiently(uint8_t pid, unsigned endpoint, void *data, unsigned size,
                                 unsigned *done)
{
    enum usb_answer answer;
    while ((answer = packet(pid, endpoint, data, size, done)) == USB_NAK)
        if (!fake_disk_deliver(&disk))
            break;
    return answer;
}

static enum usb_answer command(const uint8_t *c, unsigned length, uint8_t flags, uint32_t expected)
{
    uint8_t block[31] = {'U', 'S', 'B', 'C', 0x78, 0x56, 0x34, 0x12};
    memcpy(block + 8, &expected, 4);
    block[12] = flags;
    block[14] = (uint8_t)length;
    memcpy(block + 15, c, length);
    return patiently(USB_OUT, 2, block, sizeof block, NULL);
}

static void expect_status(unsigned status, uint32_t residue)
{
    uint8_t block[PACKET];
    uint32_t tag, left;
    unsigned done;
    ck_assert_int_eq(patiently(USB_IN, 1, block, sizeof block, &done), USB_ACK);
    ck_assert_uint_eq(done, 13);
    ck_assert_int_eq(memcmp(block, "USBS", 4), 0);
    memcpy(&tag, block + 4, 4);
    memcpy(&left, block + 8, 4);
    ck_assert_uint_eq(tag, TAG);
    ck_assert_uint_eq(left, residue);
    ck_assert_uint_eq(block[12], status);
}

static void fetch(uint8_t *to, unsigned size)
{
    for (unsigned done; size; size -= done, to += done) {
        ck_assert_int_eq(patiently(USB_IN, 1, to, size < PACKET ? size : PACKET, &done), USB_ACK);
        ck_assert_uint_gt(done, 0);
    }
}

static void send(uint8_t *from, unsigned size)
{
    for (unsigned n; size; size -= n, from += n) {
        n = size < PACKET ? size : PACKET;
        ck_assert_int_eq(patiently(USB_OUT, 2, from, n, NULL), USB_ACK);
    }
}

/* A command that fetches so many bytes, all of which it has. */
static uint8_t *ask(const uint8_t *c, unsigned length, unsigned size)
{
    static uint8_t data[256];
    ck_assert_int_eq(command(c, length, TO_US, size), USB_ACK);
    fetch(data, size);
    expect_status(PASSED, 0);
    return data;
}

static void expect_sense(uint32_t wanted)
{
    const uint8_t *data = ask((const uint8_t[]){3, 0, 0, 0, 18, 0}, 6, 18);
    ck_assert_uint_eq(data[0], 0x70);
    ck_assert_uint_eq((uint32_t)(data[2] << 16 | data[12] << 8 | data[13]), wanted);
}

static void command_10(uint8_t what, uint32_t sector, unsigned count, uint8_t flags,
                       uint32_t expected)
{
    const uint8_t c[10] = {what,
                           0,
                           (uint8_t)(sector >> 24),
                           (uint8_t)(sector >> 16),
                           (uint8_t)(sector >> 8),
                           (uint8_t)sector,
                           0,
                           (uint8_t)(count >> 8),
                           (uint8_t)count};
    ck_assert_int_eq(command(c, sizeof c, flags, expected), USB_ACK);
}

enum { READ = 0x28, WRITE = 0x2a, VERIFY = 0x2f, SYNCHRONIZE = 0x35 };

/* --- */

START_TEST(it_says_what_it_is)
{
    uint8_t luns = 7;
    const uint8_t *data = ask((const uint8_t[]){0x12, 0, 0, 0, 36, 0}, 6, 36);
    ck_assert_uint_eq(data[0], 0);
    ck_assert_int_eq(memcmp(data + 8, "TESSERA USB disk", 16), 0);
    data = ask((const uint8_t[]){0x12, 1, 0x80, 0, 10, 0}, 6, 10);
    ck_assert_int_eq(memcmp(data + 3, "\6serial", 7), 0);
    data = ask((const uint8_t[]){0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 10, 8);
    ck_assert_int_eq(memcmp(data, "\0\0\0\x7f\0\0\2\0", 8), 0);
    data = ask((const uint8_t[]){0x1a, 0, 0x3f, 0, 24, 0}, 6, 24);
    ck_assert_int_eq(memcmp(data, "\x17\0\0\0\x08\x12\x04", 7), 0);
    data = ask((const uint8_t[]){0x5a, 0, 8, 0, 0, 0, 0, 0, 28, 0}, 10, 28);
    ck_assert_int_eq(memcmp(data, "\0\x1a\0\0\0\0\0\0\x08\x12\x04", 11), 0);
    ck_assert_int_eq(control(0xa1, 0xfe, 0, 0, &luns, 1), USB_ACK);
    ck_assert_uint_eq(luns, 0);
}
END_TEST

START_TEST(what_is_written_is_read)
{
    static uint8_t there[100 * SECTOR], back[100 * SECTOR];
    for (unsigned i = 0; i < sizeof there; i++)
        there[i] = (uint8_t)(7 * i >> 3);
    command_10(WRITE, 20, 100, FROM_US, sizeof there);
    send(there, sizeof there);
    expect_status(PASSED, 0);
    ck_assert_int_eq(memcmp(bytes + 20 * SECTOR, there, sizeof there), 0);
    ck_assert_uint_eq(bytes[20 * SECTOR - 1], (uint8_t)(19 + 20 * SECTOR - 1));
    ck_assert_uint_eq(bytes[120 * SECTOR], (uint8_t)(120 + 120 * SECTOR));
    command_10(READ, 20, 100, TO_US, sizeof back);
    fetch(back, sizeof back);
    expect_status(PASSED, 0);
    ck_assert_int_eq(memcmp(there, back, sizeof back), 0);
    command_10(VERIFY, 20, 100, FROM_US, 0);
    expect_status(PASSED, 0);
    command_10(SYNCHRONIZE, 0, 0, FROM_US, 0);
    expect_status(PASSED, 0);
    ck_assert_uint_eq(disk.flushes, 1);
}
END_TEST

START_TEST(what_cannot_be_is_sensed)
{
    static uint8_t data[SECTOR];
    command_10(READ, SECTORS - 1, 2, TO_US, 2 * SECTOR);
    fetch(data, SECTOR); /* zeros */
    fetch(data, SECTOR);
    expect_status(FAILED, 2 * SECTOR);
    expect_sense(0x052100);
    command_10(VERIFY, UINT32_MAX, 1, FROM_US, 0);
    expect_status(FAILED, 0);
    command_10(0xc0, 0, 0, FROM_US, 0);
    expect_status(FAILED, 0);
    expect_sense(0x052000);
    expect_sense(0); /* it has been told */
    ck_assert_int_eq(command((const uint8_t[]){0x1a, 0, 0xff, 0, 24, 0}, 6, TO_US, 0), USB_ACK);
    expect_status(FAILED, 0);
    expect_sense(0x052400);
}
END_TEST

START_TEST(the_hosts_errors_are_sensed)
{
    static uint8_t data[SECTOR];
    disk.error = EIO;
    command_10(READ, 0, 1, TO_US, SECTOR);
    fetch(data, SECTOR);
    expect_status(FAILED, SECTOR);
    expect_sense(0x031100);
    command_10(WRITE, 0, 1, FROM_US, SECTOR);
    send(data, SECTOR);
    expect_status(FAILED, 0);
    expect_sense(0x030c00);
    disk.error = 0;
    disk.disk.read_only = true;
    command_10(WRITE, 0, 1, FROM_US, SECTOR);
    send(data, SECTOR);
    expect_status(FAILED, SECTOR);
    expect_sense(0x072700);
    ck_assert_uint_eq(ask((const uint8_t[]){0x1a, 0, 8, 0, 24, 0}, 6, 24)[2], 0x80);
}
END_TEST

/* 6.7: host and device do not mean the same. */
START_TEST(lengths_may_differ)
{
    static uint8_t data[4 * SECTOR];
    command_10(READ, 1, 2, TO_US, 4 * SECTOR); /* more than there is: zeros */
    fetch(data, 4 * SECTOR);
    expect_status(PASSED, 2 * SECTOR);
    ck_assert_int_eq(memcmp(data, bytes + SECTOR, 2 * SECTOR), 0);
    ck_assert_uint_eq(data[2 * SECTOR], 0);
    command_10(READ, 1, 4, TO_US, 2 * SECTOR);
    fetch(data, 2 * SECTOR);
    expect_status(PHASE_ERROR, 2 * SECTOR);
    command_10(READ, 1, 4, FROM_US, SECTOR);
    send(data, SECTOR);
    expect_status(PHASE_ERROR, SECTOR);
    command_10(WRITE, 1, 1, TO_US, SECTOR);
    fetch(data, SECTOR);
    expect_status(PHASE_ERROR, SECTOR);
    command_10(WRITE, 1, 4, FROM_US, 0);
    expect_status(PHASE_ERROR, 0);
    ck_assert_uint_eq(bytes[SECTOR], (uint8_t)(1 + SECTOR));
    memset(data, 0x55, sizeof data);
    command_10(WRITE, 1, 1, FROM_US, 3 * SECTOR); /* the rest is dropped */
    send(data, 3 * SECTOR);
    expect_status(PASSED, 2 * SECTOR);
    ck_assert_uint_eq(bytes[2 * SECTOR - 1], 0x55);
    ck_assert_uint_eq(bytes[2 * SECTOR], (uint8_t)(2 + 2 * SECTOR));
}
END_TEST

/* 5.3: it stalls until it has been reset, whatever is done to the endpoints. */
START_TEST(what_is_no_command_breaks_it)
{
    static const uint8_t test_unit_ready[6];
    uint8_t data[PACKET] = {0};
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_int_eq(packet(USB_OUT, 2, data, 31 - (i == 1), NULL), USB_STALL);
        ck_assert_int_eq(control(2, 1, 0, 2, NULL, 0), USB_ACK); /* CLEAR_FEATURE of the halt */
        ck_assert_int_eq(packet(USB_IN, 1, data, PACKET, NULL), USB_STALL);
        ck_assert_int_eq(command(test_unit_ready, 6, FROM_US, 0), USB_STALL);
        ck_assert_int_eq(control(0x21, 0xff, 0, 0, NULL, 0), USB_ACK);
        ck_assert_int_eq(control(2, 1, 0, 2, NULL, 0), USB_ACK);
        ck_assert_int_eq(control(2, 1, 0, 0x81, NULL, 0), USB_ACK);
        ck_assert_int_eq(command(test_unit_ready, 6, FROM_US, 0), USB_ACK);
        expect_status(PASSED, 0);
        memcpy(data, "USBC", i == 1 ? 4 : 0);
    }
}
END_TEST

/* While the disk is at it, and in the middle of data. */
START_TEST(a_reset_takes_a_command_back)
{
    static uint8_t data[SECTOR];
    command_10(READ, 0, 64, TO_US, 64 * SECTOR);
    ck_assert_int_eq(packet(USB_IN, 1, data, PACKET, NULL), USB_NAK);
    ck_assert_int_eq(control(0x21, 0xff, 0, 0, NULL, 0), USB_ACK);
    ck_assert(!fake_disk_deliver(&disk));
    command_10(WRITE, 0, 2, FROM_US, 2 * SECTOR);
    send(data, SECTOR);
    usb_storage_device.reset(&storage);
    ck_assert_int_eq(control(0, 9, 1, 0, NULL, 0), USB_ACK);
    expect_sense(0);
    ck_assert_uint_eq(bytes[0], 0);
    ck_assert_uint_eq(bytes[1], 1);
}
END_TEST

START_TEST(what_the_disk_was_at_is_done_again)
{
    static uint8_t data[SECTOR], saved[1 << 16];
    struct error error;
    command_10(READ, 3, 1, TO_US, SECTOR);
    const struct state_table *t = usb_storage_device.state;
    size_t size = state_save(t, &storage, NULL, 0);
    ck_assert_uint_le(size, sizeof saved);
    state_save(t, &storage, saved, size);
    fetch(data, SECTOR);
    memset(data, 0, sizeof data);
    ck_assert_msg(state_restore(t, &storage, saved, size, &error), "%s", error.text);
    usb_storage_device.restored(&storage);
    fetch(data, SECTOR);
    expect_status(PASSED, 0);
    ck_assert_int_eq(memcmp(data, bytes + 3 * SECTOR, SECTOR), 0);
}
END_TEST

Suite *usb_storage_suite(void)
{
    Suite *suite = suite_create("usb-storage");
    TCase *c = tcase_create("storage");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, it_says_what_it_is);
    tcase_add_test(c, what_is_written_is_read);
    tcase_add_test(c, what_cannot_be_is_sensed);
    tcase_add_test(c, the_hosts_errors_are_sensed);
    tcase_add_test(c, lengths_may_differ);
    tcase_add_test(c, what_is_no_command_breaks_it);
    tcase_add_test(c, a_reset_takes_a_command_back);
    tcase_add_test(c, what_the_disk_was_at_is_done_again);
    suite_add_tcase(suite, c);
    return suite;
}
