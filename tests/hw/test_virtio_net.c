/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The virtio network card: frames both ways, buffers that are merged, checksums. */
#include "hw/virtio/net.h"

#include "hw/net/net_checksum.h"
#include "tests/hw/virtio_driver.h"

#include <string.h>

enum { RECEIVE, TRANSMIT, SIZE = 8, HEADER = 12, OLD_HEADER = 10 };
enum { MERGE = 1 << 15, CSUM = 1, GUEST_CSUM = 2 };

static const uint8_t mac[] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56};
static struct driver driver;
static struct virtio_net card;
static uint8_t frame[1514];

static void setup(void)
{
    driver_open(&driver);
    const struct virtio_place place = driver_place(&driver);
    ck_assert(virtio_net_init(&card, &place, &driver.stage.net.net, mac));
    virtio_net_device.reset(&card);
    driver_map(&driver, &card.virtio);
    for (unsigned i = 0; i < sizeof frame; i++)
        frame[i] = (uint8_t)(i * 7 + i / 256);
}

static void teardown(void)
{
    driver_close(&driver);
}

static uint32_t buffer(unsigned number)
{
    return DRIVER_DATA + number * 0x1000;
}

static void describe(unsigned queue, unsigned number, uint32_t address, uint32_t size,
                     unsigned flags, unsigned next)
{
    driver_describe(&driver, driver.queue[queue].descriptors, number, address, size, flags, next);
}

/* A buffer of one part for a frame that comes. */
static void add_room(unsigned number, uint32_t size)
{
    describe(RECEIVE, number, buffer(number), size, DESCRIPTOR_WRITE, 0);
    driver_give(&driver, RECEIVE, (uint16_t)number);
}

/* A header of so many bytes, and the frame. */
static void send(unsigned header_size, uint8_t flags, uint16_t start, uint16_t offset, size_t size)
{
    uint8_t header[HEADER] = {flags};
    memcpy(header + 6, &start, 2);
    memcpy(header + 8, &offset, 2);
    memory_copy_in(driver.stage.memory, buffer(0), header, header_size);
    memory_copy_in(driver.stage.memory, buffer(1), frame, size);
    describe(TRANSMIT, 0, buffer(0), header_size, DESCRIPTOR_NEXT, 1);
    describe(TRANSMIT, 1, buffer(1), (uint32_t)size, 0, 0);
    driver_give(&driver, TRANSMIT, 0);
}

START_TEST(its_address_and_link_are_told)
{
    driver_start(&driver, 0, SIZE);
    for (unsigned i = 0; i < 6; i++)
        ck_assert_uint_eq(driver_get(&driver, DRIVER_CONFIG + i, 1), mac[i]);
    ck_assert_uint_eq(driver_get(&driver, DRIVER_CONFIG + 6, 2), 1);
    driver_set(&driver, DRIVER_CONFIG, 0, 1);
    ck_assert_uint_eq(driver_get(&driver, DRIVER_CONFIG, 1), mac[0]);
    driver_start_legacy(&driver, 0);
    ports_write(&driver.stage.ports, DRIVER_PORTS + 20, 0x54, 1);
    ck_assert_uint_eq(ports_read(&driver.stage.ports, DRIVER_PORTS + 20, 1), 0x54);
}
END_TEST

START_TEST(frames_are_sent)
{
    uint32_t head, written;
    for (unsigned legacy = 0; legacy < 2; legacy++) {
        if (legacy)
            driver_start_legacy(&driver, 0);
        else
            driver_start(&driver, 0, SIZE);
        send(legacy ? OLD_HEADER : HEADER, 0, 0, 0, sizeof frame);
        ck_assert(driver_used(&driver, TRANSMIT, &head, &written));
        ck_assert_uint_eq(written, 0);
        ck_assert_uint_eq(driver.stage.net.sent, legacy + 1);
        ck_assert_uint_eq(fake_net_last(&driver.stage.net)->size, sizeof frame);
        ck_assert_mem_eq(fake_net_last(&driver.stage.net)->bytes, frame, sizeof frame);
    }
}
END_TEST

START_TEST(a_full_network_is_waited_for)
{
    uint32_t head, written;
    driver_start(&driver, 0, SIZE);
    driver.stage.net.full = true;
    send(HEADER, 0, 0, 0, 100);
    ck_assert(!driver_used(&driver, TRANSMIT, &head, &written));
    driver.stage.net.full = false;
    driver.stage.net.net.card.resume(driver.stage.net.net.card.card);
    ck_assert(driver_used(&driver, TRANSMIT, &head, &written));
    ck_assert_uint_eq(driver.stage.net.sent, 1);
}
END_TEST

START_TEST(sums_are_filled_in)
{
    driver_start(&driver, CSUM, SIZE);
    net_store16(frame + 34 + 16, 0x1234); /* of the pseudo header */
    send(HEADER, 1, 34, 16, 101);
    const uint8_t *sent = fake_net_last(&driver.stage.net)->bytes;
    net_store16(frame + 34 + 16, 0);
    uint16_t sum = net_add(net_sum(frame + 34, 101 - 34), 0x1234);
    ck_assert_uint_eq(net_load16(sent + 34 + 16), (uint16_t)~sum);
    send(HEADER, 1, 99, 2, 101); /* it would lie beyond the end */
    ck_assert_mem_eq(fake_net_last(&driver.stage.net)->bytes, frame, 101);
}
END_TEST

START_TEST(frames_that_are_none_are_dropped)
{
    uint32_t head, written;
    driver_start(&driver, 0, SIZE);
    send(HEADER, 0, 0, 0, 13);
    ck_assert(driver_used(&driver, TRANSMIT, &head, &written));
    ck_assert_uint_eq(driver.stage.net.sent, 0);
    describe(TRANSMIT, 0, buffer(0), HEADER, DESCRIPTOR_NEXT, 1);
    describe(TRANSMIT, 1, buffer(1), NET_FRAME_MOST + 1, 0, 0);
    driver_give(&driver, TRANSMIT, 0);
    ck_assert_uint_eq(driver.stage.net.sent, 0);
    describe(TRANSMIT, 0, buffer(0), HEADER - 1, 0, 0);
    driver_give(&driver, TRANSMIT, 0);
    ck_assert(driver_status(&driver) & VIRTIO_NEEDS_RESET);
}
END_TEST

START_TEST(frames_come)
{
    uint32_t head, written;
    uint8_t back[HEADER + sizeof frame];
    driver_start(&driver, 0, SIZE);
    for (unsigned i = 0; i < 20; i++) {
        add_room(i % SIZE, 2048);
        ck_assert(fake_net_give(&driver.stage.net, frame, sizeof frame));
        ck_assert(driver_used(&driver, RECEIVE, &head, &written));
        ck_assert_uint_eq(head, i % SIZE);
        ck_assert_uint_eq(written, sizeof back);
        memory_copy_out(driver.stage.memory, back, buffer(head), sizeof back);
        ck_assert_mem_eq(back + HEADER, frame, sizeof frame);
        ck_assert_uint_eq(back[10], 1);
        ck_assert(driver.stage.irq.level);
    }
}
END_TEST

/* It waits for a buffer, and is told of by the driver's next one. */
START_TEST(frames_wait_for_buffers)
{
    uint32_t head, written;
    driver_start(&driver, VIRTIO_F_EVENT_IDX, SIZE);
    ck_assert(!fake_net_give(&driver.stage.net, frame, sizeof frame));
    add_room(0, 2048);
    ck_assert(driver_used(&driver, RECEIVE, &head, &written));
    ck_assert_uint_eq(driver.stage.net.waiting_size, 0);
}
END_TEST

START_TEST(a_frame_is_spread_over_buffers)
{
    uint32_t head, written, sum = 0;
    driver_start(&driver, MERGE | VIRTIO_F_EVENT_IDX, SIZE);
    add_room(0, 600);
    add_room(1, 600);
    ck_assert(!fake_net_give(&driver.stage.net, frame, sizeof frame));
    /* The driver is to say when there is a third. */
    ck_assert_uint_eq(driver_get(&driver, driver.queue[RECEIVE].used + 4 + 8 * SIZE, 2), 2);
    add_room(2, 600);
    ck_assert_uint_eq(driver.stage.net.waiting_size, 0);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert(driver_used(&driver, RECEIVE, &head, &written));
        ck_assert_uint_eq(head, i);
        sum += written;
    }
    ck_assert_uint_eq(sum, HEADER + sizeof frame);
    ck_assert_uint_eq(driver_get(&driver, buffer(0) + 10, 2), 3);
    ck_assert_uint_eq(driver_get(&driver, buffer(2), 1), frame[1200 - HEADER]);
}
END_TEST

/* Buffers that a frame can never go into do not hold up others. */
START_TEST(frames_that_fit_nowhere_are_lost)
{
    uint32_t head, written;
    driver_start(&driver, 0, SIZE);
    add_room(0, 100);
    ck_assert(fake_net_give(&driver.stage.net, frame, sizeof frame));
    ck_assert(!driver_used(&driver, RECEIVE, &head, &written));
    ck_assert(fake_net_give(&driver.stage.net, frame, 60));
    ck_assert(driver_used(&driver, RECEIVE, &head, &written));
    driver_start(&driver, MERGE, SIZE);
    for (unsigned i = 0; i < SIZE; i++)
        add_room(i, 20);
    ck_assert(fake_net_give(&driver.stage.net, frame, sizeof frame));
    ck_assert(!driver_used(&driver, RECEIVE, &head, &written));
}
END_TEST

/* An Ethernet frame with a UDP packet whose sums are right. */
static size_t make_udp(uint8_t *to)
{
    static const uint8_t packet[] = {0x08, 0x00, 0x45, 0,  0, 30, 0, 0,  0,   0,  64,
                                     17,   0,    0,    10, 0, 2,  2, 10, 0,   2,  15,
                                     0,    53,   0,    99, 0, 10, 0, 0,  'h', 'i'};
    memset(to, 2, 12);
    memcpy(to + 12, packet, sizeof packet);
    net_store16(to + 24, (uint16_t)~net_sum(to + 14, 20));
    uint16_t sum = net_add(net_sum(to + 26, 8 + 10), 17 + 10);
    net_store16(to + 40, (uint16_t)~sum);
    return 12 + sizeof packet;
}

START_TEST(good_sums_are_said_to_be_good)
{
    size_t size = make_udp(frame);
    driver_start(&driver, GUEST_CSUM, SIZE);
    add_room(0, 2048);
    add_room(1, 2048);
    fake_net_give(&driver.stage.net, frame, size);
    ck_assert_uint_eq(driver_get(&driver, buffer(0), 1), 2);
    frame[43] ^= 1;
    fake_net_give(&driver.stage.net, frame, size);
    ck_assert_uint_eq(driver_get(&driver, buffer(1), 1), 0);
}
END_TEST

START_TEST(wild_rings_end)
{
    uint32_t random = (uint32_t)_i;
    for (unsigned run = 0; run < 200; run++) {
        driver_start(&driver, next_random(&random) % 2 * MERGE, SIZE);
        for (unsigned i = 0; i < 2 * SIZE; i++)
            describe(i / SIZE, i % SIZE, buffer(next_random(&random) % 8),
                     next_random(&random) % 3000, next_random(&random) % 4,
                     next_random(&random) % SIZE);
        for (unsigned i = 0; i < 8; i++) {
            driver_give(&driver, next_random(&random) % 2, next_random(&random) % SIZE);
            fake_net_give(&driver.stage.net, frame, NET_HEADER + next_random(&random) % 1500);
        }
    }
}
END_TEST

Suite *virtio_net_suite(void)
{
    Suite *suite = suite_create("virtio_net");
    TCase *c = tcase_create("network card");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, its_address_and_link_are_told);
    tcase_add_test(c, frames_are_sent);
    tcase_add_test(c, a_full_network_is_waited_for);
    tcase_add_test(c, sums_are_filled_in);
    tcase_add_test(c, frames_that_are_none_are_dropped);
    tcase_add_test(c, frames_come);
    tcase_add_test(c, frames_wait_for_buffers);
    tcase_add_test(c, a_frame_is_spread_over_buffers);
    tcase_add_test(c, frames_that_fit_nowhere_are_lost);
    tcase_add_test(c, good_sums_are_said_to_be_good);
    tcase_add_loop_test(c, wild_rings_end, 1, 4);
    suite_add_tcase(suite, c);
    return suite;
}
